"""The procedures: fields of work, then a list that letters narrow down."""

from hall.contract.catalogue import CatalogueProcedure
from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.tree import Box, Target
from hall.signs import assigning
from kiosk.drawing import frame, keys, paging, question, spread
from kiosk.drawing.scene_builder import SceneBuilder, Style
from kiosk.drawing.theme import GAP_MM, TOUCH_MM
from kiosk.model.actions import Open, PressKey, SwitchKeyboard
from kiosk.model.pages import Detail, Fields, Procedures
from kiosk.model.state import KioskModel

# Three rows of nine hold the letters and the blank.
_ACROSS_TIGHT = 9
_LEAST_ABOVE = 4.0
# Vietnamese has no such letters.
_SELDOM = "FJWZ"


def draw_fields(sheet: SceneBuilder, model: KioskModel, page: Fields) -> None:
    theme, words, shelf = sheet.theme, sheet.theme.words, model.world.shelf
    frame.head(sheet, model, words("catalogue.title"), _version(sheet, model))
    told, touched = theme.split(0.1)
    asked = words("catalogue.which" if shelf.procedures else "catalogue.empty")
    style = Style(1.4, Weight.BOLD, align="centre", on=theme.palette.page)
    question.draw(sheet, "which", told, (asked, style), "list")
    search_h = max(TOUCH_MM, theme.em * 3)
    search = Open(Procedures(keyboard=True))
    if theme.lying:
        place, room = touched.columns(1, 2.6, gap=theme.gap)
    else:
        place, room = touched.top(search_h), touched.below(search_h + theme.gap)
    sheet.button("search", place, words("catalogue.search"), search, "search", k=1.3)
    _fields(sheet, model, page, room)


def _version(sheet: SceneBuilder, model: KioskModel) -> str:
    shelf, words = model.world.shelf, sheet.theme.words
    told = words("catalogue.count", n=len(shelf.procedures))
    if any(procedure.sample for procedure in shelf.procedures):
        return f"{told} · {words('catalogue.sample')}"
    return told


def _fields(sheet: SceneBuilder, model: KioskModel, page: Fields, room: Rect) -> None:
    theme, words, shelf = sheet.theme, sheet.theme.words, model.world.shelf
    names: list[str | None] = [None, *shelf.fields] if shelf.procedures else []
    columns = 2
    rows = max(1, -(-len(names) // columns))
    fitting = spread.row_height(room, rows, theme.em * 9, theme.gap)
    h = max(TOUCH_MM, theme.em * 4.2, fitting)
    total = rows * (h + theme.gap) - theme.gap
    inside = SceneBuilder(theme)
    cells = spread.spread_grid(room, columns, rows, h, theme.gap)
    for place, (cell, name) in enumerate(zip(cells, names, strict=False)):
        count = words("catalogue.count", n=len(shelf.of_field(name)))
        _field(inside, cell, name, count, place)
    if total <= room.h:
        sheet.add(*inside.nodes)
    else:
        paging.scroll(sheet, room, total, page.offset, inside.nodes)


def _field(sheet: SceneBuilder, cell: Rect, name: str | None, count: str, place: int) -> None:
    theme, palette = sheet.theme, sheet.theme.palette
    key = f"field.{place}"
    sheet.plate(key, cell)
    inner = cell.inset(theme.gap * 0.8, theme.gap * 0.5)
    side = min(inner.h * 0.8, theme.em * 2.6)
    disc = Rect(inner.x, inner.y + (inner.h - side) / 2, side, side)
    sheet.add(Box(f"{key}.disc", disc, palette.tiles[place % len(palette.tiles)], side * 0.28))
    icon = assigning.of_words(name) if name else "list"
    sheet.icon(f"{key}.icon", disc.inset(side * 0.16), icon, palette.on_tile)
    upper, lower = inner.after(side + theme.gap * 0.7).rows(1.7, 1)
    small = theme.least * 0.8
    sheet.text(
        f"{key}.name",
        upper,
        theme.words.name(name) if name else theme.words("catalogue.all"),
        Style(1.15, Weight.SEMIBOLD, lines=2, valign="bottom", clamp=True, least=small),
    )
    sheet.text(
        f"{key}.count",
        lower,
        count,
        Style(0.9, Weight.REGULAR, palette.muted, valign="top", lines=1, least=small),
    )
    sheet.add(Target(f"{key}.go", cell, Open(Procedures(name)), theme.radius))


def draw(sheet: SceneBuilder, model: KioskModel, page: Procedures) -> None:
    theme, words = sheet.theme, sheet.theme.words
    found = model.world.shelf.find(page.query, page.field_name)
    title = words.name(page.field_name) if page.field_name else words("catalogue.title")
    told = (words("catalogue.found", n=len(found)), words("catalogue.as_they_are"))
    if page.keyboard and theme.tight:
        title = told[0]
    frame.head(sheet, model, title, " · ".join(filter(None, told)))
    body = theme.body
    if theme.lying:
        _within_reach(sheet, page, found)
        return
    if page.keyboard and theme.tight:
        _typing(sheet, page, body)
        return
    zone = Rect(body.x, theme.zone.y, body.w, body.bottom - theme.zone.y) if theme.low else body
    field_h = max(TOUCH_MM, theme.em * 2.6)
    if theme.low and not page.keyboard:
        _of_field(sheet, page, body.above(body.bottom - zone.y + theme.gap))
    _query(sheet, page, (zone if theme.low else body).top(field_h))
    rest = (zone if theme.low else body).below(field_h + theme.gap)
    if page.keyboard and theme.portrait:
        keys_h = 4 * max(TOUCH_MM, theme.em * 2.3) + 3 * min(theme.gap, 4.0)
        keys_h = rest.h if theme.low else keys_h
        _keyboard(sheet, rest.foot(keys_h))
        rest = (
            body.above(body.bottom - zone.y + theme.gap)
            if theme.low
            else rest.above(keys_h + theme.gap)
        )
    elif page.keyboard:
        keys_w = max(162.0, rest.w * 0.6)
        _keyboard(sheet, body.side(keys_w))
        rest = rest.left(rest.w - keys_w - theme.gap)
        turn = rest.foot(TOUCH_MM)
        rest = rest.above(turn.h + theme.gap)
        sheet.button("turn", turn, words("catalogue.keys_down"), SwitchKeyboard(), "list", "plain")
    _rows(sheet, page, found, rest, tappable=not (theme.low and page.keyboard))


def _query(sheet: SceneBuilder, page: Procedures, rect: Rect) -> None:
    """What was typed, and the button that brings the keys or the list."""
    theme, words = sheet.theme, sheet.theme.words
    if page.keyboard and not theme.portrait:
        rect = rect.left(rect.w - max(162.0, rect.w * 0.6) - theme.gap)
        keys.field(sheet, rect, page.query, words("catalogue.search_hint"), personal=False)
        return
    field, button = rect.columns(1.9, 1, gap=theme.gap)
    keys.field(sheet, field, page.query, words("catalogue.search_hint"), personal=False)
    text, icon = (
        ("catalogue.keys_down", "list") if page.keyboard else ("catalogue.keys_up", "keyboard")
    )
    sheet.button("turn", button, words(text), SwitchKeyboard(), icon, "plain")


def _typing(sheet: SceneBuilder, page: Procedures, body: Rect) -> None:
    """A small panel on its side: the keys have all of it; the head says how many are found."""
    gap, words = min(sheet.theme.gap, 4.0), sheet.theme.words
    cells = body.grid(_ACROSS_TIGHT, 4, gap)
    first = cells[0]
    field = Rect(first.x, first.y, cells[_ACROSS_TIGHT - 5].right - first.x, first.h)
    keys.field(sheet, field, page.query, words("catalogue.search_hint"), personal=False)
    keys.erase(sheet, cells[_ACROSS_TIGHT - 4])
    left = cells[_ACROSS_TIGHT - 3]
    turn = Rect(left.x, left.y, cells[_ACROSS_TIGHT - 1].right - left.x, left.h)
    sheet.button("turn", turn, words("catalogue.keys_down"), SwitchKeyboard(), "list", k=1.0)
    for cell, letter in zip(cells[_ACROSS_TIGHT:], keys.LETTERS, strict=False):
        keys.key(sheet, cell, letter)
    keys.key(sheet, cells[-1], words("catalogue.space"), PressKey(" "))


def _within_reach(
    sheet: SceneBuilder, page: Procedures, found: tuple[CatalogueProcedure, ...]
) -> None:
    """The field above. Below it the list; or what is found in sight, and three rows of keys."""
    theme, words = sheet.theme, sheet.theme.words
    told, touched = theme.split(0.0)
    field = told.foot(min(told.h, max(TOUCH_MM * 0.8, theme.em * 2.6)))
    keys.field(sheet, field, page.query, words("catalogue.search_hint"), personal=False)
    above = told.above(field.h + theme.gap)
    if not page.keyboard:
        if above.h > theme.em * _LEAST_ABOVE:
            _of_field(sheet, page, above)
        turn, room = touched.columns(1, 3.4, gap=theme.gap)
        sheet.button(
            "turn", turn, words("catalogue.keys_up"), SwitchKeyboard(), "keyboard", "plain"
        )
        _rows(sheet, page, found, room, tappable=True)
        return
    if above.h > TOUCH_MM:
        _rows(sheet, page, found, above, tappable=False)
    rows = keys.three_rows(theme, touched, 2, _SELDOM)
    for cell, letter in zip(rows.places, rows.letters, strict=True):
        keys.key(sheet, cell, letter)
    space, erase = rows.others
    keys.key(sheet, space, words("catalogue.space"), PressKey(" "))
    keys.erase(sheet, erase)
    sheet.button("turn", rows.last, words("catalogue.keys_down"), SwitchKeyboard(), "list", k=1.0)


def _of_field(sheet: SceneBuilder, page: Procedures, room: Rect) -> None:
    """Which list is below, where that is all there is to say."""
    words = sheet.theme.words
    title = words.name(page.field_name) if page.field_name else words("catalogue.title")
    style = Style(1.4, Weight.BOLD, align="centre", on=sheet.theme.palette.page)
    question.draw(sheet, "which", room, (title, style), "list")


def _keyboard(sheet: SceneBuilder, room: Rect) -> None:
    """Plain letters: the search needs no tones."""
    cells = iter(room.grid(7, 4, min(sheet.theme.gap, 4.0)))
    for letter in keys.LETTERS:
        keys.key(sheet, next(cells), letter)
    space = next(cells)
    keys.key(sheet, space, "␣".replace("␣", sheet.theme.words("catalogue.space")), PressKey(" "))
    keys.erase(sheet, next(cells))


def _rows(
    sheet: SceneBuilder,
    page: Procedures,
    found: tuple[CatalogueProcedure, ...],
    room: Rect,
    *,
    tappable: bool,
) -> None:
    """Only what is near the window is laid out: the list may hold thousands."""
    theme = sheet.theme
    if not found:
        _none(sheet, room)
        return
    h = max(TOUCH_MM, theme.em * 5.4)
    gap = max(GAP_MM, theme.gap * 0.8)
    step = h + gap
    total = len(found) * step - gap
    shown = paging.window(theme, room, total)
    offset = min(page.offset, max(0.0, total - shown.h))
    first = max(0, int((offset - room.h) // step))
    last = min(len(found), int((offset + 2 * room.h) // step) + 1)
    inside = SceneBuilder(theme)
    for place in range(first, last):
        row = Rect(room.x, room.y + place * step, room.w, h)
        _row(inside, row, found[place], tappable=tappable)
    paging.scroll(sheet, room, total, offset, inside.nodes)


def _none(sheet: SceneBuilder, room: Rect) -> None:
    theme, text = sheet.theme, sheet.theme.words("catalogue.none")
    style = Style(1.2, Weight.MEDIUM, align="centre", on=theme.palette.page)
    spot, line = spread.picture_over(theme, room, room.h * 0.5, (text, style))
    sheet.icon("none.icon", spot, "search", theme.palette.edge)
    sheet.text("none", line, text, style)


def _row(sheet: SceneBuilder, row: Rect, procedure: CatalogueProcedure, *, tappable: bool) -> None:
    theme, palette = sheet.theme, sheet.theme.palette
    key = f"row.{procedure.code}.{row.y:.0f}"
    draw = sheet.plate if tappable else sheet.card
    draw(key, row)
    inner = row.inset(theme.gap, theme.gap * 0.4)
    side = theme.em * 1.3
    words_at = Rect(inner.x, inner.y, inner.w - side - theme.gap * 0.5, inner.h)
    upper, lower = words_at.rows(3.1, 1)
    small = theme.least * 0.85
    sheet.text(
        f"{key}.name",
        upper,
        procedure.name,
        Style(1.1, Weight.SEMIBOLD, lines=3, clamp=True, least=theme.size(1.1)),
    )
    told = " · ".join(part for part in (procedure.code, procedure.time_limit) if part)
    sheet.text(
        f"{key}.told",
        lower,
        told,
        Style(0.85, Weight.REGULAR, palette.muted, lines=1, least=small, instead=(procedure.code,)),
    )
    if not tappable:
        return
    sheet.icon(
        f"{key}.arrow",
        Rect(inner.right - side, inner.y + (inner.h - side) / 2, side, side),
        "right",
        palette.accent,
    )
    sheet.add(Target(f"{key}.go", row, Open(Detail(procedure.code)), theme.radius))
