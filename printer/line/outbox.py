"""What has not reached the printer yet: bytes to write, and bytes that the kernel holds."""

from dataclasses import dataclass

# A kernel lets go of what it holds in pieces of up to this size.
IN_THE_KERNEL = 16_384
LOOK_S = 0.2


@dataclass(slots=True)
class Outbox:
    """`unsent`: of what was written, what the kernel has not been able to pass on."""

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

    def took(self, count: int, now: float) -> None:
        self.data = self.data[count:]
        self.moved_at = now

    def holds(self, unsent: int, now: float) -> None:
        if unsent != self.unsent:
            self.unsent, self.moved_at = unsent, now

    def due(self, now: float, stall_s: float) -> float:
        """When to look at it again."""
        if not self:
            return now + 3600
        return min(self.moved_at + stall_s, now + (LOOK_S if self.unsent else 3600))
