"""The first page: numbers now served, the figures, and four tiles."""

from collections.abc import Sequence
from dataclasses import replace

from hall.contract.messages import CounterState
from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.palette import mix
from hall.screen.tree import Align, Box, Target, VAlign
from kiosk.drawing import facts, figures_card, frame
from kiosk.drawing.scene_builder import SceneBuilder, Style
from kiosk.drawing.theme import TOUCH_MM
from kiosk.model.actions import Action, Open
from kiosk.model.pages import Dashboard, Fields, Lookup, PickService, Rating
from kiosk.model.setup import CounterLabel
from kiosk.model.state import KioskModel
from kiosk.model.ticketing import why_not

_PAGE_S = 8
# The words of the ticket, the largest on the page but for numbers.
_FIRST = 2.4
_ROOMY = 2.9
_WIDE = 3.0
_WORDY = 14.0
# Beside the numbers themselves, words on the home page may be this much smaller than elsewhere.
_SMALL = 0.72
_TROUBLE = {
    "unavailable": "home.no_paper",
    "closed": "home.outside_hours",
    "stopped": "home.stopped",
}


# Key, title, hint and icon of a tile; then its colour and what it does.
Told = tuple[str, str, str, str]
Choice = tuple[Told, str, Action]


def draw(sheet: SceneBuilder, model: KioskModel) -> None:
    frame.head(sheet, model, model.setup.hall_name)
    if sheet.theme.portrait:
        _portrait(sheet, model)
    else:
        _landscape(sheet, model)


def _portrait(sheet: SceneBuilder, model: KioskModel) -> None:
    theme = sheet.theme
    if theme.low:
        told, touched = theme.split(0.52)
        serving_, figures_ = _banner(sheet, model, told).rows(1.28, 1, gap=theme.gap)
        serving(sheet, model, serving_)
        _figures(sheet, model, figures_, tappable=False)
        extra = touched.foot(max(TOUCH_MM, theme.em * 2.6))
        sheet.button(
            "more", extra, theme.words("figures.title"), Open(Dashboard()), "chart", "plain"
        )
        _ticket_first(sheet, model, touched.above(extra.h + theme.gap))
        return
    body = _banner(sheet, model, theme.body)
    line = body.top(theme.em * 2.0)
    style = Style(1.3, Weight.SEMIBOLD, align="centre", lines=1, on=theme.palette.page)
    sheet.text("invite", line, theme.words("home.invite"), style)
    body = body.below(line.h + theme.gap * 0.4)
    ticket, serving_, figures_, others = body.rows(1, 1.3, 1, 0.95, gap=theme.gap)
    first, *rest = _choices(sheet, model)
    tile(sheet, ticket, *first, k=_FIRST)
    serving(sheet, model, serving_)
    _figures(sheet, model, figures_, tappable=True)
    _others(sheet, others, rest)


def _landscape(sheet: SceneBuilder, model: KioskModel) -> None:
    theme = sheet.theme
    body = _banner(sheet, model, theme.body)
    left, right = body.columns(2.45, 1, gap=theme.gap)
    share = 0.43
    roomy = body.h * share > 8.7 * theme.em
    if roomy:
        figures_ = left.foot(left.h * share)
        _figures(sheet, model, figures_, tappable=True)
        _ticket_first(sheet, model, left.above(figures_.h + theme.gap))
    else:
        strip = max(TOUCH_MM, theme.em * 2.6)
        _strip(sheet, model, left.foot(strip))
        _ticket_first(sheet, model, left.above(strip + theme.gap))
    serving(sheet, model, right, across=1)


def _banner(sheet: SceneBuilder, model: KioskModel, room: Rect) -> Rect:
    """Show what is wrong with the hall, if anything; what room is left."""
    told = frame.hall_banner(model, sheet)
    if told is None:
        return room
    height = sheet.theme.em * (2.3 if sheet.theme.portrait else 1.7)
    frame.banner(sheet, room.top(height), *told)
    return room.below(height + sheet.theme.gap * 0.7)


# --- numbers now served -------------------------------------------------------------------------


def serving(sheet: SceneBuilder, model: KioskModel, rect: Rect, across: int | None = None) -> None:
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
    shown = _page(model, columns * rows)
    rows = max(1, -(-len(shown) // columns))
    cells = room.grid(columns, rows, theme.gap * 0.7)
    for cell, counter in zip(cells, shown, strict=False):
        state = model.world.counters.get(counter.id)
        _counter(sheet, cell, counter, state, fresh=fresh)


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
    wide = cell.w >= _WIDE * cell.h
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


# --- figures ------------------------------------------------------------------------------------


def _figures(sheet: SceneBuilder, model: KioskModel, rect: Rect, *, tappable: bool) -> None:
    found = facts.facts(model.world.figures, 0, model.wall, sheet.theme.words)
    plate = sheet.plate if tappable else sheet.card
    plate("figures", rect)
    figures_card.draw(sheet, rect, found, cut_off(sheet, model))
    if tappable:
        theme = sheet.theme
        side = theme.em * 1.3
        spot = Rect(rect.right - side - theme.gap, rect.y + theme.gap * 0.8, side, side)
        sheet.icon("figures.more", spot, "right", theme.palette.accent)
        sheet.add(Target("figures.open", rect, Open(Dashboard()), theme.radius))


def cut_off(sheet: SceneBuilder, model: KioskModel) -> str | None:
    """What stands by the figures while the one-stop side is away."""
    told = model.world.figures
    if model.world.onestop_ready(model.now) or told is None:
        return None
    local = told.as_of.astimezone(model.wall.tzinfo)
    return sheet.theme.words("figures.cut_off", time=f"{local:%H:%M}")


def _strip(sheet: SceneBuilder, model: KioskModel, rect: Rect) -> None:
    """The figures in one line, where a small panel has no room for the card."""
    theme, words = sheet.theme, sheet.theme.words
    found = facts.facts(model.world.figures, 0, model.wall, words)
    sheet.plate("figures", rect)
    inner = rect.inset(theme.gap, theme.gap * 0.4)
    if found is None:
        sheet.text("figures.none", inner, words("figures.no_data"), Style(align="centre"))
    else:
        timely = found.timely
        spread = (
            ("received", words("figures.received"), found.received, theme.palette.ink),
            (
                "intime",
                words("figures.early_or_on_time"),
                timely.early_or_on_time.count,
                theme.palette.good,
            ),
            ("overdue", words("figures.overdue"), timely.overdue.count, theme.palette.bad),
        )
        for place, (key, label, count, color) in zip(
            inner.above(inner.h * 0.3).columns(1, 1.3, 1, gap=theme.gap), spread, strict=True
        ):
            name, value = place.columns(1.2, 1, gap=theme.gap * 0.5)
            sheet.text(
                f"strip.{key}.name",
                name,
                label,
                Style(0.8, Weight.MEDIUM, theme.palette.muted, lines=2, least=theme.least * 0.6),
            )
            sheet.text(
                f"strip.{key}.value",
                value,
                facts.number(count, words),
                Style(1.2, Weight.BOLD, color, "right", lines=2, least=theme.least * 0.6),
            )
        line = inner.foot(inner.h * 0.3)
        told = f"{found.title} · {cut_off(sheet, model) or found.as_of}"
        sheet.text(
            "figures.age",
            line,
            told,
            Style(
                0.75,
                Weight.REGULAR,
                theme.palette.muted,
                lines=1,
                clamp=True,
                least=theme.least * 0.6,
            ),
        )
    sheet.add(Target("figures.open", rect, Open(Dashboard()), theme.radius))


# --- tiles --------------------------------------------------------------------------------------


def _choices(sheet: SceneBuilder, model: KioskModel) -> list[Choice]:
    """The ticket first: each with its texts and picture, its colour and what it does."""
    words = sheet.theme.words
    ticket_hint = "home.ticket_hint_booked" if model.setup.booked else "home.ticket_hint"
    tiles: tuple[tuple[str, str, Action, str | None], ...] = (
        ("ticket", "ticket", Open(PickService()), _hindrance(sheet, model)),
        ("lookup", "search", Open(Lookup()), _unanswered(sheet, model)),
        ("procedures", "list", Open(Fields()), None),
        ("rating", "star", Open(Rating()), None),
    )
    found: list[Choice] = []
    for place, (key, icon, action, trouble) in enumerate(tiles):
        hint = trouble or words(ticket_hint if key == "ticket" else f"home.{key}_hint")
        title = words(f"home.{key}")
        shown = "warning" if trouble else icon
        palette = sheet.theme.palette
        # What would be refused is grey, with the reason on it; a touch tells the next step.
        color = palette.muted if trouble and not palette.flat else palette.tiles[place]
        found.append(((key, title, hint, shown), color, action))
    return found


def _ticket_first(sheet: SceneBuilder, model: KioskModel, rect: Rect) -> None:
    """What most people come for across the whole width, the others side by side below."""
    first, *rest = _choices(sheet, model)
    if rect.h < _ROOMY * TOUCH_MM:
        # A banner on a small panel leaves room for four alike.
        for cell, choice in zip(rect.grid(2, 2, sheet.theme.gap), (first, *rest), strict=True):
            tile(sheet, cell, *choice)
        return
    upper, lower = rect.rows(1.05, 1, gap=sheet.theme.gap)
    tile(sheet, upper, *first, k=_FIRST)
    _others(sheet, lower, rest)


def _others(sheet: SceneBuilder, rect: Rect, choices: Sequence[Choice]) -> None:
    cells = rect.columns(*[1.0] * len(choices), gap=sheet.theme.gap)
    for cell, choice in zip(cells, choices, strict=True):
        tile(sheet, cell, *choice)


def _unanswered(sheet: SceneBuilder, model: KioskModel) -> str | None:
    """Why no look-up would be answered now."""
    ready = model.world.onestop_ready(model.now)
    return None if ready else sheet.theme.words("home.lookup_away")


def _hindrance(sheet: SceneBuilder, model: KioskModel) -> str | None:
    hindrance = why_not(model)
    if hindrance is None:
        return None
    code = "stopped" if model.world.stopped else hindrance.code
    if code == "closed" and model.setup.booked:
        # Who is booked for the first slot comes before the hall opens.
        return sheet.theme.words("home.outside_hours_booked")
    return sheet.theme.words(_TROUBLE.get(code, "home.paused"))


def tile(  # noqa: PLR0913
    sheet: SceneBuilder,
    rect: Rect,
    told: Told,
    color: str,
    action: Action,
    *,
    k: float = 1.75,
) -> None:
    """A big coloured plate: icon, what it does in `k` times running text, what comes of it."""
    theme, palette = sheet.theme, sheet.theme.palette
    key, title, hint, icon = told
    bottom = color if palette.flat else mix(color, "#000000", 0.16)
    sheet.add(Box(f"{key}.tile", rect, color, theme.radius * 1.4, shadow=not palette.flat))
    inner = rect.inset(theme.gap, theme.gap * 0.8)
    tall = rect.h > 0.55 * rect.w
    if tall:
        side = min(inner.h * 0.4, inner.w * 0.34)
        disc = Rect(inner.x, inner.y, side, side)
        words_at = inner.below(side + theme.gap * 0.5)
    else:
        side = min(inner.h, inner.w * 0.24, theme.em * 4)
        disc = Rect(inner.x, inner.y + (inner.h - side) / 2, side, side)
        words_at = inner.after(side + theme.gap * 0.8)
    sheet.add(Box(f"{key}.disc", disc, bottom, side * 0.28))
    sheet.icon(f"{key}.icon", disc.inset(side * 0.16), icon, palette.on_tile)
    roomy = words_at.h > 5.2 * theme.least and not theme.tight
    upper, lower = words_at.rows(1.3, 1) if roomy else (words_at, words_at.foot(0))
    sheet.text(
        f"tile.{key}.title" if k < _FIRST else f"{key}.title",
        upper,
        title,
        Style(
            k,
            Weight.BOLD,
            palette.on_tile,
            valign="bottom" if roomy else "middle",
            lines=2,
            on=color,
        ),
    )
    if roomy:
        sheet.text(
            f"tile.{key}.hint" if k < _FIRST else f"{key}.hint",
            lower,
            hint,
            Style(
                1.0, Weight.MEDIUM, palette.on_tile, valign="top", lines=2, on=color, instead=("",)
            ),
        )
    sheet.add(Target(key, rect, action, theme.radius * 1.4))
