"""Taking a number, the questions: what for, and with priority or not."""

from hall.contract.messages import ServiceState
from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.palette import mix
from hall.screen.tree import Box, Target
from kiosk.drawing import frame, hindrances, paging, question, spread
from kiosk.drawing.scene_builder import SceneBuilder, Style
from kiosk.drawing.theme import TOUCH_MM
from kiosk.model import ticketing
from kiosk.model.actions import ChoosePriority, ChooseService, Open
from kiosk.model.pages import CheckInPage, NoTicket, PickPriority, PickService
from kiosk.model.setup import ServiceChoice
from kiosk.model.state import KioskModel


def draw(sheet: SceneBuilder, model: KioskModel, page: PickService) -> None:
    theme, words = sheet.theme, sheet.theme.words
    title = words("ticket.which" if theme.tight else "ticket.title")
    frame.head(sheet, model, title, model.setup.hall_name)
    told, touched = theme.split(0.1)
    if theme.tight and not theme.low:
        # The question stands in the head: the services need the height.
        touched = theme.body
    else:
        style = Style(1.6, Weight.BOLD, align="centre", on=theme.palette.page)
        question.draw(sheet, "which", told, (words("ticket.which"), style), "ticket")
    touched = _booked(sheet, model, touched)
    _cards(sheet, model, touched, page.offset)


def _booked(sheet: SceneBuilder, model: KioskModel, room: Rect) -> Rect:
    """The way for who has an appointment, where people can have one; what room is left."""
    theme = sheet.theme
    if not model.setup.booked:
        return room
    row = room.top(max(TOUCH_MM, theme.em * 3.4))
    words = theme.words("ticket.booked")
    sheet.button("booked", row, words, Open(CheckInPage()), "clock", "plain", k=1.4)
    return room.below(row.h + theme.gap)


def _cards(sheet: SceneBuilder, model: KioskModel, room: Rect, offset: float) -> None:
    """One below the other, or in two columns; a list that scrolls where there are too many."""
    theme, services = sheet.theme, model.setup.services
    least = max(TOUCH_MM, theme.em * (3.15 if theme.lying else 3.6))
    columns = 1 if theme.portrait and len(services) * (least + theme.gap) <= room.h else 2
    rows = -(-len(services) // columns)
    h = spread.row_height(room, rows, theme.em * 9, theme.gap)
    inside = SceneBuilder(theme)
    h = max(least, h)
    total = rows * h + (rows - 1) * theme.gap
    cells = spread.spread_grid(room, columns, rows, h, theme.gap)
    for cell, service in zip(cells, services, strict=False):
        _card(inside, cell, service, model)
    if total <= room.h + 0.01:
        sheet.add(*inside.nodes)
    else:
        paging.scroll(sheet, room, total, offset, inside.nodes)


def _card(sheet: SceneBuilder, cell: Rect, service: ServiceChoice, model: KioskModel) -> None:
    theme, palette = sheet.theme, sheet.theme.palette
    key = f"service.{service.id}"
    close = theme.tight or theme.lying
    hindrance = ticketing.barred(model, service.id)
    unattended = hindrance is None and ticketing.nobody_there(model, service)
    known = palette.tiles[0] if palette.flat else service.sign.color
    color = known if hindrance is None and not unattended else palette.muted
    sheet.plate(key, cell)
    inner = cell.inset(theme.gap, theme.gap * (0.3 if theme.lying else 0.5 if close else 1.0))
    side = min(inner.h, inner.w * (0.15 if close else 0.22), theme.em * 4.2)
    disc = Rect(inner.x, inner.y + (inner.h - side) / 2, side, side)
    sheet.add(Box(f"{key}.disc", disc, color, side * 0.28))
    sheet.icon(f"{key}.icon", disc.inset(side * 0.16), service.sign.picture, palette.on_tile)
    words_at = inner.after(side + theme.gap)
    if not theme.lying:
        words_at = words_at._replace(w=words_at.w - theme.em * 1.1)
    upper, lower = words_at.rows(1.6 if close else 1.35, 1)
    sheet.text(
        f"{key}.name", upper, service.name, Style(1.5, Weight.BOLD, lines=2, valign="bottom")
    )
    told, *shorter = _queue_or_reason(sheet, model, service, hindrance, unattended=unattended)
    sheet.text(
        f"{key}.wait",
        lower,
        told,
        Style(1.0, Weight.MEDIUM, palette.muted, valign="top", lines=1, instead=tuple(shorter)),
    )
    if not theme.lying:
        arrow = inner.side(theme.em * 1.3)
        ink = color if not palette.flat else palette.ink
        sheet.icon(f"{key}.arrow", arrow, "right", ink)
    sheet.add(Target(f"{key}.go", cell, ChooseService(service.id), theme.radius))


def _queue_or_reason(
    sheet: SceneBuilder,
    model: KioskModel,
    service: ServiceChoice,
    hindrance: NoTicket | None,
    *,
    unattended: bool,
) -> tuple[str, ...]:
    """The line under a service's name; then shorter, for less room."""
    words = sheet.theme.words
    if hindrance is not None:
        return hindrances.on_tile(sheet, model, hindrance)
    if unattended:
        nobody = words("ticket.nobody_there")
        return f"{nobody} · {words('ticket.still_given')}", nobody
    return _queue(sheet, model.world.services.get(service.id))


def _queue(sheet: SceneBuilder, state: ServiceState | None) -> tuple[str, ...]:
    """How many wait and for how long."""
    words = sheet.theme.words
    if state is None:
        return (words("ticket.no_wait"),)
    if state.waiting == 0:
        return (words("ticket.nobody"),)
    waiting = words("ticket.waiting", n=state.waiting)
    if state.wait_min is None:
        return (waiting,)
    low, high = state.wait_min
    wait = words("ticket.wait", lo=low, hi=high)
    return f"{waiting} · {wait}", wait, waiting


def draw_priority(sheet: SceneBuilder, model: KioskModel, page: PickPriority) -> None:
    """No is as large as yes: nobody is made to say yes to go on."""
    theme, words = sheet.theme, sheet.theme.words
    name = next((s.name for s in model.setup.services if s.id == page.service), "")
    frame.head(sheet, model, words("ticket.title"), name)
    if theme.lying:
        told, touched = theme.split(0.5)
        ask, who, word = told.rows(0.7, 1.7, 0.6)
    elif theme.portrait:
        told, touched = theme.split(0.34)
        ask, who, word = told.rows(1.2, 1.5, 0.6)
    else:
        told, touched = theme.body.columns(1.25, 1, gap=theme.gap)
        ask, who, word = told.rows(1.2, 1.5, 0.6)
    sheet.text(
        "ask",
        ask,
        words("ticket.priority_title"),
        Style(1.7, Weight.BOLD, align="centre", on=theme.palette.page),
    )
    sheet.card("who.card", who)
    inner = who.inset(theme.gap, theme.gap * (0.4 if theme.lying else 1.0))
    sheet.text("who", inner, words("ticket.priority_who"), Style(1.3, align="centre"))
    sheet.text(
        "word",
        word,
        words("ticket.priority_word"),
        Style(0.95, Weight.MEDIUM, theme.palette.muted, "centre", on=theme.palette.page),
    )
    _answers(sheet, model, touched)


def _answers(sheet: SceneBuilder, model: KioskModel, room: Rect) -> None:
    words, palette = sheet.theme.words, sheet.theme.palette
    answers = [
        (p.id, words("ticket.priority_yes", name=p.name), p.pictures)
        for p in model.setup.priorities
    ]
    if len(answers) == 1:
        ident, _, pictures = answers[0]
        answers = [(ident, words("ticket.priority_yes_only"), pictures)]
    rows = len(answers) + 1
    columns = 1 if rows <= (5 if sheet.theme.portrait else 3) else 2
    rows = -(-rows // columns)
    h = spread.row_height(room, rows, sheet.theme.em * 9, sheet.theme.gap)
    cells = spread.spread_grid(room, columns, rows, h, sheet.theme.gap)
    _answer(sheet, cells[0], "no", words("ticket.priority_no"), ("ticket",), palette.tiles[0], None)
    for cell, (ident, text, pictures) in zip(cells[1:], answers, strict=False):
        _answer(sheet, cell, ident, text, pictures, palette.tiles[2], ident)


def _answer(  # noqa: PLR0913, PLR0917
    sheet: SceneBuilder,
    cell: Rect,
    key: str,
    text: str,
    pictures: tuple[str, ...],
    color: str,
    answer: str | None,
) -> None:
    theme, palette = sheet.theme, sheet.theme.palette
    key = f"priority.{key}"
    sheet.add(Box(key, cell, color, theme.radius * 1.4, shadow=not palette.flat))
    inner = cell.inset(theme.gap * 1.2, theme.gap * 0.6)
    side = min(inner.h, theme.em * 4, inner.w * 0.24)
    disc = Rect(inner.x, inner.y + (inner.h - side) / 2, side, side)
    dark = color if palette.flat else mix(color, "#000000", 0.16)
    sheet.add(Box(f"{key}.disc", disc, dark, side * 0.28))
    _pictures(sheet, f"{key}.icon", disc, pictures)
    sheet.text(
        f"{key}.text",
        inner.after(side + theme.gap),
        text,
        Style(1.55, Weight.BOLD, palette.on_tile, on=color),
    )
    sheet.add(Target(f"{key}.go", cell, ChoosePriority(answer), theme.radius * 1.4))


def _pictures(sheet: SceneBuilder, key: str, disc: Rect, pictures: tuple[str, ...]) -> None:
    """One picture, or up to four in the corners of the disc."""
    on_tile = sheet.theme.palette.on_tile
    if len(pictures) == 1:
        sheet.icon(key, disc.inset(disc.w * 0.16), pictures[0], on_tile)
        return
    cells = disc.inset(disc.w * 0.08).grid(2, 2, disc.w * 0.04)
    for place, (picture, cell) in enumerate(zip(pictures, cells, strict=False)):
        sheet.icon(f"{key}.{place}", cell, picture, on_tile)
