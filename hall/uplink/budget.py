"""How much may go over the link to the province, so that it stays free for others. Pure."""

from dataclasses import dataclass

# TCP, TLS and MQTT around a message, its acknowledgement included.
OVERHEAD_BYTES = 150


@dataclass(slots=True)
class ByteBudget:
    """Bytes a second. What is larger than what is left goes; the next waits until it is paid."""

    per_s: float
    _left: float = 0.0
    _at: float | None = None

    def allows(self, now: float) -> bool:
        """Whether a message may go now."""
        return self._refill(now) > 0

    def spend(self, size: int, now: float) -> None:
        self._left = self._refill(now) - size - OVERHEAD_BYTES

    def due(self, now: float) -> float:
        """When something may go."""
        left = self._refill(now)
        return now if left > 0 else now + (1 - left) / self.per_s

    def _refill(self, now: float) -> float:
        """At most a second's worth is saved up."""
        before = now - 1.0 if self._at is None else self._at
        self._left = min(self.per_s, self._left + (now - before) * self.per_s)
        self._at = now
        return self._left
