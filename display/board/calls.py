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
# So long a call stays somewhere on the board, whatever is called after it.
IN_SIGHT_S = 60.0
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
    """What has the large place (or one counter's card), and since when.

    `flashed_at`: when it was called again while it stood there.
    """

    calls: tuple[ShownCall, ...]
    since: float
    flashed_at: float | None = None

    @property
    def flashes_from(self) -> float:
        return self.since if self.flashed_at is None else self.flashed_at

    def flashing(self, now: float) -> bool:
        return now < self.flashes_from + FLASH_S

    def bright(self, now: float) -> bool:
        """The half second in which the panel is in its calling colours."""
        return self.flashing(now) and int((now - self.flashes_from) / HALF_PERIOD_S) % 2 == 0


@dataclass(frozen=True, slots=True)
class Calls:
    """`flashed`: when each counter's number was last called, for its card.

    `lately`: each number's last call of the last minute and its time, the newest first.
    """

    current: OnShow | None = None
    waiting: tuple[ShownCall, ...] = ()
    heard: tuple[str, ...] = ()
    flashed: Mapping[str, OnShow] = field(default_factory=lambda: MappingProxyType({}))
    lately: tuple[tuple[ShownCall, float], ...] = ()

    def in_sight(self, now: float) -> tuple[ShownCall, ...]:
        """The calls of the last minute, the newest first."""
        return tuple(call for call, at in self.lately if now < at + IN_SIGHT_S)


def add_call(calls: Calls, call: ShownCall, now: float) -> Calls:
    """A call came in; a redelivered one is known by its id.

    A number stands once: called again while it still waits for the large place it keeps its
    turn, and while it has the large place it flashes anew there.
    """
    if call.id in calls.heard:
        return calls
    known = replace(
        calls,
        heard=(*calls.heard, call.id)[-_REMEMBERED:],
        flashed=MappingProxyType({**calls.flashed, call.counter: OnShow((call,), now)}),
        lately=_lately(calls, call, now),
    )
    return step(_lined_up(known, call, now), now)


def _lately(calls: Calls, call: ShownCall, now: float) -> tuple[tuple[ShownCall, float], ...]:
    earlier = tuple(
        (each, at)
        for each, at in calls.lately
        if each.number != call.number and now < at + IN_SIGHT_S
    )
    return ((call, now), *earlier)


def _lined_up(calls: Calls, call: ShownCall, now: float) -> Calls:
    current, numbers = calls.current, [each.number for each in calls.waiting]
    if call.number in numbers:
        place = numbers.index(call.number)
        waiting = (*calls.waiting[:place], call, *calls.waiting[place + 1 :])
        return replace(calls, waiting=waiting)
    if current is not None and calls.waiting and _has(current, call):
        return replace(calls, current=replace(current, flashed_at=now))
    return replace(calls, waiting=(*calls.waiting, call))


def _has(shown: OnShow, call: ShownCall) -> bool:
    return any((e.number, e.counter) == (call.number, call.counter) for e in shown.calls)


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
    moments += [at + IN_SIGHT_S for _, at in calls.lately if now < at + IN_SIGHT_S]
    return min(moments, default=None)


def _toggle(shown: OnShow, now: float) -> float | None:
    if not shown.flashing(now):
        return None
    first = shown.flashes_from
    return first + (int((now - first) / HALF_PERIOD_S) + 1) * HALF_PERIOD_S
