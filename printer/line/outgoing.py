"""What goes out to a printer: what is not there yet, how fast it goes, what fetches an answer.

A printer that runs Linux (f_printer) reads and writes its USB line under one lock, and holds it
while it waits to be written to:

    host    … cut, GS r ──────────────────────── NUL ──────▶
    printer             paper falls, GS r ready ┆ lock free: 00 ──▶

So an answer that is waited for is fetched with a NUL, which every printer skips.
"""

from dataclasses import dataclass, replace
from math import inf

from printer import commands

# A kernel lets go of what it holds in pieces of up to this size.
IN_THE_KERNEL = 16_384
LOOK_S = 0.2
# Beyond this it was something else than the way that took so long.
SLOWEST_S = 5.0
# An answer has a way of its own.
THINKING_S = 0.2


@dataclass(frozen=True, slots=True)
class LineSpeed:
    """`seen`: seconds a byte; a box between network and cable is slower than its network."""

    bytes_a_second: float
    seen: float = 0.0

    def seconds(self, count: int) -> float:
        """What `count` bytes need at worst."""
        return count * max(self.seen, 1 / self.bytes_a_second)

    def measured(self, count: int, seconds: float) -> "LineSpeed":
        """The first `count` bytes were answered after `seconds`."""
        return replace(self, seen=max(0.0, min(seconds, SLOWEST_S) - THINKING_S) / count)

    def proven(self, count: int, seconds: float) -> "LineSpeed":
        """`count` bytes took no longer: a printer that is still starting looks slow at first."""
        return replace(self, seen=min(self.seen, seconds / count))


@dataclass(slots=True)
class Outbox:
    """`unsent`: of what was written, what the kernel has not been able to pass on."""

    speed: LineSpeed
    data: bytes = b""
    unsent: int = 0
    moved_at: float = 0.0

    def __bool__(self) -> bool:
        return bool(self.data or self.unsent)

    def put(self, data: bytes, now: float) -> None:
        self.data += data
        self.moved_at = now

    def start(self, data: bytes, now: float) -> None:
        """Another line, or another beginning on it."""
        self.data, self.unsent, self.moved_at = data, 0, now

    def drop_sent(self, count: int, now: float) -> None:
        self.data = self.data[count:]
        self.moved_at = now

    def holds(self, unsent: int, now: float) -> None:
        if unsent != self.unsent:
            self.unsent, self.moved_at = unsent, now

    def excuse(self, now: float) -> None:
        """The printer has reported a fault: that it takes nothing is no slow line."""
        self.moved_at = now

    @property
    def gone_s(self) -> float:
        """How long what waits needs at worst."""
        return self.speed.seconds(len(self.data))

    def measure(self, count: int, seconds: float) -> None:
        self.speed = self.speed.measured(count, seconds)

    def prove(self, count: int, seconds: float) -> None:
        self.speed = self.speed.proven(count, seconds)

    def ask_kernel_anew(self) -> None:
        """What the kernel held belongs to what is over."""
        self.unsent = 0

    def due(self, now: float, stall_s: float) -> float:
        """When to look at it again."""
        if not self:
            return now + 3600
        return min(self.moved_at + stall_s, now + (LOOK_S if self.unsent else 3600))


@dataclass(slots=True)
class Nudge:
    """A byte that means nothing, for a printer that answers only while it is written to.

    `every_s`: how long the answer may stay away (inf: this line needs no nudge).

    `at`: when the next one is due, in monotonic seconds.
    """

    every_s: float = inf
    at: float = inf

    def answer_due(self, at: float) -> None:
        """An answer should be here by then."""
        self.at = at + self.every_s

    def take_due(self, now: float) -> bytes:
        if now < self.at:
            return b""
        self.at = now + self.every_s
        return commands.NUL
