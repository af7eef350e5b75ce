"""Colours by their role, in the normal and the high-contrast theme; and contrast, computed."""

from dataclasses import dataclass
from functools import cache

Color = str
_LINEAR_BELOW = 0.04045


@dataclass(frozen=True, slots=True)
class Palette:
    """`flat`: no shadows and no gradients. Every text colour reads at 4.5 (7 when flat).

    `edge`: the border of what can be touched, 3:1 on page, card and soft; `line` only divides.
    """

    page: Color
    card: Color
    line: Color
    edge: Color
    ink: Color
    muted: Color
    accent: Color
    on_accent: Color
    header_top: Color
    header_bottom: Color
    on_header: Color
    gold: Color
    good: Color
    bad: Color
    warn: Color
    warn_back: Color
    soft: Color
    tiles: tuple[Color, ...]
    on_tile: Color
    flat: bool = False


NORMAL = Palette(
    page="#EDF2F8",
    card="#FFFFFF",
    line="#C9D5E3",
    edge="#6B7C91",
    ink="#0F2440",
    muted="#4F5F74",
    accent="#0B5CAD",
    on_accent="#FFFFFF",
    header_top="#0B4A91",
    header_bottom="#083364",
    on_header="#FFFFFF",
    gold="#FFCD00",
    good="#0E7545",
    bad="#C4161C",
    warn="#6B4300",
    warn_back="#FFF4DC",
    soft="#E3EDF8",
    tiles=("#0B5CAD", "#117A65", "#6C3FA0", "#B9570A"),
    on_tile="#FFFFFF",
)

CONTRAST = Palette(
    page="#000000",
    card="#000000",
    line="#FFFFFF",
    edge="#FFFFFF",
    ink="#FFFFFF",
    muted="#FFFFFF",
    accent="#FFE500",
    on_accent="#000000",
    header_top="#000000",
    header_bottom="#000000",
    on_header="#FFFFFF",
    gold="#FFE500",
    good="#7CFC9A",
    bad="#FFB0A8",
    warn="#FFE500",
    warn_back="#000000",
    soft="#000000",
    tiles=("#FFE500", "#FFE500", "#FFE500", "#FFE500"),
    on_tile="#000000",
    flat=True,
)


def rgb(color: Color) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def mix(one: Color, other: Color, share: float) -> Color:
    """`share` of the other colour in the one."""
    parts = (round(a + (b - a) * share) for a, b in zip(rgb(one), rgb(other), strict=True))
    return "#" + "".join(f"{part:02X}" for part in parts)


def contrast(one: Color, other: Color) -> float:
    """WCAG 2: 1 (the same) to 21 (black on white)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@cache
def _luminance(color: Color) -> float:
    red, green, blue = (_linear(part / 255) for part in rgb(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= _LINEAR_BELOW else ((part + 0.055) / 1.055) ** 2.4
