"""What a screen shows, as values: keyed nodes in painting order, places in mm. Pure.

A node's key is unique in its scene; the painter repaints where the node of a key changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.palette import Color

Align = Literal["left", "centre", "right"]
VAlign = Literal["top", "middle", "bottom"]
_NO_MATRIX: tuple[tuple[bool, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; `bottom` makes a gradient from `fill` down to it."""

    key: str
    rect: Rect
    fill: Color
    radius: float = 0.0
    bottom: Color | None = None
    border: Color | None = None
    border_mm: float = 0.0
    shadow: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """Text in a place: wrapped, then shrunk from `size` to `min_size` (em, mm) until it fits.

    `max_lines`: 0 = as many as fit. `clamp`: may end in "…" (else overflow is a fault that the
    lint finds). `cells`: digits stand in cells of one width. `personal`: kept out of every cache.
    `on`: the colour behind, for the lint of contrast. `instead`: shorter texts, the longest first,
    of which the first that fits stands where the text itself does not.
    """

    key: str
    rect: Rect
    text: str
    size: float
    color: Color
    weight: Weight = Weight.REGULAR
    align: Align = "left"
    valign: VAlign = "middle"
    min_size: float | None = None
    max_lines: int = 0
    leading: float = 1.3
    clamp: bool = False
    cells: bool = False
    personal: bool = False
    on: Color | None = None
    instead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Icon:
    """A drawing of `hall.screen.icons` in one colour."""

    key: str
    rect: Rect
    name: str
    color: Color


@dataclass(frozen=True, slots=True)
class Donut:
    """A ring of parts (share of 1, colour) clockwise from the top, with flat ends."""

    key: str
    rect: Rect
    parts: tuple[tuple[float, Color], ...]
    track: Color
    thickness: float


@dataclass(frozen=True, slots=True)
class Spinner:
    """A quarter ring turned by `turn` (0..1)."""

    key: str
    rect: Rect
    turn: float
    color: Color
    track: Color
    thickness: float


@dataclass(frozen=True, slots=True)
class Matrix:
    """A QR code: dark modules on white, with its quiet zone inside the place."""

    key: str
    rect: Rect
    modules: tuple[tuple[bool, ...], ...] = _NO_MATRIX


@dataclass(frozen=True, slots=True)
class Strip:
    """One line of text that travels: drawn once, shown from `offset` mm on, endlessly."""

    key: str
    rect: Rect
    text: str
    size: float
    color: Color
    back: Color
    offset: float
    weight: Weight = Weight.MEDIUM
    gap: float = 60.0


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG file, scaled to fit inside, centred; nothing where it cannot be read."""

    key: str
    rect: Rect
    file: str


@dataclass(frozen=True, slots=True)
class Photograph:
    """A picture file that fills its place, cut at its edges; nothing where it cannot be read.

    Of all scenes only the last one shown is held in memory, at its size on the glass.
    """

    key: str
    rect: Rect
    file: str


@dataclass(frozen=True, slots=True)
class Target:
    """A place that does something when a finger leaves it; draws only its pressed shade.

    `alone`: while one such target is in the scene (a dialog), others do not answer.
    `hold_s`: answers only a finger that stayed this long (hidden corners).
    """

    key: str
    rect: Rect
    action: object
    radius: float = 0.0
    alone: bool = False
    hold_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Scroll:
    """A window onto nodes laid out from `rect`'s corner, moved up by `offset` mm of `height`."""

    key: str
    rect: Rect
    offset: float
    height: float
    nodes: "tuple[Node, ...]" = ()

    @property
    def limit(self) -> float:
        """The greatest offset."""
        return max(0.0, self.height - self.rect.h)


Node = (
    Box | Label | Icon | Donut | Spinner | Matrix | Strip | Picture | Photograph | Target | Scroll
)


@dataclass(frozen=True, slots=True)
class Scene:
    """A whole screen. `name` changes with the page (a double tap must not reach the next one).

    `personal`: no photograph is taken of it.
    """

    name: str
    back: Color
    nodes: tuple[Node, ...]
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A target where it stands on the panel, and what of it can be seen."""

    target: Target
    rect: Rect
    scroll: str | None = None


def targets(scene: Scene) -> tuple[Placed, ...]:
    """Every target that answers now, in painting order."""
    every = tuple(_targets(scene.nodes))
    alone = tuple(placed for placed in every if placed.target.alone)
    return alone or every


def scrolls(scene: Scene) -> tuple[Scroll, ...]:
    return tuple(node for node in scene.nodes if isinstance(node, Scroll))


def shown(scroll: Scroll, rect: Rect) -> Rect:
    """The place of something inside a scroll, as it stands on the panel."""
    return rect.moved(0, -scroll.offset)


def _targets(nodes: tuple[Node, ...]) -> Iterator[Placed]:
    for node in nodes:
        match node:
            case Target():
                yield Placed(node, node.rect)
            case Scroll():
                for placed in _targets(node.nodes):
                    seen = shown(node, placed.rect).common(node.rect)
                    if seen.w > 0 and seen.h > 0:
                        yield Placed(placed.target, seen, node.key)
            case _:
                pass


def texts(scene: Scene) -> tuple[str, ...]:
    """Every text of the scene, top to bottom as it was laid out: what "Đọc to" reads."""
    return tuple(_texts(scene.nodes))


def _texts(nodes: tuple[Node, ...]) -> Iterator[str]:
    for node in nodes:
        match node:
            case Label(text=text) | Strip(text=text):
                yield text
            case Scroll(nodes=inner):
                yield from _texts(inner)
            case _:
                pass


def labels(scene: Scene) -> tuple[Label, ...]:
    """Every label of the scene, those inside lists too."""
    return tuple(_labels(scene.nodes))


def _labels(nodes: tuple[Node, ...]) -> Iterator[Label]:
    for node in nodes:
        match node:
            case Label():
                yield node
            case Scroll(nodes=inner):
                yield from _labels(inner)
            case _:
                pass
