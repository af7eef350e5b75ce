"""Keys of our own keyboards: large, few, each with one letter."""

import re
from dataclasses import dataclass

from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.tree import Box, Icon, Target
from kiosk.drawing.scene_builder import SceneBuilder, Style
from kiosk.drawing.theme import RUNG, TOUCH_MM, Theme
from kiosk.model.actions import Action, Erase, PressKey

# A letter like H is so much wider than a digit's cell.
_WIDEST = 1.06
_LEADING = 1.3
_MOST_ACROSS = 10
# A stretch of a code with the mark that ends it.
_PARTS = re.compile(r"[^.-]*[.-]|[^.-]+")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class LetterRows:
    """Three rows of keys: the letters, then each further key; what is left is the last one's."""

    letters: str
    others: tuple[Rect, ...]
    last: Rect
    places: tuple[Rect, ...]


def three_rows(theme: Theme, room: Rect, others: int, seldom: str) -> LetterRows:
    """All letters, or where there is no room for keys of their size all but the `seldom` ones."""
    gap = min(theme.gap, 4.0)
    whole = (room.w - gap * (_MOST_ACROSS - 1)) / _MOST_ACROSS >= TOUCH_MM
    across = _MOST_ACROSS if whole else _MOST_ACROSS - 1
    letters = "".join(each for each in LETTERS if whole or each not in seldom)
    cells = room.grid(across, 3, gap)
    ends = len(letters) + others
    first = cells[ends]
    last = Rect(first.x, first.y, cells[-1].right - first.x, first.h)
    return LetterRows(letters, cells[len(letters) : ends], last, cells[: len(letters)])


def key(sheet: SceneBuilder, rect: Rect, letter: str, action: Action | None = None) -> None:
    """A white key; `action` other than the letter itself for keys with a word."""
    theme = sheet.theme
    name = f"key.{letter}"
    sheet.plate(name, rect)
    size = 1.9 if len(letter) == 1 else 1.15
    sheet.text(
        f"{name}.text",
        rect.inset(rect.w * 0.06),
        letter,
        Style(size, Weight.SEMIBOLD, align="centre", lines=1),
    )
    sheet.add(Target(f"{name}.go", rect, action or PressKey(letter), theme.radius))


def erase(sheet: SceneBuilder, rect: Rect) -> None:
    theme, palette = sheet.theme, sheet.theme.palette
    sheet.add(
        Box("key.erase", rect, palette.soft, theme.radius, border=palette.edge, border_mm=0.6)
    )
    side = min(rect.h, rect.w) * 0.5
    spot = Rect(rect.x + (rect.w - side) / 2, rect.y + (rect.h - side) / 2, side, side)
    sheet.add(Icon("key.erase.icon", spot, "backspace", palette.ink))
    sheet.add(Target("key.erase.go", rect, Erase(), theme.radius))


def code_field(sheet: SceneBuilder, rect: Rect, typed: str, hint: str) -> None:
    """A code whole, however long: in as many lines as it needs, broken after its marks."""
    if not typed:
        field(sheet, rect, typed, hint, personal=True)
        return
    theme, palette = sheet.theme, sheet.theme.palette
    sheet.add(Box("field", rect, palette.card, theme.radius, border=palette.accent, border_mm=0.9))
    inner = rect.inset(theme.gap * 0.6, theme.gap * 0.3)
    size, lines = set_code(theme, f"{typed}|", inner, theme.size(1.7))
    style = Style(size / theme.em, Weight.SEMIBOLD, cells=True, personal=True, least=size)
    sheet.text("field.text", inner, "\n".join(lines), style)


def set_code(theme: Theme, text: str, room: Rect, size: float) -> tuple[float, tuple[str, ...]]:
    """The largest size from `size` (mm) down to the least at which all of it stands in the room."""
    smallest = min(size, theme.least)
    while True:
        cell = theme.measure.width("0" * 10, theme.panel.px(size), Weight.SEMIBOLD, cells=True) / 10
        most = max(1, int(room.w * theme.panel.px_per_mm / (cell * _WIDEST)))
        lines = _broken(text, most)
        parted = any(len(part) > most for part in _PARTS.findall(text))
        if size <= smallest or (len(lines) * size * _LEADING <= room.h and not parted):
            return size, lines
        size = max(smallest, size / RUNG)


def parts(text: str) -> list[str]:
    """The stretches of a code that a line does not break."""
    return _PARTS.findall(text.replace("\n", ""))


def broken(theme: Theme, text: str, size: float, wide: float) -> str:
    """A code in lines of this width (mm), broken after its marks."""
    cell = theme.measure.width("0" * 10, theme.panel.px(size), Weight.SEMIBOLD, cells=True) / 10
    return "\n".join(_broken(text, max(1, int(wide * theme.panel.px_per_mm / (cell * _WIDEST)))))


def _broken(text: str, most: int) -> tuple[str, ...]:
    """Lines of so many signs, each as full as its marks allow."""
    lines = [""]
    for part in _PARTS.findall(text):
        if lines[-1] and len(lines[-1]) + len(part) > most:
            lines.append("")
        lines[-1] += part
        while len(lines[-1]) > most:
            lines[-1:] = [lines[-1][:most], lines[-1][most:]]
    return tuple(lines)


def field(sheet: SceneBuilder, rect: Rect, typed: str, hint: str, *, personal: bool) -> None:
    """Where the typed text stands, with its cursor; the hint while nothing does."""
    theme, palette = sheet.theme, sheet.theme.palette
    sheet.add(Box("field", rect, palette.card, theme.radius, border=palette.accent, border_mm=0.9))
    inner = rect.inset(theme.gap, theme.gap * 0.3)
    if typed:
        sheet.text(
            "field.text",
            inner,
            f"{typed}|",
            Style(
                1.7,
                Weight.SEMIBOLD,
                cells=True,
                lines=1 if theme.portrait else 0,
                personal=personal,
                clamp=True,
            ),
        )
    else:
        sheet.text(
            "field.hint",
            inner,
            hint,
            Style(1.1, Weight.REGULAR, palette.muted, least=theme.least * 0.7),
        )
