"""Who may look up now, and which look-up is only another try of the same. Pure."""

import hashlib
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

_MINUTE_S = 60.0


class QuotaVerdict(Enum):
    FRESH = "fresh"
    AGAIN = "again"
    TOO_MANY = "too_many"
    ID_REUSED = "id_reused"


@dataclass(slots=True)
class Quota:
    """Keeps a digest of each request, never the code itself.

    `together`: who shares one allowance with a client; by itself each has its own. `remembered`:
    how many requests, of how many askers.
    """

    per_minute: int
    together: Callable[[str], str] = str
    remembered: int = 2000
    askers: int = 200
    _seen: OrderedDict[tuple[str, str], bytes] = field(default_factory=OrderedDict)
    _times: OrderedDict[str, deque[float]] = field(default_factory=OrderedDict)

    def judge(self, client: str, request_id: str, code: str, now: float) -> QuotaVerdict:
        """A retry costs nothing; a refused look-up is not remembered."""
        digest = hashlib.blake2b(code.encode(), digest_size=16).digest()
        known = self._seen.get((client, request_id))
        if known is not None:
            return QuotaVerdict.AGAIN if known == digest else QuotaVerdict.ID_REUSED
        times = self._times_of(self.together(client), now)
        if len(times) >= self.per_minute:
            return QuotaVerdict.TOO_MANY
        times.append(now)
        self._seen[client, request_id] = digest
        while len(self._seen) > self.remembered:
            self._seen.popitem(last=False)
        return QuotaVerdict.FRESH

    def _times_of(self, client: str, now: float) -> deque[float]:
        times = self._times.setdefault(client, deque())
        self._times.move_to_end(client)
        while len(self._times) > self.askers:
            self._times.popitem(last=False)
        while times and now - times[0] >= _MINUTE_S:
            times.popleft()
        return times
