"""When a hall is open, from its hours in the YAML and a local time. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Hours:
    """`spans`: (start, end) in minutes of the day; `day_start`: when a business day begins."""

    spans: tuple[tuple[int, int], ...]
    days: frozenset[str]
    holidays: frozenset[str]
    day_start_min: int = 300


def span(text: str) -> tuple[int, int]:
    """Read 07:30-11:30 as minutes of the day; 24:00 is 1440."""
    start, end = text.split("-")
    return minute(start), minute(end)


def minute(text: str) -> int:
    hour, minutes = text.split(":")
    return int(hour) * 60 + int(minutes)


def business_date(hours: Hours, local: datetime) -> date:
    """The day a moment belongs to: before `day_start` it is still yesterday."""
    return (local - timedelta(minutes=hours.day_start_min)).date()


def is_open(hours: Hours, local: datetime) -> bool:
    return _works(hours, local.date()) and any(
        start <= _minute_of(local) < end for start, end in hours.spans
    )


def closes_in(hours: Hours, local: datetime) -> int | None:
    """Minutes until the last closing of the day; None when open to midnight or not at all."""
    ends = [end for _, end in hours.spans]
    if not ends or not _works(hours, local.date()) or max(ends) >= 24 * 60:
        return None
    return max(0, max(ends) - _minute_of(local))


def _works(hours: Hours, day: date) -> bool:
    return _DAYS[day.weekday()] in hours.days and day.isoformat() not in hours.holidays


def _minute_of(local: datetime) -> int:
    return local.hour * 60 + local.minute
