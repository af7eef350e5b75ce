"""Rounded boxes, shadows and veils of any size, painted from small sprites: nothing large is kept.

Only corners are drawn as curves; what lies between them is filled or pulled out.
"""

import pygame

from hall.screen.palette import Color, rgb
from hall.screen.sprites import Shape, Sprites

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


def shadow(
    surface: pygame.Surface, sprites: Sprites, place: pygame.Rect, radius: int, spread: int
) -> None:
    """A soft rim around a box: what its fill will hide is left out."""
    radius = min(radius, place.w // 2 - 1, place.h // 2 - 1)
    sprite, corner = sprites.shadow(radius, spread), radius + spread
    whole = place.inflate(2 * spread, 2 * spread)
    _corners(surface, sprite, whole, corner)
    w, h = whole.w - 2 * corner, whole.h - 2 * corner
    far = sprite.get_width() - corner
    for name, source, size, at in (
        ("top", (corner, 0, 2, corner), (w, corner), (whole.x + corner, whole.y)),
        ("foot", (corner, far, 2, corner), (w, corner), (whole.x + corner, whole.bottom - corner)),
        ("left", (0, corner, corner, 2), (corner, h), (whole.x, whole.y + corner)),
        ("right", (far, corner, corner, 2), (corner, h), (whole.right - corner, whole.y + corner)),
    ):
        if min(size) > 0:
            piece = sprite.subsurface(source)
            surface.blit(sprites.pulled((name, radius, spread), piece, *size), at)


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
    """The cross that four corners of w x h leave."""
    middle = pygame.Rect(place.x + w, place.y, place.w - 2 * w, place.h)
    left = pygame.Rect(place.x, place.y + h, w, place.h - 2 * h)
    return middle, left, left.move(place.w - w, 0)


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
