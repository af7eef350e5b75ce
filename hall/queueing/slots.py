"""Which appointments a service offers, who holds them, and what they leave to those who walk in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from hall.queueing import closing
from hall.queueing.rules import Now, Rules, Service
from hall.queueing.state import Hall


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """`at`: its begin in ms since 1970; `left`: how many people it can still take."""

    at: int
    left: int


def free(
    rules: Rules, hall: Hall, service: Service, dates: tuple[str, ...], now: Now
) -> list[FreeSlot]:
    """The slots of these dates that can be booked, in their order."""
    return [
        FreeSlot(at, left)
        for day in dates
        if day <= last_date(service, hall, now)
        for at in _begins(rules, service, day)
        if at >= now.wall
        and closing.why_no_slot(hall, service.id, day, at) is None
        and (left := room(service, hall, day, at))
    ]


def last_date(service: Service, hall: Hall, now: Now) -> str:
    """The last day that can be booked today, which the hall's own day may lag behind.

    That turns with the first act of a day; people at home ask on a Sunday.
    """
    today = date.fromisoformat(max(hall.date, now.date) if now.trusted else hall.date)
    return (today + timedelta(days=service.plan.days_ahead)).isoformat()


def exists(rules: Rules, service: Service, day: str, at: int) -> bool:
    if service.plan.length_ms is None:
        return any(start <= at < end for start, end in rules.openings(service.id, day))
    return at in _begins(rules, service, day)


def booked(hall: Hall, service: Service, day: str, at: int) -> tuple[str, ...]:
    """The codes booked for a slot, in the order in which they were booked."""
    return hall.slots.get((service.id, day), {}).get(at, ())


def room(service: Service, hall: Hall, day: str, at: int) -> int:
    """How many people a slot can still take."""
    if service.plan.capacity is None:
        return 1
    return max(0, service.plan.capacity - len(booked(hall, service, day, at)))


def promised(hall: Hall, service: Service, now: Now) -> int:
    """How many of today's tickets are kept for people who are booked and have not come yet.

    Whoever is later than the plan allows has given theirs back to those who walk in.
    """
    return sum(
        hall.bookings[code].serial is None
        for at, codes in hall.slots.get((service.id, hall.date), {}).items()
        if not (now.trusted and is_late(service, at, now))
        for code in codes
    )


def first_moment(service: Service, at: int) -> int | None:
    """From when on a person booked for `at` may check in, in ms since 1970; None: all day."""
    early = service.plan.early_ms
    return None if early is None else at - early


def is_kept(service: Service, at: int, now: Now) -> bool:
    """Whether who checks in now still has the turn that was promised."""
    return now.trusted and not is_late(service, at, now)


def is_late(service: Service, at: int, now: Now) -> bool:
    return now.wall - at > service.plan.late_ms


def _begins(rules: Rules, service: Service, day: str) -> Iterator[int]:
    length = service.plan.length_ms
    for start, end in rules.openings(service.id, day) if length else ():
        yield from range(start, end - (length or 0) + 1, length or 1)
