"""When a hall is open: its week, its holidays, its make-up days, and when it opens next."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from hall.runtime import opening
from hall.runtime.sections import HallSection

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def works(**hall: object) -> opening.Calendar:
    """The calendar of a hall whose YAML says this."""
    return HallSection.model_validate({"id": "thu", "name": "Thử", **hall}).calendar


HALL = works(
    holidays=["2026-09-02", "2027-01-01"],
    days_off=["2027-02-04..2027-02-10"],
    days_worked=[{"date": "2026-11-28"}, {"date": "2027-02-20", "hours": ["07:30-11:30"]}],
)
WEEK = works(hours={"mon": ["13:30-17:00", "07:30-11:30"], "sat": ["07:30-11:30"]})


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23T07:29", False),
        ("2026-11-23T07:30", True),
        ("2026-11-23T11:30", False),
        ("2026-11-23T16:59", True),
        ("2026-11-22T09:00", False),
        ("2026-09-02T09:00", False),
        ("2027-02-03T09:00", True),
        ("2027-02-04T09:00", False),
        ("2027-02-10T09:00", False),
        ("2027-02-11T09:00", True),
        ("2028-02-29T09:00", True),
    ],
)
def test_a_hall_is_open_in_its_hours_on_its_days(moment: str, is_open: object) -> None:
    assert opening.is_open(HALL, local(moment)) is is_open


def test_a_make_up_saturday_is_worked_as_any_day() -> None:
    assert opening.is_open(HALL, local("2026-11-28T16:00"))
    assert not opening.is_open(HALL, local("2026-11-21T16:00"))


def test_a_day_with_its_own_hours_may_be_a_morning_only() -> None:
    assert opening.is_open(HALL, local("2027-02-20T11:00"))
    assert not opening.is_open(HALL, local("2027-02-20T14:00"))
    assert opening.closes_in(HALL, local("2027-02-20T11:00")) == 30


def test_every_weekday_may_have_its_own_hours() -> None:
    assert opening.spans_on(WEEK, date(2026, 11, 23)) == ((450, 690), (810, 1020))
    assert opening.spans_on(WEEK, date(2026, 11, 28)) == ((450, 690),)
    assert opening.spans_on(WEEK, date(2026, 11, 24)) == ()


def test_a_make_up_day_without_hours_is_worked_as_the_first_day_of_the_week() -> None:
    hall = works(hours={"tue": ["08:00-10:00"], "fri": ["09:00-10:00"]},
                 days_worked=[{"date": "2026-11-29"}])  # fmt: skip

    assert opening.spans_on(hall, date(2026, 11, 29)) == ((480, 600),)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-23T06:00", "2026-11-23T07:30"),
        ("2026-11-23T11:30", "2026-11-23T13:30"),
        ("2026-11-23T17:00", "2026-11-24T07:30"),
        ("2026-11-27T17:00", "2026-11-28T07:30"),
        ("2026-11-28T17:00", "2026-11-30T07:30"),
        ("2027-02-03T17:00", "2027-02-11T07:30"),
        ("2026-12-31T17:00", "2027-01-04T07:30"),
    ],
)
def test_a_closed_hall_opens_next_when_its_calendar_says(moment: str, opens: str) -> None:
    assert opening.opens_next(HALL, local(moment)) == local(opens)


def test_an_open_hall_has_no_next_opening_nor_has_one_that_rests_for_months() -> None:
    assert opening.opens_next(HALL, local("2026-11-23T08:00")) is None
    assert opening.opens_next(opening.Calendar({}), local("2026-11-23T08:00")) is None


def test_how_long_until_the_last_closing() -> None:
    assert opening.closes_in(HALL, local("2026-11-23T16:30")) == 30
    assert opening.closes_in(HALL, local("2026-11-23T18:00")) == 0
    assert opening.closes_in(HALL, local("2026-11-22T16:30")) is None
    always = works(hours=["00:00-24:00"])
    assert opening.closes_in(always, local("2026-11-23T16:30")) is None


def test_a_business_day_begins_at_its_hour_in_vietnam_not_at_utc_midnight() -> None:
    seven = datetime(2026, 11, 23, 0, 0, tzinfo=UTC).astimezone(VIETNAM)

    assert opening.business_date(HALL, seven) == date(2026, 11, 23)
    assert opening.business_date(HALL, local("2026-11-23T04:59")) == date(2026, 11, 22)
    late = replace(HALL, day_start_min=0)
    assert opening.business_date(late, local("2026-11-23T04:59")) == date(2026, 11, 23)


def test_only_a_hall_that_never_closes_has_no_rest() -> None:
    every_day = {day: ["00:00-24:00"] for day in opening.DAYS}

    assert not works(hours=every_day).rests
    assert works(hours=["00:00-24:00"]).rests
