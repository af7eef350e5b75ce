"""The staff's pages in the installed hall: a head's walk, a PIN, a broker that is gone, TLS."""

import urllib.error
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from emulated.hall import Hall
from emulated.installation import YAML
from emulated.network import ADDRESS, DOOR, PAGE_PORT, Browser
from emulated.waiting import until
from page_siege import MACHINES, TRIES, besieged

from hall.contract.messages import HallState
from hall.contract.topics import STATE_HALL
from hall.web.guarding import TRIES as GUESSES

B_BUTTON = 3
HEAD, CLERK, OWN_PIN = "tp.01", "nv.07", "4mua-xuan"
PAGES = ("/dieu-hanh", "/thiet-bi", "/may", "/can-bo")


def day(hall: Hall) -> str:
    state = hall.terminal.state(STATE_HALL, HallState)
    assert state is not None
    return state.day


def test_the_head_walks_through_every_page_and_finds_the_days_numbers(hall: Hall) -> None:
    head, given = hall.browser_of("head"), len(hall.given())
    for path in PAGES:
        assert 'id="tabs"' in head.page(path), path

    today = f"from={day(hall)}&to={day(hall)}"
    until(
        lambda: head.ask(f"/api/head/figures?{today}")["lines"][0]["issued"] >= given,
        120,
        "the pages do not know of all numbers",
    )
    assert head.page(f"/api/head/report.csv?{today}").startswith("\ufeff")
    assert ["head"] in [each["places"] for each in head.ask("/api/browsers")["browsers"]]


@contextmanager
def somebody_with_a_pin(hall: Hall) -> Iterator[Browser]:
    """A head who has signed in; afterwards nobody has to again."""
    head = hall.browser_of("head")
    first = head.ask("/api/staff", {"mark": HEAD, "name": "Hoa", "head": True})["pin"]
    try:
        sign_in(head, HEAD, first)
        yield head
    finally:
        for mark in (CLERK, HEAD):
            hall.guest.run(f"motcua staff remove {mark} -c {YAML}")


def sign_in(browser: Browser, mark: str, first_pin: str) -> None:
    answer = browser.ask("/api/sign-in", {"who": mark, "pin": first_pin, "own": OWN_PIN})
    assert answer == {"status": "ok"}, answer


def test_a_clerk_signs_in_with_her_pin_and_her_call_is_told_as_hers(hall: Hall) -> None:
    hall.press(B_BUTTON)
    with somebody_with_a_pin(hall) as head:
        pin = head.ask("/api/staff", {"mark": CLERK, "name": "Lan"})["pin"]
        clerk = hall.browser_of("2")
        assert clerk.act("2", "call-next")["status"] == "error"
        sign_in(clerk, CLERK, pin)

        answer = clerk.act("2", "call-next")

        assert answer["status"] == "ok", answer
        asked = f"/api/head/acts?day={day(hall)}&staff={CLERK}"
        until(
            lambda: "called" in [act["type"] for act in head.ask(asked)["acts"]],
            120,
            "nobody is told who called",
        )


def test_a_press_while_the_broker_is_gone_is_answered_and_the_next_one_done(hall: Hall) -> None:
    clerk = hall.browser_of("2")
    hall.guest.ask("systemctl stop mosquitto")
    try:
        answer = clerk.act("2", "recall")
        assert "data-verb" in clerk.page("/quay/2")
    finally:
        hall.leave_terminal()
        hall.guest.ask("systemctl start mosquitto")
    assert answer["status"] == "error", answer
    assert answer["error"]["text"]

    until(lambda: clerk.act("2", "recall")["status"] == "ok", 120, "no act is done any more")
    assert hall.sees(lambda: hall.state("printer-1") == "ready", 120)


def test_half_open_lines_and_guessed_codes_leave_a_clerk_working(hall: Hall) -> None:
    clerk, head = hall.browser_of("2"), hall.browser_of("head")
    with besieged(hall.guest.ask, PAGE_PORT) as said:
        until(lambda: len(said()) > 1, 240, "nobody besieges the pages")

        # An act that may be done any number of times: a number is recalled three times at most.
        for _ in range(3):
            answer = clerk.act("2", "counter-open")
            assert answer["status"] == "ok", answer
            assert "data-verb" in clerk.page("/quay/2")
        assert hall.browser_of("1").ask("/api/me")["places"] == ["1"]
        first, *refused = said()
    assert first == "held"
    assert int(refused[0]) >= MACHINES * (TRIES - GUESSES)
    assert head.ask("/api/me")["places"] == ["head"]
    warned = hall.guest.run(f"motcua doctor -c {YAML} --state /etc/motcua", 180)
    assert "thử nhiều mã" in warned.text, warned.text


def test_the_pages_by_tls_are_known_by_the_halls_ca_and_by_no_other(hall: Hall) -> None:
    hall.guest.ask(f"motcua ca --pages --write / --name {ADDRESS} --name {DOOR}")
    tls = "tls: {certificate: /etc/motcua/pages/pages.crt, key: /etc/motcua/pages/pages.key}"
    hall.guest.ask(f"cp -p {YAML} {YAML}.plain")
    hall.guest.ask(f"sed -i 's#^counter: {{#&{tls}, #' {YAML} && grep -q '^counter: {{tls' {YAML}")
    try:
        hall.guest.ask("systemctl restart motcua-counter", 120)
        ca = hall.guest.ask("cat /etc/mosquitto/certs/ca.crt")

        assert hall.browser_of("2", ca).ask("/api/me")["places"] == ["2"]
        with pytest.raises(urllib.error.URLError):
            hall.network.trusting_browser("").page("/ghep")
    finally:
        hall.guest.ask(f"mv {YAML}.plain {YAML}")
        hall.guest.ask("systemctl restart motcua-counter", 120)
    assert hall.browser_of("2").ask("/api/me")["places"] == ["2"]
