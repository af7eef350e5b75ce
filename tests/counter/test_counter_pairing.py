"""A browser acts for a counter only after the counter's code was typed there once."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from hall.counter.pairing import HALL, Guard, load

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def codes(hall: Any) -> dict[str, str]:
    kept: dict[str, str] = json.loads((hall.state / "pairing.json").read_text())["codes"]
    return kept


def pair(hall: Any, code: str) -> Any:
    return hall.ask("POST", "/ghep", f"code={code}".encode(), FORM)


def cookie_of(hall: Any, place: str) -> dict[str, str]:
    answer = pair(hall, codes(hall)[place])
    return {"Cookie": answer.headers["set-cookie"].split(";")[0]}


@pytest.fixture
def hall(paired_hall: Any) -> Any:
    return paired_hall


def test_an_unpaired_browser_sees_no_page_no_stream_and_cannot_press(hall: Any) -> None:
    for path in ("/", "/quay/1"):
        answer = hall.get(path)
        assert (answer.status, answer.headers["location"]) == (303, "/ghep")
    assert hall.get("/events").status == 403
    assert hall.get("/pictures/board.png").status == 404
    assert hall.press("/api/counter/1/call-next", {"id": "p1"}).status == 403
    assert not hall.requests("call-next")


def test_the_code_leads_to_the_counters_page_with_a_cookie_no_script_can_read(hall: Any) -> None:
    answer = pair(hall, codes(hall)["5A"])

    assert answer.headers["location"] == "/quay/5A"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


@pytest.mark.page
def test_a_clerk_types_the_code_into_a_real_browser(hall: Any, browser: Any) -> None:
    browser.go(f"{hall.url}quay/5A")
    browser.run("document.querySelector('[name=code]').value = arguments[0]", codes(hall)["5A"])
    browser.click("form button")

    browser.wait_text("#counter-name", "Quầy 5A")
    assert browser.run("return location.pathname") == "/quay/5A"


@pytest.mark.page
def test_a_wrong_code_is_said_in_words_on_the_same_page(hall: Any, browser: Any) -> None:
    browser.go(f"{hall.url}ghep")
    browser.run("document.querySelector('[name=code]').value = '00000000'")
    browser.click("form button")

    browser.wait_text("#wrong", "Mã không đúng")


def test_a_paired_browser_acts_for_its_own_counter_only(hall: Any) -> None:
    cookie = cookie_of(hall, "1")

    assert hall.get("/quay/1", **cookie).status == 200
    assert hall.press("/api/counter/1/counter-open", {"id": "p1"}, cookie).json["status"] == "ok"
    assert hall.get("/quay/5A", **cookie).status == 303
    assert hall.press("/api/counter/5A/counter-open", {"id": "p2"}, cookie).status == 403
    issue = {"id": "p3", "service": "ho-tich", "channel": "counter"}
    assert hall.press("/api/hall/issue", issue, cookie).status == 403


def test_the_halls_code_opens_every_counter(hall: Any) -> None:
    cookie = cookie_of(hall, HALL)

    assert hall.get("/", **cookie).status == 200
    assert hall.press("/api/counter/5A/counter-open", {"id": "p1"}, cookie).json["status"] == "ok"


def test_a_cookie_of_our_own_making_is_worth_nothing(hall: Any) -> None:
    for value in ("1:" + "0" * 64, "hall:", "9:" + "0" * 64, "x"):
        forged = {"Cookie": f"motcua_1={value}"}
        assert hall.press("/api/counter/1/counter-open", {"id": "p1"}, forged).status == 403


def test_wrong_codes_are_refused_and_soon_nobody_may_try_from_there(hall: Any) -> None:
    locations = [pair(hall, "00000000").headers["location"] for _ in range(6)]

    assert locations[0] == "/ghep?sai=ma"
    assert locations[5] == "/ghep?sai=nhieu"
    assert pair(hall, codes(hall)["1"]).headers["location"] == "/ghep?sai=nhieu"


def test_codes_are_kept_for_their_owner_alone_and_stay_over_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "pairing.json"
    first = load(path, ("1", "2"))

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load(path, ("1", "2")) == first
    assert all(len(code) == 8 and code.isdigit() for code in first.codes.values())


def test_a_new_code_voids_the_cookies_made_with_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "pairing.json"
    old = load(path, ("1",))
    kept = json.loads(path.read_text())
    path.write_text(json.dumps(kept | {"codes": {"1": "12345678"}}))

    assert load(path, ("1",)).holder(old.token("1")) is None


def test_codes_that_cannot_be_read_are_put_aside_and_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "pairing.json"
    path.write_text("{half")

    assert load(path, ("1",)).codes["1"]
    assert path.with_suffix(".bad").read_text() == "{half"


def test_the_guard_opens_again_after_a_minute() -> None:
    guard = Guard()
    for _ in range(5):
        guard.wrong("10.0.0.7", 0)

    assert not guard.is_open("10.0.0.7", 59)
    assert guard.is_open("10.0.0.8", 59)
    assert guard.is_open("10.0.0.7", 61)


def test_codes_that_a_full_disk_does_not_take_serve_until_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("hall.counter.pairing.durable.replace", refuse)
    pairing = load(tmp_path / "pairing.json", ("1",))

    assert pairing.holder(pairing.token("1")) == "1"
    assert "could not be kept" in caplog.text
