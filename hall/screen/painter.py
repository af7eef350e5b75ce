"""Paints a scene on a surface, and again only where it changed."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import pygame

from hall.screen import boxes
from hall.screen.boxes import Rim
from hall.screen.geometry import Panel
from hall.screen.palette import rgb
from hall.screen.photographs import PhotographShelf
from hall.screen.sprites import Shape, Sprites
from hall.screen.text import Typesetter
from hall.screen.tree import (
    Box,
    Donut,
    Icon,
    Label,
    Matrix,
    Node,
    Photograph,
    Picture,
    Scene,
    Scroll,
    Spinner,
    Strip,
    Target,
    labels,
)

log = logging.getLogger(__name__)

Pixels = tuple[int, int, int, int]
SHADOW_MM = 3.0
_SHADOW_DROP_MM = 0.8
_QUIET_ZONE = 4
_MOST_RECTS = 24
_MOST_AREA = 0.6


@dataclass(slots=True)
class Painter:
    """Owns the caches of drawn things. `wipe()` forgets every text it ever drew."""

    panel: Panel
    typesetter: Typesetter = field(default_factory=Typesetter)
    sprites: Sprites = field(default_factory=Sprites)
    photographs: PhotographShelf = field(default_factory=PhotographShelf)
    _last: Scene | None = None
    _pressed: str | None = None

    def paint(
        self, surface: pygame.Surface, scene: Scene, pressed: str | None = None
    ) -> list[Pixels]:
        """Bring the surface up to the scene; the places that changed, in pixels."""
        dirty = self._dirty(scene, pressed)
        for place in dirty:
            surface.set_clip(place)
            surface.fill(rgb(scene.back), place)
            self._nodes(surface, scene.nodes, pygame.Rect(place), pressed, (0, 0))
        surface.set_clip(None)
        if not any(isinstance(node, Photograph) for node in scene.nodes):
            self.photographs.clear()
        self._last, self._pressed = scene, pressed
        return dirty

    def prepare(self, scene: Scene) -> None:
        """Open the fonts and shape the letters this scene will need; nothing drawn is kept."""
        for label in labels(scene):
            laid = self.typesetter.lay(label, self.panel.px_per_mm)
            for line in laid.lines:
                self.typesetter.draw(
                    line, laid.px, label.weight, label.color, cells=label.cells, personal=True
                )

    def forget(self) -> None:
        """The next paint draws everything."""
        self._last = None

    def wipe(self) -> None:
        """A citizen has gone: no scene and no drawn text is kept."""
        self._last = None
        self.typesetter.wipe()

    def _dirty(self, scene: Scene, pressed: str | None) -> list[Pixels]:
        everything = [(0, 0, self.panel.width, self.panel.height)]
        last = self._last
        if last is None or last.back != scene.back:
            return everything
        places = self._changed(last, scene, pressed)
        if places is None or len(places) > _MOST_RECTS:
            return everything
        merged = _merged(places, pygame.Rect(everything[0]))
        area = sum(place.w * place.h for place in merged)
        if area > _MOST_AREA * self.panel.width * self.panel.height:
            return everything
        return [(place.x, place.y, place.w, place.h) for place in merged]

    def _changed(self, last: Scene, scene: Scene, pressed: str | None) -> list[pygame.Rect] | None:
        """Old and new places of what differs; None when the order of painting changed."""
        old = {node.key: node for node in last.nodes}
        new = {node.key: node for node in scene.nodes}
        if [key for key in old if key in new] != [key for key in new if key in old]:
            return None
        changed = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
        if pressed != self._pressed:
            changed |= {key for key in (pressed, self._pressed) if key in old or key in new}
            changed |= {node.key for node in scene.nodes if isinstance(node, Scroll)}
        return [
            self._extent(node)
            for key in changed
            for node in (old.get(key), new.get(key))
            if node is not None
        ]

    def _extent(self, node: Node) -> pygame.Rect:
        """Where a node's pixels may lie; a little more than its place."""
        place = pygame.Rect(self.panel.px_rect(node.rect))
        match node:
            case Box(shadow=True):
                spread = 2 * self.panel.px(SHADOW_MM + _SHADOW_DROP_MM)
                return place.inflate(spread, spread)
            case Label(size=size):
                return place.inflate(4, 2 + round(0.6 * size * self.panel.px_per_mm))
            case _:
                return place.inflate(2, 2)

    def _nodes(
        self,
        surface: pygame.Surface,
        nodes: Sequence[Node],
        clip: pygame.Rect,
        pressed: str | None,
        shift: tuple[int, int],
    ) -> None:
        for node in nodes:
            if self._extent(node).move(shift).colliderect(clip):
                self._node(surface, node, clip, pressed, shift)

    def _node(  # noqa: C901 - one case for each kind of node
        self,
        surface: pygame.Surface,
        node: Node,
        clip: pygame.Rect,
        pressed: str | None,
        shift: tuple[int, int],
    ) -> None:
        place = pygame.Rect(self.panel.px_rect(node.rect)).move(shift)
        match node:
            case Box():
                self._box(surface, node, place)
            case Label():
                self._label(surface, node, place)
            case Icon(name=name, color=color):
                side = min(place.w, place.h)
                sprite = self.sprites.icon(name, color, side)
                surface.blit(sprite, sprite.get_rect(center=place.center))
            case Donut() | Spinner():
                self._ring(surface, node, place)
            case Matrix(modules=modules):
                _matrix(surface, place, modules)
            case Strip():
                self._strip(surface, node, place, clip)
            case Picture(file=file):
                self._picture(surface, place, partial(self.sprites.picture, file))
            case Photograph(file=file):
                self._picture(surface, place, partial(self.photographs.shown, file))
            case Target(key=key, radius=radius):
                if key == pressed:
                    boxes.veil(surface, self.sprites, place, self.panel.px(radius))
            case Scroll(nodes=nodes, offset=offset):
                window = place.clip(clip)
                surface.set_clip(window)
                up = (shift[0], shift[1] - self.panel.px(offset))
                self._nodes(surface, nodes, window, pressed, up)
                surface.set_clip(clip)

    def _box(self, surface: pygame.Surface, box: Box, place: pygame.Rect) -> None:
        radius, line = self.panel.px(box.radius), self.panel.px(box.border_mm)
        if box.shadow:
            rim = Rim(radius, self.panel.px(SHADOW_MM), self.panel.px(_SHADOW_DROP_MM))
            boxes.shadow(surface, self.sprites, place, rim)
        if box.bottom is not None:
            surface.blit(self.sprites.gradient(place.w, place.h, box.fill, box.bottom), place)
        elif radius == 0 and not line:
            surface.fill(rgb(box.fill), place)
        else:
            border = max(1, line) if box.border else 0
            shape = Shape(radius, box.fill, box.border, border)
            boxes.box(surface, self.sprites, place, shape)

    def _label(self, surface: pygame.Surface, label: Label, place: pygame.Rect) -> None:
        laid = self.typesetter.lay(label, self.panel.px_per_mm)
        y = place.y + _lead(label, place.h, laid.step * len(laid.lines))
        for line in laid.lines:
            drawn = self.typesetter.draw(
                line, laid.px, label.weight, label.color,
                cells=label.cells, personal=label.personal,
            )  # fmt: skip
            x = place.x + _indent(label, place.w, drawn.get_width())
            surface.blit(drawn, (x, y + (laid.step - drawn.get_height()) // 2))
            y += laid.step

    def _ring(self, surface: pygame.Surface, ring: Donut | Spinner, place: pygame.Rect) -> None:
        side, thickness = min(place.w, place.h), self.panel.px(ring.thickness)
        if isinstance(ring, Donut):
            sprite = self.sprites.donut(side, thickness, ring.parts, ring.track)
        else:
            start = round(ring.turn * 24) / 24
            parts = ((0.25, ring.color),)
            sprite = self.sprites.donut(side, thickness, parts, ring.track, start)
        surface.blit(sprite, sprite.get_rect(center=place.center))

    def _strip(
        self, surface: pygame.Surface, strip: Strip, place: pygame.Rect, clip: pygame.Rect
    ) -> None:
        surface.fill(rgb(strip.back), place)
        px = self.panel.px(strip.size)
        drawn = self.typesetter.draw(strip.text, px, strip.weight, strip.color)
        period = drawn.get_width() + self.panel.px(strip.gap)
        surface.set_clip(place.clip(clip))
        x = place.x - self.panel.px(strip.offset) % period
        while x < place.right:
            surface.blit(drawn, (x, place.y + (place.h - drawn.get_height()) // 2))
            x += period
        surface.set_clip(clip)

    def _picture(
        self,
        surface: pygame.Surface,
        place: pygame.Rect,
        load: Callable[[int, int], pygame.Surface],
    ) -> None:
        try:
            picture = load(place.w, place.h)
        except (OSError, pygame.error) as err:
            log.debug("no picture: %s", err)
            return
        surface.blit(picture, picture.get_rect(center=place.center))


def _lead(label: Label, room: int, used: int) -> int:
    match label.valign:
        case "top":
            return 0
        case "middle":
            return (room - used) // 2
        case "bottom":
            return room - used


def _indent(label: Label, room: int, used: int) -> int:
    match label.align:
        case "left":
            return 0
        case "centre":
            return (room - used) // 2
        case "right":
            return room - used


def _matrix(
    surface: pygame.Surface, place: pygame.Rect, modules: tuple[tuple[bool, ...], ...]
) -> None:
    """Whole pixels a module, so that a camera reads it."""
    if not modules:
        return
    across = len(modules) + 2 * _QUIET_ZONE
    module = min(place.w, place.h) // across
    side = module * across
    x0, y0 = place.x + (place.w - side) // 2, place.y + (place.h - side) // 2
    surface.fill((255, 255, 255), (x0, y0, side, side))
    for row, line in enumerate(modules, _QUIET_ZONE):
        for column, dark in enumerate(line, _QUIET_ZONE):
            if dark:
                cell = (x0 + column * module, y0 + row * module, module, module)
                surface.fill((0, 0, 0), cell)


def _merged(places: list[pygame.Rect], whole: pygame.Rect) -> list[pygame.Rect]:
    """Overlapping places become one, all inside the panel."""
    merged: list[pygame.Rect] = []
    for place in places:
        grown = place.clip(whole)
        if grown.w == 0 or grown.h == 0:
            continue
        while (hit := grown.collidelist(merged)) >= 0:
            grown = grown.union(merged.pop(hit))
        merged.append(grown)
    return merged
