"""How many counters an hour needs: what the formula promises, and when it says nothing."""

from hypothesis import given
from hypothesis import strategies as st

from hall.figures.days import ActPlace, DayFigures, ReportTally
from hall.figures.staffing import HOUR_S, LEAST_DAYS, counters_needed, staffing

PEOPLE = st.integers(1, 300)
LENGTHS = st.integers(30, 3600)
WAITS = st.integers(0, 3600)


def a_day(hour: str, people: int, length_s: int) -> DayFigures:
    tally = ReportTally(serves=[length_s] * people)
    tally.columns["issued"] = people
    return DayFigures({ActPlace("a", "", hour, ""): tally})


@given(PEOPLE, LENGTHS, WAITS)
def test_there_are_always_more_counters_than_work(people: int, length: int, wait: int) -> None:
    assert counters_needed(people, people * length, wait) > people * length / HOUR_S


@given(PEOPLE, LENGTHS, WAITS)
def test_more_people_never_need_fewer_counters(people: int, length: int, wait: int) -> None:
    now, more = (counters_needed(n, n * length, wait) for n in (people, people + 1))
    assert now <= more


@given(PEOPLE, LENGTHS, WAITS)
def test_who_may_wait_longer_needs_no_more_counters(people: int, length: int, wait: int) -> None:
    work = people * length
    assert counters_needed(people, work, wait) >= counters_needed(people, work, wait + 60)


def test_the_formula_gives_what_a_table_of_erlang_c_gives() -> None:
    # 5 erlang, 6 servers: C = 0.5875; 7: 0.3241; 8: 0.1673 (published tables, W(0) column).
    assert counters_needed(60, 5 * HOUR_S, 0) == 8


def test_nobody_needs_no_counter() -> None:
    assert counters_needed(0, 0.0, 600) == 0


def test_too_few_days_say_nothing() -> None:
    days = [a_day("08", 10, 600)] * (LEAST_DAYS - 1)

    assert staffing(days, 1800) is None
    assert staffing([*days, DayFigures()], 1800) is None
    assert staffing([*days, a_day("08", 10, 600)], 1800) is not None


def test_days_in_which_nobody_was_served_say_nothing() -> None:
    tally = ReportTally()
    tally.columns["issued"] = 9

    assert staffing([DayFigures({ActPlace("a", "", "08", ""): tally})] * LEAST_DAYS, 1800) is None


def test_a_busy_day_among_quiet_ones_shows_as_the_upper_end() -> None:
    quiet, busy = a_day("08", 6, 600), a_day("08", 60, 600)
    [need] = staffing([quiet, quiet, quiet, busy], 600) or []

    assert (need.hour, need.days, need.arrivals) == ("08", 4, 6)
    assert need.usual == counters_needed(6, 3600, 600)
    assert need.busy == counters_needed(60, 36000, 600)
    assert need.usual < need.busy


def test_only_the_newest_days_are_used() -> None:
    old, new = a_day("08", 60, 600), a_day("08", 6, 600)
    [need] = staffing([old] * 9 + [new] * 8, 600) or []

    assert need.busy == counters_needed(6, 3600, 600)
