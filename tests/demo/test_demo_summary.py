"""The demo's judge: it must see every broken promise."""

from hall.contract.messages import TicketEvent
from hall.demo import summary

AT = "2026-11-23T08:00:00+07:00"


def event(
    seq: int, kind: str, ticket: str = "1-1-0", number: str = "A001", **more: object
) -> TicketEvent:
    about = {
        "id": ticket,
        "number": number,
        "service": "ho-tich",
        "day": "2026-11-23",
        "issued_at": AT,
        "channel": "button",
    }
    content = {"epoch": 1, "seq": seq, "type": kind, "by": "tech", "at": AT, "ticket": about}
    return TicketEvent.model_validate(content | more)


def test_a_plain_day_breaks_nothing() -> None:
    day = summary.read(
        [event(1, "issued"), event(2, "called", counter="1", wait_s=60), event(3, "finished")]
    )

    assert (day.double_calls, day.duplicate_numbers, day.gaps, day.open) == ([], [], [], set())
    assert day.waits_s == [60]


def test_a_number_on_two_tickets_is_seen() -> None:
    day = summary.read([event(1, "issued"), event(2, "issued", ticket="1-1-1")])

    assert day.duplicate_numbers == ["A001"]


def test_a_ticket_called_at_two_counters_is_seen() -> None:
    called = [event(2, "called", counter="1"), event(3, "called", counter="2")]

    assert summary.read([event(1, "issued"), *called]).double_calls == ["A001"]


def test_a_ticket_called_again_after_it_did_not_come_is_no_double_call() -> None:
    again = [
        event(2, "called", counter="1"),
        event(3, "no_show", counter="1"),
        event(4, "called", counter="2"),
    ]

    assert summary.read([event(1, "issued"), *again]).double_calls == []


def test_a_ticket_that_is_set_aside_waits_nowhere_until_it_is_called_or_comes_back() -> None:
    first = [event(1, "issued"), event(2, "called", counter="1"), event(3, "parked", counter="1")]

    assert summary.read(first).open == set()
    assert summary.read([*first, event(4, "resumed")]).open == {"1-1-0"}
    assert summary.read([*first, event(4, "called", counter="2")]).open == {"1-1-0"}


def test_a_finished_ticket_that_is_called_again_is_a_double_call() -> None:
    again = [
        event(2, "called", counter="1"),
        event(3, "finished", counter="1"),
        event(4, "called", counter="2"),
    ]

    assert summary.read([event(1, "issued"), *again]).double_calls == ["A001"]


def test_a_hole_in_the_journal_is_seen() -> None:
    assert summary.read([event(1, "issued"), event(3, "called")]).gaps == [3]


def test_waits_without_data_are_none() -> None:
    assert summary.waits([]) == {"median_s": None, "p95_s": None}
    assert summary.waits([10]) == {"median_s": 10.0, "p95_s": 10}


def test_who_was_passed_over_without_a_word_is_not_served() -> None:
    day = summary.read(
        [
            event(1, "issued"),
            event(2, "called", counter="1"),
            event(3, "finished", counter="1", cause="next", how="unclear"),
            event(4, "issued", ticket="1-1-1", number="A002"),
            event(5, "called", ticket="1-1-1", number="A002", counter="1"),
            event(6, "finished", ticket="1-1-1", number="A002", counter="1", how="served"),
        ]
    )

    assert (day.ended_as["served"], day.ended_as["unclear"]) == (1, 1)


def test_a_call_that_was_taken_back_is_no_double_call() -> None:
    taken_back = [
        event(2, "called", counter="1", wait_s=60),
        event(3, "undone", counter="1", cause="called", of=2),
        event(4, "called", counter="2", wait_s=90),
    ]
    day = summary.read([event(1, "issued"), *taken_back])

    assert (day.double_calls, day.waits_s) == ([], [90])
