"""How satisfied a citizen is: five faces in words and stars, no name recorded."""

from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.tree import Box, Icon, Target
from kiosk.drawing import frame
from kiosk.drawing.scene_builder import SceneBuilder, Style
from kiosk.model.actions import GiveScore
from kiosk.model.state import KioskModel

_BEST = 5


def draw(sheet: SceneBuilder, model: KioskModel) -> None:
    theme, words = sheet.theme, sheet.theme.words
    frame.head(sheet, model, words("rating.title"), words("rating.anonymous"))
    told, touched = theme.split(0.2)
    sheet.text(
        "ask",
        told,
        words("rating.ask"),
        Style(1.7, Weight.BOLD, align="centre", on=theme.palette.page),
    )
    cells = (
        touched.rows(*[1.0] * _BEST, gap=theme.gap)
        if theme.portrait
        else touched.columns(*[1.0] * _BEST, gap=theme.gap)
    )
    for place, cell in enumerate(cells):
        _score(sheet, cell, _BEST - place)


def _score(sheet: SceneBuilder, cell: Rect, score: int) -> None:
    theme, palette = sheet.theme, sheet.theme.palette
    key = f"score.{score}"
    sheet.card(key, cell)
    inner = cell.inset(theme.gap, theme.gap * 0.5)
    if theme.portrait:
        stars, word = inner.columns(1.25, 1, gap=theme.gap)
    else:
        stars, word = inner.rows(1, 1.2)
    side = min(stars.h * 0.8, stars.w / (_BEST + 0.4))
    row = Rect(stars.x, stars.y + (stars.h - side) / 2, side * _BEST, side)
    if not theme.portrait:
        row = row.moved((stars.w - row.w) / 2, 0)
    full = palette.ink if palette.flat else "#E8A400"
    for place, spot in enumerate(row.columns(*[1.0] * _BEST)):
        name = "star-full" if place < score else "star"
        shape = "emblem" if name == "star-full" else "star"
        color = full if place < score else palette.line
        sheet.add(Icon(f"{key}.star.{place}", spot.inset(side * 0.06), shape, color))
    sheet.text(
        f"{key}.word",
        word,
        theme.words(f"rating.score{score}"),
        Style(
            1.4,
            Weight.BOLD,
            align="left" if theme.portrait else "centre",
            lines=1 if theme.portrait else 2,
        ),
    )
    sheet.add(Target(f"{key}.go", cell, GiveScore(score), theme.radius))


def draw_thanks(sheet: SceneBuilder, model: KioskModel) -> None:
    theme, words, palette = sheet.theme, sheet.theme.words, sheet.theme.palette
    frame.head(sheet, model, words("rating.title"))
    middle = theme.body.inset(theme.body.w * 0.1, theme.body.h * 0.16)
    sheet.card("thanks", middle)
    picture, first, second = middle.inset(theme.gap * 2).rows(2, 1, 0.8)
    side = min(picture.w, picture.h)
    spot = Rect(picture.x + (picture.w - side) / 2, picture.y, side, side)
    sheet.add(Box("thanks.disc", spot, palette.soft, side / 2))
    sheet.icon("thanks.icon", spot.inset(side * 0.2), "heart", palette.good)
    sheet.text(
        "thanks.text",
        first,
        words("rating.thanks"),
        Style(2.2, Weight.BOLD, align="centre", lines=1),
    )
    sheet.text(
        "thanks.more",
        second,
        words("rating.thanks_more"),
        Style(1.2, Weight.REGULAR, palette.muted, "centre"),
    )
