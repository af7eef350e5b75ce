"""What every part of the board draws with: a unit of size, colours, words. Pure."""

from dataclasses import dataclass, replace

from display.board.words import BoardWords
from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.palette import Color, Palette, mix
from hall.screen.tree import Align, Box, Icon, Label, Node
from hall.signs.assigning import ServiceSign

_SHRINK = 0.36
# Of its place's height: marks above capitals (Ậ) and below (ự) need the rest.
_LINE_FILL = 0.8
_NUMBER_FILL = 1.15


@dataclass(frozen=True, slots=True)
class Brush:
    """`unit`: a hundredth of the panel's short side. `ink` on `back` is what `line` writes.

    `floor`: no type is smaller (em, mm).

    `stale`: numbers stay but fade, since nobody knows whether they still hold.
    """

    unit: float
    palette: Palette
    words: BoardWords
    ink: Color
    back: Color
    stale: bool = False
    floor: float = 0.0

    def on(self, back: Color, ink: Color) -> "Brush":
        return replace(self, back=back, ink=ink)

    def least(self, em: float) -> float:
        """A size, but not below the floor."""
        return max(em, self.floor)

    def line(  # noqa: PLR0913
        self,
        key: str,
        place: Rect,
        text: str,
        size: float,
        *,
        color: Color | None = None,
        weight: Weight = Weight.SEMIBOLD,
        align: Align = "left",
        lines: int = 1,
        instead: tuple[str, ...] = (),
    ) -> Label:
        """Text of `size` units that shrinks to a third, but not below the floor."""
        em = max(min(size * self.unit, place.h * _LINE_FILL), self.floor)
        return Label(
            key, place, text, em, color or self.ink, weight, align=align,
            min_size=self.least(em * _SHRINK), max_lines=lines, leading=1.15, on=self.back,
            instead=instead,
        )  # fmt: skip

    def high(self, size: float, lines: int = 1) -> float:
        """How much height `lines` of `size` units need, mm."""
        return max(size * self.unit, self.floor / _LINE_FILL * (1 + (lines - 1) * 0.92))

    def number(  # noqa: PLR0913
        self,
        key: str,
        place: Rect,
        text: str,
        em: float,
        *,
        color: Color | None = None,
        align: Align = "right",
    ) -> Label:
        """A ticket's number: as large as fits, its digits in cells, in no cache.

        A day has a thousand of them, and each large one would be a picture of a megabyte.
        """
        em = max(min(em, place.h * _NUMBER_FILL), self.floor)
        ink = color or self.ink
        shade = mix(ink, self.back, 0.5) if self.stale else ink
        return Label(
            key, place, text, em, shade, Weight.BOLD, align=align,
            min_size=self.least(em * _SHRINK), max_lines=1, leading=1.0, cells=True, personal=True,
            on=None if self.stale else self.back,
        )  # fmt: skip

    def sign(self, key: str, place: Rect, sign: ServiceSign) -> list[Node]:
        """A service's picture in its colour."""
        back = self.palette.tiles[0] if self.palette.flat else sign.color
        ink = self.palette.on_tile
        side = min(place.w, place.h) * 0.8
        x, y = place.centre[0] - side / 2, place.centre[1] - side / 2
        return [
            Box(key, place, back, radius=self.unit * 1.3),
            Icon(f"{key}-picture", Rect(x, y, side, side), sign.picture, ink),
        ]

    def card(self, key: str, place: Rect) -> Box:
        """The white ground of a part."""
        return Box(
            key, place, self.palette.card, radius=self.unit * 1.3, border=self.palette.line,
            border_mm=self.unit * 0.2,
        )  # fmt: skip

    def dots(self, key: str, place: Rect, at: int, count: int) -> list[Box]:
        """Which page of how many; nothing where there is one."""
        side, step = self.unit * 1.1, self.unit * 2.2
        x0 = place.centre[0] - (count - 1) * step / 2 - side / 2
        return [
            Box(
                f"{key}-{index}",
                Rect(x0 + index * step, place.centre[1] - side / 2, side, side),
                self.palette.accent if index == at else self.palette.line,
                radius=side / 2,
            )
            for index in range(count if count > 1 else 0)
        ]
