"""The fields of work in the figures: bars of one scale, one below the other."""

from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.tree import Box
from kiosk.drawing import facts, figures_card, paging
from kiosk.drawing.facts import Facts, FieldLine
from kiosk.drawing.scene_builder import SceneBuilder, Style

# In time and overdue do not touch.
_APART_MM = 0.9


def split(found: Facts) -> bool:
    """Whether the fields of work are told, and agree with the whole."""
    return bool(found.fields) and "fields" not in found.disputed


def draw(sheet: SceneBuilder, offset: float, rect: Rect, found: Facts) -> None:
    theme, words = sheet.theme, sheet.theme.words
    sheet.card("fields", rect)
    inner = rect.inset(theme.gap, theme.gap * 0.8)
    sheet.text(
        "fields.title",
        inner.top(theme.em * 1.7),
        words("figures.by_field"),
        Style(1.15, Weight.SEMIBOLD, lines=1),
    )
    room = inner.below(theme.em * 1.7 + theme.gap * 0.4)
    h = theme.em * 2.6
    inside = SceneBuilder(theme)
    most = max(line.count for line in found.fields) or 1
    for place, line in enumerate(found.fields):
        _field(inside, Rect(room.x, room.y + place * h, room.w, h), place, line, most)
    total = h * len(found.fields)
    paging.scroll(sheet, room, total, offset, inside.nodes)


def _field(sheet: SceneBuilder, rect: Rect, place: int, line: FieldLine, most: int) -> None:
    """Bars of one scale: in time, and overdue as a piece with its number; or the received."""
    theme, palette, words = sheet.theme, sheet.theme.palette, sheet.theme.words
    key = f"field.{place}"
    label, bar, value = rect.columns(1.25, 1.25, 1.1, gap=theme.gap * 0.6)
    small = theme.least * 0.62
    sheet.text(
        f"{key}.name",
        label,
        words.name(line.name),
        Style(0.92, Weight.MEDIUM, lines=2, clamp=True, least=small),
    )
    h = min(rect.h * 0.4, theme.em * 0.9)
    track = Rect(bar.x, bar.y + (bar.h - h) / 2, bar.w, h)
    count = facts.number(line.count, words)
    if line.overdue is None:
        sheet.add(Box(f"{key}.all", track.left(track.w * line.count / most), palette.accent))
        text, color = f"{words('figures.received').lower()} {count}", palette.ink
    else:
        good = track.w * line.in_time / most
        sheet.add(Box(f"{key}.good", track.left(good), palette.good))
        if line.overdue:
            late = max(0.8, track.w * line.overdue / most)
            at = Rect(track.x + good + _APART_MM, track.y, late, h)
            figures_card.overdue(sheet, f"{key}.late", at)
        overdue = f"{words('figures.overdue').lower()} {facts.number(line.overdue, words)}"
        text, color = f"{count} · {overdue}", palette.bad if line.overdue else palette.muted
    sheet.text(
        f"{key}.value",
        value,
        text,
        Style(0.92, Weight.SEMIBOLD, color, "right", lines=1, clamp=True, least=small),
    )
