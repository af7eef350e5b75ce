"""A key acts on the person its clerk has seen; who came under the hand was not seen yet."""

from typing import Any

import pytest

from hall.contract.messages import CounterState
from hall.contract.topics import STATE_COUNTER

Hall = Any


def tell(hall: Hall, ticket: str | None, ver: int, counter: str = "1") -> None:
    """The controller says who is at a counter."""
    told: dict[str, Any] = {
        "epoch": 1, "ver": ver, "counter": counter, "name": "x", "status": "open", "ticket": None,
    }  # fmt: skip
    if ticket is not None:
        of = {"id": ticket, "number": "A001", "service": "ho-tich", "day": "2026-11-23"}
        of |= {"issued_at": "2026-11-23T08:00:00+07:00", "channel": "button"}
        told |= {"status": "called", "ticket": of}
    hall.controller.publish(STATE_COUNTER, CounterState.model_validate(told), counter=counter)


def pressed(hall: Hall, key: str = "N") -> dict[str, Any]:
    """What a key asks, as it goes over the wire."""
    before = len(hall.asked)
    hall.press(key)
    hall.run(0.3)
    assert len(hall.asked) == before + 1
    found: dict[str, Any] = hall.asked[-1][1].model_dump()
    return found


@pytest.mark.parametrize("key", list("NRFX"))
def test_a_key_names_the_person_who_is_at_the_counter(hall: Hall, key: str) -> None:
    tell(hall, "t1", 1)
    hall.run(1.0)

    assert pressed(hall, key)["expect_ticket"] == "t1"


def test_a_key_at_an_empty_counter_says_so(hall: Hall) -> None:
    tell(hall, None, 1)
    hall.run(1.0)

    assert pressed(hall)["expect_ticket"] is None


def test_who_came_just_before_the_key_has_not_been_seen(hall: Hall) -> None:
    """The page has called the next person 0.3 s ago: the key still means the one before."""
    tell(hall, "t1", 1)
    hall.run(1.0)
    tell(hall, "t2", 2)
    hall.run(0.3)

    assert pressed(hall)["expect_ticket"] == "t1"
    hall.run(0.5)
    assert pressed(hall)["expect_ticket"] == "t2"


def test_of_several_changes_at_once_the_last_that_stood_long_enough_counts(hall: Hall) -> None:
    tell(hall, "t1", 1)
    hall.run(1.0)
    for n in (2, 3, 4):
        tell(hall, f"t{n}", n)
        hall.run(0.1)

    assert pressed(hall)["expect_ticket"] == "t1"


def test_an_old_state_that_comes_late_changes_nothing(hall: Hall) -> None:
    tell(hall, "t2", 2)
    tell(hall, "t1", 1)
    hall.run(1.0)

    assert pressed(hall)["expect_ticket"] == "t2"


def test_another_counter_is_another_matter(hall: Hall) -> None:
    tell(hall, "t1", 1)
    tell(hall, "t2", 2, counter="2")
    hall.run(1.0)

    assert pressed(hall)["expect_ticket"] == "t1"


def test_before_the_counter_was_heard_of_a_key_is_bound_to_nothing(hall: Hall) -> None:
    assert "expect_ticket" not in pressed(hall)


def test_a_number_that_was_typed_is_bound_as_well(hall: Hall) -> None:
    tell(hall, "t1", 1)
    hall.run(1.0)
    for key in "7#":
        hall.press(key)
        hall.run(0.3)

    assert [(verb, request.expect_ticket) for verb, request in hall.asked] == [
        ("call-ticket", "t1")
    ]
