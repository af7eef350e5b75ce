"""Which controls and which parts of a drawing cannot be told from what they stand on or beside.

A control needs 3:1 against its ground by its fill or its border (WCAG 2.2, 1.4.11). Parts of a
ring and pieces of one bar need the same against each other: who sees no hue tells them by light.
"""

import itertools
import math
from collections.abc import Iterator, Sequence

from hall.screen.geometry import Rect
from hall.screen.lint import Fault
from hall.screen.palette import Color, contrast
from hall.screen.tree import Box, Donut, Node, Scene, Scroll, Target

SEEN = 3.0
_SLACK_MM = 0.1


def faults(scene: Scene) -> Iterator[Fault]:
    """Hidden holds are not judged: nobody is meant to see them."""
    yield from _controls(scene.nodes, (), scene.back)
    yield from _rings(scene.nodes)
    yield from _bars(scene.nodes)


def _controls(nodes: Sequence[Node], under: Sequence[Box], back: Color) -> Iterator[Fault]:
    boxes = list(under)
    for node in nodes:
        match node:
            case Box():
                boxes.append(node)
            case Scroll():
                yield from _controls(node.nodes, boxes, back)
            case Target() if not node.hold_s:
                yield from _control(node, boxes, back)
            case _:
                pass


def _control(target: Target, boxes: Sequence[Box], back: Color) -> Iterator[Fault]:
    places = [at for at, box in enumerate(boxes) if _same(box.rect, target.rect)]
    if not places:
        yield Fault(target.key, "nút không có nền hay viền", "eye")
        return
    plate = boxes[places[-1]]
    ground = next((b.fill for b in reversed(boxes[: places[-1]]) if b.rect.holds(plate.rect)), back)
    drawn = (plate.fill, plate.border) if plate.border_mm else (plate.fill,)
    seen = max(contrast(color, ground) for color in drawn if color is not None)
    if seen < SEEN:
        yield Fault(target.key, f"nút chìm vào nền: tương phản {_ratio_text(seen)}", "eye")


def _rings(nodes: Sequence[Node]) -> Iterator[Fault]:
    for node in nodes:
        match node:
            case Donut():
                yield from _ring(node)
            case Scroll():
                yield from _rings(node.nodes)
            case _:
                pass


def _ring(ring: Donut) -> Iterator[Fault]:
    colors = [color for share, color in ring.parts if share > 0]
    if colors and sum(share for share, _ in ring.parts) < 1 - 1e-6:
        colors.append(ring.track)
    for one, other in zip(colors, [*colors[1:], *colors[:1]], strict=True):
        if one != other and contrast(one, other) < SEEN:
            yield Fault(ring.key, f"hai phần vòng chỉ khác sắc màu: {one}, {other}", "eye")


def _bars(nodes: Sequence[Node]) -> Iterator[Fault]:
    """Pieces side by side, of one height, that touch."""
    boxes = [node for node in nodes if isinstance(node, Box)]
    for one, other in itertools.pairwise(boxes):
        beside = math.isclose(one.rect.right, other.rect.x, abs_tol=_SLACK_MM)
        level = math.isclose(one.rect.y, other.rect.y) and math.isclose(one.rect.h, other.rect.h)
        if beside and level and contrast(one.fill, other.fill) < SEEN:
            yield Fault(other.key, f"hai đoạn chỉ khác sắc màu: {one.fill}, {other.fill}", "eye")
    for node in nodes:
        if isinstance(node, Scroll):
            yield from _bars(node.nodes)


def _same(one: Rect, other: Rect) -> bool:
    return one.holds(other, _SLACK_MM) and other.holds(one, _SLACK_MM)


def _ratio_text(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")
