"""Which presses count: not a bounce, not a stuck button, not a child's thirty in a minute. Pure."""

from dataclasses import dataclass, replace
from enum import Enum

LOCKOUT_S = 1.5
STUCK_S = 10.0
MINUTE_S = 60.0


class Verdict(Enum):
    ACCEPTED = "accepted"
    TOO_SOON = "too soon"
    TOO_MANY = "too many"


@dataclass(frozen=True, slots=True)
class Key:
    down_since: float | None = None
    accepted_at: float = -MINUTE_S


@dataclass(frozen=True, slots=True)
class Guard:
    """The state of all buttons of one printer; `limit` presses a minute over all of them."""

    limit: int
    keys: tuple[tuple[str, Key], ...] = ()
    recent: tuple[float, ...] = ()

    def key(self, name: str) -> Key:
        return dict(self.keys).get(name, Key())


@dataclass(frozen=True, slots=True)
class Judged:
    guard: Guard
    verdict: Verdict


def press(guard: Guard, name: str, now: float) -> Judged:
    """Judge a button that went down at `now` (monotonic seconds)."""
    key = replace(guard.key(name), down_since=now)
    recent = tuple(at for at in guard.recent if now - at < MINUTE_S)
    if now - key.accepted_at < LOCKOUT_S:
        return Judged(_with(guard, name, key), Verdict.TOO_SOON)
    if len(recent) >= guard.limit:
        return Judged(_with(replace(guard, recent=recent), name, key), Verdict.TOO_MANY)
    taken = replace(guard, recent=(*recent, now))
    return Judged(_with(taken, name, replace(key, accepted_at=now)), Verdict.ACCEPTED)


def found_down(guard: Guard, name: str, now: float) -> Guard:
    """It may be stuck; a ticket it does not get."""
    return _with(guard, name, replace(guard.key(name), down_since=now))


def release(guard: Guard, name: str) -> Guard:
    return _with(guard, name, replace(guard.key(name), down_since=None))


def stuck(guard: Guard, now: float) -> tuple[str, ...]:
    """The buttons held down for longer than any hand would."""
    return tuple(
        name
        for name, key in guard.keys
        if key.down_since is not None and now - key.down_since >= STUCK_S
    )


def next_stuck(guard: Guard) -> float | None:
    """When a button held now will count as stuck."""
    held = [key.down_since + STUCK_S for _, key in guard.keys if key.down_since is not None]
    return min(held, default=None)


def _with(guard: Guard, name: str, key: Key) -> Guard:
    others = tuple((n, k) for n, k in guard.keys if n != name)
    return replace(guard, keys=(*others, (name, key)))
