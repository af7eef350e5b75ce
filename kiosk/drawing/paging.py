"""A list longer than its place: it can be dragged, and has buttons for who cannot drag."""

from collections.abc import Sequence

from hall.screen.geometry import Rect
from hall.screen.tree import Box, Node, Scroll
from kiosk.drawing.scene_builder import SceneBuilder
from kiosk.drawing.theme import TOUCH_MM, Theme
from kiosk.model.actions import ScrollTo

# In less room than so many touch targets the buttons would leave nothing of the list.
_FEWEST = 4.5
_OVERLAP = 0.85
# The buttons of a list beside it: an arrow over a short word in large type.
ASIDE_MM = 26.0


def window(theme: Theme, room: Rect, height: float) -> Rect:
    """What of the room the list itself has."""
    if height <= room.h + 0.01 or room.h < _FEWEST * TOUCH_MM:
        return room
    if not theme.zone.holds(room.foot(_buttons_h(theme))):
        return room
    return room.above(_buttons_h(theme) + theme.gap)


def scroll(
    sheet: SceneBuilder, room: Rect, height: float, offset: float, nodes: Sequence[Node]
) -> None:
    """`nodes` are laid out from the room's corner, `height` mm of them in all."""
    shown = window(sheet.theme, room, height)
    limit = max(0.0, height - shown.h)
    at = min(offset, limit)
    sheet.add(Scroll("list", shown, at, height, tuple(nodes)))
    if at < limit and shown.h == room.h:
        _more(sheet, shown)
    if shown.h < room.h:
        up, down = room.foot(_buttons_h(sheet.theme)).columns(1, 1, gap=sheet.theme.gap)
        _turn_buttons(sheet, (up, down), at, limit, shown.h * _OVERLAP)


def scroll_beside(  # noqa: PLR0913, PLR0917
    sheet: SceneBuilder,
    room: Rect,
    aside: Rect,
    height: float,
    offset: float,
    nodes: Sequence[Node],
) -> None:
    """The same with its buttons `aside` on the right: a panel on its side is not high enough."""
    shown = room.left(room.w - aside.w - sheet.theme.gap)
    limit = max(0.0, height - shown.h)
    at = min(offset, limit)
    sheet.add(Scroll("list", shown, at, height, tuple(nodes)))
    up, down = aside.rows(1, 1, gap=sheet.theme.gap)
    _turn_buttons(sheet, (up, down), at, limit, shown.h * _OVERLAP)


def _more(sheet: SceneBuilder, shown: Rect) -> None:
    """Without room for buttons: a mark that the list goes on below; it is drawn over its foot."""
    theme, palette = sheet.theme, sheet.theme.palette
    side = theme.em * 1.5
    spot = Rect(shown.right - side, shown.bottom - side, side, side)
    sheet.add(Box("list.more", spot, palette.ink, side / 2, border=palette.card, border_mm=0.6))
    sheet.icon("list.more.icon", spot.inset(side * 0.2), "down", palette.card)


def _turn_buttons(
    sheet: SceneBuilder, places: tuple[Rect, Rect], at: float, limit: float, page: float
) -> None:
    """Each keeps its place, so that a second tap does not undo the first."""
    words = sheet.theme.words
    up, down = places
    if at > 0:
        back = ScrollTo(max(0.0, at - page))
        sheet.button("list.up", up, words("list.up"), back, "up", "plain")
    if at < limit:
        on = ScrollTo(min(limit, at + page))
        sheet.button("list.down", down, words("list.down"), on, "down", "plain")


def _buttons_h(theme: Theme) -> float:
    return max(TOUCH_MM, theme.em * 2.2)
