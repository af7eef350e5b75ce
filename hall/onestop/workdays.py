"""Working days and half-days. Pure: holidays are passed in, no clock is read."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

_SATURDAY = 5
_DAYS = re.compile(r"(\d+) ngày")


@dataclass(frozen=True, slots=True)
class HalfDay:
    """A working half-day."""

    begins: time
    ends: time


SESSIONS = (HalfDay(time(7, 0), time(11, 30)), HalfDay(time(13, 30), time(17, 0)))


def is_workday(day: date, holidays: frozenset[date] = frozenset()) -> bool:
    return day.weekday() < _SATURDAY and day not in holidays


def add_workdays(day: date, count: int, holidays: frozenset[date] = frozenset()) -> date:
    """The working day `count` working days after (before, when negative) `day`."""
    step = timedelta(days=1 if count >= 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= is_workday(day, holidays)
    return day


def workdays(first: date, last: date) -> tuple[date, ...]:
    span = range((last - first).days + 1)
    return tuple(day for day in (first + timedelta(days=n) for n in span) if is_workday(day))


def session_start(moment: datetime, sessions: tuple[HalfDay, ...] = SESSIONS) -> datetime:
    """The start of the half-day that contains `moment`, else of the last one before it."""
    begun = [each.begins for each in sessions if each.begins <= moment.time()]
    return datetime.combine(moment.date(), max(begun, default=time.min), moment.tzinfo)


def day_end(moment: datetime, sessions: tuple[HalfDay, ...] = SESSIONS) -> datetime:
    """The end of the day's last half-day."""
    return datetime.combine(moment.date(), max(each.ends for each in sessions), moment.tzinfo)


def limit_days(time_limit: str) -> int:
    """Working days of a time limit: 0 for "ngay trong ngày", 5 where the text names no number."""
    if time_limit.casefold().startswith("ngay trong ngày"):
        return 0
    found = _DAYS.search(time_limit)
    return int(found[1]) if found else 5
