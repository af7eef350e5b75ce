"""Whom a counter has served last, as the journal's events tell it to a kiosk."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hall.contract.messages import TicketEvent
from hall.runtime.served import ServedThere, ServedToday


def event(seq: int, kind: str, counter: str | None = "1", n: int = 1, **more: Any) -> TicketEvent:
    ticket = {"id": f"1-1-{n}", "number": f"A{n:03d}", "service": "a", "day": "2026-11-30",
              "issued_at": "2026-11-30T08:00:00+07:00", "channel": "kiosk"}  # fmt: skip
    return TicketEvent.model_validate(
        {"epoch": 1, "seq": seq, "type": kind, "counter": counter, "ticket": ticket,
         "by": "counters", "at": "2026-11-30T08:00:00+07:00"} | more
    )  # fmt: skip


def heard(*events: TicketEvent) -> ServedToday:
    known = ServedToday()
    for each in events:
        known = known.after(each)
    return known


def test_the_newest_who_was_finished_with_is_the_last() -> None:
    known = heard(event(1, "finished", n=1), event(2, "finished", n=2), event(3, "called", n=3))

    assert known.last("1") == ServedThere("1", "1-1-2", "A002", 2)
    assert known.last("2") is None


def test_who_was_passed_over_was_not_served() -> None:
    assert heard(event(1, "finished", how="unclear")).last("1") is None


def test_an_end_taken_back_is_none() -> None:
    known = heard(event(1, "finished", n=1), event(2, "finished", n=2), event(3, "undone", of=2))

    assert known.last("1") == ServedThere("1", "1-1-1", "A001", 1)


def test_a_new_day_begins_with_nobody() -> None:
    assert heard(event(1, "finished"), event(2, "day_opened", None)).last("1") is None


@given(st.lists(st.tuples(st.sampled_from("12"), st.booleans()), max_size=12))
def test_an_event_heard_twice_is_heard_once(told: list[tuple[str, bool]]) -> None:
    events = [
        event(n, "finished", c, n) if ended else event(n, "undone", c, of=n - 1)
        for n, (c, ended) in enumerate(told, 2)
    ]
    twice = [each for one in events for each in (one, one)]

    assert heard(*events) == heard(*twice)
