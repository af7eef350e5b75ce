"""Taking a number, the answer: waiting for it, then the number as large as the glass allows."""

from dataclasses import replace
from functools import lru_cache

from hall.contract.requests import IssueData
from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.tree import Box, Matrix, Spinner
from kiosk.drawing import frame, qr, spread
from kiosk.drawing.scene_builder import SceneBuilder, Style
from kiosk.model.pages import PrintingTicket, TicketTaken
from kiosk.model.state import KioskModel
from kiosk.model.ticketing import nobody_there

SPIN_S = 0.3
# A phone reads a code of this size at arm's length; plates narrower than this many em break words.
_CODE_MM, _PLATES_EM = 24.0, 12.0
_TURN_S = 1.2
# Of the height of the page on which it turns.
_SPINNER = {False: 0.45, True: 0.3}
_BIG = 3.0


def spinner(sheet: SceneBuilder, rect: Rect, model: KioskModel, since: float) -> None:
    """Shown after 0.3 s: a quick answer needs none."""
    if model.now - since < SPIN_S:
        return
    palette = sheet.theme.palette
    turn = (model.now - since) / _TURN_S % 1.0
    side = min(rect.w, rect.h)
    spot = Rect(rect.x + (rect.w - side) / 2, rect.y + (rect.h - side) / 2, side, side)
    sheet.add(Spinner("spin", spot, turn, palette.accent, palette.soft, side * 0.12))


def draw_waiting(sheet: SceneBuilder, model: KioskModel, page: PrintingTicket) -> None:
    name = next((s.name for s in model.setup.services if s.id == page.service), "")
    frame.head(sheet, model, sheet.theme.words("ticket.title"), name)
    printing(sheet, model, since=page.since, paperless=page.paperless)


def printing(sheet: SceneBuilder, model: KioskModel, *, since: float, paperless: bool) -> None:
    """A number is on its way."""
    theme, words = sheet.theme, sheet.theme.words
    text = words("ticket.issuing" if paperless else "ticket.printing")
    muted = Style(1.2, Weight.REGULAR, theme.palette.muted, "centre")
    waiting(sheet, model, since, text, ("wait.more", words("ticket.printing_wait"), muted))


def waiting(
    sheet: SceneBuilder, model: KioskModel, since: float, text: str, more: tuple[str, str, Style]
) -> None:
    """A turning ring, what is waited for, and `more`: key, text and style of a line below it."""
    theme = sheet.theme
    middle = theme.body.inset(theme.body.w * 0.06, 0)
    sheet.card("wait", middle)
    inner = middle.inset(theme.gap * 2, theme.gap)
    key, line, style = more
    main = Style(1.5 if theme.tight else 2.0, Weight.BOLD, align="centre", lines=2)
    side = min(inner.w, inner.h * _SPINNER[theme.tight])
    spot, told, below = spread.picture_over(theme, inner, side, (text, main), (line, style))
    spinner(sheet, spot, model, since)
    sheet.text("wait.text", told, text, main)
    sheet.text(key, below, line, style)


def draw(sheet: SceneBuilder, model: KioskModel, page: TicketTaken) -> None:
    theme, words = sheet.theme, sheet.theme.words
    issued = page.issued
    name = next((s.name for s in model.setup.services if s.id == issued.ticket.service), "")
    frame.head(sheet, model, words("ticket.title"), name)
    to_photograph = page.paper in ("none", "unknown")
    body = theme.body
    hint_h = theme.em * 3.4
    _hint(sheet, body.foot(hint_h), page)
    card = body.above(hint_h + theme.gap)
    sheet.card("ticket", card, edge=theme.palette.gold if to_photograph else None)
    inner = card.inset(theme.gap * 1.6)
    if theme.portrait:
        number_, facts_ = inner.rows(1.5, 1, gap=theme.gap)
    else:
        number_, facts_ = inner.columns(1, 1.15, gap=theme.gap)
    _number(sheet, number_, model, issued)
    _draw_ticket(sheet, _beside_code(sheet, facts_, model, issued), model, issued)


def _beside_code(sheet: SceneBuilder, rect: Rect, model: KioskModel, issued: IssueData) -> Rect:
    """Room for the plates: beside the code by which a phone follows the turn, where both fit."""
    theme, setup = sheet.theme, model.setup
    side = max(_CODE_MM, rect.w * 0.32)
    plates = rect.left(rect.w - side - theme.gap)
    told_h = theme.em * 3.6
    if not setup.turn_url or issued.token is None or plates.w < _PLATES_EM * theme.em:
        return rect
    place = rect.side(side)
    side = min(side, place.h - told_h)
    if side < _CODE_MM:
        return rect
    spot = Rect(place.x + (place.w - side) / 2, place.y, side, side)
    code = _turn_code(f"{setup.turn_url}/{issued.token}")
    sheet.add(Box("turn.back", spot, "#FFFFFF"), Matrix("turn", spot, code))
    told = theme.words("ticket.follow")
    if setup.turn_wifi:
        told = f"{told}. Wi-Fi: {setup.turn_wifi}"
    style = Style(0.9, Weight.MEDIUM, theme.palette.muted, "centre", "top", lines=6, clamp=True)
    words_at = place.below(side + theme.em * 0.3)
    sheet.text("turn.told", words_at, told, replace(style, least=theme.least * 0.7))
    return plates


@lru_cache(maxsize=1)
def _turn_code(address: str) -> tuple[tuple[bool, ...], ...]:
    """Of the last ticket alone: who comes next leaves nothing of the one before."""
    return qr.modules(address)


def _number(sheet: SceneBuilder, rect: Rect, model: KioskModel, issued: IssueData) -> None:
    theme, words = sheet.theme, sheet.theme.words
    short = theme.tight or theme.taller
    hall, caption, number, when = (
        rect.rows(0, 0.7, 1.5, 0.9) if short else rect.rows(0.55, 0.6, 2.6, 0.55)
    )
    centred = Style(1.0, Weight.MEDIUM, theme.palette.muted, "centre", lines=2)
    if not short:
        sheet.text("ticket.hall", hall, model.setup.hall_name, replace(centred, clamp=True))
    sheet.text(
        "ticket.caption",
        caption,
        words("ticket.your_number"),
        Style(1.5, Weight.SEMIBOLD, align="centre", lines=1),
    )
    big = min(number.h * 0.78, number.w / (0.68 * max(3, len(issued.ticket.number)))) / theme.em
    if theme.taller:
        # As large as on the usual page at the least, and on the glass with what it is.
        big = min(big, _BIG)
    sheet.text(
        "ticket.number",
        number,
        issued.ticket.number,
        Style(big, Weight.BOLD, theme.palette.accent, "centre", lines=1),
    )
    local = issued.ticket.issued_at.astimezone(model.wall.tzinfo)
    marked = next((p.name for p in model.setup.priorities if p.id == issued.ticket.priority), "")
    parts = (_promise(sheet, model, issued) or f"{local:%H:%M · %d/%m/%Y}", marked)
    told = replace(centred, least=theme.least * 0.8)
    sheet.text("ticket.when", when, " · ".join(filter(None, parts)), told)


def _promise(sheet: SceneBuilder, model: KioskModel, issued: IssueData) -> str:
    """Whose turn it is by appointment, and whether it was kept; nothing for who has none."""
    if issued.promised is None:
        return ""
    slot = issued.promised.slot.astimezone(model.wall.tzinfo)
    key = "ticket.promised" if issued.promised.kept else "ticket.late"
    return sheet.theme.words(key, time=f"{slot:%H:%M}")


def _draw_ticket(sheet: SceneBuilder, rect: Rect, model: KioskModel, issued: IssueData) -> None:
    """Who is before, how long it takes, where to go: three plates."""
    words = sheet.theme.words
    ahead = words("ticket.ahead_n", n=issued.ahead) if issued.ahead else words("ticket.ahead_none")
    wait = words("ticket.no_wait")
    if issued.wait_min is not None:
        wait = words("ticket.estimate_n", lo=issued.wait_min[0], hi=issued.wait_min[1])
    names = {counter.id: counter.name for counter in model.setup.counters}
    counters = ", ".join(names.get(each, each) for each in issued.counters)
    lines = (
        ("ahead", "people", words("ticket.ahead"), ahead),
        ("wait", "hourglass", words("ticket.estimate"), wait),
        ("where", "building", words("ticket.counters"), counters or words("ticket.any_counter")),
    )
    service = model.setup.service(issued.ticket.service)
    if service is not None and nobody_there(model, service):
        # Nobody calls this number yet: that comes first, before who is ahead.
        lines = (("where", "warning", words("ticket.counters"), words("ticket.nobody_there")),
                 *lines[:2])  # fmt: skip
    for place, line in zip(rect.rows(1, 1, 1, gap=sheet.theme.gap * 0.8), lines, strict=True):
        _plate(sheet, place, *line)


def _together(counters: str) -> str:
    """The word that all counters share is said once: “Quầy 1, 2”."""
    first, *others = counters.split(", ")
    word = first.partition(" ")[0] + " "
    if not others or not all(each.startswith(word) for each in others):
        return counters
    return ", ".join([first, *(each.removeprefix(word) for each in others)])


def _plate(sheet: SceneBuilder, rect: Rect, key: str, icon: str, label: str, value: str) -> None:  # noqa: PLR0913, PLR0917
    theme, palette = sheet.theme, sheet.theme.palette
    edge = palette.line if palette.flat else None
    sheet.add(
        Box(
            f"plate.{key}",
            rect,
            palette.soft,
            theme.radius,
            border=edge,
            border_mm=0.6 if edge else 0,
        )
    )
    inner = rect.inset(theme.gap, theme.gap * 0.3)
    side = min(inner.h * 0.7, theme.em * 2.2)
    sheet.icon(
        f"plate.{key}.icon",
        Rect(inner.x, inner.y + (inner.h - side) / 2, side, side),
        icon,
        palette.accent,
    )
    words_at = inner.after(side + theme.gap)
    beside = words_at.w > 22 * theme.em
    name, told = words_at.columns(1, 1.2, gap=theme.gap) if beside else words_at.rows(1, 1.15)
    lines = 2 if beside else 1
    sheet.text(
        f"plate.{key}.name",
        name,
        label,
        Style(
            1.1, Weight.MEDIUM, palette.muted, lines=lines, on=palette.soft, least=theme.least * 0.8
        ),
    )
    sheet.text(
        f"plate.{key}.value",
        told,
        value,
        Style(
            1.45,
            Weight.BOLD,
            align="right" if beside else "left",
            lines=2,
            on=palette.soft,
            instead=(_together(value),),
            least=theme.least * 0.8,
        ),
    )


def _hint(sheet: SceneBuilder, rect: Rect, page: TicketTaken) -> None:
    """What to do with the number now."""
    theme, words, palette = sheet.theme, sheet.theme.words, sheet.theme.palette
    texts = {
        "printing": ("printer", words("ticket.coming")),
        "printed": ("down", words("ticket.take")),
        "unknown": (
            "camera",
            f"{words('ticket.kept_anyway')} {words('ticket.photograph')}",
        ),
        "none": ("camera", words("ticket.photograph")),
    }
    icon, text = texts[page.paper]
    calm = page.paper in ("printing", "printed")
    fill = palette.accent if calm else palette.warn_back
    ink = palette.on_accent if calm else palette.warn
    edge = palette.line if palette.flat else None
    sheet.add(Box("hint", rect, fill, theme.radius, border=edge, border_mm=0.6 if edge else 0))
    inner = rect.inset(theme.gap, theme.gap * 0.4)
    side = min(inner.h, theme.em * 2.4)
    sheet.icon("hint.icon", Rect(inner.x, inner.y + (inner.h - side) / 2, side, side), icon, ink)
    sheet.text(
        "hint.text",
        inner.after(side + theme.gap),
        text,
        Style(1.4, Weight.BOLD, ink, lines=2, on=fill),
    )
