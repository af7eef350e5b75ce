"""No number could be taken: why, and what to do instead."""

from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.tree import Box
from kiosk.drawing import frame, hindrances
from kiosk.drawing.scene_builder import SceneBuilder, Style
from kiosk.drawing.theme import TOUCH_MM
from kiosk.model.actions import ChooseService, Open, TakeOnScreen
from kiosk.model.pages import Fields, NoTicket, PickService
from kiosk.model.state import KioskModel

_OF_SERVICE = frozenset({"limit", "closed"})
_PAPERLESS = frozenset({"unavailable", "voided"})


def draw(sheet: SceneBuilder, model: KioskModel, page: NoTicket) -> None:
    theme, words = sheet.theme, sheet.theme.words
    name = next((s.name for s in model.setup.services if s.id == page.service), "")
    frame.head(sheet, model, words("trouble.title"), name)
    told, touched = theme.split(0.78 if theme.portrait and not theme.low else 0.62)
    reason = words(hindrances.why(page, model))
    message(sheet, told, "warning", reason, hindrances.what_to_do(sheet, model, page))
    _ways_on(sheet, model, page, touched)


def message(sheet: SceneBuilder, rect: Rect, icon: str, reason: str, advice: str) -> None:
    """An icon, what happened, what to do."""
    theme, palette = sheet.theme, sheet.theme.palette
    sheet.card("message", rect)
    inner = rect.inset(theme.gap * 2, theme.gap)
    if theme.portrait:
        picture, first, second = inner.rows(1.5, 1.1, 1.2, gap=theme.gap * 0.5)
        side = min(picture.h, picture.w) * 0.85
        spot = Rect(picture.x + (picture.w - side) / 2, picture.y, side, side)
    else:
        picture, words_at = inner.columns(1, 3.2, gap=theme.gap * 2)
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
    align = "centre" if theme.portrait else "left"
    sheet.text("message.why", first, reason, Style(1.8, Weight.BOLD, align=align))  # type: ignore[arg-type]
    sheet.text("message.do", second, advice, Style(1.25, Weight.MEDIUM, palette.muted, align))  # type: ignore[arg-type]


def _ways_on(sheet: SceneBuilder, model: KioskModel, page: NoTicket, room: Rect) -> None:
    theme, words = sheet.theme, sheet.theme.words
    h = min(room.h, max(TOUCH_MM, theme.em * 4))
    offered = model.setup.paperless and page.code in _PAPERLESS and page.service
    row = room.top(h)
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
