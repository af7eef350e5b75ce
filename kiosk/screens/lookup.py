"""Asking after a dossier: the keys, the wait, and what to do when there is no answer."""

from dataclasses import replace

from hall.contract.dossier_codes import DossierCode, recognise
from hall.fonts import Weight
from hall.screen.geometry import Rect
from kiosk.drawing import code_page, frame, keys, spread
from kiosk.drawing.scene_builder import SceneBuilder, Style
from kiosk.drawing.theme import TOUCH_MM
from kiosk.model.actions import Open
from kiosk.model.pages import LookingUp, Lookup, NoResult
from kiosk.model.state import KioskModel
from kiosk.screens import noticket
from kiosk.screens.ticket import waiting

_USUAL = 22
EXAMPLE = "H38.12-181129-0001"


def draw(sheet: SceneBuilder, model: KioskModel, page: Lookup) -> None:
    words = sheet.theme.words
    wanted = code_page.Wanted(
        title=words("lookup.title"),
        privacy=words("lookup.privacy"),
        prompt=words("lookup.prompt" if model.setup.scans else "lookup.prompt_typed"),
        hint=words("lookup.example", code=EXAMPLE),
        go=words("lookup.go"),
        icon="search",
    )
    code_page.draw(sheet, model, page, wanted)


def draw_asking(sheet: SceneBuilder, model: KioskModel, page: LookingUp) -> None:
    theme, words = sheet.theme, sheet.theme.words
    frame.head(sheet, model, words("lookup.title"))
    shown = Style(
        1.2, Weight.REGULAR, theme.palette.muted, "centre", personal=True, cells=True, lines=1
    )
    waiting(sheet, model, page.since, words("lookup.asking"), ("wait.code", page.code, shown))


def _asked_for(sheet: SceneBuilder, model: KioskModel, code: str, room: Rect) -> Rect:
    """The code part by part, to be held against the slip; what room is left."""
    theme, words = sheet.theme, sheet.theme.words
    least = max(TOUCH_MM, theme.em * 3.4) + theme.gap
    plate = room.top(min(theme.em * 7, room.h - least))
    sheet.card("asked", plate)
    inner = plate.inset(theme.gap, theme.gap * 0.4)
    alone = theme.tight and (theme.modes.large or theme.lying or len(code) > _USUAL)
    shown, told = (inner, inner.foot(0)) if alone else inner.rows(1.4, 1)
    size, lines = keys.set_code(theme, code, shown, theme.size(1.4))
    style = Style(size / theme.em, Weight.BOLD, align="centre", cells=True, personal=True)
    sheet.text("asked.code", shown, "\n".join(lines), replace(style, least=size))
    if alone:
        # A small panel has room for a long code, or for what it means.
        return room.below(plate.h + theme.gap)
    meaning = words("noresult.compare")
    match recognise(code, model.wall.date()):
        case DossierCode(issued=issued, sequence=sequence):
            day = f"{issued:%d/%m/%Y}"
            meaning = words("noresult.compare_parts", date=day, number=sequence)
        case _:
            pass
    asked = Style(1.0, Weight.MEDIUM, align="centre", personal=True, lines=2)
    sheet.text("asked.parts", told, meaning, replace(asked, least=theme.least * 0.8))
    return room.below(plate.h + theme.gap)


def draw_trouble(sheet: SceneBuilder, model: KioskModel, page: NoResult) -> None:
    theme, words = sheet.theme, sheet.theme.words
    frame.head(sheet, model, words("lookup.title"))
    h = max(TOUCH_MM, theme.em * 3.4)
    told, touched = theme.parted(h)
    if page.why == "unknown" and page.typed:
        share = 0.64 if theme.portrait else 0.52
        told, touched = theme.split(0.6 if theme.lying and theme.tight else share)
    seconds = max(1, round(page.until - model.now))
    texts = {"n": seconds, "code": EXAMPLE}
    reason = words(f"noresult.{page.why}", **texts)
    noticket.message(
        sheet,
        told,
        "hourglass" if page.why == "wait" else "search",
        reason,
        words(f"noresult.{page.why}_do", **texts),
    )
    if page.why == "unknown" and page.typed:
        touched = _asked_for(sheet, model, page.typed, touched)
    row = spread.row(theme, touched, min(touched.h, h)).inset(touched.w * 0.14, 0)
    sheet.button("again", row, words("noresult.again"), Open(Lookup(page.typed)), "keyboard", k=1.3)
