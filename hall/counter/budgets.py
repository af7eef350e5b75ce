"""How many acts a browser may ask for: the bus grants so many to all pages together.

A person presses once in seconds; a program in one browser is told to wait, and other counters call.
"""

from dataclasses import dataclass, field

PER_S = 4.0
BURST = 12.0


@dataclass(slots=True)
class Budgets:
    """By the browser's number: what it has left, and when that was."""

    _left: dict[int, tuple[float, float]] = field(default_factory=dict)

    def has_one(self, browser: int, now: float) -> bool:
        """Take one act; False: none is left just now."""
        left, at = self._left.get(browser, (BURST, now))
        left = min(BURST, left + (now - at) * PER_S)
        self._left[browser] = (left - 1 if left >= 1 else left, now)
        return left >= 1
