"""The receipt slip in a few strokes, with its dossier code ringed: where the code is found."""

from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.tree import Box
from kiosk.drawing.scene_builder import SceneBuilder, Style

# A5, as the official slip (Mẫu 01) is printed.
_WIDE = 148 / 210
# Strokes of text: x, y, width as shares of the sheet; what is darker is a heading.
_GREY = ((0.1, 0.07, 0.3), (0.1, 0.115, 0.22), (0.5, 0.07, 0.4), (0.55, 0.115, 0.3))
_BODY = ((0.1, 0.5, 0.8), (0.1, 0.57, 0.74), (0.1, 0.64, 0.8), (0.1, 0.71, 0.62), (0.1, 0.78, 0.7))
_TITLE = (0.2, 0.2, 0.6)
_CODE = Rect(0.08, 0.29, 0.84, 0.14)
_STROKE = 0.022


def draw(sheet: SceneBuilder, room: Rect, example: str) -> None:
    """`example`: a code as it stands on the slip; left out where it would be too small to read."""
    palette = sheet.theme.palette
    h = min(room.h, room.w / _WIDE)
    page = Rect(room.x + (room.w - h * _WIDE) / 2, room.y + (room.h - h) / 2, h * _WIDE, h)
    paper = Box(
        "slip", page, palette.card, h * 0.02, None, palette.muted, 0.5, shadow=not palette.flat
    )
    sheet.add(paper)
    for place, (x, y, w) in enumerate((*_GREY, *_BODY)):
        sheet.add(Box(f"slip.{place}", _on(page, Rect(x, y, w, _STROKE)), palette.line))
    sheet.add(Box("slip.title", _on(page, Rect(*_TITLE, _STROKE * 1.6)), palette.ink))
    ring = _on(page, _CODE)
    sheet.add(Box("slip.ring", ring, palette.warn_back, ring.h / 2, None, palette.bad, h * 0.014))
    inner = ring.inset(ring.w * 0.1, ring.h * 0.14)
    theme = sheet.theme
    legible = inner.h >= theme.least * 0.9 and inner.w >= theme.least * 0.55 * len(example)
    if legible and not theme.taller:
        style = Style(
            1.0, Weight.BOLD, palette.ink, "centre", lines=1, on=palette.warn_back,
            least=sheet.theme.least * 0.8,
        )  # fmt: skip
        sheet.text("slip.code", inner, example, style)
    else:
        bar = Rect(inner.x, inner.centre[1] - inner.h * 0.2, inner.w, inner.h * 0.4)
        sheet.add(Box("slip.code", bar, palette.ink, bar.h * 0.2))


def _on(page: Rect, part: Rect) -> Rect:
    return Rect(
        page.x + part.x * page.w, page.y + part.y * page.h, part.w * page.w, part.h * page.h
    )
