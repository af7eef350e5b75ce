"""When a hall is open, from the hours of its YAML and a local time. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MIDNIGHT = 24 * 60
# A hall that does not open within so many days has no next opening that anybody could be told.
_LONGEST_REST_DAYS = 60
# (start, end) in minutes of the day.
Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """`week`: hours by weekday, 0 is Monday; a weekday that is missing is free.

    `off`: first and last day of each stretch of holidays. `worked`: the hours of single days,
    whatever `week` and `off` say of them. `day_start_min`: when a business day begins.
    """

    week: Mapping[int, Spans]
    off: tuple[tuple[date, date], ...] = ()
    worked: Mapping[date, Spans] = field(default_factory=dict)
    day_start_min: int = 300

    @property
    def usual(self) -> Spans:
        """The hours of the first working day of a week."""
        return self.week[min(self.week)] if self.week else ()

    @property
    def rests(self) -> bool:
        """Whether any day of a week is free, or any hour of a day."""
        return [self.week.get(day) for day in range(len(DAYS))] != [((0, MIDNIGHT),)] * len(DAYS)


def span(text: str) -> tuple[int, int]:
    """Read 07:30-11:30 as minutes of the day; 24:00 is 1440."""
    start, end = text.split("-")
    return minute(start), minute(end)


def minute(text: str) -> int:
    hour, minutes = text.split(":")
    return int(hour) * 60 + int(minutes)


def spans_on(calendar: Calendar, day: date) -> Spans:
    """The hours of one day, in order; none when it is free."""
    if day in calendar.worked:
        return calendar.worked[day]
    if any(first <= day <= last for first, last in calendar.off):
        return ()
    return calendar.week.get(day.weekday(), ())


def business_date(calendar: Calendar, local: datetime) -> date:
    """The day a moment belongs to: before `day_start` it is still yesterday."""
    return (local - timedelta(minutes=calendar.day_start_min)).date()


def is_open(calendar: Calendar, local: datetime) -> bool:
    now = minute_of(local)
    return any(start <= now < end for start, end in spans_on(calendar, local.date()))


def closes_in(calendar: Calendar, local: datetime) -> int | None:
    """Minutes until the last closing of the day; None when open to midnight or not at all."""
    ends = [end for _, end in spans_on(calendar, local.date())]
    if not ends or max(ends) >= MIDNIGHT:
        return None
    return max(0, max(ends) - minute_of(local))


def opens_next(calendar: Calendar, local: datetime) -> datetime | None:
    """When a closed hall opens; None while it is open, or when no opening is in sight."""
    return None if is_open(calendar, local) else next_opening(calendar, local)


def next_opening(calendar: Calendar, local: datetime) -> datetime | None:
    """The first opening after a moment, whether the hall is open then or not."""
    for ahead in range(_LONGEST_REST_DAYS):
        day = local + timedelta(days=ahead)
        for start, _ in spans_on(calendar, day.date()):
            opening = at_minute(day, start)
            if opening > local:
                return opening
    return None


def next_day_opening(calendar: Calendar, local: datetime) -> datetime | None:
    """The first moment of a later business day at which the hall is open."""
    today = at_minute(local, calendar.day_start_min)
    begins = today if today > local else today + timedelta(days=1)
    return begins if is_open(calendar, begins) else next_opening(calendar, begins)


def at_minute(moment: datetime, minutes: int) -> datetime:
    """That minute of the moment's day, in its time zone."""
    midnight = datetime.combine(moment.date(), datetime.min.time(), moment.tzinfo)
    return midnight + timedelta(minutes=minutes)


def minute_of(local: datetime) -> int:
    return local.hour * 60 + local.minute
