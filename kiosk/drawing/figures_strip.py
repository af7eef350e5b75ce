"""The figures in one line, where a small panel has no room for the card."""

from dataclasses import replace

from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.palette import Color
from kiosk.drawing import facts
from kiosk.drawing.facts import Facts
from kiosk.drawing.scene_builder import SceneBuilder, Style

_SMALL = 0.6


def draw(sheet: SceneBuilder, rect: Rect, found: Facts | None, cut_off: str | None) -> None:
    """On a plate that is there already.

    `cut_off`: the one-stop side is away; its last figures stay, and it is said.
    """
    theme, words = sheet.theme, sheet.theme.words
    inner = rect.inset(theme.gap, theme.gap * 0.4)
    if found is None:
        sheet.text("figures.none", inner, words("figures.no_data"), Style(align="centre"))
        return
    line = inner.foot(inner.h * 0.3)
    timely, palette = found.timely, theme.palette
    counts = (
        ("received", found.received, palette.ink, 1.0),
        ("early_or_on_time", timely.early_or_on_time.count, palette.good, 1.3),
        ("overdue", timely.overdue.count, palette.bad, 1.0),
    )
    known = [(key, count, color, share) for key, count, color, share in counts if count is not None]
    if not known:
        sheet.text("figures.none", inner, words("figures.no_data"), Style(align="centre"))
        return
    cells = inner.above(line.h).columns(*(share for *_, share in known), gap=theme.gap)
    for cell, (key, count, color, _) in zip(cells, known, strict=True):
        _count(sheet, cell, key, count, color)
    muted = Style(0.75, Weight.REGULAR, palette.muted, lines=1, clamp=True)
    _small(sheet, "figures.age", line, f"{found.title} · {cut_off or found.as_of}", muted)


def _count(sheet: SceneBuilder, rect: Rect, key: str, count: int, color: Color) -> None:
    """A name, and the number on its right."""
    theme, words = sheet.theme, sheet.theme.words
    name, value = rect.columns(1.2, 1, gap=theme.gap * 0.5)
    label = Style(0.8, Weight.MEDIUM, theme.palette.muted, lines=2)
    _small(sheet, f"strip.{key}.name", name, words(f"figures.{key}"), label)
    number = Style(1.2, Weight.BOLD, color, "right", lines=2)
    _small(sheet, f"strip.{key}.value", value, facts.number(count, words), number)


def _small(sheet: SceneBuilder, key: str, rect: Rect, text: str, style: Style) -> None:
    sheet.text(key, rect, text, replace(style, least=sheet.theme.least * _SMALL))
