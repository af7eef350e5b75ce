"""What the head of the hall should see to now, by the norms of the hall's YAML. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

MINUTE_MS = 60_000
Concern = Literal["long_wait", "idle_counter", "nobody_serves"]
_AWAY = frozenset({"closed", "paused"})


@dataclass(frozen=True, slots=True)
class Norms:
    """Minutes from which on something is a concern."""

    wait_min: int
    idle_min: int
    nobody_min: int


@dataclass(frozen=True, slots=True)
class ServiceNow:
    """`oldest`: since when its first person waits, ms since 1970, and their number."""

    name: str
    waiting: int
    oldest: tuple[int, str] | None


@dataclass(frozen=True, slots=True)
class DeskNow:
    """`since`: when it became what it is, ms since 1970. `serves`: ids of services."""

    name: str
    serves: tuple[str, ...]
    status: str
    since: int


@dataclass(frozen=True, slots=True)
class Warned:
    """Something to see to: `place` is a service or a counter, by its id."""

    concern: Concern
    place: str
    text: str
    advice: str


def warnings(
    services: Sequence[tuple[str, ServiceNow]],
    desks: Sequence[tuple[str, DeskNow]],
    norms: Norms,
    now: int,
) -> list[Warned]:
    """The most pressing kind first: people for whom nobody is there, long waits, idle counters."""
    waited = [(each, s) for each, s in services if s.waiting and s.oldest is not None]
    return [
        *_unserved(waited, [desk for _, desk in desks], norms, now),
        *_long_waits(waited, norms, now),
        *_idle(waited, desks, norms, now),
    ]


def _minutes(since: int, now: int) -> int:
    return max(0, now - since) // MINUTE_MS


def _since(service: ServiceNow) -> int:
    return service.oldest[0] if service.oldest else 0


def _unserved(
    waited: Sequence[tuple[str, ServiceNow]], desks: Sequence[DeskNow], norms: Norms, now: int
) -> Iterator[Warned]:
    for each, service in waited:
        serving = [desk for desk in desks if each in desk.serves]
        nobody = all(desk.status in _AWAY for desk in serving)
        if nobody and _minutes(_since(service), now) >= norms.nobody_min:
            names = ", ".join(desk.name for desk in serving)
            yield Warned(
                "nobody_serves",
                each,
                f"{service.name}: {service.waiting} người chờ, không quầy nào mở",
                f"Mở một quầy nhận dịch vụ này: {names}." if names else "Không quầy nào nhận.",
            )


def _long_waits(
    waited: Sequence[tuple[str, ServiceNow]], norms: Norms, now: int
) -> Iterator[Warned]:
    for each, service in waited:
        if service.oldest is not None and _minutes(service.oldest[0], now) >= norms.wait_min:
            since, number = service.oldest
            yield Warned(
                "long_wait",
                each,
                f"{service.name}: số {number} đã chờ {_minutes(since, now)} phút",
                f"Định mức {norms.wait_min} phút. Mở thêm quầy nhận dịch vụ này, "
                "hoặc nhờ quầy đang rảnh gọi giúp.",
            )


def _idle(
    waited: Sequence[tuple[str, ServiceNow]],
    desks: Sequence[tuple[str, DeskNow]],
    norms: Norms,
    now: int,
) -> Iterator[Warned]:
    for each, desk in desks:
        own = [service for name, service in waited if name in desk.serves]
        rested = _minutes(desk.since, now)
        kept = [s for s in own if _minutes(_since(s), now) >= norms.idle_min]
        if desk.status == "open" and kept and rested >= norms.idle_min:
            people = sum(service.waiting for service in own)
            yield Warned(
                "idle_counter",
                each,
                f"{desk.name}: rảnh {rested} phút trong khi {people} người chờ",
                "Nhắc cán bộ ở quầy bấm Gọi tiếp; vắng mặt thì cho quầy tạm nghỉ.",
            )
