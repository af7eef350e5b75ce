"""A page in large type: its texts larger, each with the height it then needs. Pure.

What is drawn is the usual page on a taller sheet: heights grow where texts need it and shrink
where there is only air, widths stay. So everything is where it was, and what no longer fits on the
glass is reached by paging.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from hall.screen.geometry import Rect
from hall.screen.tree import (
    Box,
    Donut,
    Icon,
    Label,
    Matrix,
    Node,
    Picture,
    Scroll,
    Spinner,
    Target,
)
from kiosk.drawing import keys, siblings
from kiosk.drawing.heights import Demand, Heights, heights_of
from kiosk.drawing.theme import GAP_MM, RUNG, TOUCH_MM, Theme

# What large type promises at the least, where whole steps of the type scale are too wide.
LARGER = 1.25
_NEAR_MM = 12.0
_QR_MM = 24.0
# Of a picture's height, of the air between things: what is kept when a page is pressed together.
_PICTURE = 0.6
_TOUCHED = 0.6
AIR = 0.55
_ROUNDING_MM = 0.06
# A single line needs no more height than this many em.
_ONE_LINE = 1.07


@dataclass(frozen=True, slots=True)
class Tall:
    """Nodes laid out from the corner of their room, `height` mm of them in all."""

    nodes: tuple[Node, ...]
    height: float


@dataclass(frozen=True, slots=True)
class Growth:
    """`rungs`: steps of the type scale to go up; `usual`: px of each text in usual type."""

    theme: Theme
    rungs: int
    usual: Mapping[str, int]


def sizes(nodes: Sequence[Node], theme: Theme) -> Mapping[str, int]:
    """How large, in px, each text stands, those in lists too."""
    found: dict[str, int] = {}
    for node in nodes:
        if isinstance(node, Label):
            found[node.key] = theme.measure.lay(node, theme.panel.px_per_mm).px
        elif isinstance(node, Scroll):
            found |= sizes(node.nodes, theme)
    return found


def in_place(nodes: Sequence[Node], growth: Growth) -> tuple[Node, ...]:
    """Nothing moves: each text as large as its own place allows."""
    return tuple(_grown(nodes, growth, {n.key: n.rect for n in nodes}))


def enlarge(
    nodes: Sequence[Node], growth: Growth, room: Rect, into: Rect, air: float = AIR
) -> Tall:
    """The nodes of `room` for the place `into`; taller than that where they need it.

    They were drawn in the theme of `growth`. `air`: what part of what is free stays free.
    """
    theme = growth.theme
    nodes, bottom = _unrolled(nodes, max([room.bottom, *(node.rect.bottom for node in nodes)]))
    carriers = _carriers(nodes)
    nodes = tuple(_grown(nodes, growth, carriers))
    demands = tuple(_demands(nodes, theme, carriers))
    heights = heights_of(demands, (room.y, bottom), into, air)
    return Tall(tuple(_placed(nodes, heights, carriers)), heights.at(bottom) - into.y)


def _unrolled(nodes: Sequence[Node], bottom: float) -> tuple[tuple[Node, ...], float]:
    """Lists at their full length, without the buttons that page them."""
    kept = tuple(node for node in nodes if not node.key.startswith("list."))
    for scroll in [node for node in nodes if isinstance(node, Scroll)]:
        more, foot = scroll.limit, scroll.rect.bottom
        flat: list[Node] = []
        for node in kept:
            if node is scroll:
                flat += scroll.nodes
            elif node.rect.y >= foot - _ROUNDING_MM:
                flat.append(replace(node, rect=node.rect.moved(0, more)))
            elif node.rect.bottom >= foot - _ROUNDING_MM:
                flat.append(replace(node, rect=node.rect._replace(h=node.rect.h + more)))
            else:
                flat.append(node)
        kept, bottom = tuple(flat), bottom + more
    return kept, bottom


def _carriers(nodes: Sequence[Node]) -> Mapping[str, Rect]:
    """By the key of what lies on it: the plate of a picture, which keeps its shape."""
    touched = {node.rect for node in nodes if isinstance(node, Target)}
    plates = [
        node.rect
        for node in nodes
        if isinstance(node, Box) and node.rect not in touched and _keeps_shape(node)
    ]
    return {
        node.key: plate
        for plate in plates
        for node in nodes
        if plate.holds(node.rect, _ROUNDING_MM) and not isinstance(node, Target)
    }


def _keeps_shape(box: Box) -> bool:
    round_ = abs(box.rect.w - box.rect.h) < 0.05 * box.rect.h and box.radius > 0.2 * box.rect.h
    return round_ or box.key in {"slip", "turn.back", "qr.back"}


def _grown(nodes: Sequence[Node], growth: Growth, bounds: Mapping[str, Rect]) -> Iterator[Node]:
    """Labels at the size they will have; siblings in one. `bounds`: of those that stay in place."""
    labels = [node for node in nodes if isinstance(node, Label) and node.text]
    larger = {label.key: _larger(label, growth, bounded=label.key in bounds) for label in labels}
    times = {key: label.size for key, label in larger.items()}
    for alike in siblings.kinds(labels).values():
        least = min(times[label.key] for label in alike)
        times |= dict.fromkeys((label.key for label in alike), least)
    for node in nodes:
        if not isinstance(node, Label):
            yield node
        elif node.key in larger and larger[node.key].text:
            yield _at(larger[node.key], growth.theme, times[node.key])


def _larger(label: Label, growth: Growth, *, bounded: bool) -> Label:
    """The text that stands there in usual type, at the largest size its place allows."""
    theme = growth.theme
    scale = theme.panel.px_per_mm
    laid = theme.measure.lay(label, scale)
    text = _standing(label, laid.lines)
    usual = max(laid.px, growth.usual.get(label.key, 0))
    px = usual
    for factor in _factors(growth.rungs):
        px = round(usual * factor)
        if factor == 1 or (
            _fits_in_place(label, text, theme, px)
            if bounded
            else _widest(label, text, theme, px) <= label.rect.w * scale
        ):
            break
    return replace(label, text=text, size=px / scale, instead=())


def _widest(label: Label, text: str, theme: Theme, px: int) -> int:
    """The width, in px, that no line break makes less."""
    parts = _unbreakable(label, text)
    wide = (theme.measure.width(part, px, label.weight, cells=label.cells) for part in parts)
    return max(wide, default=0)


def _fits_in_place(label: Label, text: str, theme: Theme, px: int) -> bool:
    size = px / theme.panel.px_per_mm
    set_ = _at(replace(label, text=text, instead=(), clamp=False), theme, size)
    return theme.measure.lay(set_, theme.panel.px_per_mm).fits


def _factors(rungs: int) -> Iterator[float]:
    """From the largest to none."""
    steps = [RUNG**rung for rung in range(rungs, -1, -1)]
    yield from (step for step in steps if step > LARGER)
    if rungs and RUNG**rungs > LARGER:
        yield LARGER + 0.01
    yield from (step for step in steps if step <= LARGER)


def _standing(label: Label, lines: Sequence[str]) -> str:
    """Which of the label's texts was set; whole, where a name was cut."""
    set_ = " ".join(lines)
    for text in label.instead:
        if " ".join(text.split()) == set_:
            return text
    return label.text


def _unbreakable(label: Label, text: str) -> Sequence[str]:
    if not label.cells:
        return text.split()
    return keys.parts(text) if _is_code(label) else (text,)


def _is_code(label: Label) -> bool:
    """A dossier code stands in as many lines as it needs; other figures in one."""
    return label.cells and label.max_lines == 0


def _at(label: Label, theme: Theme, size: float) -> Label:
    """Set in this size and no other, in as many lines as it takes."""
    text, most = label.text, label.max_lines
    if _is_code(label):
        text = keys.broken(theme, text.replace("\n", ""), size, label.rect.w)
    elif not label.cells:
        most = 0
    return replace(label, text=text, size=size, min_size=size, max_lines=most)


def _demands(nodes: Sequence[Node], theme: Theme, carriers: Mapping[str, Rect]) -> Iterator[Demand]:
    yield from _touched(nodes)
    for plate in set(carriers.values()):
        yield Demand(plate.y, plate.bottom, plate.h * _PICTURE)
    for node in nodes:
        rect = node.rect
        match node:
            case Label() if node.key not in carriers:
                yield Demand(rect.y, rect.bottom, _needed(node, theme))
            case Matrix():
                yield Demand(rect.y, rect.bottom, min(rect.h, _QR_MM))
            case Donut():
                # Its figure stands inside it.
                yield Demand(rect.y, rect.bottom, rect.h)
            case Icon() if node.key not in carriers:
                yield Demand(rect.y, rect.bottom, rect.h * _PICTURE)
            case _:
                pass


def _touched(nodes: Sequence[Node]) -> Iterator[Demand]:
    """What fingers need: buttons of their size, and apart."""
    targets = [node.rect for node in nodes if isinstance(node, Target) and not node.hold_s]
    for rect in targets:
        yield Demand(rect.y, rect.bottom, max(min(rect.h, TOUCH_MM), rect.h * _TOUCHED))
    for upper in targets:
        for lower in targets:
            apart = lower.y - upper.bottom
            if 0 <= apart <= _NEAR_MM and upper.bottom < lower.y:
                yield Demand(upper.bottom, lower.y, min(apart, GAP_MM))


def _needed(label: Label, theme: Theme) -> float:
    """The height, in mm, of the label's lines."""
    scale = theme.panel.px_per_mm
    laid = theme.measure.lay(replace(label, rect=label.rect._replace(h=1000.0)), scale)
    high = laid.px * _ONE_LINE if len(laid.lines) == 1 else len(laid.lines) * laid.step
    return (high + 1) / scale


def _placed(
    nodes: Sequence[Node], heights: Heights, carriers: Mapping[str, Rect]
) -> Iterator[Node]:
    filled = [n.rect for n in nodes if isinstance(n, Label | Target | Icon)]
    for node in nodes:
        rect = node.rect
        if node.key in carriers:
            yield _carried(node, carriers[node.key], heights)
        elif isinstance(node, Icon | Donut | Spinner | Matrix | Picture) or (
            isinstance(node, Box)
            and rect.h < TOUCH_MM
            and not any(rect.holds(other, _ROUNDING_MM) for other in filled)
        ):
            kept = _kept(rect, heights)
            if isinstance(node, Box) and not _keeps_shape(node):
                kept = kept._replace(x=rect.x, w=rect.w)
            yield replace(node, rect=kept)
        else:
            top = heights.at(rect.y)
            yield replace(node, rect=Rect(rect.x, top, rect.w, heights.at(rect.bottom) - top))


def _kept(rect: Rect, heights: Heights) -> Rect:
    """In its shape about its middle: no larger, smaller where its room is."""
    room = heights.at(rect.bottom) - heights.at(rect.y)
    part = min(1.0, room / rect.h) if rect.h else 1.0
    w, h = rect.w * part, rect.h * part
    middle = (heights.at(rect.y) + heights.at(rect.bottom)) / 2
    return Rect(rect.centre[0] - w / 2, middle - h / 2, w, h)


def _carried(node: Node, plate: Rect, heights: Heights) -> Node:
    """As it lies on its plate."""
    to = _kept(plate, heights)
    part = to.w / plate.w
    rect = node.rect
    moved = Rect(
        to.x + (rect.x - plate.x) * part,
        to.y + (rect.y - plate.y) * part,
        rect.w * part,
        rect.h * part,
    )
    if isinstance(node, Label):
        return replace(node, rect=moved, size=node.size * part, min_size=node.size * part)
    if isinstance(node, Box):
        return replace(node, rect=moved, radius=node.radius * part)
    return replace(node, rect=moved)
