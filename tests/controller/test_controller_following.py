"""Who holds a paper follows their turn by its token; nobody else's can be had, nor made up."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.controller.secret import Secret

World = Any


@pytest.fixture
def followed(world: World) -> World:
    """A hall with a page for phones."""
    world.text += 'turn_page: {host: "10.0.1.1"}\n'
    return world.start()


def issue(hall: World, service: str = "a", **more: Any) -> str:
    """The token of a new ticket."""
    return str(hall.ask("issue", service=service, channel="button", **more).data["token"])


def turn(hall: World, token: str) -> Any:
    """Where this ticket stands; None where it is none of today's."""
    [*found] = hall.ask("follow", client="counters", tokens=[token]).data["tickets"]
    return found[0] if found else None


def test_who_waits_learns_how_many_stand_before_them(followed: World) -> None:
    first, second = issue(followed), issue(followed)

    assert turn(followed, second) == {
        "token": second,
        "number": "A002",
        "service": "a",
        "status": "waiting",
        "ahead": 1,
        "counters": ["1", "3"],
    }
    assert turn(followed, first)["ahead"] == 0


def test_a_turn_is_told_to_its_end(followed: World) -> None:
    token = issue(followed)
    followed.call("1")
    called = turn(followed, token)
    assert (called["status"], called["counter"]) == ("called", "1")
    assert "ahead" not in called

    for verb, status in (
        ("no-show", "no_show"),
        ("call-ticket", "called"),
        ("start", "serving"),
        ("finish", "finished"),
    ):
        number = {"number": "A001"} if verb == "call-ticket" else {}
        followed.ask(verb, counter="1", **number)
        assert turn(followed, token)["status"] == status


def test_who_is_sent_to_one_counter_waits_there(followed: World) -> None:
    token = issue(followed)
    followed.call("1")
    followed.ask("transfer", counter="1", to={"counter": "3"})

    there = turn(followed, token)
    assert (there["status"], there["ahead"], there["counters"]) == ("waiting", 0, ["3"])


def test_a_token_is_good_after_a_power_cut_and_not_after_its_day(followed: World) -> None:
    token = issue(followed)
    followed.crash()
    followed.start()
    assert turn(followed, token)["number"] == "A001"

    followed.wait(24 * 3600)
    issue(followed)
    assert turn(followed, token) is None


def test_tokens_of_many_are_asked_for_at_once_and_the_unknown_left_out(followed: World) -> None:
    known = [issue(followed) for _ in range(3)]
    made_up = known[0][:-1] + ("A" if known[0][-1] != "A" else "B")

    told = followed.ask("follow", client="counters", tokens=[*known, made_up, known[0]]).data

    assert [each["token"] for each in told["tickets"]] == known


def test_a_hall_without_the_page_gives_no_tokens_and_knows_none(hall: World) -> None:
    issued = hall.ask("issue", service="a", channel="button")

    assert "token" not in issued.data
    guessed = Secret(bytes(32)).turn(issued.data["ticket"]["id"])
    assert turn(hall, guessed) is None


def test_only_the_staff_pages_ask_for_turns(followed: World) -> None:
    token = issue(followed)

    assert followed.ask("follow", client="kiosk-1", tokens=[token]).error.code == "unauthorized"


@given(st.binary(min_size=32, max_size=32), st.integers(1, 10**6), st.text("ABCDEFGH234567"))
def test_no_token_but_a_given_one_names_a_ticket(key: bytes, serial: int, guess: str) -> None:
    secret, ticket = Secret(key), f"1-1-{serial}"
    token = secret.turn(ticket)

    assert secret.ticket_of(token) == ticket
    assert secret.ticket_of(f"{ticket}-{guess}") in (
        None,
        ticket if token.endswith(guess) else None,
    )
    assert secret.ticket_of(f"1-2-{serial}-{token.rpartition('-')[2]}") is None
    assert Secret(key[::-1] + b"x").ticket_of(token) is None
