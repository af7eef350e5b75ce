"""How fast bytes reach a printer: what the wire could do at best, and what was seen. Pure."""

from dataclasses import dataclass, replace

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
        """`count` bytes took no longer: a printer that was not awake yet looks slow at first."""
        return replace(self, seen=min(self.seen, seconds / count))
