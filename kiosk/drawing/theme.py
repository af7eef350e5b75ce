"""How this panel shows pages to this person: sizes in mm, colours, words, zones. Pure."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count

from hall.fonts import Weight
from hall.screen.geometry import Panel, Rect, cap_at, em_of_cap
from hall.screen.palette import CONTRAST, NORMAL, Palette
from hall.screen.text import Typesetter
from kiosk.model.modes import Modes
from kiosk.wording import Wording, bind

TOUCH_MM = 20.0
GAP_MM = 3.2
CAP_MIN_MM = 4.8
# What a person in a wheelchair touches: this part of an upright glass, half of one on its side; of
# a small one as much as three rows of keys and the bar take.
_REACHED_UPRIGHT, _REACHED_LYING, _KEYS_MM = 0.45, 0.5, 3 * TOUCH_MM + 2 * 4.0
_TIGHT_MM = 160.0
# A 10.1 inch panel has no room for 4.8 mm capitals in every narrow place.
_TIGHT_TEXT = 0.84
_LARGEST = 0.062
# Type sizes are steps of one scale: few fonts are loaded, and all pages look alike.
RUNG = 1.09
# "Chữ to" goes up by whole steps, so that most of its fonts are loaded already.
_LARGE_RUNGS = 3
LARGE = RUNG**_LARGE_RUNGS
# In large type the head and the bar are so much higher; a small panel has no room for that.
_HEAD_LARGE = 1.3
_BAR_LARGE = {True: 1.5, False: 1.3}
# Height by width of the sheet that pages in large type are laid out on beside their buttons.
_SHEET = 1.5
_MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class Theme:
    """`distance_mm`: from the eyes to the glass, for "Chữ to".

    `taller`: what is drawn will be set in large type on a sheet longer than the glass: less side by
    side, nothing left out for want of height.

    `languages`: (tag, its name written in itself), in the order of their buttons.
    """

    panel: Panel
    words: Wording
    modes: Modes
    measure: Typesetter = field(compare=False)
    languages: tuple[tuple[str, str], ...] = ()
    distance_mm: float = 600.0
    taller: bool = False
    em: float = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """The size of running text is asked for hundreds of times a page: found once."""
        object.__setattr__(self, "em", self._em())

    @property
    def palette(self) -> Palette:
        return CONTRAST if self.modes.contrast else NORMAL

    @property
    def short(self) -> float:
        """The panel's shorter side."""
        return min(self.panel.area.w, self.panel.area.h)

    @property
    def portrait(self) -> bool:
        return self.panel.portrait

    @property
    def tight(self) -> bool:
        """A small panel on its side: what is not needed is left out."""
        return not self.portrait and self.panel.area.h < _TIGHT_MM

    @property
    def low(self) -> bool:
        """Whether all targets must lie in the lower part (a person in a wheelchair)."""
        return self.modes.wheelchair

    @property
    def lying(self) -> bool:
        """The same on a glass on its side, where the lower part is wide and not high."""
        return self.low and not self.portrait

    def size(self, k: float) -> float:
        """The size of type nearest to `k` times running text."""
        return self.em * RUNG ** round(_rungs(k))

    def _em(self) -> float:
        return self._usual_em * RUNG**self.rungs

    @property
    def _usual_em(self) -> float:
        return max(em_of_cap(CAP_MIN_MM), 0.028 * self.short)

    @property
    def rungs(self) -> int:
        """How many steps of the type scale large type is above the usual."""
        if not self.modes.large:
            return 0
        wanted = em_of_cap(cap_at(self.distance_mm)) / self._usual_em
        rungs = max(_LARGE_RUNGS, math.ceil(_rungs(wanted)))
        if self.tight:
            rungs = min(rungs, math.floor(_rungs(_LARGEST * self.short / self._usual_em)))
        return rungs

    @property
    def usual(self) -> "Theme":
        """The same in usual type."""
        return replace(self, modes=replace(self.modes, large=False))

    def sheet(self, width: float) -> "Theme":
        """An upright sheet of this width (mm) at the same scale, in usual type."""
        scale = self.panel.px_per_mm
        w, h = round(width * scale), round(width * _SHEET * scale)
        panel = Panel(w, h, math.hypot(w, h) / scale / _MM_PER_INCH)
        modes = replace(self.modes, large=False, wheelchair=False)
        return replace(self, panel=panel, modes=modes, taller=True)

    @property
    def least(self) -> float:
        """No text for a citizen is set smaller, but for marginal ones; less on a small panel."""
        return em_of_cap(CAP_MIN_MM) * (_TIGHT_TEXT if self.tight else 1.0)

    @property
    def pad(self) -> float:
        return max(3.4, 0.03 * self.short)

    @property
    def gap(self) -> float:
        return max(GAP_MM, 0.02 * self.short)

    @property
    def radius(self) -> float:
        return max(2.0, 0.014 * self.short)

    @property
    def head(self) -> Rect:
        share = 0.135 if self.portrait else 0.1
        return self.panel.area.top(
            max(13.0, share * self.short) * (_HEAD_LARGE if self._roomy else 1.0)
        )

    @property
    def _roomy(self) -> bool:
        return self.modes.large and not self.tight

    @property
    def bar(self) -> Rect:
        """The strip of buttons that is at the foot of every page."""
        height = max(TOUCH_MM, 0.08 * self.short) + 2 * self.bar_pad
        return self.panel.area.foot(height * (_BAR_LARGE[self.portrait] if self._roomy else 1.0))

    @property
    def bar_pad(self) -> float:
        return max(1.8, 0.5 * self.gap)

    @property
    def body(self) -> Rect:
        """Between head and bar, within the margins."""
        area = self.panel.area
        top, bottom = self.head.bottom + self.gap, self.bar.y - self.gap
        return Rect(self.pad, top, area.w - 2 * self.pad, bottom - top)

    @property
    def zone(self) -> Rect:
        """Where targets may lie."""
        area = self.panel.area
        if not self.low:
            return area
        if self.portrait:
            return area.foot(area.h * _REACHED_UPRIGHT)
        least = _KEYS_MM + self.gap + self.bar.h
        return area.foot(max(area.h * _REACHED_LYING, least))

    def split(self, told: float) -> tuple[Rect, Rect]:
        """The body as what is told above (a share of it) and what is touched below."""
        body = self.body
        if self.low:
            y = self.zone.y if self.portrait else max(self.zone.y, body.y + body.h * told)
            return body.top(y - body.y - self.gap), Rect(body.x, y, body.w, body.bottom - y)
        upper = body.top(body.h * told - self.gap / 2)
        return upper, body.below(upper.h + self.gap)

    def parted(self, foot: float) -> tuple[Rect, Rect]:
        """The body as what is told, and so many mm below it that are touched; or all in reach."""
        if self.low and self.portrait:
            return self.split(0.0)
        return self.body.above(foot + self.gap), self.body.foot(foot)

    def height(self, text: str, size: float, width: float, *, bold: bool = False) -> float:
        """How high the wrapped text stands, in mm."""
        weight = Weight.BOLD if bold else Weight.REGULAR
        px = self.measure.height(text, self.panel.px(size), weight, self.panel.px(width))
        return px / self.panel.px_per_mm


def typesetter() -> Typesetter:
    return Typesetter(_downwards, bind)


def measure() -> Typesetter:
    """The same for made-up texts alone: it remembers every width."""
    return Typesetter(_downwards, bind, {})


def _downwards(px: float) -> Iterator[int]:
    return (round(px / RUNG**rung) for rung in count())


def _rungs(times: float) -> float:
    return math.log(times) / math.log(RUNG)
