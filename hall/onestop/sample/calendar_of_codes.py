"""Which dossier was the n-th of which working day, both ways, without a list of dossiers."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from hall.onestop.workdays import workdays

# Mondays are busiest, Friday afternoons quiet.
_WEIGHT = (13, 11, 10, 10, 9)


@dataclass(frozen=True, slots=True)
class IntakeCalendar:
    """`starts[i]`: how many dossiers came in before `days[i]`; one more entry holds the total."""

    days: tuple[date, ...]
    starts: tuple[int, ...]

    @property
    def total(self) -> int:
        return self.starts[-1]

    def index(self, day: date, nth: int) -> int | None:
        """The dossier's place among all, from 0; None when that day had no n-th dossier."""
        at = bisect_right(self.days, day) - 1
        if at < 0 or self.days[at] != day:
            return None
        here = self.starts[at] + nth - 1
        return here if self.starts[at] <= here < self.starts[at + 1] else None

    def place(self, index: int) -> tuple[int, int]:
        """The day's place in `days` and the number of the dossier on that day, from 1."""
        at = bisect_right(self.starts, index) - 1
        return at, index - self.starts[at] + 1


def intake(first: date, last: date, total: int) -> IntakeCalendar:
    days = workdays(first, last)
    weights = list(accumulate((_WEIGHT[day.weekday()] for day in days), initial=0))
    return IntakeCalendar(days, tuple(total * weight // weights[-1] for weight in weights))
