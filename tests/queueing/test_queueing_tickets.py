"""Tickets: issued, put on paper, moved aside, brought back."""

from dataclasses import replace
from typing import Any

import pytest

from hall.queueing import commands as cmd
from hall.queueing import numbering, views
from hall.queueing.refusals import Reason
from hall.queueing.rules import MINUTE, Band, Service
from hall.queueing.tickets import Paper, State

Day = Any


def test_numbers_run_on_within_each_service(day: Day) -> None:
    assert [day.issue(s).number for s in ("a", "a", "b", "a")] == ["A001", "A002", "B001", "A003"]


def test_no_two_tickets_ever_have_the_same_id(day: Day) -> None:
    first = day.issue()
    day.next_day()

    assert day.issue().number == first.number
    assert day.hall.tickets.get(0).id != first.id


def test_a_band_that_is_used_up_goes_on_in_the_reserve_and_then_refuses(day: Day) -> None:
    day.with_rules(services={"a": Service("a", (Band(1, 2), Band(901, 901)), "A")})

    assert [day.issue().number for _ in range(3)] == ["A001", "A002", "A901"]
    assert numbering.left(day.rules.services["a"], day.hall) == 0
    assert day.refused(cmd.Issue("p", "a", "button")) is Reason.NUMBERS_USED_UP


def test_a_quota_ends_the_service_for_the_day(day: Day) -> None:
    day.with_rules(services={"a": Service("a", (Band(1, 99),), "A", quota=2)})
    day.issue()

    assert numbering.left(day.rules.services["a"], day.hall) == 1
    day.issue()
    assert day.refused(cmd.Issue("p", "a", "button")) is Reason.QUOTA
    assert numbering.left(day.rules.services["a"], day.hall) == 0


def test_bands_changed_back_and_forth_in_a_day_never_repeat_a_number(day: Day) -> None:
    seen = [day.issue().number for _ in range(2)]
    day.with_rules(services={"a": Service("a", (Band(200, 201),), "A")})
    seen += [day.issue().number for _ in range(2)]
    day.with_rules(services={"a": Service("a", (Band(1, 5),), "A")})
    seen += [day.issue().number for _ in range(3)]

    assert len(set(seen)) == len(seen)
    assert day.refused(cmd.Issue("p", "a", "button")) is Reason.NUMBERS_USED_UP


def test_what_is_left_counts_both_ends_of_every_band(day: Day) -> None:
    day.with_rules(services={"a": Service("a", (Band(1, 2), Band(901, 901)), "A")})
    assert numbering.left(day.rules.services["a"], day.hall) == 3
    day.issue()

    assert numbering.left(day.rules.services["a"], day.hall) == 2


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (cmd.Issue("p", "x", "button"), Reason.UNKNOWN_SERVICE),
        (cmd.Issue("p", "a", "button", "vip"), Reason.UNKNOWN_PRIORITY),
        (cmd.PrintResult("p", "1-1-9", cmd.PaperResult.PRINTED), Reason.UNKNOWN_TICKET),
        (cmd.PrintResult("p", "nonsense", cmd.PaperResult.PRINTED), Reason.UNKNOWN_TICKET),
        (cmd.Resume("p", "1-1-9"), Reason.UNKNOWN_TICKET),
        (cmd.Cancel("p", "1-1-x"), Reason.UNKNOWN_TICKET),
        (cmd.Rate("k", 5, counter="9"), Reason.UNKNOWN_COUNTER),
        (cmd.Rate("k", 5, question="q"), Reason.UNKNOWN_QUESTION),
        (cmd.Rate("k", 5, reason="r"), Reason.UNKNOWN_REASON),
        (cmd.Rate("k", 5, ticket="1-1-9"), Reason.UNKNOWN_TICKET),
    ],
)
def test_what_does_not_exist_is_unknown(day: Day, command: Any, reason: Reason) -> None:
    day.issue()

    assert day.refused(command) is reason


def test_outside_the_hours_no_number_is_given(day: Day) -> None:
    day.now = replace(day.now, open=False)

    assert day.refused(cmd.Issue("p", "a", "button")) is Reason.HALL_CLOSED


def test_shortly_before_closing_a_slow_service_gives_no_more_numbers(day: Day) -> None:
    day.with_rules(
        services={
            "a": Service("a", (Band(1, 99),), "A", cut_off_min=30),
            "b": Service("b", (Band(1, 99),), "B"),
        }
    )
    day.now = replace(day.now, closes_in_min=29)

    assert day.refused(cmd.Issue("p", "a", "button")) is Reason.SERVICE_CLOSED
    assert day.issue("b").number == "B001"


def test_a_slow_service_still_gives_a_number_at_its_last_minute(day: Day) -> None:
    day.with_rules(services={"a": Service("a", (Band(1, 99),), "A", cut_off_min=30)})
    day.now = replace(day.now, closes_in_min=30)

    assert day.issue().number == "A001"


def test_an_unsure_clock_closes_nothing(day: Day) -> None:
    day.now = replace(day.now, open=None, trusted=False)

    assert day.issue().number == "A001"


# --- paper --------------------------------------------------------------------------------------


def result(ticket: Any, found: cmd.PaperResult) -> cmd.PrintResult:
    return cmd.PrintResult("printer-1", ticket.id, found)


def test_a_failed_paper_voids_a_waiting_ticket_and_its_number_is_not_used_again(day: Day) -> None:
    ticket = day.issue()
    day.do(result(ticket, cmd.PaperResult.FAILED))
    day.do(result(ticket, cmd.PaperResult.FAILED))

    assert day.again(ticket).state is State.VOIDED
    assert day.kinds().count("Voided") == 1
    assert day.call() is None
    assert day.issue().number == "A002"


def test_a_failed_paper_frees_the_counter_that_had_called_it(day: Day) -> None:
    ticket = day.issue()
    day.call("1")
    day.do(result(ticket, cmd.PaperResult.FAILED))

    assert day.hall.held("1") is None
    assert day.events[-1].counter == "1"


@pytest.mark.parametrize("then", [cmd.Start("b", "1"), cmd.Finish("b", "1")])
def test_who_is_served_or_done_is_not_voided(day: Day, then: Any) -> None:
    ticket = day.issue()
    day.call("1")
    day.do(then)

    assert day.refused(result(ticket, cmd.PaperResult.FAILED)) is Reason.PAPER_SETTLED


def test_a_paper_that_was_printed_cannot_have_failed(day: Day) -> None:
    ticket = day.issue()
    day.do(result(ticket, cmd.PaperResult.PRINTED))

    assert day.refused(result(ticket, cmd.PaperResult.FAILED)) is Reason.PAPER_SETTLED


def test_a_voided_ticket_cannot_be_printed_after_all(day: Day) -> None:
    ticket = day.issue()
    day.do(result(ticket, cmd.PaperResult.FAILED))

    assert day.refused(result(ticket, cmd.PaperResult.PRINTED)) is Reason.PAPER_SETTLED
    assert day.do(result(ticket, cmd.PaperResult.UNKNOWN)).events == ()


def test_a_late_printed_clears_the_doubt(day: Day) -> None:
    ticket = day.issue()
    day.do(result(ticket, cmd.PaperResult.UNKNOWN))
    assert day.again(ticket).paper is Paper.UNKNOWN
    day.do(result(ticket, cmd.PaperResult.PRINTED))
    day.do(result(ticket, cmd.PaperResult.PRINTED))
    day.do(result(ticket, cmd.PaperResult.UNKNOWN))

    assert day.again(ticket).paper is Paper.PRINTED
    assert day.kinds().count("Printed") == 1


# --- aside --------------------------------------------------------------------------------------


def test_a_parked_person_comes_back_at_their_old_place_when_the_time_is_up(day: Day) -> None:
    first, _ = day.issue(), day.issue()
    day.call("1")
    day.do(cmd.Park("b", "1", 5, "thiếu giấy"))
    day.wait(4.9)
    assert day.do(cmd.PassTime("c")).events == ()
    day.wait(0.2)
    day.do(cmd.PassTime("c"))

    assert day.again(first).state is State.WAITING
    assert day.events[-1].cause == "timer"
    assert day.call("1") == "A001"


def test_a_parked_person_is_back_at_the_very_moment(day: Day) -> None:
    ticket = day.issue()
    day.call("1")
    day.do(cmd.Park("b", "1", 5))
    day.at(day.again(ticket).until)
    day.do(cmd.PassTime("c"))

    assert day.again(ticket).state is State.WAITING


def test_who_was_parked_while_served_is_served_anew_after_the_next_call(day: Day) -> None:
    ticket = day.issue()
    day.call("1")
    day.do(cmd.Start("b", "1"))
    day.wait(30)
    day.do(cmd.Park("b", "1"))
    day.do(cmd.CallTicket("b", "1", number="A001"))
    day.wait(6)
    day.do(cmd.Finish("b", "1"))

    assert day.hall.pace == {"a": (6 * MINUTE,)}
    assert day.again(ticket).state is State.FINISHED


def test_a_person_parked_without_a_time_waits_for_resume(day: Day) -> None:
    ticket = day.issue()
    day.call("1")
    day.do(cmd.Park("b", "1"))
    assert day.call("1") is None
    day.do(cmd.Resume("b", ticket.id))

    assert day.call("1") == "A001"


def test_a_parked_person_called_by_number_is_not_brought_back_by_the_timer(day: Day) -> None:
    ticket = day.issue()
    day.call("1")
    day.do(cmd.Park("b", "1", 5))
    day.do(cmd.CallTicket("b", "2", number="A001"))
    day.wait(10)
    day.do(cmd.PassTime("c"))

    assert day.again(ticket).state is State.CALLED
    assert day.hall.timed == ()


def test_resume_brings_back_only_who_is_aside(day: Day) -> None:
    ticket = day.issue()

    assert day.refused(cmd.Resume("b", ticket.id)) is Reason.NOT_ASIDE


def test_who_did_not_come_may_come_back(day: Day) -> None:
    ticket = day.issue()
    day.call("1")
    day.do(cmd.MarkNoShow("b", "1"))
    assert day.call("1") is None
    day.do(cmd.Resume("b", ticket.id))

    assert day.call("1") == "A001"


def test_only_who_waits_can_be_cancelled(day: Day) -> None:
    ticket = day.issue()
    day.do(cmd.Cancel("b", ticket.id))

    assert day.hall.waiting == 0
    assert day.refused(cmd.Cancel("b", ticket.id)) is Reason.NOT_WAITING


def test_a_transfer_keeps_number_and_waiting_clock(day: Day) -> None:
    ticket = day.issue("a")
    day.issue("b")
    day.call("1")
    day.do(cmd.Transfer("b", "1", to_service="b"))

    assert day.hall.held("1") is None
    assert views.next_numbers(day.hall, "b", 5) == ("A001", "B001")
    assert day.again(ticket).arrived == ticket.arrived
    assert day.call("2") == "A001"


@pytest.mark.parametrize(
    ("position", "order"),
    [
        (cmd.Position.FRONT, ("A003", "B001", "B002")),
        (cmd.Position.BACK, ("B001", "B002", "A003")),
        (cmd.Position.ARRIVAL, ("B001", "B002", "A003")),
    ],
)
def test_a_transfer_goes_where_it_is_told(day: Day, position: Any, order: Any) -> None:
    day.issue("b")
    day.issue("b")
    day.issue("a"), day.issue("a"), day.issue("a")
    day.do(cmd.CallTicket("b", "1", number="A003"))
    day.do(cmd.Transfer("b", "1", to_service="b", position=position))

    assert views.next_numbers(day.hall, "b", 5) == order


def test_the_back_is_behind_who_is_booked_for_later(day: Day) -> None:
    day.issue("a")
    day.appoint(minutes=60, service="b")
    booked = day.check_in()
    day.call("1")
    day.do(cmd.Transfer("b", "1", to_service="b", position=cmd.Position.BACK))

    assert views.next_numbers(day.hall, "b", 5) == (booked.number, "A001")


def test_after_a_transfer_to_the_front_arrival_is_the_old_place_again(day: Day) -> None:
    day.issue("b")
    day.issue("a")
    day.call("1")
    day.do(cmd.Transfer("b", "1", to_service="b", position=cmd.Position.FRONT))
    day.call("2")
    day.do(cmd.Transfer("b", "2", to_service="b", position=cmd.Position.ARRIVAL))

    assert views.next_numbers(day.hall, "b", 5) == ("B001", "A001")


def test_the_front_of_an_empty_queue_is_as_good_as_any(day: Day) -> None:
    ticket = day.issue("a")
    day.call("1")
    day.do(cmd.Transfer("b", "1", to_service="b", position=cmd.Position.FRONT))
    day.call("2")
    day.do(cmd.Transfer("b", "2", to_service="a", position=cmd.Position.BACK))

    assert day.again(ticket).state is State.WAITING


def test_a_ticket_sent_to_a_counter_is_called_there_alone(day: Day) -> None:
    day.issue("a")
    day.call("1")
    day.do(cmd.Transfer("b", "1", to_counter="2"))

    assert day.call("3") is None
    assert day.call("2") == "A001"


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ({}, Reason.NO_DESTINATION),
        ({"to_service": "x"}, Reason.UNKNOWN_SERVICE),
        ({"to_counter": "9"}, Reason.UNKNOWN_COUNTER),
    ],
)
def test_a_transfer_needs_a_place_to_go(day: Day, to: Any, reason: Reason) -> None:
    day.issue()
    day.call("1")

    assert day.refused(cmd.Transfer("b", "1", **to)) is reason


def test_a_rating_goes_to_the_ticket_the_counter_had_last(day: Day) -> None:
    ticket = day.issue()
    day.call("1")
    day.do(cmd.Finish("b", "1"))

    assert day.do(cmd.Rate("kiosk-1", 5, counter="1")).serial == ticket.serial
    assert day.do(cmd.Rate("kiosk-1", 4, ticket=ticket.id)).serial == ticket.serial
    assert day.do(cmd.Rate("kiosk-1", 3)).serial is None
    assert day.refused(cmd.Rate("kiosk-1", 3, counter="2")) is Reason.NOBODY_TO_RATE


def test_who_is_only_called_is_not_rated_for_the_one_before_them(day: Day) -> None:
    """Whoever leaves presses while the next number is on the wall already."""
    first, second = day.issue(), day.issue()
    day.call("1")
    day.call("1")
    assert day.do(cmd.Rate("kiosk-1", 5, counter="1")).serial == first.serial

    day.do(cmd.Start("b", "1"))
    assert day.do(cmd.Rate("kiosk-1", 5, counter="1")).serial == second.serial


@pytest.mark.parametrize(
    "leave", [cmd.Transfer("b", "1", to_service="b"), cmd.Park("b", "1")], ids=["sent", "parked"]
)
def test_who_was_sent_on_or_set_aside_was_served_there(day: Day, leave: cmd.Command) -> None:
    ticket = day.issue()
    day.call("1")
    day.do(leave)

    assert day.do(cmd.Rate("kiosk-1", 5, counter="1")).serial == ticket.serial


def test_who_did_not_come_has_nothing_to_rate(day: Day) -> None:
    day.issue()
    day.call("1")
    day.do(cmd.MarkNoShow("b", "1"))

    assert day.refused(cmd.Rate("kiosk-1", 5, counter="1")) is Reason.NOBODY_TO_RATE


def test_a_later_rating_of_a_question_replaces_the_one_before(day: Day) -> None:
    day.with_rules(questions=frozenset({"q"}))
    ticket = day.issue()
    for question in (None, "q", None, "q"):
        day.do(cmd.Rate("kiosk-1", 5, ticket=ticket.id, question=question))

    rated = [event for event in day.events if event.kind == "rated"]
    first = day.hall.seq - 3
    assert [event.of for event in rated] == [None, None, first, first + 1]


def test_a_rating_taken_back_leaves_the_earlier_one(day: Day) -> None:
    ticket = day.issue()
    first = day.do(cmd.Rate("kiosk-1", 1, ticket=ticket.id)).hall.seq
    slip = day.do(cmd.Rate("kiosk-1", 5, ticket=ticket.id)).hall.seq

    (event,) = day.do(cmd.Unrate("kiosk-1", ticket=ticket.id)).events

    assert (event.kind, event.of, event.serial) == ("unrated", slip, ticket.serial)
    assert day.hall.ratings.get(ticket.serial) == {"": first}
    assert day.do(cmd.Unrate("kiosk-1", ticket=ticket.id)).events[0].of == first
    assert day.hall.ratings.get(ticket.serial) == {}


def test_a_rating_of_the_hall_or_of_a_counter_is_taken_back_as_it_was_given(day: Day) -> None:
    ticket = day.issue()
    day.call("1")
    day.do(cmd.Finish("b", "1"))
    about_hall = day.do(cmd.Rate("kiosk-1", 3)).hall.seq
    about_counter = day.do(cmd.Rate("kiosk-1", 3, counter="1")).hall.seq

    assert day.do(cmd.Unrate("kiosk-1")).events[0].of == about_hall
    taken = day.do(cmd.Unrate("kiosk-1", counter="1"))
    assert (taken.events[0].of, taken.serial) == (about_counter, ticket.serial)


@pytest.mark.parametrize(
    "asked",
    [
        cmd.Unrate("kiosk-2", counter="1"),
        cmd.Unrate("kiosk-1", counter="1", question="q"),
        cmd.Unrate("kiosk-1"),
        cmd.Unrate("kiosk-1", ticket="1-1-1"),
    ],
    ids=["another's", "another question", "of the hall", "another ticket"],
)
def test_only_who_gave_a_rating_takes_back_that_one(day: Day, asked: cmd.Unrate) -> None:
    day.with_rules(questions=frozenset({"q"}))
    day.issue()
    day.issue()
    day.call("1")
    day.do(cmd.Finish("b", "1"))
    day.do(cmd.Rate("kiosk-1", 5, counter="1"))

    assert day.refused(asked) is Reason.NO_RATING_TO_UNDO


def test_what_another_machine_has_replaced_is_not_taken_back(day: Day) -> None:
    ticket = day.issue()
    day.do(cmd.Rate("kiosk-1", 5, ticket=ticket.id))
    day.do(cmd.Rate("counters", 1, ticket=ticket.id))

    asked = cmd.Unrate("kiosk-1", ticket=ticket.id)

    assert day.refused(asked) is Reason.NO_RATING_TO_UNDO


def test_a_rating_is_taken_back_within_ten_seconds(day: Day) -> None:
    ticket = day.issue()
    day.do(cmd.Rate("kiosk-1", 5, ticket=ticket.id))
    day.wait(0.2)

    assert day.refused(cmd.Unrate("kiosk-1", ticket=ticket.id)) is Reason.UNDO_TOO_LATE


def test_a_ticket_of_an_earlier_day_has_expired(day: Day) -> None:
    old = day.issue()
    day.next_day()
    day.issue()

    assert day.refused(cmd.CallTicket("b", "1", ticket=old.id)) is Reason.EXPIRED
    assert day.refused(cmd.Resume("b", old.id)) is Reason.EXPIRED
