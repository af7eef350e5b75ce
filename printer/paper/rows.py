"""The vocabulary of a laid-out ticket: rows of ink in dots, without fonts or a printer."""

from dataclasses import dataclass
from typing import Protocol

from hall.fonts import Weight


@dataclass(frozen=True, slots=True)
class Font:
    """`size` in dots to the em."""

    weight: Weight
    size: int


@dataclass(frozen=True, slots=True)
class TextRun:
    """One line of text; `x` is its left edge, `baseline` counts from the row's top."""

    text: str
    font: Font
    x: int
    baseline: int
    inverse: bool = False


@dataclass(frozen=True, slots=True)
class Digits:
    """The number, character by character, so that each glyph is drawn once and kept."""

    text: str
    font: Font
    x: int
    baseline: int


@dataclass(frozen=True, slots=True)
class FilledBar:
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Qr:
    """`scale` dots a module."""

    text: str
    scale: int
    x: int


@dataclass(frozen=True, slots=True)
class Bitmap:
    """A picture of the hall's own (its logo), already black and white, named in the settings."""

    name: str
    x: int


@dataclass(frozen=True, slots=True)
class Strokes:
    """A picture of `hall.signs.pictures`, `side` dots wide and high."""

    name: str
    side: int
    x: int


Ink = TextRun | Digits | FilledBar | Qr | Bitmap | Strokes


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A strip as wide as the paper; its value is its identity, so a drawn row can be kept.

    `asset` names a row that never changes from ticket to ticket of a hall: printers with memory
    of their own may keep it. `plain` is the ASCII text a printer could set in its own type.
    `parts`: in place of inks, rows under one another that such a memory keeps as one.
    """

    height: int
    inks: tuple[Ink, ...] = ()
    asset: str | None = None
    plain: str | None = None
    parts: tuple["TicketRow", ...] = ()


class Metrics(Protocol):
    """What layout must know of fonts, codes and pictures, all in dots."""

    def width(self, text: str, font: Font) -> int: ...

    def rise(self, text: str, font: Font) -> int:
        """Ink above the baseline."""
        ...

    def fall(self, text: str, font: Font) -> int:
        """Ink below the baseline."""
        ...

    def modules(self, text: str) -> int:
        """Modules along one side of the QR code of `text`, quiet zone left out."""
        ...

    def picture(self, name: str) -> tuple[int, int]:
        """Width and height of a named picture; (0, 0) when there is none."""
        ...
