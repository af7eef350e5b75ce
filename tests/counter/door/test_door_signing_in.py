"""Who works at a counter's browser signs in by a PIN, and stands in the journal for each act."""

from pathlib import Path
from typing import Any

import pytest

from hall.cli.__main__ import main
from hall.counter.door.access import HEAD, Access, Place, Right, SignedIn, Visitor, place_of
from hall.counter.door.browsers import Newcomer
from hall.counter.door.clerks import FIRST_S, SIGNED_S, Clerk, weakness
from hall.counter.door.pairing import Pairing
from hall.counter.door.signing_in import CHOOSE, LATE
from hall.counter.door.store import DoorStore
from hall.runtime.clock import SetClock
from hall.web import hashing
from hall.web.guarding import PIN_TRIES_OF_ALL, TRIES

LAN = SignedIn("nv.07", "Lan", is_head=False)
HOA = SignedIn("tp.01", "Hoa", is_head=True)
OWN = "4mua-xuan"


@pytest.fixture
def hall(paired_hall: Any, capsys: pytest.CaptureFixture[str]) -> Any:
    """With one clerk, whose first PIN is `hall.first`."""
    paired_hall.first = first_pin(paired_hall, capsys, "nv.07", "Lan")
    return paired_hall


def staff(hall: Any, *words: str) -> int:
    given = ["-c", str(hall.folder / "hall.yaml"), "--state", str(hall.state)]
    return main(["staff", *words, *given])


def first_pin(hall: Any, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert staff(hall, "add", *words) == 0
    return capsys.readouterr().out.splitlines()[0].rpartition(": ")[2]


def sign_in(hall: Any, cookie: dict[str, str], pin: str, own: str = "", who: str = "nv.07") -> Any:
    return hall.press("/api/sign-in", {"who": who, "pin": pin, "own": own}, cookie)


def signed(hall: Any, cookie: dict[str, str]) -> dict[str, str]:
    """The browser's cookie after Lan has signed in with a PIN of her own."""
    answer = sign_in(hall, cookie, hall.first, OWN)
    assert answer.json == {"status": "ok"}
    return {"Cookie": answer.headers["set-cookie"].split(";")[0]}


def test_where_clerks_have_pins_nobody_calls_before_signing_in(hall: Any) -> None:
    cookie = hall.cookie("1")

    assert hall.get("/quay/1", **cookie).headers["location"] == "/dang-nhap?ve=/quay/1"
    assert hall.press("/api/counter/1/counter-open", {"id": "p1"}, cookie).status == 401
    assert hall.requests("counter-open") == []


def test_the_mark_in_the_journal_is_of_who_signed_in_and_cannot_be_typed(hall: Any) -> None:
    cookie = signed(hall, hall.cookie("1"))
    hall.press("/api/counter/1/counter-open", {"id": "p1", "staff": "boss"}, cookie)

    assert [asked["staff"] for asked in hall.requests("counter-open")] == ["nv.07"]


def test_the_first_pin_is_for_choosing_ones_own_and_for_nothing_else(hall: Any) -> None:
    cookie = hall.cookie("1")

    assert sign_in(hall, cookie, hall.first).json["error"]["code"] == "choose"
    assert sign_in(hall, cookie, hall.first, "111111").json["error"]["code"] == "weak"
    cookie = signed(hall, cookie)
    assert sign_in(hall, cookie, hall.first).json["error"]["code"] == "wrong"
    assert sign_in(hall, cookie, OWN).status == 200


def test_signing_in_gives_the_browser_another_token(hall: Any) -> None:
    before = hall.cookie("1")
    after = signed(hall, before)

    assert hall.get("/quay/1", **before).headers["location"] == "/ghep"
    assert hall.get("/quay/1", **after).status == 200


def test_who_signed_out_calls_no_more(hall: Any) -> None:
    cookie = signed(hall, hall.cookie("1"))
    assert hall.press("/api/sign-out", {}, cookie).status == 200

    assert hall.press("/api/counter/1/counter-open", {"id": "p1"}, cookie).status == 401


def test_who_was_removed_is_out_at_once_and_stays_in_no_list(
    hall: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    first_pin(hall, capsys, "nv.08", "Minh")
    cookie = signed(hall, hall.cookie("1"))
    assert staff(hall, "remove", "nv.07") == 0

    assert hall.press("/api/counter/1/counter-open", {"id": "p1"}, cookie).status == 401
    assert [each["id"] for each in hall.get("/api/clerks", **cookie).json["clerks"]] == ["nv.08"]
    assert staff(hall, "add", "nv.07", "Another") == 1


def test_wrong_pins_are_counted_at_that_browser_for_that_clerk_and_told(
    hall: Any, until: Any
) -> None:
    cookie, other = hall.cookie("1"), hall.cookie("5A")
    found = [sign_in(hall, cookie, "00000000").status for _ in range(TRIES + 1)]

    assert found == [403] * TRIES + [429]
    assert sign_in(hall, cookie, hall.first, OWN).status == 429
    assert sign_in(hall, other, hall.first, OWN).status == 200
    health = hall.running["pages"].daemon.context.health
    until(lambda: "mã PIN" in getattr(health.alerts.get("guessing"), "text", ""))


def test_who_tries_one_pin_at_each_name_is_held_back_like_one_who_tries_many_at_one(
    hall: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashing, "is_right", lambda *_: False)
    cookie, other = hall.cookie("1"), hall.cookie("5A")
    found = [
        sign_in(hall, cookie, "290417", who=f"nv.{number}").status
        for number in range(PIN_TRIES_OF_ALL + 1)
    ]

    assert found == [403] * PIN_TRIES_OF_ALL + [429]
    assert sign_in(hall, other, "290417").status == 403


def test_a_stranger_cannot_try_pins_nor_read_names(hall: Any) -> None:
    assert sign_in(hall, {}, hall.first, OWN).status == 403
    assert hall.get("/api/clerks").status == 403


@pytest.mark.page
def test_a_clerk_signs_in_in_a_real_browser_chooses_a_pin_and_signs_out(
    hall: Any, browser: Any
) -> None:
    browser.go(f"{hall.url}ghep")
    write = "document.querySelector(arguments[0]).value = arguments[1]"
    browser.run(write, "[name=code]", hall.code("1"))
    browser.click("form button")
    browser.wait_text("#who", "Lan")
    browser.run(write, "#pin", hall.first)
    browser.click("form button")
    browser.wait_text("#wrong", "tự chọn mã PIN")
    browser.run(write, "#own", OWN)
    browser.run(write, "#again", OWN)
    browser.click("form button")

    browser.wait_text("#signed", "Lan (nv.07)")
    assert browser.run("return location.pathname") == "/quay/1"
    browser.click("#sign-out")
    browser.wait_for("return location.pathname === '/dang-nhap'")


@pytest.mark.page
def test_an_answer_that_breaks_off_leaves_a_page_that_says_what_it_lacks(
    hall: Any, browser: Any
) -> None:
    whole_again = browser.without(
        "const real = fetch; window.fetch = async (path, how) => "
        "path === '/api/clerks' ? new Response('{\"clerks\": [') : real(path, how);"
    )
    try:
        browser.go(f"{hall.url}ghep")
        browser.run("document.querySelector('[name=code]').value = arguments[0]", hall.code("1"))
        browser.click("form button")
        browser.wait_for("return location.pathname === '/dang-nhap'")
        browser.wait_for("return window.motcuaStarted && !document.querySelector('#none').hidden")
    finally:
        whole_again()


@pytest.mark.page
def test_who_is_taken_out_in_mid_act_is_led_to_the_sign_in_without_a_press(
    hall: Any, browser: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    first_pin(hall, capsys, "nv.08", "Minh")
    browser.go(f"{hall.url}ghep")
    write = "document.querySelector(arguments[0]).value = arguments[1]"
    browser.run(write, "[name=code]", hall.code("1"))
    browser.click("form button")
    browser.wait_text("#who", "Lan")
    for field, word in (("#pin", hall.first), ("#own", OWN), ("#again", OWN)):
        browser.run(write, field, word)
    browser.run(write, "#who", "nv.07")
    browser.click("form button")
    browser.wait_text("#signed", "Lan (nv.07)")

    assert staff(hall, "remove", "nv.07") == 0

    browser.wait_for("return location.pathname === '/dang-nhap'")
    assert hall.get("/api/clerks", **hall.cookie("1")).json["clerks"][0]["id"] == "nv.08"


def test_the_technicians_browser_hands_out_pins_and_removes_clerks(hall: Any) -> None:
    technician, clerk = hall.cookie("technician"), hall.cookie("1")
    assert hall.press("/api/staff/nv.07/first-pin", {}, clerk).status == 403
    cookie = signed(hall, clerk)
    pin = hall.press("/api/staff/nv.07/first-pin", {}, technician).json["pin"]

    assert hall.press("/api/counter/1/counter-open", {"id": "p1"}, cookie).status == 401
    assert sign_in(hall, cookie, OWN).json["error"]["code"] == "wrong"
    assert sign_in(hall, cookie, pin).json["error"]["code"] == "choose"
    assert hall.press("/api/staff/nobody/first-pin", {}, technician).status == 404
    assert hall.press("/api/staff/nv.07/remove", {}, technician).status == 200
    assert hall.get("/api/clerks", **technician).json["clerks"] == []


# --- the rule -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "signed", "right", "access"),
    [
        (place_of("1"), None, Right.WATCH, Access.YES),
        (place_of("1"), None, Right.CALL, Access.SIGN_IN),
        (place_of("1"), LAN, Right.CALL, Access.YES),
        (place_of("1"), HOA, Right.CALL, Access.YES),
        (place_of("1"), HOA, Right.RUN, Access.NO),
        (place_of("2"), LAN, Right.CALL, Access.NO),
        (HEAD, LAN, Right.RUN, Access.SIGN_IN),
        (HEAD, HOA, Right.RUN, Access.YES),
        (HEAD, HOA, Right.CALL, Access.YES),
        (place_of("technician"), None, Right.ADMIT, Access.YES),
        (place_of("technician"), None, Right.CALL, Access.NO),
    ],
)
def test_a_right_is_of_the_place_and_of_who_signed_in(
    place: Place, signed: SignedIn | None, right: Right, access: Access
) -> None:
    visitor = Visitor(frozenset({place}), 1, "", signed, has_clerks=True)

    assert visitor.judge(right, "1") is access


@pytest.fixture
def pairing(tmp_path: Path) -> Any:
    store = DoorStore(tmp_path / "doors.db")
    yield Pairing(store, SetClock())
    store.close()


def test_a_pin_that_was_handed_over_lapses_in_a_week(pairing: Pairing) -> None:
    pairing.clerks.add("nv.07", "Lan", is_head=False)
    clerk = pairing.clerks.find("nv.07")
    assert clerk is not None
    assert pairing.clerks.judge(clerk, "") is CHOOSE

    pairing.clock.advance(FIRST_S + 1)  # type: ignore[attr-defined]

    assert pairing.clerks.judge(clerk, OWN) is LATE


def test_who_forgets_to_sign_out_is_out_by_the_next_morning(pairing: Pairing) -> None:
    pairing.clerks.add("nv.07", "Lan", is_head=False)
    found = pairing.pair(pairing.make_code(place_of("1")), Newcomer("máy", ""))
    clerk, number = pairing.clerks.find("nv.07"), pairing.browsers()[0].id
    assert found is not None
    assert clerk is not None
    token = pairing.sign_in(number, clerk)
    assert pairing.visitor(token, "").signed == LAN

    pairing.clock.advance(SIGNED_S)  # type: ignore[attr-defined]

    assert pairing.visitor(token, "").signed is None


def test_no_pin_is_on_disk(pairing: Pairing, tmp_path: Path) -> None:
    pin = pairing.clerks.add("nv.07", "Lan", is_head=False)

    kept = (tmp_path / "doors.db").read_bytes()
    assert pin.encode() not in kept
    assert b"$argon2id$" in kept


def test_a_hash_is_of_its_pin_alone() -> None:
    known = hashing.hash_of(OWN)

    assert hashing.is_right(OWN, known)
    assert not hashing.is_right("nobody", known)
    assert not hashing.is_right(OWN, "")


@pytest.mark.parametrize(
    ("pin", "is_head", "fits"),
    [
        ("12345", False, False),
        ("123456", False, False),
        ("987654", False, False),
        ("121212", False, False),
        ("ab-nv.07", False, False),
        ("290417", False, True),
        ("290417", True, False),
        ("2904-mua", True, True),
        ("x" * 65, True, False),
    ],
)
def test_a_pin_that_is_easily_guessed_is_not_taken(pin: str, is_head: bool, fits: bool) -> None:  # noqa: FBT001
    clerk = Clerk("nv.07", "Lan", is_head, "", None)

    assert (weakness(pin, clerk) == "") is fits
