"""Which call is the large one: each has its time, none is lost or cut short. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

# screens.md, 9: a call flashes for 6 s; of several at once each has 4 s.
FLASH_S = 6.0
EACH_S = 4.0
# Further behind than so many, calls share the large place: still each for its whole time.
BEHIND = 3
TOGETHER = 3
# 1 Hz: half of the 2 Hz at which flashing begins to be a danger.
HALF_PERIOD_S = 0.5
_REMEMBERED = 512


@dataclass(frozen=True, slots=True)
class ShownCall:
    """`id` is unique per call or recall."""

    id: str
    number: str
    counter: str
    service: str = ""


@dataclass(frozen=True, slots=True)
class OnShow:
    """What has the large place (or one counter's card), and since when."""

    calls: tuple[ShownCall, ...]
    since: float

    def flashing(self, now: float) -> bool:
        return now < self.since + FLASH_S

    def bright(self, now: float) -> bool:
        """The half second in which the panel is in its calling colours."""
        return self.flashing(now) and int((now - self.since) / HALF_PERIOD_S) % 2 == 0


@dataclass(frozen=True, slots=True)
class Calls:
    """`flashed`: when each counter's number was last called, for its card."""

    current: OnShow | None = None
    waiting: tuple[ShownCall, ...] = ()
    heard: tuple[str, ...] = ()
    flashed: Mapping[str, OnShow] = field(default_factory=lambda: MappingProxyType({}))


def add_call(calls: Calls, call: ShownCall, now: float) -> Calls:
    """A call came in; a redelivered one is known by its id."""
    if call.id in calls.heard:
        return calls
    heard = (*calls.heard, call.id)[-_REMEMBERED:]
    flashed = MappingProxyType({**calls.flashed, call.counter: OnShow((call,), now)})
    lined_up = replace(calls, waiting=(*calls.waiting, call), heard=heard, flashed=flashed)
    return step(lined_up, now)


def step(calls: Calls, now: float) -> Calls:
    """The next one takes the large place once what stands there has had its time."""
    if not calls.waiting:
        return calls
    if calls.current is not None and now < calls.current.since + EACH_S:
        return calls
    count = TOGETHER if len(calls.waiting) > BEHIND else 1
    shown, rest = calls.waiting[:count], calls.waiting[count:]
    return replace(calls, current=OnShow(shown, now), waiting=rest)


def due(calls: Calls, now: float) -> float | None:
    """When what is shown changes by itself, or None."""
    moments = [m for shown in calls.flashed.values() if (m := _toggle(shown, now)) is not None]
    if calls.current is not None:
        toggle = _toggle(calls.current, now)
        moments += [toggle] if toggle is not None else []
        moments += [calls.current.since + EACH_S] if calls.waiting else []
    return min(moments, default=None)


def _toggle(shown: OnShow, now: float) -> float | None:
    if not shown.flashing(now):
        return None
    return shown.since + (int((now - shown.since) / HALF_PERIOD_S) + 1) * HALF_PERIOD_S
