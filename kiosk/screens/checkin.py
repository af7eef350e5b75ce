"""Who has an appointment: the code, the wait, and what to do when it brings no number."""

from datetime import datetime

from kiosk.drawing import code_page, frame, spread
from kiosk.drawing.scene_builder import Kind, SceneBuilder
from kiosk.drawing.theme import TOUCH_MM
from kiosk.model.actions import Open, TakeOnScreen
from kiosk.model.pages import CheckingIn, CheckInPage, Lookup, NoCheckIn, PickService
from kiosk.model.state import KioskModel
from kiosk.screens import noticket, ticket

_ICONS = {"early": "clock", "other_day": "clock", "used": "ticket", "wait": "hourglass"}
# Not what most people should do.
_ASIDE = frozenset({"walk", "lookup"})
# What a number without an appointment would get round.
_WALK_IN = frozenset({"early", "other_day"})
_AGAIN = frozenset({"empty", "unknown", "personal", "unavailable", "offline", "voided", "wait"})
_FAULTS = frozenset({"paper_out", "cover_open", "offline"})


def draw(sheet: SceneBuilder, model: KioskModel, page: CheckInPage) -> None:
    words = sheet.theme.words
    wanted = code_page.Wanted(
        title=words("checkin.title"),
        privacy=words("checkin.privacy"),
        prompt=words("checkin.prompt" if model.setup.scans else "checkin.prompt_typed"),
        hint=words("checkin.hint"),
        go=words("checkin.go"),
        icon="ticket",
    )
    code_page.draw(sheet, model, page, wanted)


def draw_waiting(sheet: SceneBuilder, model: KioskModel, page: CheckingIn) -> None:
    frame.head(sheet, model, sheet.theme.words("checkin.title"))
    ticket.printing(sheet, model, since=page.since, paperless=page.paperless)


def draw_trouble(sheet: SceneBuilder, model: KioskModel, page: NoCheckIn) -> None:
    theme, words = sheet.theme, sheet.theme.words
    frame.head(sheet, model, words("checkin.title"))
    h = max(TOUCH_MM, theme.em * 4)
    ways = _ways(sheet, model, page)
    told, touched = theme.parted(h) if ways else (theme.body, theme.body.foot(0))
    values = _values(sheet, model, page)
    icon = _ICONS.get(page.why, "warning")
    noticket.message(
        sheet, told, icon, _reason(sheet, page, values), _advice(sheet, model, page, values)
    )
    row = spread.row(theme, touched, h)
    cells = row.columns(1, 1, gap=theme.gap) if len(ways) > 1 else (row.inset(row.w * 0.2, 0),)
    for cell, (key, text, action, sign) in zip(cells, ways, strict=False):
        kind: Kind = "plain" if key in _ASIDE else "primary"
        sheet.button(key, cell, text, action, sign, kind, k=1.3)


def _reason(sheet: SceneBuilder, page: NoCheckIn, values: dict[str, object]) -> str:
    if page.fault in _FAULTS and page.why == "unavailable":
        return sheet.theme.words(f"trouble.{page.fault}")
    return sheet.theme.words(f"checkin.{page.why}", **values)


def _advice(
    sheet: SceneBuilder, model: KioskModel, page: NoCheckIn, values: dict[str, object]
) -> str:
    words = sheet.theme.words
    if page.why == "early" and page.told is not None and page.told.from_ is None:
        return words("ticket.help")
    if page.why in _WALK_IN and not model.world.gives_tickets:
        return words(f"checkin.{page.why}_only_do", **values)
    return words(f"checkin.{page.why}_do", **values)


def _ways(
    sheet: SceneBuilder, model: KioskModel, page: NoCheckIn
) -> list[tuple[str, str, Open | TakeOnScreen, str]]:
    words = sheet.theme.words
    ways: list[tuple[str, str, Open | TakeOnScreen, str]] = []
    if page.why in _WALK_IN and model.world.gives_tickets:
        ways.append(("walk", words("checkin.walk"), Open(PickService()), "ticket"))
    if page.why == "unknown":
        ways.append(("lookup", words("checkin.lookup"), Open(Lookup(page.typed)), "search"))
    if page.why in _AGAIN:
        again = Open(CheckInPage(page.typed))
        ways.append(("again", words("checkin.again"), again, "keyboard"))
    if page.why == "unavailable" and model.setup.paperless and page.typed:
        ways.append(("screen", words("ticket.on_screen"), TakeOnScreen(), "camera"))
    return ways


def _values(sheet: SceneBuilder, model: KioskModel, page: NoCheckIn) -> dict[str, object]:
    """What the sentences speak of: times, the number, the seconds to wait."""
    told = page.told
    if told is None:
        return {"n": max(1, round(page.until - model.now))}
    slot = told.slot.astimezone(model.wall.tzinfo)
    return {
        "time": f"{slot:%H:%M}",
        "day": day(sheet, slot),
        "first": f"{told.from_.astimezone(model.wall.tzinfo):%H:%M}" if told.from_ else "",
        "number": told.ticket.number if told.ticket else "",
    }


def day(sheet: SceneBuilder, moment: datetime) -> str:
    """A time of another day, as it is said."""
    name = frame.weekday(sheet, moment)
    return sheet.theme.words("date.at", time=f"{moment:%H:%M}", name=name, date=f"{moment:%d/%m}")
