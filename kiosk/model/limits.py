"""How often somebody may guess at this kiosk, codes or the PIN: ever longer waits. Pure.

The count is kept from one visit to the next: leaving does not reset it. It halves in 5 min.
"""

from dataclasses import dataclass

_HALF_LIFE_S = 300.0
_FREE = 5.0
_FOUND = 0.5
_MISSED = 1.0
_FIRST_S = 4.0
_LONGEST_S = 120.0


@dataclass(frozen=True, slots=True)
class Limiter:
    """`score` as of the monotonic second `at`."""

    score: float = 0.0
    at: float = 0.0

    def found(self, now: float) -> "Limiter":
        return Limiter(self._faded(now) + _FOUND, now)

    def missed(self, now: float) -> "Limiter":
        return Limiter(self._faded(now) + _MISSED, now)

    def wait_s(self, now: float) -> float:
        """How long until the next guess may be made; 0 = now. Doubles with every guess too many.

        Counted from the last guess on.
        """
        over = self.score - _FREE
        if over < 0:
            return 0.0
        pause = min(_LONGEST_S, _FIRST_S * float(2**over))
        return max(0.0, self.at + pause - now)

    def _faded(self, now: float) -> float:
        return self.score * float(0.5 ** ((now - self.at) / _HALF_LIFE_S))
