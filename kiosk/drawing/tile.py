"""A big coloured plate to touch: icon, what it does, what comes of it."""

from dataclasses import dataclass, replace

from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.palette import Color, mix
from hall.screen.tree import Box, Target, VAlign
from kiosk.drawing.scene_builder import SceneBuilder, Style
from kiosk.model.actions import Action

_USUAL = 1.75
# The words of the first tile, the largest on the page but for numbers.
_FIRST = 2.4


@dataclass(frozen=True, slots=True)
class Tile:
    """`key` names its nodes and its target; `icon` is one of the set's."""

    key: str
    title: str
    hint: str
    icon: str
    color: Color
    action: Action


def draw(sheet: SceneBuilder, rect: Rect, tile: Tile) -> None:
    """One of several alike, whose words share one size."""
    _plate(sheet, rect, tile, f"tile.{tile.key}", _USUAL)


def draw_first(sheet: SceneBuilder, rect: Rect, tile: Tile) -> None:
    """The one that most people come for, in words of its own size."""
    _plate(sheet, rect, tile, tile.key, _FIRST)


def _plate(sheet: SceneBuilder, rect: Rect, tile: Tile, key: str, k: float) -> None:
    """The title `k` times running text; the hint where there is room for it."""
    theme, palette = sheet.theme, sheet.theme.palette
    edge = theme.radius * 1.4
    sheet.add(Box(f"{tile.key}.tile", rect, tile.color, edge, shadow=not palette.flat))
    words_at = _picture(sheet, rect, tile)
    close = theme.tight or (theme.lying and theme.modes.large)
    roomy = words_at.h > 5.2 * theme.least and not close
    upper, lower = words_at.rows(1.3, 1) if roomy else (words_at, words_at.foot(0))
    valign: VAlign = "bottom" if roomy else "middle"
    title = Style(k, Weight.BOLD, palette.on_tile, valign=valign, lines=2, on=tile.color)
    sheet.text(f"{key}.title", upper, tile.title, title)
    if roomy:
        hint = Style(1.0, Weight.MEDIUM, palette.on_tile, valign="top", lines=2, on=tile.color)
        sheet.text(f"{key}.hint", lower, tile.hint, replace(hint, instead=("",)))
    sheet.add(Target(tile.key, rect, tile.action, edge))


def _picture(sheet: SceneBuilder, rect: Rect, tile: Tile) -> Rect:
    """The icon on its disc, above the words or before them; what is left for the words."""
    theme, palette = sheet.theme, sheet.theme.palette
    inner = rect.inset(theme.gap, theme.gap * 0.8)
    if rect.h > 0.55 * rect.w:
        side = min(inner.h * 0.4, inner.w * 0.34)
        disc = Rect(inner.x, inner.y, side, side)
        words_at = inner.below(side + theme.gap * 0.5)
    else:
        side = min(inner.h, inner.w * 0.24, theme.em * 4)
        disc = Rect(inner.x, inner.y + (inner.h - side) / 2, side, side)
        words_at = inner.after(side + theme.gap * 0.8)
    back = tile.color if palette.flat else mix(tile.color, "#000000", 0.16)
    sheet.add(Box(f"{tile.key}.disc", disc, back, side * 0.28))
    sheet.icon(f"{tile.key}.icon", disc.inset(side * 0.16), tile.icon, palette.on_tile)
    return words_at
