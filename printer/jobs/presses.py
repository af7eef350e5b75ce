"""Which presses count: not a bounce, not a stuck or chattering button, not a child's. Pure."""

from dataclasses import dataclass, replace
from enum import Enum

LOCKOUT_S = 1.5
STUCK_S = 10.0
MINUTE_S = 60.0
# A person does not press three times a second for five seconds; a loose contact does.
STORM_TAPS, STORM_S = 15, 5.0
# Taps closer than this are bounces of one.
BOUNCE_S = 0.05


class PressVerdict(Enum):
    ACCEPTED = "accepted"
    TOO_SOON = "too soon"
    TOO_MANY = "too many"
    CHATTER = "chatter"


@dataclass(frozen=True, slots=True)
class ButtonState:
    """`taps`: the last times it went down, bounces left out."""

    down_since: float | None = None
    accepted_at: float = -MINUTE_S
    taps: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class PressGuard:
    """The state of all buttons of one printer; `limit` presses a minute over all of them."""

    limit: int
    keys: tuple[tuple[str, ButtonState], ...] = ()
    recent: tuple[float, ...] = ()

    def key(self, name: str) -> ButtonState:
        return dict(self.keys).get(name, ButtonState())


@dataclass(frozen=True, slots=True)
class Judged:
    guard: PressGuard
    verdict: PressVerdict


def press(guard: PressGuard, name: str, now: float) -> Judged:
    """Judge a button that went down at `now` (monotonic seconds)."""
    key = _tapped(guard.key(name), now)
    recent = tuple(at for at in guard.recent if now - at < MINUTE_S)
    if _chatters(key, now):
        return Judged(_with(guard, name, key), PressVerdict.CHATTER)
    if now - key.accepted_at < LOCKOUT_S:
        return Judged(_with(guard, name, key), PressVerdict.TOO_SOON)
    if len(recent) >= guard.limit:
        return Judged(_with(replace(guard, recent=recent), name, key), PressVerdict.TOO_MANY)
    taken = replace(guard, recent=(*recent, now))
    return Judged(_with(taken, name, replace(key, accepted_at=now)), PressVerdict.ACCEPTED)


def found_down(guard: PressGuard, name: str, now: float) -> PressGuard:
    """Held down at the start: perhaps stuck, and no press."""
    return _with(guard, name, replace(guard.key(name), down_since=now))


def release(guard: PressGuard, name: str) -> PressGuard:
    return _with(guard, name, replace(guard.key(name), down_since=None))


def stuck(guard: PressGuard, now: float) -> tuple[str, ...]:
    """The buttons held down for longer, or pressed faster, than a person does."""
    return tuple(name for name, key in guard.keys if _held(key, now) or _chatters(key, now))


def next_change(guard: PressGuard, now: float) -> float | None:
    """When a button will begin or cease to count as stuck by the passing of time alone."""
    held = [key.down_since + STUCK_S for _, key in guard.keys if key.down_since is not None]
    calm = [key.taps[-1] + STORM_S for _, key in guard.keys if _chatters(key, now)]
    return min((at for at in (*held, *calm) if at > now), default=None)


def _tapped(key: ButtonState, now: float) -> ButtonState:
    taps = key.taps
    if not taps or now - taps[-1] >= BOUNCE_S:
        taps = (*taps, now)[-STORM_TAPS:]
    return replace(key, down_since=now, taps=taps)


def _held(key: ButtonState, now: float) -> bool:
    return key.down_since is not None and now - key.down_since >= STUCK_S


def _chatters(key: ButtonState, now: float) -> bool:
    """Until it has been left alone for a while."""
    taps = key.taps
    stormy = len(taps) == STORM_TAPS and taps[-1] - taps[0] < STORM_S
    return stormy and now - taps[-1] < STORM_S


def _with(guard: PressGuard, name: str, key: ButtonState) -> PressGuard:
    others = tuple((n, k) for n, k in guard.keys if n != name)
    return replace(guard, keys=(*others, (name, key)))
