"""Rounded boxes, shadows and veils of any size, painted from small sprites: nothing large is kept.

Only corners are drawn as curves; what lies between them is filled or pulled out.
"""

from dataclasses import dataclass

import pygame

from hall.screen.palette import Color, rgb
from hall.screen.sprites import WHOLE_PX, Shape, Sprites

_VEIL = 46 / 255
_VEIL_MULT = (209, 209, 209)


def box(surface: pygame.Surface, sprites: Sprites, place: pygame.Rect, shape: Shape) -> None:
    sprite = sprites.box(shape, place.w, place.h)
    if sprite.get_size() == place.size:
        surface.blit(sprite, place)
        return
    corner = _corners(surface, sprite, place, shape.corner)
    for between in _between(place, *corner):
        surface.fill(rgb(shape.fill), between)
    if shape.border is not None and shape.line:
        _edges(surface, place, corner, shape.border, shape.line)


def veil(surface: pygame.Surface, sprites: Sprites, place: pygame.Rect, radius: int) -> None:
    """The darkening of what a finger presses."""
    shape = Shape(radius, "#000000", opacity=_VEIL)
    sprite = sprites.box(shape, place.w, place.h)
    if sprite.get_size() == place.size:
        surface.blit(sprite, place)
        return
    corner = _corners(surface, sprite, place, shape.corner)
    for between in _between(place, *corner):
        surface.fill(_VEIL_MULT, between, special_flags=pygame.BLEND_RGB_MULT)


@dataclass(frozen=True, slots=True)
class Rim:
    """A soft shadow `spread` wide around a box, and `drop` lower than it."""

    radius: int
    spread: int
    drop: int


def shadow(surface: pygame.Surface, sprites: Sprites, place: pygame.Rect, rim: Rim) -> None:
    """What the box itself will hide is left out."""
    whole = place.move(0, rim.drop).inflate(2 * rim.spread, 2 * rim.spread)
    if whole.w * whole.h > WHOLE_PX:
        _rim(surface, sprites, whole, rim)
        return
    key = ("rim", whole.size, rim)
    surface.blit(sprites.made(key, lambda: _small_rim(sprites, whole.size, rim)), whole)


def _small_rim(sprites: Sprites, size: tuple[int, int], rim: Rim) -> pygame.Surface:
    alone = pygame.Surface(size, pygame.SRCALPHA, 32)
    _rim(alone, sprites, alone.get_rect(), rim)
    return alone


def _rim(surface: pygame.Surface, sprites: Sprites, whole: pygame.Rect, rim: Rim) -> None:
    radius = min(rim.radius, (whole.w - 2 * rim.spread) // 2, (whole.h - 2 * rim.spread) // 2)
    sprite, corner, seen = sprites.shadow(radius, rim.spread), radius + rim.spread, rim.spread
    seen += rim.drop
    _corners(surface, sprite, whole, corner)
    w, h, far = whole.w - 2 * corner, whole.h - 2 * corner, sprite.get_width() - seen
    for source, shown, at in (
        ((corner, 0, 2, seen), (w, seen), (whole.x + corner, whole.y)),
        ((corner, far, 2, seen), (w, seen), (whole.x + corner, whole.bottom - seen)),
        ((0, corner, seen, 2), (seen, h), (whole.x, whole.y + corner)),
        ((far, corner, seen, 2), (seen, h), (whole.right - seen, whole.y + corner)),
    ):
        if min(shown) > 0:
            surface.blit(sprites.strip(radius, rim.spread, source), at, (0, 0, *shown))


def _corners(
    surface: pygame.Surface, sprite: pygame.Surface, place: pygame.Rect, corner: int
) -> tuple[int, int]:
    """Blit the four corners; how wide and how high each is."""
    w, h = min(corner, place.w // 2), min(corner, place.h // 2)
    right, foot = sprite.get_width() - w, sprite.get_height() - h
    surface.blit(sprite, place.topleft, (0, 0, w, h))
    surface.blit(sprite, (place.right - w, place.y), (right, 0, w, h))
    surface.blit(sprite, (place.x, place.bottom - h), (0, foot, w, h))
    surface.blit(sprite, (place.right - w, place.bottom - h), (right, foot, w, h))
    return w, h


def _between(place: pygame.Rect, w: int, h: int) -> tuple[pygame.Rect, ...]:
    """The cross that four corners of w x h leave, in wide pieces: SDL fills narrow ones slowly."""
    top = pygame.Rect(place.x + w, place.y, place.w - 2 * w, h)
    middle = pygame.Rect(place.x, place.y + h, place.w, place.h - 2 * h)
    return top, middle, top.move(0, place.h - h)


def _edges(
    surface: pygame.Surface, place: pygame.Rect, corner: tuple[int, int], color: Color, line: int
) -> None:
    w, h = corner
    across, down = place.w - 2 * w, place.h - 2 * h
    for edge in (
        (place.x + w, place.y, across, line),
        (place.x + w, place.bottom - line, across, line),
        (place.x, place.y + h, line, down),
        (place.right - line, place.y + h, line, down),
    ):
        surface.fill(rgb(color), edge)
