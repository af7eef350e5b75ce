"""Numbers before arrival: what can be booked, by whom, and what becomes of it on the day."""

from dataclasses import replace
from typing import Any

import pytest

from hall.queueing import commands as cmd
from hall.queueing import slots, views
from hall.queueing.refusals import Reason
from hall.queueing.rules import MINUTE, Band, BookingPlan, Service

Day = Any
TODAY, TOMORROW = "2026-11-23", "2026-11-24"


@pytest.fixture
def planned(day: Day) -> Day:
    """Service a is booked by quarters of an hour, two people each, for the next four hours."""
    plan = BookingPlan(15 * MINUTE, 2, 6, per_person_day=2, early_ms=30 * MINUTE)
    first = day.now.wall
    day.with_rules(
        services={
            "a": Service("a", (Band(1, 99),), "A", plan=plan),
            "b": Service("b", (Band(1, 99),), "B"),
        },
        openings=lambda _, date: ((first, first + 240 * MINUTE),) if date == TODAY else (),
    )
    day.do(cmd.PassTime("c"))
    return day


def free(day: Day, *dates: str) -> list[tuple[int, int]]:
    """Minutes from now and places left of what can be booked."""
    service = day.rules.services["a"]
    found = slots.free(day.rules, day.hall, service, dates or (TODAY,), day.now)
    return [((slot.at - day.now.wall) // MINUTE, slot.left) for slot in found]


# --- booking ------------------------------------------------------------------------------------


def test_slots_fill_the_hours_and_those_that_are_full_or_past_are_not_offered(planned: Day) -> None:
    assert free(planned) == [(15 * n, 2) for n in range(16)]
    planned.appoint("h1", 15), planned.appoint("h2", 15), planned.appoint("h3", 30)
    planned.wait(1)

    assert [(minutes + 1, left) for minutes, left in free(planned)][:3] == [
        (30, 1),
        (45, 2),
        (60, 2),
    ]
    assert free(planned, TOMORROW) == []


def test_a_slot_that_would_outlast_the_hours_is_none(planned: Day) -> None:
    first = planned.now.wall
    planned.with_rules(openings=lambda _, __: ((first, first + 44 * MINUTE),))

    assert free(planned) == [(0, 2), (15, 2)]


def test_the_days_ahead_are_counted_from_today_before_anybody_has_pressed(planned: Day) -> None:
    """The hall's day turns with the first act; on a Sunday there is none."""
    first = planned.now.wall
    planned.with_rules(openings=lambda _, __: ((first, first + 240 * MINUTE),))
    assert free(planned, "2026-11-30") == []
    planned.now = replace(planned.now, date=TOMORROW)
    assert len(free(planned, "2026-11-30")) == 16
    planned.now = replace(planned.now, trusted=False)

    assert free(planned, "2026-11-30") == []


def test_what_is_not_offered_cannot_be_booked(planned: Day) -> None:
    assert planned.refused(planned.booking(minutes=16)) is Reason.NO_SLOT
    assert planned.refused(planned.booking(minutes=240)) is Reason.NO_SLOT
    assert planned.refused(planned.booking(minutes=15, date=TOMORROW)) is Reason.NO_SLOT
    assert planned.refused(planned.booking(minutes=-15)) is Reason.SLOT_PAST
    assert planned.refused(planned.booking(date="2026-11-30")) is Reason.TOO_FAR
    assert planned.refused(planned.booking(date="2026-11-29")) is Reason.NO_SLOT


def test_a_full_slot_takes_nobody_more_but_lets_its_own_stay(planned: Day) -> None:
    planned.appoint("h1", 15), planned.appoint("h2", 15)

    assert planned.refused(planned.booking("h3", 15)) is Reason.SLOT_FULL
    planned.appoint("h1", 15, priority="uu-tien")
    assert slots.booked(
        planned.hall, planned.rules.services["a"], TODAY, planned.now.wall + 15 * MINUTE
    ) == ("h1", "h2")


def test_who_moves_or_gives_back_leaves_the_place_to_others(planned: Day) -> None:
    planned.appoint("h1", 15), planned.appoint("h2", 15)
    planned.appoint("h1", 30)
    planned.appoint("h3", 15)
    planned.do(cmd.CancelAppointment("onestop", "h2"))

    assert free(planned)[:3] == [(0, 2), (15, 1), (30, 1)]
    assert planned.refused(cmd.CancelAppointment("o", "h2")) is Reason.UNKNOWN_BOOKING
    assert planned.refused(cmd.CheckIn("k", "h2", "kiosk")) is Reason.UNKNOWN_BOOKING


def test_one_person_books_so_often_a_day_and_no_more(planned: Day) -> None:
    planned.appoint("h1", 15, person="p")
    planned.appoint("h2", 30, person="p", service="b")

    assert planned.refused(planned.booking("h3", 45, person="p")) is Reason.PERSON_QUOTA
    planned.appoint("h1", 60, person="p")
    planned.appoint("h4", 45, person="q")
    planned.appoint("h5", 45)
    planned.do(cmd.CancelAppointment("onestop", "h2"))
    planned.appoint("h3", 75, person="p")


def test_a_service_without_a_plan_is_booked_at_any_minute_of_its_hours(planned: Day) -> None:
    planned.appoint("h1", 7, service="b")

    assert planned.refused(planned.booking("h2", 240, service="b")) is Reason.NO_SLOT
    late = planned.booking("h2", service="b", date="2026-12-24")
    assert planned.refused(late) is Reason.TOO_FAR


def test_bookings_that_cannot_be_are_refused(day: Day) -> None:
    past = day.booking(date="2026-11-20")
    assert day.refused(past) is Reason.SLOT_PAST
    assert day.refused(replace(past, service="x")) is Reason.UNKNOWN_SERVICE
    assert day.refused(replace(past, priority="x")) is Reason.UNKNOWN_PRIORITY
    assert day.refused(cmd.CheckIn("k", "none", "kiosk")) is Reason.UNKNOWN_BOOKING


def test_an_unsure_clock_refuses_no_slot_of_today(day: Day) -> None:
    day.do(cmd.PassTime("c"))
    day.now = replace(day.now, trusted=False, open=None)

    day.appoint(minutes=-500)


def test_there_is_an_end_to_how_many_appointments_are_kept(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hall.queueing.booking.MOST_BOOKINGS", 1)
    day.appoint("one")
    day.appoint("one", minutes=90)

    assert day.refused(day.booking("two")) is Reason.BOOKINGS


# --- the day ------------------------------------------------------------------------------------


def test_an_appointment_ranks_by_its_slot(day: Day) -> None:
    day.issue()
    day.appoint(minutes=30)
    day.wait(20)
    booked = day.check_in()
    between = day.issue()
    day.wait(15)
    late = day.issue()

    order = views.next_numbers(day.hall, "a", 5)
    assert order == ("A001", between.number, booked.number, late.number)


def test_within_a_slot_who_booked_first_is_called_first_and_elders_before_all(
    planned: Day,
) -> None:
    planned.with_rules(priorities={"uu-tien": MINUTE})
    plan = replace(planned.rules.services["a"].plan, capacity=3)
    planned.with_rules(services={"a": Service("a", (Band(1, 99),), "A", plan=plan)})
    planned.appoint("h1", 15), planned.appoint("h2", 15)
    planned.appoint("elder", 15, priority="uu-tien")
    second, first, elder = (planned.check_in(code).number for code in ("h2", "h1", "elder"))

    assert views.next_numbers(planned.hall, "a", 5) == (elder, first, second)


def test_within_a_slot_clocks_that_drift_apart_turn_nobodys_order(planned: Day) -> None:
    planned.appoint("h1", 15), planned.appoint("h2", 15)
    second = planned.check_in("h2").number
    planned.now = replace(planned.now, wall=planned.now.wall - 400)
    first = planned.check_in("h1").number

    assert views.next_numbers(planned.hall, "a", 5) == (first, second)


def test_who_is_late_for_the_slot_ranks_by_arrival(day: Day) -> None:
    day.appoint(minutes=5)
    day.wait(10)
    day.issue()
    day.wait(20)
    booked = day.check_in()

    assert booked.rank == day.now.at


def test_a_quarter_of_an_hour_late_still_ranks_by_the_slot(day: Day) -> None:
    day.issue()
    day.appoint("just", minutes=0)
    day.appoint("late", minutes=0)
    slot = day.now.at
    day.at(slot + 15 * MINUTE)
    assert day.check_in("just").rank == slot
    day.at(slot + 15 * MINUTE + 1)

    assert day.check_in("late").rank == day.now.at


def test_who_comes_too_early_is_told_to_come_again(planned: Day) -> None:
    planned.appoint("h1", 45)
    slot = planned.now.at + 45 * MINUTE
    planned.at(slot - 30 * MINUTE - 1)
    assert planned.refused(cmd.CheckIn("k", "h1", "kiosk")) is Reason.TOO_EARLY
    planned.at(slot - 30 * MINUTE)

    assert planned.check_in().rank == slot


def test_who_is_booked_for_the_first_slot_gets_a_number_before_the_hall_opens(planned: Day) -> None:
    planned.appoint("h1", 45)
    slot = planned.now.at + 45 * MINUTE
    planned.now = replace(planned.now, open=False)
    assert planned.refused(cmd.CheckIn("k", "h1", "kiosk")) is Reason.TOO_EARLY
    planned.at(slot - 30 * MINUTE)

    assert planned.check_in().rank == slot


def test_a_slot_is_kept_past_the_closing_and_no_longer(planned: Day) -> None:
    planned.appoint("just", 0), planned.appoint("late", 0)
    planned.now = replace(planned.now, open=False)
    planned.wait(15)
    planned.check_in("just")
    planned.wait(1)

    assert planned.refused(cmd.CheckIn("k", "late", "kiosk")) is Reason.HALL_CLOSED


def test_whose_slot_a_person_has_stopped_gets_a_number_until_then(planned: Day) -> None:
    planned.appoint("h1", 120), planned.appoint("h2", 120)
    stop = planned.now.wall + 60 * MINUTE
    planned.do(cmd.CloseHall("tech", stop, TODAY, None, None))
    assert planned.check_in("h1").rank == planned.now.at + 120 * MINUTE
    planned.wait(60)

    assert planned.refused(cmd.CheckIn("k", "h2", "kiosk")) is Reason.INTAKE_CLOSED


def test_with_an_unsure_clock_an_appointment_ranks_by_arrival(planned: Day) -> None:
    planned.appoint(minutes=60)
    planned.now = replace(planned.now, trusted=False, open=None)

    assert planned.check_in().rank == planned.now.at


def test_an_appointment_can_be_moved_and_used_once(day: Day) -> None:
    day.appoint(minutes=10)
    day.appoint(minutes=50)
    booked = day.check_in()

    assert booked.rank == day.now.at + 50 * MINUTE
    assert day.refused(cmd.CheckIn("k", "h1", "kiosk")) is Reason.CHECKED_IN
    assert day.refused(day.booking()) is Reason.CHECKED_IN
    assert day.refused(cmd.CancelAppointment("o", "h1")) is Reason.CHECKED_IN


def test_whose_paper_failed_can_check_in_again(planned: Day) -> None:
    planned.appoint("h1", 15)
    first = planned.check_in()
    planned.do(cmd.PrintResult("p", first.id, cmd.PaperResult.FAILED))
    again = planned.check_in()

    assert (again.number, again.rank) == ("A002", first.rank)
    assert planned.refused(cmd.CheckIn("k", "h1", "kiosk")) is Reason.CHECKED_IN


def test_an_appointment_keeps_its_head_start(day: Day) -> None:
    day.appoint(minutes=30, priority="uu-tien")

    assert day.check_in().rank == day.now.at + 10 * MINUTE


def test_appointments_of_later_days_outlive_the_night(day: Day) -> None:
    day.issue()
    for code in ("t", "u"):
        day.appoint(code, 24 * 60, date=TOMORROW, person="p")
    day.appoint("t", 25 * 60, date=TOMORROW, person="p")
    day.appoint("missed")
    before = day.hall.slots[("a", TOMORROW)]
    assert day.refused(cmd.CheckIn("k", "t", "kiosk")) is Reason.OTHER_DAY
    day.next_day()

    assert day.check_in("t").number == "A001"
    assert day.hall.bookings["u"].person == "p"
    assert {slot: codes for slot, codes in before.items() if codes} == day.hall.slots[
        ("a", TOMORROW)
    ]
    assert day.refused(cmd.CheckIn("k", "missed", "kiosk")) is Reason.UNKNOWN_BOOKING


# --- those who walk in --------------------------------------------------------------------------


def quota(day: Day, most: int, last: int = 99) -> None:
    service = replace(day.rules.services["a"], quota=most, bands=(Band(1, last),))
    day.with_rules(services={**day.rules.services, "a": service})


def test_a_booked_person_is_refused_only_when_no_number_is_left(day: Day) -> None:
    quota(day, 1, last=1)
    day.appoint("one")
    day.appoint("two")
    day.check_in("one")

    assert day.refused(cmd.CheckIn("k", "two", "kiosk")) is Reason.NUMBERS_USED_UP


def test_tickets_are_kept_for_the_booked_until_they_are_late(planned: Day) -> None:
    quota(planned, 2)
    planned.appoint("h1", 15)
    walk_in = cmd.Issue("p", "a", "button")
    planned.issue()
    assert planned.refused(walk_in) is Reason.QUOTA
    planned.wait(31)

    planned.do(walk_in)
    assert planned.refused(walk_in) is Reason.QUOTA
    assert planned.check_in().number == "A003"


def test_the_last_numbers_are_kept_for_the_booked(planned: Day) -> None:
    quota(planned, 99, last=2)
    planned.appoint("h1", 15)
    planned.issue()

    assert planned.refused(cmd.Issue("p", "a", "button")) is Reason.NUMBERS_USED_UP
    assert planned.check_in().number == "A002"


def test_a_booking_that_was_used_or_given_back_keeps_no_ticket(planned: Day) -> None:
    service = planned.rules.services["a"]
    planned.appoint("h1", 15), planned.appoint("h2", 15), planned.appoint("h3", 30)
    assert slots.promised(planned.hall, service, planned.now) == 3
    planned.check_in("h1")
    planned.do(cmd.CancelAppointment("onestop", "h3"))

    assert slots.promised(planned.hall, service, planned.now) == 1
    unsure = replace(planned.now, trusted=False, wall=planned.now.wall + 600 * MINUTE)
    assert slots.promised(planned.hall, service, unsure) == 1
