"""The numbers now served: a cell for each counter, in pages where they do not all fit."""

from dataclasses import replace

from hall.contract.messages import CounterState
from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.tree import Align, VAlign
from kiosk.drawing.scene_builder import SceneBuilder, Style
from kiosk.model.setup import CounterLabel
from kiosk.model.state import KioskModel

_PAGE_S = 8
_WIDE = 3.0
_WORDY = 14.0
# On a sheet as long as it needs: cells side by side, and the height of one in em.
_ON_SHEET = 2
_CELL_EM = 5.0
_IN_A_ROW = 4
# Beside the numbers themselves, words may be this much smaller than elsewhere.
_SMALL = 0.72


def draw(sheet: SceneBuilder, model: KioskModel, rect: Rect, across: int | None = None) -> None:
    """A cell for each counter; with more than fit, pages that change every 8 s."""
    theme, words = sheet.theme, sheet.theme.words
    fresh = model.world.current(model.now)
    line = theme.em * 1.9
    usual = "home.serving_short" if theme.tight else "home.serving"
    title = words(usual if fresh else "home.serving_stale")
    color = theme.palette.ink if fresh else theme.palette.warn
    sheet.text(
        "serving.title",
        rect.top(line),
        title,
        Style(1.2, Weight.SEMIBOLD, color, lines=1, clamp=True, on=theme.palette.page),
    )
    room = rect.below(line + theme.gap * 0.2)
    columns, rows = _grid(len(model.setup.counters), room, theme.em, across)
    if theme.taller:
        columns, rows = _ON_SHEET, -(-len(model.setup.counters) // _ON_SHEET)
    shown = _page(model, columns * rows)
    rows = max(1, -(-len(shown) // columns))
    cells = room.grid(columns, rows, theme.gap * 0.7)
    for cell, counter in zip(cells, shown, strict=False):
        state = model.world.counters.get(counter.id)
        _counter(sheet, cell, counter, state, fresh=fresh)


def draw_row(sheet: SceneBuilder, model: KioskModel, rect: Rect) -> None:
    """Cells side by side without a title, where there is height for no more."""
    fresh, count = model.world.current(model.now), len(model.setup.counters)
    across = -(-count // -(-count // _IN_A_ROW))
    shown = _page(model, across)
    cells = rect.grid(across, 1, sheet.theme.gap * 0.7)
    for cell, counter in zip(cells, shown, strict=False):
        state = model.world.counters.get(counter.id)
        _counter(sheet, cell, counter, state, fresh=fresh)


def height(sheet: SceneBuilder, model: KioskModel) -> float:
    """Of all counters, in mm, where nothing limits it."""
    theme = sheet.theme
    rows = -(-len(model.setup.counters) // _ON_SHEET)
    return theme.em * 2 + rows * (_CELL_EM * theme.em + theme.gap * 0.7)


def _grid(count: int, room: Rect, em: float, across: int | None) -> tuple[int, int]:
    """Columns and rows: as few as hold all counters, no cell too small to be read."""
    most_rows = max(1, int(room.h // (em * 3.1)))
    columns = across or max(1, min(4, 3 if count in (3, 5, 6, 9) else 2 if count < 5 else 4))  # noqa: PLR2004
    if across and count > most_rows:
        columns = 2
    return columns, min(most_rows, max(1, -(-count // columns)))


def _page(model: KioskModel, most: int) -> tuple[CounterLabel, ...]:
    counters = model.setup.counters
    pages = max(1, -(-len(counters) // most))
    page = int(model.now // _PAGE_S) % pages
    return counters[page * most : (page + 1) * most]


def _counter(
    sheet: SceneBuilder,
    cell: Rect,
    counter: CounterLabel,
    state: CounterState | None,
    *,
    fresh: bool,
) -> None:
    """Name and field above, the number large below; what is not a number is a word."""
    theme, palette = sheet.theme, sheet.theme.palette
    key = f"counter.{counter.id}"
    calling = state is not None and state.status == "called" and fresh
    sheet.card(key, cell, edge=palette.gold if calling else None)
    inner = cell.inset(theme.gap * 0.7, theme.gap * 0.35)
    wide = cell.w >= _WIDE * cell.h and not theme.taller
    name, number = inner.columns(1.15, 1) if wide else inner.rows(1.2, 1.25)
    if calling:
        number = _calling_wide(sheet, key, number) if wide else _calling(sheet, key, number)
    _names(sheet, key, name, counter)
    text, strong = _shown(sheet, state)
    color = palette.muted if not fresh or not strong else palette.accent
    weight = Weight.BOLD if strong else Weight.MEDIUM
    align: Align = "right" if wide else "left"
    style = Style(
        2.5 if strong else 1.05, weight, color, align, lines=1, least=_SMALL * theme.least
    )
    sheet.text(f"{key}.number", number, text, style)


def _names(sheet: SceneBuilder, key: str, rect: Rect, counter: CounterLabel) -> None:
    """The counter's name, and its fields where there is room for them."""
    theme = sheet.theme
    least = _SMALL * theme.least
    roomy = rect.h > 2.9 * least
    upper, lower = rect.rows(1, 1.2) if roomy else (rect, rect)
    valign: VAlign = "bottom" if roomy else "middle"
    title = Style(1.0, Weight.SEMIBOLD, lines=1, least=least, valign=valign, clamp=True)
    sheet.text(f"{key}.name", upper, counter.name, title)
    if roomy:
        serves = Style(0.72, Weight.REGULAR, theme.palette.muted, lines=2, clamp=True, least=least)
        sheet.text(f"{key}.serves", lower, ", ".join(counter.serves), replace(serves, valign="top"))


def _calling(sheet: SceneBuilder, key: str, rect: Rect) -> Rect:
    """A sign beside the number that it is being called: a word, or its picture."""
    theme = sheet.theme
    if rect.w > _WORDY * theme.least:
        number, mark = rect.columns(1.5, 1)
        style = Style(0.8, Weight.SEMIBOLD, theme.palette.warn, "right", lines=2)
        sheet.text(
            f"{key}.mark",
            mark,
            theme.words("counter.called"),
            replace(style, least=_SMALL * theme.least),
        )
        return number
    side = min(rect.h * 0.6, rect.w * 0.22)
    spot = Rect(rect.right - side, rect.y + (rect.h - side) / 2, side, side)
    sheet.icon(f"{key}.mark", spot, "speaker", theme.palette.warn)
    return Rect(rect.x, rect.y, rect.w - side, rect.h)


def _calling_wide(sheet: SceneBuilder, key: str, rect: Rect) -> Rect:
    """The picture before the number: there is no room for a word."""
    side = min(rect.h * 0.5, rect.w * 0.2)
    spot = Rect(rect.x, rect.y + (rect.h - side) / 2, side, side)
    sheet.icon(f"{key}.mark", spot, "speaker", sheet.theme.palette.warn)
    return rect.after(side)


def _shown(sheet: SceneBuilder, state: CounterState | None) -> tuple[str, bool]:
    """The number and that it is one, or a word."""
    words = sheet.theme.words
    if state is None:
        return words("counter.none"), False
    if state.ticket is not None and state.status in ("called", "serving"):
        return state.ticket.number, True
    return words(f"counter.{state.status}"), False
