"""Which readings of a scanner count: one a showing, however long its paper lies there. Pure."""

from dataclasses import dataclass, field, replace

from printer.jobs.presses import MINUTE_S

# Scanners that need no trigger read what lies before them again, at most every few seconds.
AGAIN_S = 6.0


@dataclass(frozen=True, slots=True)
class ScanGuard:
    """`limit`: showings a minute. `text` is what was read last, at `seen`; in no log."""

    limit: int
    text: str = field(default="", repr=False)
    seen: float = -MINUTE_S
    taken: tuple[float, ...] = ()


def read(guard: ScanGuard, text: str, now: float) -> tuple[ScanGuard, bool]:
    """Judge a reading at `now` (monotonic seconds): whether it is one more showing."""
    recent = tuple(at for at in guard.taken if now - at < MINUTE_S)
    lies_there = text == guard.text and now - guard.seen < AGAIN_S
    fresh = not lies_there and len(recent) < guard.limit
    taken = (*recent, now) if fresh else recent
    return replace(guard, text=text, seen=now, taken=taken), fresh
