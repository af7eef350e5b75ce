"""While nobody is near: the hall's photographs, one after the other, and what to do.

Nothing stands in one place for long, so that nothing burns into the glass.
"""

from dataclasses import replace

from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.palette import mix
from hall.screen.tree import Box, Photograph
from kiosk.drawing import frame
from kiosk.drawing.scene_builder import SceneBuilder, Style
from kiosk.model.state import KioskModel

# A multiple of the seconds after which the view draws anew what changes by itself.
SHOWN_S = 16
# Where the card stands, of the way it can go: in turn with another number of photographs.
_PLACES = (1.0, 0.0, 0.5, 0.9, 0.1)
_UPRIGHT, _LYING = (0.88, 0.46), (0.56, 0.8)


def draw(sheet: SceneBuilder, model: KioskModel) -> None:
    turn = int(model.now // SHOWN_S)
    theme, area = sheet.theme, sheet.theme.panel.area
    ground = theme.palette.header_bottom
    # Seen only where there is no photograph, or its file has gone.
    sheet.add(Box("ground", area, theme.palette.header_top, bottom=ground))
    photographs = model.setup.photographs
    if photographs:
        file = photographs[turn % len(photographs)]
        sheet.add(Photograph("photograph", area, file))
    _card(sheet, model, _place(sheet, turn))


def _place(sheet: SceneBuilder, turn: int) -> Rect:
    """Up and down an upright glass, from side to side of one that lies."""
    theme, area = sheet.theme, sheet.theme.panel.area
    wide, high = _UPRIGHT if theme.portrait else _LYING
    free = area.inset(theme.pad)
    w, h = free.w * wide, free.h * high
    along = _PLACES[turn % len(_PLACES)]
    # The other way it goes a little, by another step.
    aside = _PLACES[(2 * turn) % len(_PLACES)]
    x, y = (aside, along) if theme.portrait else (along, aside)
    return Rect(free.x + x * (free.w - w), free.y + y * (free.h - h), w, h)


def _card(sheet: SceneBuilder, model: KioskModel, rect: Rect) -> None:
    theme, palette, words = sheet.theme, sheet.theme.palette, sheet.theme.words
    back = palette.header_bottom
    edge = palette.line if palette.flat else mix(back, palette.on_header, 0.55)
    radius = theme.radius * 2
    sheet.add(Box("hello.card", rect, back, radius, None, edge, 0.7, shadow=not palette.flat))
    inner = rect.inset(theme.gap * 1.6)
    top, touch, foot = inner.rows(1.25, 1.5, 0.85, gap=theme.gap)
    _hall(sheet, model, top)
    _touch(sheet, touch)
    told, languages = foot.rows(1.5, 1) if len(theme.languages) > 1 else (foot, foot.foot(0))
    ink = Style(1.1, Weight.MEDIUM, palette.on_header, "centre", lines=2, on=back)
    sheet.text("can", told, words("attract.can"), replace(ink, instead=("",)))
    if languages.h:
        places = languages.columns(*[1.0] * len(theme.languages), gap=theme.gap)
        for place, (tag, name) in zip(places, theme.languages, strict=True):
            sheet.text(f"lang.{tag}.text", place, name, ink)


def _hall(sheet: SceneBuilder, model: KioskModel, rect: Rect) -> None:
    """Logo and name of the hall, and a greeting."""
    theme, palette = sheet.theme, sheet.theme.palette
    side = min(rect.h, rect.w * 0.24)
    spot = Rect(rect.x, rect.y + (rect.h - side) / 2, side, side)
    frame.emblem(sheet, model, spot)
    hello, name = rect.after(side + theme.gap).rows(0.7, 1.8)
    back, ink = palette.header_bottom, palette.on_header
    style = Style(1.0, Weight.MEDIUM, ink, valign="bottom", lines=1, on=back)
    sheet.text("hello", hello, theme.words("attract.hello"), style)
    style = Style(1.7, Weight.BOLD, ink, valign="top", lines=3, on=back)
    sheet.text("hall", name, model.setup.hall_name, style)


def _touch(sheet: SceneBuilder, rect: Rect) -> None:
    """Looks like the button it is; all of the glass answers."""
    theme, palette = sheet.theme, sheet.theme.palette
    ink = palette.page if palette.flat else palette.ink
    sheet.add(Box("touch.plate", rect, palette.gold, min(rect.h / 2, theme.radius * 3)))
    inner = rect.inset(theme.gap * 1.5, theme.gap * 0.5)
    side = min(inner.h * 0.8, inner.w * 0.2)
    spot = Rect(inner.x, inner.y + (inner.h - side) / 2, side, side)
    sheet.icon("touch.icon", spot, "hand", ink)
    style = Style(2.9, Weight.BOLD, ink, "centre", lines=2, on=palette.gold)
    sheet.text("touch", inner.after(side + theme.gap), theme.words("attract.touch"), style)
