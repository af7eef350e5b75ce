"""The YAML as the core's rules."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from hall.controller.projection import Names, Projection
from hall.controller.settings import ControllerFile
from hall.queueing.rules import MINUTE, Band, Counter, Order, PolicyName, Rules, Service
from hall.runtime import opening
from hall.runtime.sections import CounterSection, ServiceSection


def rules(config: ControllerFile) -> Rules:
    return Rules(
        services={s.id: _service(s) for s in config.services},
        counters={c.id: _counter(c) for c in config.counters},
        priorities={p.id: p.head_start_min * MINUTE for p in config.priorities},
        policy=PolicyName(config.queue.policy),
        ratio=config.queue.ratio,
        recall_limit=config.queue.recall_limit,
        auto_open=config.queue.auto_open,
    )


def projection(config: ControllerFile) -> Projection:
    names = Names({c.id: c.title for c in config.counters}, {s.id: s.name for s in config.services})
    return Projection(rules(config), names, ZoneInfo(config.hall.timezone))


def calendar(config: ControllerFile) -> opening.Calendar:
    return replace(config.hall.calendar, day_start_min=opening.minute(config.queue.day_start))


def _service(section: ServiceSection) -> Service:
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
    )


def _counter(section: CounterSection) -> Counter:
    return Counter(
        id=section.id,
        serves=section.serves,
        helps=section.helps,
        help_after_ms=section.help_after_min * MINUTE,
        order=Order(section.order),
    )
