"""The YAML as the core's rules."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hall.controller.projection import HallNames, Projection, Tokens
from hall.controller.settings import ControllerFile
from hall.queueing.rules import (
    MINUTE,
    Band,
    BookingPlan,
    Counter,
    Openings,
    Order,
    PolicyName,
    Rules,
    Service,
)
from hall.runtime import opening
from hall.runtime.sections import AppointmentsSection, CounterSection, ServiceSection


def rules(config: ControllerFile) -> Rules:
    plans = [s.appointments for s in config.services if s.appointments is not None]
    quotas = [plan.per_person_day for plan in plans if plan.per_person_day is not None]
    # A service that is booked by somebody else's plan is no way round the quota of the others.
    unplanned = BookingPlan(per_person_day=min(quotas, default=None))
    return Rules(
        services={s.id: _service(s, unplanned) for s in config.services},
        counters={c.id: _counter(c) for c in config.counters},
        priorities={p.id: p.head_start_min * MINUTE for p in config.priorities},
        policy=PolicyName(config.queue.policy),
        ratio=config.queue.ratio,
        recall_limit=config.queue.recall_limit,
        auto_open=config.queue.auto_open,
        openings=_openings(config),
        questions=frozenset(one.id for one in config.ratings.questions),
        reasons=frozenset(one.id for one in config.ratings.reasons),
    )


def projection(config: ControllerFile, tokens: Tokens) -> Projection:
    names = HallNames(
        {c.id: c.title for c in config.counters}, {s.id: s.name for s in config.services}
    )
    given = None if config.turn_page is None else tokens
    return Projection(rules(config), names, ZoneInfo(config.hall.timezone), given)


def calendar(config: ControllerFile) -> opening.Calendar:
    return replace(config.hall.calendar, day_start_min=opening.minute(config.queue.day_start))


def _openings(config: ControllerFile) -> Openings:
    """The hours of a business day, for each service until it ends its intake.

    What is open before `day_start` belongs to the day before, as its tickets and bookings do.
    """
    zone, hall = ZoneInfo(config.hall.timezone), calendar(config)
    begins = hall.day_start_min
    ends = {s.id: opening.minute(s.intake_until) for s in config.services if s.intake_until}

    def openings(service: str, day: str) -> tuple[tuple[int, int], ...]:
        midnight = datetime.combine(date.fromisoformat(day), time.min, zone)
        last = ends.get(service, opening.MIDNIGHT)
        evening = _hours(hall, midnight, begins, last)
        return evening + _hours(hall, midnight + timedelta(days=1), 0, min(begins, last))

    return openings


def _hours(
    hall: opening.Calendar, midnight: datetime, first: int, last: int
) -> tuple[tuple[int, int], ...]:
    """What is open of a date between these minutes, in ms since 1970."""
    cut = ((max(a, first), min(b, last)) for a, b in opening.spans_on(hall, midnight.date()))
    return tuple((_at(midnight, start), _at(midnight, end)) for start, end in cut if start < end)


def _at(midnight: datetime, minutes: int) -> int:
    return int(opening.at_minute(midnight, minutes).timestamp() * 1000)


def _plan(section: AppointmentsSection) -> BookingPlan:
    return BookingPlan(
        length_ms=section.slot_min * MINUTE,
        capacity=section.per_slot,
        days_ahead=section.days_ahead,
        per_person_day=section.per_person_day,
        early_ms=section.early_min * MINUTE,
        late_ms=section.late_min * MINUTE,
    )


def _service(section: ServiceSection, unplanned: BookingPlan) -> Service:
    bands = [Band(section.first, section.last)]
    if section.reserve is not None:
        bands.append(Band(*section.reserve))
    return Service(
        id=section.id,
        bands=tuple(bands),
        prefix=section.prefix,
        digits=section.digits,
        quota=section.quota,
        cut_off_min=section.last_ticket_min,
        intake_until=opening.minute(section.intake_until) if section.intake_until else None,
        expected_ms=int(section.minutes * MINUTE),
        plan=unplanned if section.appointments is None else _plan(section.appointments),
    )


def _counter(section: CounterSection) -> Counter:
    return Counter(
        id=section.id,
        serves=section.serves,
        helps=section.helps,
        help_after_ms=section.help_after_min * MINUTE,
        order=Order(section.order),
    )
