"""Keys of our own keyboards: large, few, each with one letter."""

from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.tree import Box, Icon, Target
from kiosk.drawing.scene_builder import SceneBuilder, Style
from kiosk.model.actions import Action, Erase, PressKey

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def key(sheet: SceneBuilder, rect: Rect, letter: str, action: Action | None = None) -> None:
    """A white key; `action` other than the letter itself for keys with a word."""
    theme = sheet.theme
    name = f"key.{letter}"
    sheet.plate(name, rect)
    size = 1.9 if len(letter) == 1 else 1.15
    sheet.text(
        f"{name}.text",
        rect.inset(rect.w * 0.06),
        letter,
        Style(size, Weight.SEMIBOLD, align="centre", lines=1),
    )
    sheet.add(Target(f"{name}.go", rect, action or PressKey(letter), theme.radius))


def erase(sheet: SceneBuilder, rect: Rect) -> None:
    theme, palette = sheet.theme, sheet.theme.palette
    sheet.add(
        Box("key.erase", rect, palette.soft, theme.radius, border=palette.edge, border_mm=0.6)
    )
    side = min(rect.h, rect.w) * 0.5
    spot = Rect(rect.x + (rect.w - side) / 2, rect.y + (rect.h - side) / 2, side, side)
    sheet.add(Icon("key.erase.icon", spot, "backspace", palette.ink))
    sheet.add(Target("key.erase.go", rect, Erase(), theme.radius))


def field(sheet: SceneBuilder, rect: Rect, typed: str, hint: str, *, personal: bool) -> None:
    """Where the typed text stands, with its cursor; the hint while nothing does."""
    theme, palette = sheet.theme, sheet.theme.palette
    sheet.add(Box("field", rect, palette.card, theme.radius, border=palette.accent, border_mm=0.9))
    inner = rect.inset(theme.gap, theme.gap * 0.3)
    if typed:
        sheet.text(
            "field.text",
            inner,
            f"{typed}|",
            Style(
                1.7,
                Weight.SEMIBOLD,
                cells=True,
                lines=1 if theme.portrait else 0,
                personal=personal,
                clamp=True,
            ),
        )
    else:
        sheet.text(
            "field.hint",
            inner,
            hint,
            Style(1.1, Weight.REGULAR, palette.muted, lines=2, clamp=True),
        )
