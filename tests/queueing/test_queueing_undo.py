"""The last act at a counter is taken back: everything as before, or not at all."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hall.queueing import commands as cmd
from hall.queueing.refusals import Reason, Refused
from hall.queueing.shelves import PersistentMap
from hall.queueing.state import Hall, Status
from hall.queueing.tickets import Paper, State

Day = Any


def undo(day: Day, counter: str = "1", by: str = "c") -> Any:
    return day.do(cmd.Undo(by, counter))


def known(hall: Hall) -> Any:
    """The hall without what only counts on: sequence, versions, how often a ticket was called."""
    tickets: PersistentMap[Any] = PersistentMap()
    for ticket in hall.tickets:
        tickets = tickets.put(ticket.serial, replace(ticket, calls=0))
    counters = {c: replace(d, ver=0, traces=()) for c, d in hall.counters.items()}
    queues = {place: line for place, line in hall.queues.items() if line.count}
    return replace(
        hall, seq=0, board_ver=0, tickets=tickets, counters=counters, queues=queues, cancels={}
    )


def first_called(day: Day) -> None:
    """A001 is at counter 1; A002 and B001 wait."""
    day.issue(), day.issue(), day.issue("b")
    day.call()


def nothing(day: Day) -> None:
    day.issue(), day.issue()


def first_served(day: Day) -> None:
    first_called(day)
    day.wait(1)
    day.do(cmd.Start("c", "1"))


def first_absent(day: Day) -> None:
    first_called(day)
    day.do(cmd.MarkNoShow("c", "1"))


ACTS = [
    (nothing, cmd.CallNext("c", "1")),
    (first_called, cmd.CallNext("c", "1")),
    (first_served, cmd.CallNext("c", "1")),
    (first_absent, cmd.CallTicket("c", "1", ticket="1-1-0")),
    (first_absent, cmd.CallTicket("c", "3", ticket="1-1-0")),
    (first_called, cmd.MarkNoShow("c", "1")),
    (first_called, cmd.Finish("c", "1")),
    (first_served, cmd.Finish("c", "1", "xong")),
    (first_called, cmd.Transfer("c", "1", "b")),
    (first_served, cmd.Transfer("c", "1", None, "3", cmd.Position.BACK)),
    (first_called, cmd.Transfer("c", "1", "a", None, cmd.Position.FRONT)),
    (first_called, cmd.Park("c", "1", 5)),
    (first_served, cmd.Park("c", "1")),
    (first_called, cmd.Cancel("c", "1-1-1")),
    (first_called, cmd.Cancel("c", "1-1-1", "1")),
]


@pytest.mark.parametrize(("given_", "act"), ACTS)
def test_every_act_of_a_clerk_is_taken_back_whole(day: Day, given_: Any, act: Any) -> None:
    given_(day)
    before = known(day.hall)
    day.wait(1 / 30)
    day.do(act)
    counter = getattr(act, "counter", None) or "1"
    assert known(day.hall) != before
    day.wait(1 / 30)

    undo(day, counter)

    assert known(day.hall) == before


@pytest.mark.parametrize(("given_", "act"), ACTS)
def test_one_event_is_undone_for_each_that_happened_newest_first(
    day: Day, given_: Any, act: Any
) -> None:
    given_(day)
    seq, wrote = day.hall.seq, len(day.events)
    day.do(act)
    happened = [(e.kind, seq + n) for n, e in enumerate(day.events[wrote:], 1)]
    counter = getattr(act, "counter", None) or "1"

    undone = undo(day, counter).events

    assert [(e.cause, e.of) for e in undone] == happened[::-1]
    assert {e.kind for e in undone} == {"undone"}


def test_a_person_passed_over_by_mistake_is_at_the_counter_again(day: Day) -> None:
    first_served(day)
    day.call()

    decision = undo(day)

    assert day.ticket(decision).number == "A002"
    assert day.hall.held("1").number == "A001"
    assert day.hall.counters["1"].status is Status.SERVING
    assert day.call() == "A002"


def test_a_second_undo_finds_nothing(day: Day) -> None:
    first_called(day)
    undo(day)

    assert day.refused(cmd.Undo("c", "1")) is Reason.NOTHING_TO_UNDO


@pytest.mark.parametrize(
    "after",
    [
        cmd.Recall("c", "1"),
        cmd.Start("c", "1"),
        cmd.PauseCounter("c", "1"),
        cmd.CloseCounter("c", "1"),
        cmd.PrintResult("p", "1-1-0", cmd.PaperResult.FAILED),
    ],
)
def test_anything_else_at_the_counter_ends_it(day: Day, after: Any) -> None:
    first_called(day)
    day.do(after)

    assert day.refused(cmd.Undo("c", "1")) is Reason.NOTHING_TO_UNDO


def test_what_happens_elsewhere_does_not(day: Day) -> None:
    first_called(day)
    day.issue()
    day.call("2")
    day.do(cmd.PrintResult("p", "1-1-0", cmd.PaperResult.PRINTED))

    undo(day)

    again = day.hall.tickets.get(0)
    assert (again.state, again.paper) == (State.WAITING, Paper.PRINTED)


def test_after_ten_seconds_it_is_too_late(day: Day) -> None:
    first_called(day)
    day.now = replace(day.now, at=day.now.at + 10_001)

    assert day.refused(cmd.Undo("c", "1")) is Reason.UNDO_TOO_LATE


def test_within_ten_seconds_it_is_not(day: Day) -> None:
    first_called(day)
    day.now = replace(day.now, at=day.now.at + 10_000)

    assert undo(day).serial == 0


def test_who_was_sent_on_and_called_there_stays_there(day: Day) -> None:
    first_called(day)
    day.do(cmd.Transfer("c", "1", None, "3"))
    assert day.call("3") == "A001"

    assert day.refused(cmd.Undo("c", "1")) is Reason.MOVED_ON
    assert day.hall.held("3").number == "A001"


def test_who_came_back_by_the_timer_stays_in_the_queue(day: Day) -> None:
    first_called(day)
    day.do(cmd.Park("c", "1", 1))
    day.now = replace(day.now, at=day.now.at + 5_000)
    day.do(cmd.Resume("c", "1-1-0"))

    assert day.refused(cmd.Undo("c", "1")) is Reason.MOVED_ON


def test_an_absent_person_called_at_another_counter_stays_there(day: Day) -> None:
    first_absent(day)
    day.do(cmd.CallTicket("c", "3", ticket="1-1-0"))

    assert day.refused(cmd.Undo("c", "1")) is Reason.MOVED_ON


@pytest.mark.parametrize("counter", [None, "1"])
def test_only_who_cancelled_a_ticket_takes_that_back(day: Day, counter: str | None) -> None:
    day.do(cmd.OpenCounter("c", "1"))
    ticket = day.issue()
    day.do(cmd.Cancel("onestop", ticket.id, counter))

    assert day.refused(cmd.Undo("c", "1")) is Reason.NOTHING_TO_UNDO
    undo(day, by="onestop")
    assert day.again(ticket).state is State.WAITING
    assert day.refused(cmd.Undo("onestop", "1")) is Reason.NOTHING_TO_UNDO


def test_of_a_call_and_an_earlier_cancel_only_the_call_is_the_last_act(day: Day) -> None:
    ticket = day.issue()
    day.issue()
    day.do(cmd.Cancel("c", ticket.id))
    day.call()

    undo(day)

    assert day.again(ticket).state is State.CANCELLED
    assert day.refused(cmd.Undo("c", "1")) is Reason.NOTHING_TO_UNDO


def test_a_counter_cancels_only_for_its_own_services(day: Day) -> None:
    ticket = day.issue("b")

    assert day.refused(cmd.Cancel("c", ticket.id, "1")) is Reason.NOT_ITS_TICKET
    day.do(cmd.Cancel("c", ticket.id, "3"))


def test_a_counter_brings_back_only_for_its_own_services(day: Day) -> None:
    ticket = day.issue("b")
    day.call("3")
    day.do(cmd.Park("c", "3"))

    assert day.refused(cmd.Resume("c", ticket.id, "1")) is Reason.NOT_ITS_TICKET
    day.do(cmd.Resume("c", ticket.id, "3"))


def test_a_counter_cancels_whoever_was_sent_to_it(day: Day) -> None:
    ticket = day.issue()
    day.call()
    day.do(cmd.Transfer("c", "1", "b", "1"))

    day.do(cmd.Cancel("c", ticket.id, "1"))

    assert day.again(ticket).state is State.CANCELLED


def test_no_two_calls_of_a_ticket_have_one_name(day: Day) -> None:
    """The voice knows a call by its name: one that was taken back must not hide the next."""
    day.issue()
    day.call()
    undo(day)
    day.call()

    assert day.hall.held("1").calls == 2


def test_a_second_call_in_the_same_moment_leaves_the_first_one_on_the_list(day: Day) -> None:
    day.issue()
    day.call()
    day.do(cmd.Transfer("c", "1", "a", position=cmd.Position.FRONT))
    before = day.hall.recent
    day.call()

    undo(day)

    assert day.hall.recent == before != ()


def test_a_call_that_another_counter_took_back_does_not_return(day: Day) -> None:
    day.issue(), day.issue("b")
    day.call("2")
    day.call("1")
    undo(day, "2")

    undo(day, "1")

    assert day.hall.recent == ()


def test_a_day_that_has_turned_is_not_turned_back(day: Day) -> None:
    first_called(day)
    day.next_day()

    assert day.refused(cmd.Undo("c", "1")) is Reason.NOTHING_TO_UNDO


@given(
    st.lists(
        st.tuples(st.sampled_from([a for _, a in ACTS]), st.floats(0, 0.2), st.booleans()),
        max_size=30,
    )
)
@settings(max_examples=150, deadline=None)
def test_undoing_at_once_is_as_if_nothing_had_been_done(new_day: Any, steps: Any) -> None:
    day = new_day()
    for service in "aabab":
        day.issue(service)
    for act, minutes, takes_back in steps:
        day.wait(minutes)
        day.do(cmd.PassTime("t"))
        before, seq = known(day.hall), day.hall.seq
        try:
            day.do(act)
        except Refused:
            continue
        if not takes_back or day.hall.seq == seq:
            continue
        undo(day, getattr(act, "counter", None) or "1")
        assert known(day.hall) == before
