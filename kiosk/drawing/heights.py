"""Where each height of a page goes when some of its parts need more and others can do with less.

    usual page    ├─ a ─┼──── b ────┼ c ┤        marks: where anything begins or ends
    tall page     ├── a ──┼── b ──┼─ c ─┤        places: the same marks, every demand met

Pure.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from hall.screen.geometry import Rect

_HALVINGS = 7


@dataclass(frozen=True, slots=True)
class Demand:
    """What stands between these two heights needs so many mm."""

    top: float
    bottom: float
    mm: float


@dataclass(frozen=True, slots=True)
class Heights:
    """Where each height of the usual page is on the tall one; straight between its marks."""

    marks: tuple[float, ...]
    places: tuple[float, ...]

    def at(self, y: float) -> float:
        last = len(self.marks) - 2
        n = min(max(bisect_right(self.marks, y) - 1, 0), last)
        span = self.marks[n + 1] - self.marks[n]
        part = (y - self.marks[n]) / span if span else 0.0
        return self.places[n] + part * (self.places[n + 1] - self.places[n])


def heights_of(
    demands: Sequence[Demand], ends: tuple[float, float], into: Rect, air: float
) -> Heights:
    """All demands met; what the place has beyond them is air, spread as it was."""
    top, bottom = ends
    inside = [d for d in demands if d.bottom > d.top]
    edges = (y for demand in inside for y in (demand.top, demand.bottom))
    marks = sorted({top, bottom, *(y for y in edges if top < y < bottom)})
    at = {y: n for n, y in enumerate(marks)}
    spans = tuple(
        (at[max(top, d.top)], at[min(bottom, d.bottom)], d.mm)
        for d in sorted(inside, key=lambda d: (d.bottom, -d.top))
        if max(top, d.top) in at and min(bottom, d.bottom) in at
    )
    gaps = [b - a for a, b in pairwise(marks)]
    low, high = air, 2.0
    lengths = _stretched(gaps, spans, low)
    if sum(lengths) <= into.h:
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (
                (middle, high) if sum(_stretched(gaps, spans, middle)) <= into.h else (low, middle)
            )
        lengths = _stretched(gaps, spans, low)
        left = into.h - sum(lengths)
        lengths = [length * (1 + left / sum(lengths)) for length in lengths]
    places = [into.y]
    for length in lengths:
        places.append(places[-1] + length)
    return Heights(tuple(marks), tuple(places))


def _stretched(
    gaps: Sequence[float], spans: Sequence[tuple[int, int, float]], scale: float
) -> list[float]:
    lengths = [gap * scale for gap in gaps]
    for start, end, need in spans:
        lack = need - sum(lengths[start:end])
        if lack > 0:
            whole = sum(gaps[start:end])
            for n in range(start, end):
                lengths[n] += lack * gaps[n] / whole
    return lengths
