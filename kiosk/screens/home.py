"""The first page: numbers now served, the figures, and four tiles."""

from collections.abc import Sequence

from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.tree import Target
from kiosk.drawing import facts, figures_card, figures_strip, frame, now_served, tile
from kiosk.drawing.facts import Facts
from kiosk.drawing.scene_builder import SceneBuilder, Style
from kiosk.drawing.theme import TOUCH_MM
from kiosk.drawing.tile import Tile
from kiosk.model.actions import Action, Open
from kiosk.model.pages import Dashboard, Fields, Lookup, PickService, Rating
from kiosk.model.state import KioskModel
from kiosk.model.ticketing import why_not

_ROOMY = 2.9
# Less height than so many em has room for the numbers alone.
_TOLD_EM, _ROW_EM = 9.0, 2.5
_TROUBLE = {
    "unavailable": "home.no_paper",
    "closed": "home.outside_hours",
    "stopped": "home.stopped",
}


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
        now_served.draw(sheet, model, serving_)
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
    if theme.taller:
        _one_below_the_other(sheet, model, body)
        return
    ticket, serving_, figures_, others = body.rows(1, 1.3, 1, 0.95, gap=theme.gap)
    first, *rest = _choices(sheet, model)
    tile.draw_first(sheet, ticket, first)
    now_served.draw(sheet, model, serving_)
    _figures(sheet, model, figures_, tappable=True)
    _others(sheet, others, rest)


def _one_below_the_other(sheet: SceneBuilder, model: KioskModel, body: Rect) -> None:
    """What can be touched first: the rest is reached by paging."""
    em, gap = sheet.theme.em, sheet.theme.gap
    first, *rest = _choices(sheet, model)
    place = body.top(em * 5.5)
    tile.draw_first(sheet, place, first)
    for choice in rest:
        place = Rect(place.x, place.bottom + gap, place.w, max(TOUCH_MM, em * 3.8))
        tile.draw(sheet, place, choice)
    serving_ = Rect(place.x, place.bottom + gap, place.w, now_served.height(sheet, model))
    now_served.draw(sheet, model, serving_)
    place = Rect(place.x, serving_.bottom + gap, place.w, em * 11)
    _figures(sheet, model, place, tappable=True)


def _landscape(sheet: SceneBuilder, model: KioskModel) -> None:
    theme = sheet.theme
    if theme.low:
        _within_reach(sheet, model)
        return
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
    now_served.draw(sheet, model, right, across=1)


def _within_reach(sheet: SceneBuilder, model: KioskModel) -> None:
    """On a glass that lies: what is told above, and below it the ticket beside all else."""
    theme = sheet.theme
    told, touched = theme.split(0.0)
    told = _banner(sheet, model, told)
    if told.h > theme.em * _TOLD_EM:
        serving_, figures_ = told.columns(1.25, 1, gap=theme.gap)
        now_served.draw(sheet, model, serving_)
        _figures(sheet, model, figures_, tappable=False)
    elif told.h > theme.em * _ROW_EM:
        now_served.draw_row(sheet, model, told)
    first, *rest = _choices(sheet, model)
    ticket, others = touched.columns(1, 1.15, gap=theme.gap)
    tile.draw_first(sheet, ticket, first)
    *cells, last = others.grid(2, 2, theme.gap)
    for cell, choice in zip(cells, rest, strict=True):
        tile.draw(sheet, cell, choice)
    icon = None if theme.tight else "chart"
    sheet.button("more", last, theme.words("figures.title"), Open(Dashboard()), icon, "plain")


def _banner(sheet: SceneBuilder, model: KioskModel, room: Rect) -> Rect:
    """Show what is wrong with the hall, if anything; what room is left."""
    told = frame.hall_banner(model, sheet)
    if told is None:
        return room
    height = sheet.theme.em * (2.3 if sheet.theme.portrait else 1.7)
    frame.banner(sheet, room.top(height), *told)
    return room.below(height + sheet.theme.gap * 0.7)


def _figures(sheet: SceneBuilder, model: KioskModel, rect: Rect, *, tappable: bool) -> None:
    plate = sheet.plate if tappable else sheet.card
    plate("figures", rect)
    figures_card.draw(sheet, rect, *_first_period(sheet, model))
    if tappable:
        theme = sheet.theme
        side = theme.em * 1.3
        spot = Rect(rect.right - side - theme.gap, rect.y + theme.gap * 0.8, side, side)
        sheet.icon("figures.more", spot, "right", theme.palette.accent)
        sheet.add(Target("figures.open", rect, Open(Dashboard()), theme.radius))


def _strip(sheet: SceneBuilder, model: KioskModel, rect: Rect) -> None:
    sheet.plate("figures", rect)
    figures_strip.draw(sheet, rect, *_first_period(sheet, model))
    sheet.add(Target("figures.open", rect, Open(Dashboard()), sheet.theme.radius))


def _first_period(sheet: SceneBuilder, model: KioskModel) -> tuple[Facts | None, str | None]:
    """The figures of the first period, and what is said where they are no longer renewed."""
    words = sheet.theme.words
    found = facts.facts(model.world.figures, 0, model.wall, words)
    return found, facts.cut_off(model, words)


def _choices(sheet: SceneBuilder, model: KioskModel) -> list[Tile]:
    """The ticket first: each with its texts and picture, its colour and what it does."""
    words = sheet.theme.words
    ticket_hint = "home.ticket_hint_booked" if model.setup.booked else "home.ticket_hint"
    tiles: tuple[tuple[str, str, Action, str | None], ...] = (
        ("ticket", "ticket", Open(PickService()), _hindrance(sheet, model)),
        ("lookup", "search", Open(Lookup()), _unanswered(sheet, model)),
        ("procedures", "list", Open(Fields()), None),
        ("rating", "star", Open(Rating()), None),
    )
    found: list[Tile] = []
    for place, (key, icon, action, trouble) in enumerate(tiles):
        hint = trouble or words(ticket_hint if key == "ticket" else f"home.{key}_hint")
        title = words(f"home.{key}")
        shown = "warning" if trouble else icon
        palette = sheet.theme.palette
        # What would be refused is grey, with the reason on it; a touch tells the next step.
        color = palette.muted if trouble and not palette.flat else palette.tiles[place]
        found.append(Tile(key, title, hint, shown, color, action))
    return found


def _ticket_first(sheet: SceneBuilder, model: KioskModel, rect: Rect) -> None:
    """What most people come for across the whole width, the others side by side below."""
    first, *rest = _choices(sheet, model)
    if rect.h < _ROOMY * TOUCH_MM:
        # A banner on a small panel leaves room for four alike.
        for cell, choice in zip(rect.grid(2, 2, sheet.theme.gap), (first, *rest), strict=True):
            tile.draw(sheet, cell, choice)
        return
    upper, lower = rect.rows(1.05, 1, gap=sheet.theme.gap)
    tile.draw_first(sheet, upper, first)
    _others(sheet, lower, rest)


def _others(sheet: SceneBuilder, rect: Rect, choices: Sequence[Tile]) -> None:
    cells = rect.columns(*[1.0] * len(choices), gap=sheet.theme.gap)
    for cell, choice in zip(cells, choices, strict=True):
        tile.draw(sheet, cell, choice)


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
