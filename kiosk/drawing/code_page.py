"""A page on which a code is typed: what for, the field, the keys, and the button that sends it."""

from dataclasses import dataclass

from hall.fonts import Weight
from hall.screen.geometry import Rect
from kiosk.drawing import frame, keys, slip, spread
from kiosk.drawing.scene_builder import SceneBuilder, Style
from kiosk.drawing.theme import TOUCH_MM
from kiosk.model.actions import LookUp, SwitchKeyboard
from kiosk.model.pages import CheckInPage, Lookup
from kiosk.model.state import KioskModel

_SHORT = 14
# Told above the keys in less height than so many em: the field alone, without the picture.
_PROMPTED_EM, _PICTURED_EM = 4.5, 8.0
# No organisation's code has them.
_SELDOM = "WZ"
_ROWS_PORTRAIT = ("123", "456", "789", "-0.")
_ROWS_LANDSCAPE = ("123", "456", "789")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The words of the page: `hint` stands in the empty field, `go` on the button."""

    title: str
    privacy: str
    prompt: str
    hint: str
    go: str
    icon: str


def draw(
    sheet: SceneBuilder, model: KioskModel, page: Lookup | CheckInPage, wanted: Wanted
) -> None:
    frame.head(sheet, model, wanted.title, wanted.privacy)
    if sheet.theme.portrait:
        _portrait(sheet, model, page, wanted)
    elif sheet.theme.low:
        _within_reach(sheet, model, page, wanted)
    else:
        _landscape(sheet, model, page, wanted)


def _portrait(
    sheet: SceneBuilder, model: KioskModel, page: Lookup | CheckInPage, wanted: Wanted
) -> None:
    theme = sheet.theme
    told, touched = theme.split(0.3)
    if theme.low:
        prompt, field = spread.spread(told, (told.h * 0.5, told.h * 0.34))
    else:
        prompt, field = told.rows(1, 0.62 if told.h > theme.em * 14 else 1, gap=theme.gap)
    inner = prompt.columns(0.5 if theme.low else 0.28, 1, gap=theme.gap)
    side = min(inner[0].w, inner[0].h, theme.em * (16 if theme.low else 12))
    spot = Rect(inner[0].x, prompt.y + (prompt.h - side) / 2, side, side)
    _picture(sheet, model, page, spot)
    sheet.text(
        "prompt",
        Rect(spot.right + theme.gap, prompt.y, prompt.right - spot.right - theme.gap, prompt.h),
        wanted.prompt,
        Style(1.45, Weight.SEMIBOLD, on=theme.palette.page),
    )
    _field(sheet, page, field, wanted.hint)
    go_h = max(TOUCH_MM, theme.em * 3)
    _go(sheet, touched.foot(go_h), wanted)
    _keys(sheet, model, page, touched.above(go_h + theme.gap))


def _within_reach(
    sheet: SceneBuilder, model: KioskModel, page: Lookup | CheckInPage, wanted: Wanted
) -> None:
    """On a glass that lies: what is read above, three rows of keys and the button below."""
    theme = sheet.theme
    told, touched = theme.split(0.0)
    prompt, field = told.columns(1, 1.5, gap=theme.gap)
    if isinstance(page, Lookup) and told.h > theme.em * _PICTURED_EM:
        picture, prompt = prompt.columns(1, 1.4, gap=theme.gap)
        _picture(sheet, model, page, picture)
    style = Style(1.15, Weight.SEMIBOLD, on=theme.palette.page, least=theme.least * 0.7)
    if told.h > theme.em * _PROMPTED_EM:
        sheet.text("prompt", prompt, wanted.prompt, style)
    else:
        field = told
    _field(sheet, page, field, wanted.hint)
    if page.letters:
        rows = keys.three_rows(theme, touched, 2, _SELDOM)
        for cell, letter in zip(rows.places, rows.letters, strict=True):
            keys.key(sheet, cell, letter)
        erase, change = rows.others
        keys.erase(sheet, erase)
        keys.key(sheet, change, theme.words("lookup.digits"), SwitchKeyboard())
        icon = None if theme.tight else wanted.icon
        sheet.button("go", rows.last, wanted.go, LookUp(), icon, k=1.0)
        return
    pad, go = touched.columns(3, 1, gap=theme.gap)
    _digits_within_reach(sheet, model, pad)
    _go(sheet, go, wanted)


def _digits_within_reach(sheet: SceneBuilder, model: KioskModel, room: Rect) -> None:
    rows = ("123-", "456.", f"789{model.setup.first_letters[:1] or 'H'}")
    cells = room.grid(5, 3, min(sheet.theme.gap, 4.0))
    for row, letters in enumerate(rows):
        for column, letter in enumerate(letters):
            keys.key(sheet, cells[5 * row + column], letter)
    keys.erase(sheet, cells[4])
    keys.key(sheet, cells[9], "0")
    keys.key(sheet, cells[14], sheet.theme.words("lookup.letters"), SwitchKeyboard())


def _picture(
    sheet: SceneBuilder, model: KioskModel, page: Lookup | CheckInPage, spot: Rect
) -> None:
    """Where the code is found; of an appointment, whose note may be of any kind, how it is read."""
    if isinstance(page, Lookup):
        slip.draw(sheet, spot, model.setup.code_prefix)
        return
    icon = "scan" if model.setup.scans else "keyboard"
    sheet.icon("scan", spot, icon, sheet.theme.palette.accent)


def _landscape(
    sheet: SceneBuilder, model: KioskModel, page: Lookup | CheckInPage, wanted: Wanted
) -> None:
    theme = sheet.theme
    body = theme.body
    keys_w = max(162.0, body.w * 0.6)
    side = body.above(0).left(body.w - keys_w - theme.gap)
    go = side.foot(max(TOUCH_MM, theme.em * 3))
    rest = side.above(go.h + theme.gap)
    if isinstance(page, Lookup) and rest.h > theme.em * 22:
        picture, rest = rest.rows(1, 1.6, gap=theme.gap)
        _picture(sheet, model, page, picture)
    if theme.tight and len(page.typed) > _SHORT:
        # A small panel has room for the code or for the words, and the code is what is looked at.
        _field(sheet, page, rest, wanted.hint)
        _go(sheet, go, wanted)
        _keys(sheet, model, page, body.side(keys_w))
        return
    prompt, field = rest.rows(1.1, 1, gap=theme.gap * 0.6)
    sheet.text(
        "prompt",
        prompt,
        wanted.prompt,
        Style(1.15, Weight.SEMIBOLD, on=theme.palette.page, least=theme.least * 0.7),
    )
    _field(sheet, page, field, wanted.hint)
    _go(sheet, go, wanted)
    _keys(sheet, model, page, body.side(keys_w))


def _field(sheet: SceneBuilder, page: Lookup | CheckInPage, rect: Rect, hint: str) -> None:
    h = rect.h if sheet.theme.low else min(rect.h, max(TOUCH_MM, sheet.theme.em * 3.6))
    place = Rect(rect.x, rect.y + (rect.h - h) / 2, rect.w, h) if sheet.theme.portrait else rect
    keys.code_field(sheet, place, page.typed, hint)


def _go(sheet: SceneBuilder, rect: Rect, wanted: Wanted) -> None:
    sheet.button("go", rect, wanted.go, LookUp(), wanted.icon, k=1.4)


def _keys(sheet: SceneBuilder, model: KioskModel, page: Lookup | CheckInPage, room: Rect) -> None:
    if page.letters:
        _letters(sheet, room)
    elif sheet.theme.portrait:
        _digits(sheet, model, room, _ROWS_PORTRAIT, across=3)
    else:
        _digits_wide(sheet, model, room)


def _digits(
    sheet: SceneBuilder, model: KioskModel, room: Rect, rows: tuple[str, ...], across: int
) -> None:
    words = sheet.theme.words
    cells = iter(room.grid(across, len(rows) + 1, sheet.theme.gap))
    for letter in "".join(rows):
        keys.key(sheet, next(cells), letter)
    keys.key(sheet, next(cells), model.setup.first_letters[:1] or "H")
    keys.erase(sheet, next(cells))
    keys.key(sheet, next(cells), words("lookup.letters"), SwitchKeyboard())


def _digits_wide(sheet: SceneBuilder, model: KioskModel, room: Rect) -> None:
    words = sheet.theme.words
    cells = room.grid(4, 4, sheet.theme.gap)
    for row, letters in enumerate(_ROWS_LANDSCAPE):
        for column, letter in enumerate(letters):
            keys.key(sheet, cells[4 * row + column], letter)
    keys.erase(sheet, cells[3])
    keys.key(sheet, cells[7], "-")
    keys.key(sheet, cells[11], ".")
    keys.key(sheet, cells[12], model.setup.first_letters[:1] or "H")
    keys.key(sheet, cells[13], "0")
    wide = Rect(cells[14].x, cells[14].y, cells[15].right - cells[14].x, cells[14].h)
    keys.key(sheet, wide, words("lookup.letters"), SwitchKeyboard())


def _letters(sheet: SceneBuilder, room: Rect) -> None:
    words = sheet.theme.words
    across, down = (6, 5) if sheet.theme.portrait else (7, 4)
    cells = iter(room.grid(across, down, min(sheet.theme.gap, 4.0)))
    for letter in keys.LETTERS + (".-" if sheet.theme.portrait else ""):
        keys.key(sheet, next(cells), letter)
    keys.erase(sheet, next(cells))
    keys.key(sheet, next(cells), words("lookup.digits"), SwitchKeyboard())
