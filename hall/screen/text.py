"""Measures, breaks and draws text: NFC, two families by run, digits in cells on demand.

Nothing of a personal text stays in a cache: measuring and drawing it takes the uncached path.
"""

import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pygame

from hall import fonts
from hall.fonts import Family, Weight
from hall.screen.palette import Color, rgb
from hall.screen.tree import Label

# Four bytes each: drawn text may take 5 MB, some three pages full of it.
_DRAWN_PIXELS = 1_250_000
_LAYOUTS = 2000
_ELLIPSIS = "…"
_BOUND = "\u00a0"
_DIGITS = "0123456789"
_SHRINK = 0.94
# A single line needs no more height than this many em: marks above, tails below.
_TIGHT = 1.05
_KERNED = 1.006


@dataclass(frozen=True, slots=True)
class Laid:
    """A label's lines at the size that fits; `fits` is False when even the smallest does not."""

    px: int
    lines: tuple[str, ...]
    step: int
    fits: bool
    width: int


def gently(px: float) -> Iterator[int]:
    """Sizes to try, from `px` down, each a little smaller."""
    size = round(px)
    while True:
        yield size
        size = min(size - 1, int(size * _SHRINK))


@dataclass(slots=True)
class Typesetter:
    """All sizes in pixels. `wipe()` is for the moment a citizen leaves; fonts stay open.

    `sizes`: what is tried for a text that does not fit; each size costs fonts of its own.
    `bind`: joins with U+00A0 what a line must not part, in words of the user's language.
    `widths`: given where no text is anybody's; then every width that was measured is kept.
    """

    sizes: Callable[[float], Iterator[int]] = gently
    bind: Callable[[str], str] = str
    widths: dict[tuple[str, int, Weight], int] | None = None
    _fonts: dict[tuple[Weight, Family, int], pygame.font.Font] = field(default_factory=dict)
    _surfaces: "OrderedDict[tuple[object, ...], pygame.Surface]" = field(
        default_factory=OrderedDict
    )
    _laid: "OrderedDict[tuple[object, ...], Laid]" = field(default_factory=OrderedDict)
    _pixels: int = 0

    def font(self, px: int, weight: Weight, family: Family = Family.BE_VIETNAM) -> pygame.font.Font:
        key = (weight, family, px)
        if key not in self._fonts:
            if not pygame.font.get_init():
                pygame.font.init()
            self._fonts[key] = pygame.font.Font(str(fonts.path(weight, family)), px)
        return self._fonts[key]

    def width(self, text: str, px: int, weight: Weight, *, cells: bool = False) -> int:
        if cells:
            return sum(width for _, width in self._cells(text.replace("\0", ""), px, weight))
        if self.widths is None:
            return self._measured(text, px, weight)
        key = (text, px, weight)
        if key not in self.widths:
            self.widths[key] = self._measured(text, px, weight)
        return self.widths[key]

    def _measured(self, text: str, px: int, weight: Weight) -> int:
        parts = fonts.runs(text.replace("\0", ""))
        return sum(self.font(px, weight, family).size(part)[0] for family, part in parts)

    def wrap(self, text: str, px: int, weight: Weight, width: int) -> tuple[str, ...]:
        """Break at blanks into the fewest lines, then even them out; U+00A0 binds words."""
        lines: list[str] = []
        for paragraph in unicodedata.normalize("NFC", text).split("\n"):
            lines.extend(self._balanced(paragraph, px, weight, width))
        return tuple(lines)

    def height(self, text: str, px: int, weight: Weight, width: int, leading: float = 1.3) -> int:
        """How high the wrapped text stands."""
        return len(self.wrap(text, px, weight, width)) * round(px * leading)

    def lay(self, label: Label, px_per_mm: float) -> Laid:
        """Break and shrink a label into its place."""
        if label.personal:
            return self._lay(label, px_per_mm)
        key = _layout_key(label, px_per_mm)
        if key not in self._laid:
            self._laid[key] = self._lay(label, px_per_mm)
            if len(self._laid) > _LAYOUTS:
                self._laid.popitem(last=False)
        self._laid.move_to_end(key)
        return self._laid[key]

    def draw(  # noqa: PLR0913
        self,
        text: str,
        px: int,
        weight: Weight,
        color: Color,
        *,
        cells: bool = False,
        personal: bool = False,
    ) -> pygame.Surface:
        """One line, as a surface with a transparent ground."""
        if personal:
            return self._draw(text, px, weight, color, cells=cells)
        key = (text, px, weight, color, cells)
        if key not in self._surfaces:
            self._keep(key, self._draw(text, px, weight, color, cells=cells))
        self._surfaces.move_to_end(key)
        return self._surfaces[key]

    def wipe(self) -> None:
        """Forget every text that was measured or drawn."""
        self._surfaces.clear()
        self._laid.clear()
        self._pixels = 0

    def remembered(self) -> tuple[str, ...]:
        """Every text a cache holds; for the proof that nothing personal is among them."""
        return tuple(str(key[0]) for key in (*self._surfaces, *self._laid))

    def _keep(self, key: tuple[object, ...], drawn: pygame.Surface) -> None:
        """The newest stays, whatever it measures; the oldest make room for it."""
        self._surfaces[key] = drawn
        self._pixels += _pixels(drawn)
        while self._pixels > _DRAWN_PIXELS and len(self._surfaces) > 1:
            _, oldest = self._surfaces.popitem(last=False)
            self._pixels -= _pixels(oldest)

    def _lay(self, label: Label, px_per_mm: float) -> Laid:
        laid = self._shrunk(label, px_per_mm)
        for text in label.instead:
            if laid.fits:
                break
            laid = self._shrunk(replace(label, text=text), px_per_mm)
        return laid if laid.fits or not label.clamp else self._clamped(label, laid, px_per_mm)

    def _shrunk(self, label: Label, px_per_mm: float) -> Laid:
        smallest = round((label.min_size or label.size) * px_per_mm)
        sizes = self.sizes(label.size * px_per_mm)
        laid = self._try(label, next(sizes), px_per_mm)
        while not laid.fits and laid.px > smallest:
            laid = self._try(label, max(smallest, next(sizes)), px_per_mm)
        return laid

    def _try(self, label: Label, px: int, px_per_mm: float) -> Laid:
        width = round(label.rect.w * px_per_mm)
        text = unicodedata.normalize("NFC", label.text)
        one = label.max_lines == 1
        lines = (text,) if one else self.wrap(text, px, label.weight, width)
        step = round(px * label.leading)
        widest = max(
            (self.width(line, px, label.weight, cells=label.cells) for line in lines), default=0
        )
        room = self._room(label, step, px_per_mm)
        # Words side by side are a little wider than the sum of what was measured for the break.
        fits = len(lines) <= room and widest <= width * _KERNED + 1
        return Laid(px, lines, step, fits, widest)

    def _room(self, label: Label, step: int, px_per_mm: float) -> int:
        """How many lines the place takes; a single one may spend the air around it."""
        height = round(label.rect.h * px_per_mm)
        one = 1 if height >= _TIGHT * step / label.leading else 0
        by_height = max(one, int(height * 1.02 // step))
        return min(by_height, label.max_lines) if label.max_lines else by_height

    def _clamped(self, label: Label, laid: Laid, px_per_mm: float) -> Laid:
        width = round(label.rect.w * px_per_mm)
        room = max(1, self._room(label, laid.step, px_per_mm))
        lines = list(laid.lines[:room])
        last = lines[-1] + (_ELLIPSIS if len(laid.lines) > room else "")
        while self.width(last, laid.px, label.weight) > width and len(last) > 1:
            last = last.removesuffix(_ELLIPSIS)[:-1].rstrip() + _ELLIPSIS
        lines[-1] = last
        widest = max(self.width(line, laid.px, label.weight) for line in lines)
        return Laid(laid.px, tuple(lines), laid.step, widest <= width + 1, widest)

    def _balanced(self, paragraph: str, px: int, weight: Weight, width: int) -> tuple[str, ...]:
        blank = self.width(" ", px, weight)
        words = [word.replace(_BOUND, " ") for word in self.bind(paragraph).split(" ")]
        if any(" " in word and self.width(word, px, weight) > width for word in words):
            words = paragraph.split(" ")
        wide = [self.width(word, px, weight) for word in words]
        lines = _greedy(words, wide, blank, width)
        # Even lines are for the eye; where texts are only measured, they fit or not as they are.
        if len(lines) == 1 or self.widths is not None:
            return lines
        low, high = max(wide), width
        while low < high:
            middle = (low + high) // 2
            if _lines(wide, blank, middle) > len(lines):
                low = middle + 1
            else:
                high = middle
        return _greedy(words, wide, blank, high) if high <= width else lines

    def _cells(self, text: str, px: int, weight: Weight) -> list[tuple[str, int]]:
        cell = max(self.width(digit, px, weight) for digit in _DIGITS)
        return [
            (letter, cell if letter in _DIGITS else self.width(letter, px, weight))
            for letter in text
        ]

    def _draw(
        self, text: str, px: int, weight: Weight, color: Color, *, cells: bool
    ) -> pygame.Surface:
        # SDL_ttf refuses a text with a null character.
        text = unicodedata.normalize("NFC", text).replace("\0", "")
        if not cells:
            pieces = [
                self._piece(part, px, weight, color, family) for family, part in fonts.runs(text)
            ]
            return _row([(piece, piece.get_width()) for piece in pieces], px)
        return _row(
            [
                (self._piece(letter, px, weight, color, fonts.runs(letter)[0][0]), width)
                for letter, width in self._cells(text, px, weight)
            ],
            px,
        )

    def _piece(self, text: str, px: int, weight: Weight, color: Color, family: Family) -> "_Piece":
        font = self.font(px, weight, family)
        return _Piece(font.render(text, True, rgb(color)), font.get_ascent())  # noqa: FBT003


@dataclass(frozen=True, slots=True)
class _Piece:
    surface: pygame.Surface
    ascent: int

    def get_width(self) -> int:
        return self.surface.get_width()


def _row(pieces: list[tuple[_Piece, int]], px: int) -> pygame.Surface:
    """Pieces side by side on one baseline, each centred in its width."""
    if len(pieces) == 1 and pieces[0][1] == pieces[0][0].get_width():
        return pieces[0][0].surface
    ascent = max((piece.ascent for piece, _ in pieces), default=0)
    height = max((piece.surface.get_height() - piece.ascent for piece, _ in pieces), default=px)
    row = pygame.Surface(
        (max(1, sum(width for _, width in pieces)), ascent + height), pygame.SRCALPHA, 32
    )
    x = 0
    for piece, width in pieces:
        row.blit(piece.surface, (x + (width - piece.get_width()) // 2, ascent - piece.ascent))
        x += width
    return row


def _greedy(words: list[str], wide: list[int], blank: int, width: int) -> tuple[str, ...]:
    lines: list[list[str]] = []
    used = 0
    for word, w in zip(words, wide, strict=True):
        if lines and used + blank + w <= width:
            lines[-1].append(word)
            used += blank + w
        else:
            lines.append([word])
            used = w
    return tuple(" ".join(line) for line in lines)


def _lines(wide: list[int], blank: int, width: int) -> int:
    """How many lines `_greedy` would make."""
    lines, used = 1, wide[0]
    for w in wide[1:]:
        if used + blank + w <= width:
            used += blank + w
        else:
            lines, used = lines + 1, w
    return lines


def _layout_key(label: Label, px_per_mm: float) -> tuple[object, ...]:
    return (
        label.text,
        label.instead,
        label.weight,
        label.size,
        label.min_size,
        label.rect.w,
        label.rect.h,
        label.max_lines,
        label.leading,
        label.clamp,
        label.cells,
        px_per_mm,
    )


def _pixels(drawn: pygame.Surface) -> int:
    return drawn.get_width() * drawn.get_height()
