"""Days and clocks: when a day turns, and what becomes of its people and its numbers."""

from dataclasses import replace
from typing import Any

import pytest

from hall.queueing import commands as cmd
from hall.queueing import numbering
from hall.queueing.decide import due
from hall.queueing.rules import MINUTE, Band, Service
from hall.queueing.state import Status
from hall.queueing.tickets import State

Day = Any


def test_a_new_day_begins_with_the_first_command_and_new_numbers(day: Day) -> None:
    day.issue(), day.issue()
    day.call("1")
    day.next_day()
    seq = day.hall.seq

    assert day.issue().number == "A001"
    assert day.kinds()[-5:] == ["Finished", "Expired", "CounterClosed", "DayOpened", "Issued"]
    assert day.hall.seq == seq + 5
    assert day.hall.waiting == 1
    assert all(desk.status is Status.CLOSED for desk in day.hall.counters.values())


def test_versions_never_go_back_over_a_night(day: Day) -> None:
    day.issue()
    day.call("1")
    before = day.hall.counters["1"].ver
    day.next_day()
    day.do(cmd.PassTime("c"))

    assert day.hall.counters["1"].ver > before
    assert day.hall.board_ver > before


def test_parked_and_absent_people_expire_with_the_day(day: Day) -> None:
    day.issue(), day.issue()
    day.call("1")
    day.do(cmd.Park("b", "1", 60))
    day.call("1")
    day.do(cmd.MarkNoShow("b", "1"))
    day.next_day()
    day.do(cmd.PassTime("c"))

    assert day.kinds().count("Expired") == 2
    assert due(day.rules, day.hall) is None


def test_a_refused_command_still_turns_the_day(day: Day) -> None:
    day.issue()
    day.next_day()
    day.refused(cmd.Cancel("b", "1-9-9"))

    assert day.hall.date == "2026-11-24"


@pytest.mark.parametrize(
    "now",
    [
        {"trusted": False, "date": "2026-11-24"},
        {"trusted": False, "date": "1970-01-01"},
        {"trusted": True, "date": "2026-11-22"},
        {"trusted": True, "date": "2026-11-23"},
    ],
)
def test_a_day_goes_on_when_the_clock_is_unsure_or_goes_back(day: Day, now: Any) -> None:
    day.issue()
    day.now = replace(day.now, **now)

    assert day.issue().number == "A002"
    assert day.hall.date == "2026-11-23"


def test_who_came_before_the_date_was_known_stays_when_it_becomes_known(day: Day) -> None:
    day.now = replace(day.now, trusted=False, date="1970-01-01")
    first = day.issue()
    day.issue()
    day.wait(30)
    day.now = replace(day.now, trusted=True, date="2026-11-23")

    assert day.issue().number == "A003"
    assert day.hall.date == "2026-11-23"
    assert day.again(first).state is State.WAITING
    assert day.call() == "A001"


def test_only_the_old_tickets_expire_when_an_unsure_morning_gets_its_date(day: Day) -> None:
    old = day.issue()
    day.now = replace(day.now, trusted=False)
    day.wait(1)
    new = day.issue()
    day.now = replace(day.now, trusted=True, date="2026-11-24")
    day.do(cmd.PassTime("c"))

    assert day.again(old).state is State.EXPIRED
    assert day.again(new).state is State.WAITING
    assert new.number == "A002"


def test_an_unsure_afternoon_is_over_the_next_morning(day: Day) -> None:
    day.now = replace(day.now, trusted=False)
    day.issue()
    day.now = replace(day.now, trusted=True)
    day.next_day()

    assert day.issue().number == "A001"


def test_tickets_of_an_unsure_clock_are_of_yesterday_after_half_a_day(day: Day) -> None:
    day.now = replace(day.now, trusted=False)
    first = day.issue()
    day.now = replace(day.now, trusted=True, date="2026-11-24")
    day.at(first.arrived + 12 * 60 * MINUTE)
    day.do(cmd.PassTime("c"))

    assert day.hall.issued == 0
    assert day.kinds()[-1] == "DayOpened"


def test_a_sure_ticket_confirms_the_day_of_the_unsure_ones_before_it(day: Day) -> None:
    day.now = replace(day.now, trusted=False)
    day.issue()
    day.now = replace(day.now, trusted=True)
    day.issue()
    day.now = replace(day.now, date="2026-11-24")
    day.do(cmd.PassTime("c"))

    assert day.kinds().count("Expired") == 2


# --- a journal that had lost its end ------------------------------------------------------------


def recover(day: Day, when: str, **tops: int) -> None:
    day.do(cmd.Recover("controller", when, tops))


def test_numbers_that_others_have_seen_are_skipped(day: Day) -> None:
    day.issue()
    recover(day, "2026-11-23", a=40, b=7)

    assert day.issue("a").number == "A041"
    assert day.issue("b").number == "B008"
    assert numbering.highest(day.rules.services["b"], day.hall) == 8


def test_a_skip_is_kept_in_the_journal_until_the_day_ends(day: Day) -> None:
    recover(day, "2026-11-23", b=7)
    assert numbering.highest(day.rules.services["b"], day.hall) == 7
    day.next_day()

    assert day.issue("b").number == "B001"


def test_an_empty_journal_opens_the_day_that_others_have_seen(day: Day) -> None:
    day.now = replace(day.now, trusted=False, date="1970-01-01")
    recover(day, "2026-11-23", a=40)

    assert day.hall.date == "2026-11-23"
    assert day.issue().number == "A041"


def test_numbers_of_another_day_do_not_count(day: Day) -> None:
    day.issue()
    recover(day, "2026-11-22", a=40)

    assert day.issue().number == "A002"


@pytest.mark.parametrize(("seen", "following"), [(500, "A501"), (501, "A001")])
def test_five_hundred_numbers_and_no_more_are_skipped(day: Day, seen: int, following: str) -> None:
    day.with_rules(services={"a": Service("a", (Band(1, 999),), "A")})
    recover(day, "2026-11-23", a=seen)

    assert day.issue().number == following


def test_what_is_known_already_is_not_skipped_again(day: Day) -> None:
    day.issue()
    recover(day, "2026-11-23", a=1)

    assert "NumbersSkipped" not in day.kinds()
    assert day.issue().number == "A002"


def test_what_nobody_can_believe_is_not_skipped(day: Day) -> None:
    day.with_rules(services={"a": Service("a", (Band(1, 999),), "A")})
    recover(day, "2026-11-23", a=700, gone=5)

    assert day.issue().number == "A001"


# --- hours --------------------------------------------------------------------------------------
