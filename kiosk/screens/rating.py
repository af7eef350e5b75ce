"""How satisfied a citizen is: at which counter, five faces, why, and a way back; no name."""

from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.palette import Color, Palette
from hall.screen.tree import Box, Target
from kiosk.drawing import frame, paging, question, spread
from kiosk.drawing.scene_builder import SceneBuilder, Style
from kiosk.drawing.theme import TOUCH_MM
from kiosk.model import rating
from kiosk.model.actions import ChooseAgain, GiveReason, GiveScore, RateCounter
from kiosk.model.pages import Rating, RatingFaces, RatingSent, Thanks
from kiosk.model.rating import RatedCounter
from kiosk.model.state import KioskModel

_BEST = 5


def draw(
    sheet: SceneBuilder, model: KioskModel, page: Rating | RatingFaces | RatingSent | Thanks
) -> None:
    match page:
        case Rating():
            _which(sheet, model, page)
        case RatingFaces():
            _faces(sheet, model, page)
        case RatingSent():
            _sent(sheet, model, page)
        case Thanks():
            _thanks(sheet, model)


def _which(sheet: SceneBuilder, model: KioskModel, page: Rating) -> None:
    """Which counter, by its name and the number that it has served last."""
    theme, words = sheet.theme, sheet.theme.words
    frame.head(sheet, model, words("rating.title"), words("rating.anonymous"))
    told, touched = theme.split(0.14)
    _ask(sheet, told, words("rating.which"))
    whole = touched.foot(max(TOUCH_MM, theme.em * 3.0))
    _counters(sheet, model, touched.above(whole.h + theme.gap), page.offset)
    sheet.button("rate.hall", whole, words("rating.hall"), RateCounter(None), "building", "plain")


def _ask(sheet: SceneBuilder, room: Rect, text: str) -> None:
    style = Style(1.7, Weight.BOLD, align="centre", on=sheet.theme.palette.page)
    question.draw(sheet, "ask", room, (text, style), "heart")


def _counters(sheet: SceneBuilder, model: KioskModel, room: Rect, offset: float) -> None:
    theme, found = sheet.theme, rating.counters(model)
    least = max(TOUCH_MM, theme.em * 3.6)
    columns = 2 if theme.portrait else 3
    rows = max(1, -(-len(found) // columns))
    h = max(least, spread.row_height(room, rows, theme.em * 9, theme.gap))
    total = rows * h + (rows - 1) * theme.gap
    inside = SceneBuilder(theme)
    cells = spread.spread_grid(room, columns, rows, h, theme.gap)
    for cell, each in zip(cells, found, strict=False):
        _counter(inside, cell, each)
    if total <= room.h + 0.01:
        sheet.add(*inside.nodes)
    else:
        paging.scroll(sheet, room, total, offset, inside.nodes)


def _counter(sheet: SceneBuilder, cell: Rect, each: RatedCounter) -> None:
    theme, words, palette = sheet.theme, sheet.theme.words, sheet.theme.palette
    key = f"rate.{each.label.id}"
    sheet.plate(key, cell)
    name, number = cell.inset(theme.gap).rows(1, 1.15)
    sheet.text(
        f"{key}.name",
        name,
        each.label.name,
        Style(1.15, Weight.MEDIUM, palette.muted, align="centre", lines=1),
    )
    sheet.text(
        f"{key}.number",
        number,
        words("rating.number", number=each.served.number),
        Style(1.6, Weight.BOLD, align="centre", lines=1),
    )
    sheet.add(Target(f"{key}.go", cell, RateCounter(each.label.id), theme.radius))


def _faces(sheet: SceneBuilder, model: KioskModel, page: RatingFaces) -> None:
    theme, words = sheet.theme, sheet.theme.words
    frame.head(sheet, model, words("rating.title"), words("rating.anonymous"))
    told, touched = theme.split(0.2)
    _draw_question(sheet, model, page, told)
    cells = (
        touched.rows(*[1.0] * _BEST, gap=theme.gap)
        if theme.portrait
        else touched.columns(*[1.0] * _BEST, gap=theme.gap)
    )
    for place, cell in enumerate(cells):
        _face(sheet, cell, _BEST - place)


def _draw_question(sheet: SceneBuilder, model: KioskModel, page: RatingFaces, room: Rect) -> None:
    """Of whom, and what; one of several questions stands below whom it is about."""
    words, about, asked = sheet.theme.words, page.about, rating.question(model, page)
    if about is None:
        _ask(sheet, room, words("rating.ask_hall"))
        return
    name = _name(model, about.counter)
    if asked is None:
        _ask(sheet, room, words("rating.ask", number=about.number, counter=name))
        return
    whom, what = room.rows(1, 1.6)
    muted = Style(
        1.1, Weight.MEDIUM, sheet.theme.palette.muted, "centre", on=sheet.theme.palette.page
    )
    sheet.text("who", whom, f"{words('rating.number', number=about.number)} · {name}", muted)
    _ask(sheet, what, asked.name)


def _name(model: KioskModel, counter: str) -> str:
    """In one piece: a line never ends between "Quầy" and its number."""
    name = next((c.name for c in model.setup.counters if c.id == counter), counter)
    return name.replace(" ", "\u00a0")


def _face(sheet: SceneBuilder, cell: Rect, score: int) -> None:
    theme = sheet.theme
    key = f"score.{score}"
    sheet.plate(key, cell)
    inner = cell.inset(theme.gap, theme.gap * 0.5)
    if theme.portrait:
        picture, word = inner.columns(1, 1.9, gap=theme.gap)
    else:
        picture, word = inner.rows(1.6, 1)
    _picture(sheet, key, picture, score)
    style = Style(
        1.5,
        Weight.BOLD,
        align="left" if theme.portrait else "centre",
        lines=1 if theme.portrait else 2,
    )
    sheet.text(f"{key}.word", word, theme.words(f"rating.score{score}"), style)
    sheet.add(Target(f"{key}.go", cell, GiveScore(score), theme.radius))


def _picture(sheet: SceneBuilder, key: str, room: Rect, score: int) -> None:
    """The face in the middle of its room, told apart by its mouth; the colour says it again."""
    side = min(room.w, room.h) * 0.94
    x, y = room.x + (room.w - side) / 2, room.y + (room.h - side) / 2
    color = _color(sheet.theme.palette, score)
    sheet.icon(f"{key}.face", Rect(x, y, side, side), f"face-{score}", color)


def _color(palette: Palette, score: int) -> Color:
    if palette.flat:
        return palette.ink
    if score > 3:  # noqa: PLR2004 - the middle face
        return palette.good
    return palette.warn if score == 3 else palette.bad  # noqa: PLR2004


def _sent(sheet: SceneBuilder, model: KioskModel, page: RatingSent) -> None:
    """What was given, why in one touch, and the way back for as long as there is one."""
    theme, words = sheet.theme, sheet.theme.words
    frame.head(sheet, model, words("rating.title"), words("rating.anonymous"))
    back_h = max(TOUCH_MM, theme.em * 3.0)
    asks_why = bool(model.setup.reasons) and not page.reason
    told, touched = (
        theme.split(0.4 if theme.portrait else 0.34) if asks_why else theme.parted(back_h)
    )
    _given(sheet, page, told)
    back = touched.foot(back_h) if asks_why else spread.row(theme, touched, back_h)
    left = max(1, round(page.since + rating.stays_s(model, page) - model.now))
    sheet.button("again", back, words("rating.again", n=left), ChooseAgain(), "repeat", "plain")
    if asks_why:
        _reasons(sheet, model, touched.above(back.h + theme.gap))


def _given(sheet: SceneBuilder, page: RatingSent, room: Rect) -> None:
    theme, words = sheet.theme, sheet.theme.words
    style = Style(1.7, Weight.BOLD, align="centre", lines=1, on=theme.palette.page)
    noted = Style(1.3, Weight.MEDIUM, align="centre", on=theme.palette.page)
    texts = [("given.word", words(f"rating.score{page.score}"), style)]
    if page.reason:
        texts.append(("noted", words("rating.noted"), noted))
    sized = [(text, each) for _, text, each in texts]
    picture, *lines = spread.picture_over(theme, room, room.h * 0.6, *sized)
    _picture(sheet, "given", picture, page.score)
    for line, (key, text, each) in zip(lines, texts, strict=True):
        sheet.text(key, line, text, each)


def _reasons(sheet: SceneBuilder, model: KioskModel, room: Rect) -> None:
    """As many as there is room for, none on a small panel in large type: nobody has to say why."""
    theme, reasons = sheet.theme, model.setup.reasons
    ask = theme.em * 2.4
    h = max(TOUCH_MM, theme.em * 3.0)
    if room.h < ask + h:
        return
    style = Style(1.3, Weight.SEMIBOLD, align="centre", lines=1, on=theme.palette.page)
    sheet.text("why", room.top(ask), theme.words("rating.why"), style)
    room = room.below(ask)
    columns = 3
    if theme.portrait:
        columns = 1 if len(reasons) * (h + theme.gap) <= room.h else 2
    most = int((room.h + theme.gap) // (h + theme.gap))
    rows = min(most, -(-len(reasons) // columns))
    h = spread.row_height(room, rows, h, theme.gap)
    cells = spread.spread_grid(room, columns, rows, h, theme.gap)
    for cell, reason in zip(cells, reasons, strict=False):
        key, why = f"why.{reason.id}", GiveReason(reason.id)
        sheet.button(key, cell, reason.name, why, kind="plain", k=1.3)


def _thanks(sheet: SceneBuilder, model: KioskModel) -> None:
    theme, words, palette = sheet.theme, sheet.theme.words, sheet.theme.palette
    frame.head(sheet, model, words("rating.title"))
    middle = theme.body.inset(theme.body.w * 0.06, 0)
    sheet.card("thanks", middle)
    inner = middle.inset(theme.gap * 2, theme.gap)
    text, more = words("rating.thanks"), words("rating.thanks_more")
    main = Style(2.4, Weight.BOLD, align="centre", lines=1)
    muted = Style(1.4, Weight.REGULAR, palette.muted, "centre")
    spot, first, second = spread.picture_over(
        theme, inner, inner.h * 0.52, (text, main), (more, muted)
    )
    sheet.add(Box("thanks.disc", spot, palette.soft, spot.h / 2))
    sheet.icon("thanks.icon", spot.inset(spot.h * 0.2), "heart", palette.good)
    sheet.text("thanks.text", first, text, main)
    sheet.text("thanks.more", second, more, muted)
