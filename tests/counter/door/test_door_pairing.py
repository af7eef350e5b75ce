"""A browser acts for a counter only after a code was typed there that lives for minutes."""

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hall.cli.__main__ import main
from hall.counter.budgets import BURST, PER_S, Budgets
from hall.counter.door.access import HEAD, TECHNICIAN, Place, Right, Stranger, place_of
from hall.counter.door.browsers import UNUSED_S, Newcomer, name_of
from hall.counter.door.pairing import CODE_S, Pairing
from hall.counter.door.store import DoorStore, DoorStoreError
from hall.runtime.clock import SetClock
from hall.web.guarding import TRIES, Guard, network_of

CLERK = place_of("1")
SOMEBODY = Newcomer("Máy bàn quầy 1", "10.0.0.7")


@pytest.fixture
def hall(paired_hall: Any) -> Any:
    return paired_hall


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def pairing(tmp_path: Path, clock: SetClock) -> Iterator[Pairing]:
    store = DoorStore(tmp_path / "doors.db")
    yield Pairing(store, clock)
    store.close()


def paired(pairing: Pairing, place: Place = CLERK) -> str:
    """The token of a browser that was just paired."""
    found = pairing.pair(pairing.make_code(place), SOMEBODY)
    assert found is not None
    return found[1]


def error(answer: Any) -> str:
    code: str = answer.json["error"]["code"]
    return code


# --- at the pages ---------------------------------------------------------------------------------


def test_an_unpaired_browser_sees_no_page_no_stream_and_cannot_press(hall: Any) -> None:
    for path in ("/", "/quay/1", "/may"):
        answer = hall.get(path)
        assert (answer.status, answer.headers["location"]) == (303, "/ghep")
    assert hall.get("/events").status == 403
    assert hall.get("/api/me").status == 403
    assert hall.get("/api/browsers").status == 403
    assert hall.get("/pictures/board.png").status == 404
    assert hall.press("/api/codes/head", {}).status == 403
    assert hall.press("/api/counter/1/call-next", {"id": "p1"}).status == 403
    assert not hall.requests("call-next")


def test_the_code_leads_to_the_counters_page_with_a_cookie_no_script_can_read(hall: Any) -> None:
    answer = hall.type_code(hall.code("5A"))

    assert answer.headers["location"] == "/quay/5A"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


@pytest.mark.page
def test_a_clerk_types_the_code_into_a_real_browser(hall: Any, browser: Any) -> None:
    browser.go(f"{hall.url}quay/5A")
    browser.run("document.querySelector('[name=code]').value = arguments[0]", hall.code("5A"))
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
    cookie = hall.cookie("1")

    assert hall.get("/quay/1", **cookie).status == 200
    assert hall.press("/api/counter/1/counter-open", {"id": "p1"}, cookie).json["status"] == "ok"
    assert hall.get("/quay/5A", **cookie).status == 303
    assert hall.press("/api/counter/5A/counter-open", {"id": "p2"}, cookie).status == 403
    assert hall.press("/api/codes/head", {}, cookie).status == 403
    issue = {"id": "p3", "service": "ho-tich", "channel": "counter"}
    assert hall.press("/api/hall/issue", issue, cookie).status == 403


def test_a_counter_cancels_and_brings_back_only_its_own_people(hall: Any) -> None:
    """The ids of tickets are a running number, and so no secret."""
    head, clerk, other = hall.cookie("head"), hall.cookie("1"), hall.cookie("5A")
    issue = {"id": "i1", "service": "dat-dai", "channel": "counter"}
    ticket = hall.press("/api/hall/issue", issue, head).json["data"]["ticket"]["id"]

    cancel = {"id": "k1", "ticket": ticket}
    assert error(hall.press("/api/counter/1/cancel", cancel, clerk)) == "unauthorized"
    hall.press("/api/counter/5A/call-next", {"id": "n1"}, other)
    hall.press("/api/counter/5A/no-show", {"id": "v1"}, other)
    resume = {"id": "r1", "ticket": ticket}
    assert error(hall.press("/api/counter/1/resume", resume, clerk)) == "unauthorized"
    resume = {"id": "r2", "ticket": ticket}
    assert hall.press("/api/counter/5A/resume", resume, other).json["status"] == "ok"


def test_one_browser_that_asks_without_end_leaves_the_others_their_acts(hall: Any) -> None:
    """All pages are one client of the bus, which grants a client so many requests a second."""
    flooding, other = hall.cookie("1"), hall.cookie("5A")
    found = [
        hall.press("/api/counter/1/recall", {"id": f"f{number}"}, flooding).status
        for number in range(3 * int(BURST))
    ]

    assert 429 in found
    assert len(hall.requests("recall")) < len(found)
    assert hall.press("/api/counter/5A/counter-open", {"id": "p1"}, other).json["status"] == "ok"


def test_what_is_asked_of_devices_is_counted_with_the_other_acts(hall: Any) -> None:
    head = hall.cookie("head")
    spent = (hall.press("/api/counter/1/recall", {"id": f"f{n}"}, head) for n in range(100))
    assert any(answer.status == 429 for answer in spent)

    asked = hall.press("/api/head/device/printer-1/identify", {"id": "d", "staff": "tp"}, head)

    assert asked.status == 429


def test_the_heads_browser_opens_every_counter_and_a_technicians_none(hall: Any) -> None:
    head, technician = hall.cookie("head"), hall.cookie("technician")

    assert hall.get("/", **head).status == 200
    assert hall.press("/api/counter/5A/counter-open", {"id": "p1"}, head).json["status"] == "ok"
    assert hall.press("/api/counter/5A/counter-close", {"id": "p2"}, technician).status == 403
    assert hall.get("/may", **technician).status == 200


def test_a_cookie_of_our_own_making_is_worth_nothing(hall: Any) -> None:
    for value in ("1", "hall:", "0" * 43, "x"):
        forged = {"Cookie": f"motcua={value}"}
        assert hall.press("/api/counter/1/counter-open", {"id": "p1"}, forged).status == 403


def test_who_was_paired_by_an_eternal_code_is_told_that_it_is_void(hall: Any) -> None:
    old = {"Cookie": "motcua_1=1:" + "0" * 64}

    assert hall.get("/quay/1", **old).headers["location"] == "/ghep?vi=cu"
    answer = hall.get("/ghep", **old)
    assert answer.headers["location"] == "/ghep?vi=cu"
    assert answer.headers["set-cookie"].startswith('motcua_1="";')


def test_the_file_of_eternal_codes_goes(hall: Any) -> None:
    file = hall.state / "pairing.json"
    file.write_text('{"codes": {"1": "12345678"}}')
    hall.stop("pages")
    hall.run_pages()
    hall.await_pages()

    assert not file.exists()
    assert hall.type_code("12345678").headers["location"] == "/ghep?sai=ma"


def test_wrong_codes_are_refused_and_soon_nobody_may_try_from_there(hall: Any) -> None:
    locations = [hall.type_code("00000000").headers["location"] for _ in range(TRIES + 1)]

    assert locations[0] == "/ghep?sai=ma"
    assert locations[TRIES] == "/ghep?sai=nhieu"
    assert hall.type_code(hall.code("1")).headers["location"] == "/ghep?sai=nhieu"


def test_who_guesses_is_named_and_keeps_nobody_else_from_pairing(
    hall: Any, until: Any, caplog: pytest.LogCaptureFixture
) -> None:
    for last in range(2, 13):
        for _ in range(TRIES):
            hall.type_code("00000000", source=f"127.0.0.{last}")

    answer = hall.type_code(hall.code("1"))
    assert answer.headers["location"] == "/quay/1"
    health = hall.running["pages"].daemon.context.health
    until(lambda: "127.0.0.12" in getattr(health.alerts.get("guessing"), "text", ""))
    assert "from 127.0.0.2" in caplog.text


# --- the list -------------------------------------------------------------------------------------


def numbers(hall: Any, cookie: dict[str, str]) -> dict[str, int]:
    rows = hall.get("/api/browsers", **cookie).json["browsers"]
    return {row["name"]: row["number"] for row in rows}


def test_the_head_makes_a_code_for_one_more_browser(hall: Any) -> None:
    head = hall.cookie("head", "Máy trưởng")
    made = hall.press("/api/codes/5A", {}, head).json

    assert hall.type_code(made["code"], "Máy mới").headers["location"] == "/quay/5A"
    assert set(numbers(hall, head)) == {"Máy trưởng", "Máy mới"}
    assert hall.press("/api/codes/9", {}, head).status == 404


def test_a_revoked_browser_may_nothing_from_then_on_and_another_goes_on(hall: Any) -> None:
    head, first, second = hall.cookie("head"), hall.cookie("1", "một"), hall.cookie("1", "hai")

    assert hall.press(f"/api/browsers/{numbers(hall, head)['một']}/revoke", {}, head).status == 200

    assert hall.get("/quay/1", **first).headers["location"] == "/ghep?vi=thu-hoi"
    assert hall.press("/api/counter/1/counter-open", {"id": "p1"}, first).status == 403
    assert hall.get("/quay/1", **second).status == 200


@pytest.mark.page
def test_a_page_that_is_open_on_a_revoked_browser_says_so_and_asks_to_be_paired(
    hall: Any, browser: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    browser.go(f"{hall.url}ghep")
    browser.run(
        "document.querySelector('[name=code]').value = arguments[0];"
        "document.querySelector('[name=name]').value = 'Máy cũ'",
        hall.code("1"),
    )
    browser.click("form button")
    browser.wait_text("#counter-name", "Quầy 1")

    given = ["-c", str(hall.folder / "hall.yaml"), "--state", str(hall.state)]
    assert main(["browsers", *given]) == 0
    [line] = capsys.readouterr().out.splitlines()
    assert "quầy 1" in line
    assert "Máy cũ" in line
    assert main(["browsers", "--revoke", line.split()[0], *given]) == 0

    browser.wait_text("#why", "đã bị thu hồi")
    assert browser.run("return location.pathname") == "/ghep"


@pytest.mark.page
def test_the_head_pairs_and_revokes_in_a_real_browser(hall: Any, browser: Any) -> None:
    old = hall.cookie("1", "Máy cũ")
    browser.go(f"{hall.url}ghep")
    browser.run("document.querySelector('[name=code]').value = arguments[0]", hall.code("head"))
    browser.click("form button")
    browser.wait_for("return location.pathname === '/'")
    browser.go(f"{hall.url}may")
    browser.wait_text("#browsers", "Máy cũ")
    browser.run("document.getElementById('place').value = '5A'")
    browser.click("#new button")
    browser.wait_for("return /^\\d{4} \\d{4}$/.test(document.getElementById('code').innerText)")
    code = browser.text("#code").replace(" ", "")

    browser.run(
        "[...document.querySelectorAll('#browsers li')]"
        ".find((each) => each.innerText.includes('Máy cũ')).querySelector('button').click()"
    )
    browser.click("#sure [value=ok]")

    browser.wait_for("return !document.getElementById('browsers').innerText.includes('Máy cũ')")
    assert hall.get("/quay/1", **old).status == 303
    assert hall.type_code(code).headers["location"] == "/quay/5A"
    assert browser.complaints() == []


# --- the rule -------------------------------------------------------------------------------------


def test_a_code_pairs_once(pairing: Pairing) -> None:
    code = pairing.make_code(CLERK)

    assert pairing.pair(code, SOMEBODY) is not None
    assert pairing.pair(code, SOMEBODY) is None


def test_a_code_lives_for_minutes(pairing: Pairing, clock: SetClock) -> None:
    in_time = pairing.make_code(CLERK)
    clock.advance(CODE_S)
    assert pairing.pair(in_time, SOMEBODY) is not None

    too_late = pairing.make_code(CLERK)
    clock.advance(CODE_S + 1)

    assert pairing.pair(too_late, SOMEBODY) is None


def test_a_places_newer_code_voids_its_older_one_and_no_other(pairing: Pairing) -> None:
    old, other, new = map(pairing.make_code, (CLERK, HEAD, CLERK))

    assert pairing.pair(old, SOMEBODY) is None
    assert [found and found[0] for found in (pairing.pair(c, SOMEBODY) for c in (other, new))] == [
        HEAD,
        CLERK,
    ]


def test_every_browser_has_a_token_of_its_own(pairing: Pairing) -> None:
    first, second = paired(pairing), paired(pairing)
    pairing.revoke(pairing.visitor(first, "").browser or 0, "test")

    assert pairing.visitor(first, "").stranger is Stranger.REVOKED
    assert pairing.visitor(second, "").may(Right.CALL, "1")


def test_a_browser_that_is_paired_again_has_both_places_and_another_token(
    pairing: Pairing,
) -> None:
    old = paired(pairing)
    found = pairing.pair(pairing.make_code(TECHNICIAN), SOMEBODY, old)

    assert found is not None
    assert pairing.visitor(found[1], "").places == {CLERK, TECHNICIAN}
    assert not pairing.visitor(old, "").places
    assert len(pairing.browsers()) == 1


def test_a_browser_that_nobody_used_for_half_a_year_is_paired_again(
    pairing: Pairing, clock: SetClock
) -> None:
    token = paired(pairing)
    clock.advance(UNUSED_S + 1)

    assert pairing.visitor(token, "").stranger is Stranger.UNUSED
    assert pairing.browsers() == ()


def test_what_is_kept_opens_no_door_and_is_its_owners_alone(
    pairing: Pairing, tmp_path: Path
) -> None:
    code, token = pairing.make_code(HEAD), paired(pairing)
    kept = (tmp_path / "doors.db").read_bytes()

    assert code.encode() not in kept
    assert token.encode() not in kept
    assert stat.S_IMODE((tmp_path / "doors.db").stat().st_mode) == 0o600


def test_a_list_that_cannot_be_read_is_put_aside_and_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "doors.db"
    path.write_text("{half" * 1000)

    store = DoorStore.open(path)

    assert store.all() == ()
    assert path.with_suffix(".bad").exists()
    store.close()


def test_where_nothing_can_be_kept_nobody_is_paired_and_who_is_stays(
    pairing: Pairing, tmp_path: Path
) -> None:
    token = paired(pairing)
    with closing(sqlite3.connect(tmp_path / "doors.db")) as other:
        other.execute(
            "CREATE TRIGGER full BEFORE INSERT ON code BEGIN SELECT RAISE(FAIL, 'full'); END"
        )

    with pytest.raises(DoorStoreError):
        pairing.make_code(HEAD)
    assert pairing.visitor(token, "").may(Right.CALL, "1")


def test_the_guard_opens_again_after_a_minute() -> None:
    guard = Guard()
    told = [guard.note_wrong("10.0.0.7", 0) for _ in range(TRIES)]

    assert told == [False] * (TRIES - 1) + [True]
    assert not guard.is_open("10.0.0.7", 59)
    assert guard.is_open("10.0.0.8", 59)
    assert guard.is_open("10.0.0.7", 61)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.0.0.7", "10.0.0.7"),
        ("fe80::1:2:3:4", "fe80::/64"),
        ("::ffff:10.0.0.7", "::ffff:10.0.0.7"),
        ("", ""),
    ],
)
def test_a_machine_with_many_addresses_is_one_that_guesses(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("given", "agent", "name"),
    [
        (" Máy\u202e bàn\n1 ", "", "Máy bàn 1"),
        ("x" * 99, "", "x" * 60),
        ("", "Mozilla/5.0 (X11; Linux x86_64) Chrome/120.0 Safari/537.36", "Chrome – Linux"),
        ("", "Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Edg/120.0", "Edge – Windows"),
        ("", "curl", "? – ?"),
    ],
)
def test_a_browser_is_called_what_its_owner_says_or_what_it_is(
    given: str, agent: str, name: str
) -> None:
    assert name_of(given, agent) == name


def test_a_browser_has_its_acts_again_after_a_moment() -> None:
    budgets = Budgets()
    found = [budgets.has_one(1, 0.0) for _ in range(int(BURST) + 1)]

    assert found == [True] * int(BURST) + [False]
    assert budgets.has_one(2, 0.0)
    assert not budgets.has_one(1, 0.9 / PER_S)
    assert budgets.has_one(1, 1.1 / PER_S)


# --- at a terminal --------------------------------------------------------------------------------


def test_a_code_for_a_counter_that_is_not_there_is_refused(
    hall: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["-c", str(hall.folder / "hall.yaml"), "--state", str(hall.state)]

    assert main(["pair", "9", *given]) == 2
    assert "1, 5A, tablet-1, tablet-5A, head, technician" in capsys.readouterr().err


def test_the_technicians_code_pairs_a_browser(
    hall: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["-c", str(hall.folder / "hall.yaml"), "--state", str(hall.state)]
    assert main(["pair", "1", *given]) == 0
    code = capsys.readouterr().out.splitlines()[0].rpartition(": ")[2]

    assert hall.type_code(code).headers["location"] == "/quay/1"
