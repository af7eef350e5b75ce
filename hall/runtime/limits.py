"""How often one client may ask: a bucket of tokens each, so that a rogue harms only itself."""

from dataclasses import dataclass, field

# A broker without passwords takes any name; those who never come back must not pile up.
MOST_CLIENTS = 1000


@dataclass(slots=True)
class Limits:
    """`rate`: requests a second; `burst`: how many at once. `now` in seconds, monotonic."""

    rate: float
    burst: float
    _buckets: dict[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def clients(self) -> frozenset[str]:
        """Who has asked."""
        return frozenset(self._buckets)

    def empty(self, client: str, at: float) -> None:
        """Its bucket holds nothing at that moment to come, and fills from then on."""
        self._buckets[client] = (0.0, at)

    def allows(self, client: str, now: float) -> bool:
        if len(self._buckets) > MOST_CLIENTS:
            self._buckets.clear()
        tokens, at = self._buckets.get(client, (self.burst, now))
        tokens = min(self.burst, tokens + (now - at) * self.rate)
        allowed = tokens >= 1
        self._buckets[client] = (tokens - 1 if allowed else tokens, now)
        return allowed
