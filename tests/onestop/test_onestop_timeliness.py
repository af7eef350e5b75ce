"""Early, on time and overdue, as the half-day and the second decide."""

from datetime import date, datetime, time

import pytest

from hall.onestop.timeliness import Standing, is_overdue, standing
from hall.onestop.workdays import add_workdays, session_start, workdays

DUE = datetime(2026, 11, 20, 17, 0, 0)  # noqa: DTZ001


def at(text: str) -> datetime:
    return datetime.combine(DUE.date(), time.fromisoformat(text))


@pytest.mark.parametrize(
    ("released", "expected"),
    [
        ("13:29:59", Standing.EARLY),
        ("13:30:00", Standing.ON_TIME),
        ("17:00:00", Standing.ON_TIME),
        ("17:00:01", Standing.OVERDUE),
    ],
)
def test_a_result_is_early_only_before_the_half_day_of_its_limit(
    released: str, expected: Standing
) -> None:
    assert standing(DUE, at(released)) is expected


def test_a_due_date_without_a_time_means_the_end_of_that_working_day() -> None:
    date_only = datetime.combine(DUE.date(), time.min)

    assert standing(date_only, at("17:00:00")) is Standing.ON_TIME
    assert standing(date_only, at("17:00:01")) is Standing.OVERDUE
    assert not is_overdue(date_only, at("17:00:00"))
    assert is_overdue(date_only, at("17:00:01"))


def test_a_dossier_without_a_limit_is_not_classified_and_never_overdue() -> None:
    assert standing(None, at("08:00:00")) is Standing.UNCLASSIFIED
    assert not is_overdue(None, at("08:00:00"))


def test_a_moment_between_sessions_belongs_to_the_one_before() -> None:
    assert session_start(at("12:00:00")) == at("07:00:00")
    assert session_start(at("06:00:00")) == at("00:00:00")


def test_working_days_skip_weekends_and_holidays() -> None:
    friday = date(2026, 11, 20)

    assert add_workdays(friday, 1) == date(2026, 11, 23)
    assert add_workdays(friday, 1, frozenset({date(2026, 11, 23)})) == date(2026, 11, 24)
    assert add_workdays(date(2026, 11, 23), -1) == friday
    assert add_workdays(friday, 0) == friday
    assert len(workdays(date(2026, 11, 16), date(2026, 11, 29))) == 10
