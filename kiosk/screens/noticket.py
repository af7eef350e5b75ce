"""No number could be taken: why, and what to do instead."""

from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.tree import Align, Box
from kiosk.drawing import frame, hindrances, spread
from kiosk.drawing.scene_builder import SceneBuilder, Style
from kiosk.drawing.theme import TOUCH_MM
from kiosk.model.actions import ChooseService, Open, TakeOnScreen
from kiosk.model.pages import Fields, NoTicket, PickService
from kiosk.model.state import KioskModel

_OF_SERVICE = frozenset({"limit", "closed"})
# Of the height of a message.
_PICTURE = 0.5
# A panel that stands has room for larger words.
_UPRIGHT = 1.25
_PAPERLESS = frozenset({"unavailable", "voided"})


def draw(sheet: SceneBuilder, model: KioskModel, page: NoTicket) -> None:
    theme, words = sheet.theme, sheet.theme.words
    name = next((s.name for s in model.setup.services if s.id == page.service), "")
    frame.head(sheet, model, words("trouble.title"), name)
    told, touched = theme.parted(max(TOUCH_MM, theme.em * 4))
    reason = words(hindrances.why(page, model))
    message(sheet, told, "warning", reason, hindrances.what_to_do(sheet, model, page))
    _ways_on(sheet, model, page, touched)


def message(sheet: SceneBuilder, rect: Rect, icon: str, reason: str, advice: str) -> None:
    """An icon, what happened, what to do."""
    theme, palette = sheet.theme, sheet.theme.palette
    sheet.card("message", rect)
    inner = rect.inset(theme.gap * 2, theme.gap)
    align: Align = "centre" if theme.portrait else "left"
    large = _UPRIGHT if theme.portrait else 1.0
    why = Style(1.8 * large, Weight.BOLD, align=align)
    do = Style(1.25 * large, Weight.MEDIUM, palette.muted, align)
    if theme.portrait:
        side = min(inner.h * _PICTURE, inner.w * 0.7)
        spot, first, second = spread.picture_over(theme, inner, side, (reason, why), (advice, do))
        side = spot.h
    else:
        picture, words_at = inner.columns(1, 1.7, gap=theme.gap * 2)
        first, second = words_at.rows(1, 1.2)
        side = min(picture.w, picture.h) * 0.9
        spot = Rect(picture.x, picture.y + (picture.h - side) / 2, side, side)
    edge = palette.warn if palette.flat else None
    sheet.add(
        Box(
            "message.disc",
            spot,
            palette.warn_back,
            side / 2,
            border=edge,
            border_mm=0.8 if edge else 0,
        )
    )
    sheet.icon("message.icon", spot.inset(side * 0.2), icon, palette.warn)
    sheet.text("message.why", first, reason, why)
    sheet.text("message.do", second, advice, do)


def _ways_on(sheet: SceneBuilder, model: KioskModel, page: NoTicket, room: Rect) -> None:
    theme, words = sheet.theme, sheet.theme.words
    h = min(room.h, max(TOUCH_MM, theme.em * 4))
    offered = model.setup.paperless and page.code in _PAPERLESS and page.service
    row = spread.row(theme, room, h)
    cells = row.columns(1, 1, gap=theme.gap) if offered else (row.inset(row.w * 0.2, 0),)
    if page.code in _OF_SERVICE and not model.world.gives_tickets:
        # Whoever waits for the hall to open can read what to bring.
        papers = words("home.procedures")
        sheet.button("papers", cells[0], papers, Open(Fields()), "list", k=1.3)
    elif page.code in _OF_SERVICE and len(model.setup.services) > 1:
        sheet.button("other", cells[0], words("ticket.other"), Open(PickService()), "ticket", k=1.3)
    elif page.service:
        again = ChooseService(page.service)
        sheet.button(
            "again",
            cells[0],
            words("ticket.again"),
            again,
            "ticket",
            "plain" if offered else "primary",
            k=1.3,
        )
    if offered:
        sheet.button(
            "screen", cells[-1], words("ticket.on_screen"), TakeOnScreen(), "camera", k=1.3
        )
