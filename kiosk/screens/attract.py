"""While nobody is near: a greeting, and the numbers now served."""

from hall.fonts import Weight
from hall.screen.tree import Box
from kiosk.drawing import frame, now_served
from kiosk.drawing.scene_builder import SceneBuilder, Style
from kiosk.model.state import KioskModel


def draw(sheet: SceneBuilder, model: KioskModel) -> None:
    theme, words = sheet.theme, sheet.theme.words
    frame.head(sheet, model, model.setup.hall_name)
    upper, lower = (
        theme.body.rows(1, 1.15, gap=theme.gap)
        if theme.portrait
        else theme.body.columns(1.6, 1, gap=theme.gap)
    )
    color = theme.palette.tiles[0]
    sheet.add(Box("hello.box", upper, color, theme.radius * 1.6, shadow=not theme.palette.flat))
    inner = upper.inset(theme.gap * 2)
    picture, hello, touch, can = inner.rows(2.2, 1, 1.1, 0.7)
    side = min(picture.h, picture.w) * 0.8
    spot = picture.inset((picture.w - side) / 2, (picture.h - side) / 2)
    sheet.icon("hello.icon", spot, "hand", theme.palette.on_tile)
    ink = theme.palette.on_tile
    sheet.text(
        "hello",
        hello,
        words("attract.hello"),
        Style(2.2, Weight.MEDIUM, ink, "centre", lines=1, on=color),
    )
    sheet.text(
        "touch",
        touch,
        words("attract.touch"),
        Style(2.6, Weight.BOLD, ink, "centre", lines=2, on=color),
    )
    sheet.text(
        "can",
        can,
        words("attract.can"),
        Style(1.2, Weight.MEDIUM, ink, "centre", lines=2, on=color, instead=("",)),
    )
    now_served.draw(sheet, model, lower, across=None if theme.portrait else 1)
