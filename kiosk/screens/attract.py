"""While nobody is near: a greeting, and the numbers now served."""

from hall.fonts import Weight
from hall.screen.tree import Box
from kiosk.drawing import frame
from kiosk.drawing.sheet import SceneBuilder, Style
from kiosk.model.state import KioskModel
from kiosk.screens import home


def draw(sheet: SceneBuilder, model: KioskModel) -> None:
    look, words = sheet.look, sheet.look.words
    frame.head(sheet, model, model.setup.hall_name)
    upper, lower = (
        look.body.rows(1, 1.15, gap=look.gap)
        if look.portrait
        else look.body.columns(1.6, 1, gap=look.gap)
    )
    color = look.palette.tiles[0]
    sheet.add(Box("hello.box", upper, color, look.radius * 1.6, shadow=not look.palette.flat))
    inner = upper.inset(look.gap * 2)
    picture, hello, touch, can = inner.rows(2.2, 1, 1.1, 0.7)
    side = min(picture.h, picture.w) * 0.8
    spot = picture.inset((picture.w - side) / 2, (picture.h - side) / 2)
    sheet.icon("hello.icon", spot, "hand", look.palette.on_tile)
    ink = look.palette.on_tile
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
        Style(1.2, Weight.MEDIUM, ink, "centre", lines=2, clamp=True, on=color),
    )
    home.serving(sheet, model, lower, across=None if look.portrait else 1)
