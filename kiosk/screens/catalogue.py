"""The procedures: fields of work, then a list that letters narrow down."""

from hall.contract.catalogue import CatalogueProcedure
from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.tree import Box, Target
from kiosk.drawing import frame, keys, paging, pictograms
from kiosk.drawing.look import GAP_MM, TOUCH_MM
from kiosk.drawing.sheet import SceneBuilder, Style
from kiosk.model.actions import Open, PressKey, SwitchKeyboard
from kiosk.model.pages import Detail, Fields, Procedures
from kiosk.model.state import KioskModel


def draw_fields(sheet: SceneBuilder, model: KioskModel, page: Fields) -> None:
    look, words, shelf = sheet.look, sheet.look.words, model.world.shelf
    frame.head(sheet, model, words("catalogue.title"), _version(sheet, model))
    told, touched = look.split(0.1)
    sheet.text(
        "which",
        told,
        words("catalogue.which" if shelf.procedures else "catalogue.empty"),
        Style(1.4, Weight.BOLD, align="centre", on=look.palette.page),
    )
    search_h = max(TOUCH_MM, look.em * 3)
    search = Open(Procedures(keyboard=True))
    sheet.button(
        "search", touched.top(search_h), words("catalogue.search"), search, "search", k=1.3
    )
    _fields(sheet, model, page, touched.below(search_h + look.gap))


def _version(sheet: SceneBuilder, model: KioskModel) -> str:
    shelf, words = model.world.shelf, sheet.look.words
    told = words("catalogue.count", n=len(shelf.procedures))
    if any(procedure.sample for procedure in shelf.procedures):
        return f"{told} · {words('catalogue.sample')}"
    return told


def _fields(sheet: SceneBuilder, model: KioskModel, page: Fields, room: Rect) -> None:
    look, words, shelf = sheet.look, sheet.look.words, model.world.shelf
    names: list[str | None] = [None, *shelf.fields] if shelf.procedures else []
    columns = 2
    h = max(TOUCH_MM, look.em * 4.2)
    total = -(-len(names) // columns) * (h + look.gap) - look.gap
    inside = SceneBuilder(look)
    w = (room.w - look.gap * (columns - 1)) / columns
    for place, name in enumerate(names):
        cell = Rect(
            room.x + (place % columns) * (w + look.gap),
            room.y + (place // columns) * (h + look.gap),
            w,
            h,
        )
        count = words("catalogue.count", n=len(shelf.of_field(name)))
        _field(inside, cell, name, count, place)
    paging.scroll(sheet, room, total, page.offset, inside.nodes)


def _field(sheet: SceneBuilder, cell: Rect, name: str | None, count: str, place: int) -> None:
    look, palette = sheet.look, sheet.look.palette
    key = f"field.{place}"
    sheet.card(key, cell)
    inner = cell.inset(look.gap * 0.8, look.gap * 0.5)
    side = min(inner.h * 0.8, look.em * 2.6)
    disc = Rect(inner.x, inner.y + (inner.h - side) / 2, side, side)
    sheet.add(Box(f"{key}.disc", disc, palette.tiles[place % len(palette.tiles)], side * 0.28))
    icon = pictograms.of_field(name) if name else "list"
    sheet.icon(f"{key}.icon", disc.inset(side * 0.16), icon, palette.on_tile)
    upper, lower = inner.after(side + look.gap * 0.7).rows(1.7, 1)
    small = look.least * 0.8
    sheet.text(
        f"{key}.name",
        upper,
        name or look.words("catalogue.all"),
        Style(1.15, Weight.SEMIBOLD, lines=2, valign="bottom", clamp=True, least=small),
    )
    sheet.text(
        f"{key}.count",
        lower,
        count,
        Style(0.9, Weight.REGULAR, palette.muted, valign="top", lines=1, least=small),
    )
    sheet.add(Target(f"{key}.go", cell, Open(Procedures(name)), look.radius))


def draw(sheet: SceneBuilder, model: KioskModel, page: Procedures) -> None:
    look, words = sheet.look, sheet.look.words
    found = model.world.shelf.find(page.query, page.field_name)
    title = page.field_name or words("catalogue.title")
    frame.head(sheet, model, title, words("catalogue.found", n=len(found)))
    body = look.body
    zone = Rect(body.x, look.zone.y, body.w, body.bottom - look.zone.y) if look.low else body
    field_h = max(TOUCH_MM, look.em * 2.6)
    _query(sheet, page, (zone if look.low else body).top(field_h))
    rest = (zone if look.low else body).below(field_h + look.gap)
    if page.keyboard and look.portrait:
        keys_h = 4 * max(TOUCH_MM, look.em * 2.3) + 3 * min(look.gap, 4.0)
        _keyboard(sheet, rest.foot(keys_h))
        rest = (
            body.above(body.bottom - zone.y + look.gap)
            if look.low
            else rest.above(keys_h + look.gap)
        )
    elif page.keyboard:
        keys_w = max(162.0, rest.w * 0.6)
        _keyboard(sheet, body.side(keys_w))
        rest = rest.left(rest.w - keys_w - look.gap)
    _rows(sheet, page, found, rest, tappable=not (look.low and page.keyboard))


def _query(sheet: SceneBuilder, page: Procedures, rect: Rect) -> None:
    """What was typed, and the button that brings the keys or the list."""
    look, words = sheet.look, sheet.look.words
    if page.keyboard and not look.portrait:
        rect = rect.left(rect.w - max(162.0, rect.w * 0.6) - look.gap)
        keys.field(sheet, rect, page.query, words("catalogue.search_hint"), personal=False)
        return
    field, button = rect.columns(1.9, 1, gap=look.gap)
    keys.field(sheet, field, page.query, words("catalogue.search_hint"), personal=False)
    text, icon = (
        ("catalogue.keys_down", "list") if page.keyboard else ("catalogue.keys_up", "keyboard")
    )
    sheet.button("turn", button, words(text), SwitchKeyboard(), icon, "plain")


def _keyboard(sheet: SceneBuilder, room: Rect) -> None:
    """Plain letters: the search needs no tones."""
    cells = iter(room.grid(7, 4, min(sheet.look.gap, 4.0)))
    for letter in keys.LETTERS:
        keys.key(sheet, next(cells), letter)
    space = next(cells)
    keys.key(sheet, space, "␣".replace("␣", sheet.look.words("catalogue.space")), PressKey(" "))
    last = next(cells)
    if sheet.look.portrait:
        keys.erase(sheet, last)
        return
    keys.key(sheet, last, "OK", SwitchKeyboard())


def _rows(
    sheet: SceneBuilder,
    page: Procedures,
    found: tuple[CatalogueProcedure, ...],
    room: Rect,
    *,
    tappable: bool,
) -> None:
    """Only what is near the window is laid out: the list may hold thousands."""
    look = sheet.look
    if not found:
        sheet.text(
            "none",
            room.top(look.em * 6),
            look.words("catalogue.none"),
            Style(1.2, Weight.MEDIUM, align="centre", on=look.palette.page),
        )
        return
    h = max(TOUCH_MM, look.em * 5.4)
    gap = max(GAP_MM, look.gap * 0.8)
    step = h + gap
    total = len(found) * step - gap
    shown = paging.window(look, room, total)
    offset = min(page.offset, max(0.0, total - shown.h))
    first = max(0, int((offset - room.h) // step))
    last = min(len(found), int((offset + 2 * room.h) // step) + 1)
    inside = SceneBuilder(look)
    for place in range(first, last):
        row = Rect(room.x, room.y + place * step, room.w, h)
        _row(inside, row, found[place], tappable=tappable)
    paging.scroll(sheet, room, total, offset, inside.nodes)


def _row(sheet: SceneBuilder, row: Rect, procedure: CatalogueProcedure, *, tappable: bool) -> None:
    look, palette = sheet.look, sheet.look.palette
    key = f"row.{procedure.code}.{row.y:.0f}"
    sheet.card(key, row)
    inner = row.inset(look.gap, look.gap * 0.4)
    side = look.em * 1.3
    words_at = Rect(inner.x, inner.y, inner.w - side - look.gap * 0.5, inner.h)
    upper, lower = words_at.rows(3.1, 1)
    small = look.least * 0.85
    sheet.text(
        f"{key}.name",
        upper,
        procedure.name,
        Style(1.1, Weight.SEMIBOLD, lines=3, clamp=True, least=small),
    )
    told = " · ".join(
        part for part in (procedure.code, procedure.field, procedure.time_limit) if part
    )
    sheet.text(
        f"{key}.told",
        lower,
        told,
        Style(0.85, Weight.REGULAR, palette.muted, lines=1, clamp=True, least=look.size(0.85)),
    )
    if not tappable:
        return
    sheet.icon(
        f"{key}.arrow",
        Rect(inner.right - side, inner.y + (inner.h - side) / 2, side, side),
        "right",
        palette.accent,
    )
    sheet.add(Target(f"{key}.go", row, Open(Detail(procedure.code)), look.radius))
