"""Asking after a dossier: the keys, the wait, and what to do when there is no answer."""

from hall.fonts import Weight
from kiosk.drawing import code_page, frame
from kiosk.drawing.scene_builder import SceneBuilder, Style
from kiosk.drawing.theme import TOUCH_MM
from kiosk.model.actions import Open
from kiosk.model.pages import LookingUp, Lookup, NoResult
from kiosk.model.state import KioskModel
from kiosk.screens import noticket
from kiosk.screens.ticket import spinner

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
    middle = theme.body.inset(theme.body.w * 0.12, theme.body.h * 0.18)
    sheet.card("wait", middle)
    picture, told, code = middle.inset(theme.gap * 2).rows(2.2, 1, 0.8)
    spinner(sheet, picture.inset(picture.h * 0.1), model, page.since)
    sheet.text(
        "wait.text", told, words("lookup.asking"), Style(1.7, Weight.BOLD, align="centre", lines=2)
    )
    sheet.text(
        "wait.code",
        code,
        page.code,
        Style(
            1.2, Weight.REGULAR, theme.palette.muted, "centre", personal=True, cells=True, lines=1
        ),
    )


def draw_trouble(sheet: SceneBuilder, model: KioskModel, page: NoResult) -> None:
    theme, words = sheet.theme, sheet.theme.words
    frame.head(sheet, model, words("lookup.title"))
    told, touched = theme.split(0.78 if theme.portrait and not theme.low else 0.66)
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
    h = min(touched.h, max(TOUCH_MM, theme.em * 3.4))
    row = touched.top(h).inset(touched.w * 0.14, 0)
    sheet.button("again", row, words("noresult.again"), Open(Lookup(page.typed)), "keyboard", k=1.3)
