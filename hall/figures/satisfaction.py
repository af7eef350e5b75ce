"""How content people are, out of scores 1 to 5: the mean, and a share only of enough of them.

Content is who gives 4 or 5. Below ENOUGH ratings one more person would move a percentage by more
than three points: then people are counted, and no percentage is made.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hall.figures.shares import number_text, percent, percent_text

ENOUGH = 30
CONTENT_FROM = 4
BEST = 5


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """`counts`: how many gave 1, 2, 3, 4 and 5."""

    counts: Sequence[int]

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def content(self) -> int:
        return sum(self.counts[CONTENT_FROM - 1 :])

    @property
    def mean_100(self) -> int | None:
        """A hundred times the mean score, rounded; None of nobody."""
        if not self.total:
            return None
        return round(100 * sum(n * count for n, count in enumerate(self.counts, 1)) / self.total)

    @property
    def is_enough(self) -> bool:
        return self.total >= ENOUGH

    @property
    def text(self) -> str:
        """'4,21 · hài lòng 33/37 (89,19%)'; without the percentage where too few were asked."""
        if self.mean_100 is None:
            return "–"
        of = f"{number_text(self.content)}/{number_text(self.total)}"
        share = f" ({percent_text(percent(self.content, self.total))})" if self.is_enough else ""
        return f"{self.mean_100 / 100:.2f} · hài lòng {of}{share}".replace(".", ",", 1)


def of_scores(scores: Sequence[int]) -> Satisfaction:
    return Satisfaction(tuple(scores.count(score) for score in range(1, BEST + 1)))
