"""Shapes as small surfaces: corners of boxes, shadows, rings, icons. In pixels; cached."""

import io
import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

import pygame

from hall.screen import icons
from hall.screen.palette import Color, rgb

# Four bytes each: sprites may take 4 MB.
_MOST_PIXELS = 1_000_000
# Up to here a shape is kept whole, as one blit.
WHOLE_PX = 30_000
_LONGEST = 4096
_SHADOW_RINGS = 9
# An arc whose ends fall on one point is no arc.
_LONGEST_ARC = 0.9999


@dataclass(frozen=True, slots=True)
class Shape:
    """What a box looks like, whatever its size; `line`: how thick its border is, 0 = none."""

    radius: int
    fill: Color
    border: Color | None = None
    line: int = 0
    opacity: float = 1.0

    @property
    def corner(self) -> int:
        """How far from its corners a box is not plain."""
        return max(self.radius, self.line) + 2


@dataclass(slots=True)
class Sprites:
    """Bounded; a sprite never holds text."""

    _made: "OrderedDict[tuple[object, ...], pygame.Surface]" = field(default_factory=OrderedDict)
    _pixels: int = 0

    def made(self, key: tuple[object, ...], make: Callable[[], pygame.Surface]) -> pygame.Surface:
        if key not in self._made:
            self._keep(key, native(make()))
        self._made.move_to_end(key)
        return self._made[key]

    def icon(self, name: str, color: Color, px: int) -> pygame.Surface:
        return self.made(("icon", name, color, px), lambda: _load(icons.svg(name, color, px)))

    def donut(
        self,
        px: int,
        thickness: int,
        parts: tuple[tuple[float, Color], ...],
        track: Color,
        start: float = 0.0,
    ) -> pygame.Surface:
        key = ("donut", px, thickness, parts, track, start)
        return self.made(key, lambda: _load(_ring(px, thickness, parts, track, start)))

    def box(self, shape: Shape, w: int, h: int) -> pygame.Surface:
        """The box itself where it is small, else one whose corners serve boxes of any size."""
        side = 2 * shape.corner + 2
        small = (w, h) if w * h <= WHOLE_PX else (min(w, side), min(h, side))
        return self.made(("box", small, shape), lambda: _load(_box(*small, shape)))

    def shadow(self, radius: int, spread: int) -> pygame.Surface:
        """A small soft shadow, `spread` wider on each side than its box."""
        side = 2 * (radius + spread) + 2
        return self.made(("shadow", radius, spread), lambda: _load(_shadow(side, radius, spread)))

    def strip(self, radius: int, spread: int, piece: tuple[int, int, int, int]) -> pygame.Surface:
        """A thin piece of a shadow, pulled out as long as a box may be."""

        def make() -> pygame.Surface:
            thin = self.shadow(radius, spread).subsurface(piece)
            w, h = thin.get_size()
            return pygame.transform.scale(thin, (w, _LONGEST) if w > h else (_LONGEST, h))

        return self.made(("strip", radius, spread, piece), make)

    def gradient(self, w: int, h: int, top: Color, bottom: Color) -> pygame.Surface:
        return self.made(("gradient", w, h, top, bottom), lambda: _gradient(w, h, top, bottom))

    def picture(self, file: str, w: int, h: int) -> pygame.Surface:
        """Raises pygame.error or OSError when the file is no picture."""
        return self.made(("picture", file, w, h), lambda: _fitted(pygame.image.load(file), w, h))

    def _keep(self, key: tuple[object, ...], sprite: pygame.Surface) -> None:
        """The newest stays, whatever it measures; the oldest make room for it."""
        self._made[key] = sprite
        self._pixels += sprite.get_width() * sprite.get_height()
        while self._pixels > _MOST_PIXELS and len(self._made) > 1:
            _, oldest = self._made.popitem(last=False)
            self._pixels -= oldest.get_width() * oldest.get_height()


def native(surface: pygame.Surface) -> pygame.Surface:
    """In the screen's own pixel format where there is a screen."""
    if not pygame.display.get_init() or pygame.display.get_surface() is None:
        return surface
    return surface.convert_alpha() if surface.get_flags() & pygame.SRCALPHA else surface.convert()


def _load(svg: str) -> pygame.Surface:
    return pygame.image.load(io.BytesIO(svg.encode()), "x.svg")


def _open(w: int, h: int) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}">'


def _box(w: int, h: int, shape: Shape) -> str:
    edge = shape.line / 2
    stroke = f' stroke="{shape.border}" stroke-width="{shape.line}"' if shape.line else ""
    r = max(0, min(shape.radius, w / 2, h / 2) - edge)
    return (
        f'{_open(w, h)}<rect x="{edge}" y="{edge}" width="{w - 2 * edge}" height="{h - 2 * edge}"'
        f' rx="{r}" fill="{shape.fill}" fill-opacity="{shape.opacity}"{stroke}/></svg>'
    )


def _shadow(side: int, radius: int, spread: int) -> str:
    rings = (
        f'<rect x="{inset}" y="{inset}" width="{side - 2 * inset}" height="{side - 2 * inset}"'
        f' rx="{radius + spread - inset}" fill="#0B2545" fill-opacity="0.014"/>'
        for inset in (spread * ring / _SHADOW_RINGS for ring in range(_SHADOW_RINGS))
    )
    return _open(side, side) + "".join(rings) + "</svg>"


def _ring(
    px: int, thickness: int, parts: tuple[tuple[float, Color], ...], track: Color, start: float
) -> str:
    centre, radius = px / 2, (px - thickness) / 2
    drawn, at = [_circle(centre, radius, track, thickness)], start
    for share, color in parts:
        # The ends of an arc all around would meet with a slit between them.
        whole = share >= 1
        drawn.append(
            _circle(centre, radius, color, thickness)
            if whole
            else _arc(centre, radius, at, min(share, _LONGEST_ARC), color, thickness)
        )
        at += share
    return _open(px, px) + "".join(drawn) + "</svg>"


def _circle(centre: float, radius: float, color: Color, thickness: int) -> str:
    return (
        f'<circle cx="{centre}" cy="{centre}" r="{radius}" fill="none" stroke="{color}"'
        f' stroke-width="{thickness}"/>'
    )


def _arc(  # noqa: PLR0913, PLR0917
    centre: float, radius: float, at: float, share: float, color: Color, thickness: int
) -> str:
    if share <= 0:
        return ""
    (x1, y1), (x2, y2) = (
        (centre + radius * math.sin(math.tau * t), centre - radius * math.cos(math.tau * t))
        for t in (at, at + share)
    )
    large = 1 if share > 0.5 else 0  # noqa: PLR2004 - half a turn
    return (
        f'<path d="M{x1:.2f} {y1:.2f}A{radius} {radius} 0 {large} 1 {x2:.2f} {y2:.2f}" fill="none"'
        f' stroke="{color}" stroke-width="{thickness}"/>'
    )


def _gradient(w: int, h: int, top: Color, bottom: Color) -> pygame.Surface:
    pair = pygame.Surface((1, 2), 0, 32)
    pair.set_at((0, 0), rgb(top))
    pair.set_at((0, 1), rgb(bottom))
    return pygame.transform.smoothscale(pair, (w, h))


def _fitted(picture: pygame.Surface, w: int, h: int) -> pygame.Surface:
    scale = min(w / picture.get_width(), h / picture.get_height())
    size = (round(picture.get_width() * scale), round(picture.get_height() * scale))
    alpha = picture if picture.get_bitsize() >= 24 else _deep(picture)  # noqa: PLR2004
    return pygame.transform.smoothscale(alpha, size)


def _deep(picture: pygame.Surface) -> pygame.Surface:
    """Pygame's smoothscale takes 24 and 32 bits only."""
    deep = pygame.Surface(picture.get_size(), pygame.SRCALPHA, 32)
    deep.blit(picture, (0, 0))
    return deep
