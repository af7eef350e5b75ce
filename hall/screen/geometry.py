"""Places on a panel, in millimetres from its top left corner."""

import math
from dataclasses import dataclass, field
from typing import NamedTuple

_MM_PER_INCH = 25.4
# Be Vietnam Pro: a capital letter is 0.74 em high (read from the font).
CAP_PER_EM = 0.74
# A capital H must subtend 0.7 degrees (EN 301 549, 5.1.4).
CAP_PER_DISTANCE = math.tan(math.radians(0.7))


class Rect(NamedTuple):
    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.w / 2, self.y + self.h / 2

    def inset(self, dx: float, dy: float | None = None) -> "Rect":
        dy = dx if dy is None else dy
        return Rect(self.x + dx, self.y + dy, self.w - 2 * dx, self.h - 2 * dy)

    def moved(self, dx: float, dy: float) -> "Rect":
        return Rect(self.x + dx, self.y + dy, self.w, self.h)

    def contains(self, x: float, y: float) -> bool:
        return self.x <= x < self.right and self.y <= y < self.bottom

    def holds(self, other: "Rect", slack: float = 0.01) -> bool:
        """Whether the other lies wholly inside."""
        return (
            other.x >= self.x - slack
            and other.y >= self.y - slack
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )

    def meets(self, other: "Rect") -> bool:
        return (
            self.x < other.right
            and other.x < self.right
            and self.y < other.bottom
            and other.y < self.bottom
        )

    def common(self, other: "Rect") -> "Rect":
        """The part both share; empty (no width or height) where they do not meet."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Rect(x, y, max(0.0, right - x), max(0.0, bottom - y))

    def top(self, h: float) -> "Rect":
        return Rect(self.x, self.y, self.w, h)

    def foot(self, h: float) -> "Rect":
        return Rect(self.x, self.bottom - h, self.w, h)

    def left(self, w: float) -> "Rect":
        return Rect(self.x, self.y, w, self.h)

    def side(self, w: float) -> "Rect":
        """The strip of width `w` along the right edge."""
        return Rect(self.right - w, self.y, w, self.h)

    def below(self, dy: float) -> "Rect":
        """What is left when `dy` is cut off at the top."""
        return Rect(self.x, self.y + dy, self.w, self.h - dy)

    def above(self, dy: float) -> "Rect":
        """What is left when `dy` is cut off at the bottom."""
        return Rect(self.x, self.y, self.w, self.h - dy)

    def after(self, dx: float) -> "Rect":
        """What is left when `dx` is cut off at the left."""
        return Rect(self.x + dx, self.y, self.w - dx, self.h)

    def grid(self, columns: int, rows: int, gap: float) -> "tuple[Rect, ...]":
        """Equal cells, row by row."""
        w = (self.w - gap * (columns - 1)) / columns
        h = (self.h - gap * (rows - 1)) / rows
        return tuple(
            Rect(self.x + c * (w + gap), self.y + r * (h + gap), w, h)
            for r in range(rows)
            for c in range(columns)
        )

    def columns(self, *weights: float, gap: float = 0.0) -> "tuple[Rect, ...]":
        """Side by side, as wide as their weights."""
        room = self.w - gap * (len(weights) - 1)
        x, cells = self.x, []
        for weight in weights:
            w = room * weight / sum(weights)
            cells.append(Rect(x, self.y, w, self.h))
            x += w + gap
        return tuple(cells)

    def rows(self, *weights: float, gap: float = 0.0) -> "tuple[Rect, ...]":
        """One below the other, as high as their weights."""
        room = self.h - gap * (len(weights) - 1)
        y, cells = self.y, []
        for weight in weights:
            h = room * weight / sum(weights)
            cells.append(Rect(self.x, y, self.w, h))
            y += h + gap
        return tuple(cells)


@dataclass(frozen=True, slots=True)
class Panel:
    """A screen of `width` x `height` pixels and so many inches from corner to corner."""

    width: int
    height: int
    diagonal_inch: float
    px_per_mm: float = field(init=False, compare=False)
    area: Rect = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Scale and the whole panel in mm are asked for thousands of times a page: made once."""
        scale = math.hypot(self.width, self.height) / (self.diagonal_inch * _MM_PER_INCH)
        object.__setattr__(self, "px_per_mm", scale)
        object.__setattr__(self, "area", Rect(0, 0, self.width / scale, self.height / scale))

    @property
    def size(self) -> tuple[int, int]:
        """In pixels."""
        return self.width, self.height

    @property
    def portrait(self) -> bool:
        return self.height > self.width

    def px(self, mm: float) -> int:
        return round(mm * self.px_per_mm)

    def px_rect(self, rect: Rect) -> tuple[int, int, int, int]:
        """x, y, w, h in pixels; neighbours that touch in mm touch in pixels."""
        x, y = self.px(rect.x), self.px(rect.y)
        return x, y, self.px(rect.right) - x, self.px(rect.bottom) - y


def em_of_cap(cap_mm: float) -> float:
    """The font size whose capitals are `cap_mm` high."""
    return cap_mm / CAP_PER_EM


def cap_at(distance_mm: float) -> float:
    """The height of a capital that is easy to read from this distance."""
    return distance_mm * CAP_PER_DISTANCE
