"""The technician's hidden menu: a PIN, the state of things, a place to try the glass."""

from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.tree import Box
from hall.screen.window import flavour
from kiosk.drawing import frame, keys, question, spread
from kiosk.drawing.scene_builder import SceneBuilder, Style
from kiosk.drawing.theme import TOUCH_MM
from kiosk.model.actions import Chore
from kiosk.model.pages import Pin, Tech
from kiosk.model.state import KioskModel
from kiosk.screens import noticket


def draw_pin(sheet: SceneBuilder, model: KioskModel, page: Pin) -> None:
    theme, words = sheet.theme, sheet.theme.words
    frame.head(sheet, model, words("tech.pin"))
    told, touched = theme.split(0.24)
    dots = " ".join("*" * len(page.typed)) or "–"
    text = words("tech.wrong") if page.wrong and not page.typed else dots
    style = Style(2.2, Weight.BOLD, align="centre", on=theme.palette.page)
    question.draw(sheet, "pin", told, (text, style), "wrench")
    across = 3 if theme.portrait else 6
    rows = 12 // across
    w = min(touched.w, max(theme.em * 26, across * TOUCH_MM + (across - 1) * theme.gap))
    room = Rect(touched.x + (touched.w - w) / 2, touched.y, w, touched.h)
    cells = iter(room.grid(across, rows, theme.gap))
    for letter in "1234567890":
        keys.key(sheet, next(cells), letter)
    keys.erase(sheet, next(cells))


def draw_maintenance(sheet: SceneBuilder, model: KioskModel) -> None:
    words = sheet.theme.words
    frame.head(sheet, model, model.setup.hall_name)
    noticket.message(
        sheet,
        sheet.theme.body,
        "wrench",
        words("overlay.maintenance"),
        words("overlay.maintenance_do"),
    )


def draw(sheet: SceneBuilder, model: KioskModel, page: Tech) -> None:
    theme, words = sheet.theme, sheet.theme.words
    frame.head(sheet, model, words("tech.title"), f"{model.setup.client} · {flavour()}")
    told, touched = theme.parted(max(TOUCH_MM, theme.em * 4))
    lines_, glass = (
        told.rows(1, 1, gap=theme.gap) if theme.portrait else told.columns(1, 1, gap=theme.gap)
    )
    _lines(sheet, model, lines_)
    sheet.add(
        Box(
            "glass",
            glass,
            theme.palette.soft,
            theme.radius,
            border=theme.palette.line,
            border_mm=0.5,
        )
    )
    sheet.text(
        "glass.hint",
        glass,
        words("tech.touch"),
        Style(1.0, Weight.REGULAR, theme.palette.muted, "centre", on=theme.palette.soft),
    )
    for place, (x, y) in enumerate(page.trace):
        if glass.contains(x, y):
            sheet.add(Box(f"trace.{place}", Rect(x - 2, y - 2, 4, 4), theme.palette.accent, 2))
    chores = (
        ("test-print", "tech.test_print", "printer"),
        ("photograph", "tech.photograph", "camera"),
        ("speak", "tech.speak", "speaker"),
        ("maintenance", "tech.reopen" if model.maintenance else "tech.maintenance", "wrench"),
        ("restart", "tech.restart", "cross-circle"),
    )
    row = spread.row(theme, touched, max(TOUCH_MM, theme.em * 4))
    for cell, (name, text, icon) in zip(
        row.columns(1, 1, 1, 1, 1.5, gap=theme.gap), chores, strict=True
    ):
        sheet.button(f"chore.{name}", cell, words(text), Chore(name), icon, "plain")  # type: ignore[arg-type]


def _lines(sheet: SceneBuilder, model: KioskModel, rect: Rect) -> None:
    words, world = sheet.theme.words, model.world
    fault = world.paper_fault
    no_catalogue = None if world.shelf.procedures else words("tech.none")
    lost = words("tech.bad")
    lines = (
        ("link", words("tech.link"), None if world.linked else lost),
        ("controller", words("tech.controller"), None if world.current(model.now) else lost),
        ("printer", words("tech.printer"), fault and words(f"trouble.{fault}")),
        ("onestop", words("tech.onestop"), None if world.onestop_ready(model.now) else lost),
        ("catalogue", words("tech.catalogue"), no_catalogue),
    )
    sheet.card("lines", rect)
    inner = rect.inset(sheet.theme.gap)
    for place, (key, name, wrong) in zip(inner.rows(1, 1, 1, 1, 1), lines, strict=True):
        label, value = place.columns(1, 1)
        sheet.text(f"line.{key}", label, name, Style(lines=1, least=sheet.theme.least * 0.7))
        color = sheet.theme.palette.bad if wrong else sheet.theme.palette.good
        sheet.text(
            f"line.{key}.value",
            value,
            wrong or words("tech.ok"),
            Style(1.0, Weight.SEMIBOLD, color, "right", lines=2, least=sheet.theme.least * 0.7),
        )
