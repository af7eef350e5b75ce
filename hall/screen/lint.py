"""What is wrong with a scene for the hands and eyes of a person; empty when nothing is."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from hall.screen.geometry import Panel, Rect
from hall.screen.palette import contrast
from hall.screen.text import Typesetter
from hall.screen.tree import Label, Node, Placed, Scene, Scroll, targets

TOUCH_MIN_MM = 20.0
GAP_MIN_MM = 3.0
CONTRAST = 4.5
CONTRAST_HIGH = 7.0
_SLACK = 0.05


@dataclass(frozen=True, slots=True)
class Fault:
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Rules:
    """`zone`: where all targets must lie (wheelchair mode)."""

    touch_mm: float = TOUCH_MIN_MM
    gap_mm: float = GAP_MIN_MM
    contrast: float = CONTRAST
    zone: Rect | None = None


def faults(
    scene: Scene, panel: Panel, typesetter: Typesetter, rules: Rules | None = None
) -> tuple[Fault, ...]:
    """Targets of a hidden hold are not judged: they are not for citizens."""
    rules = rules or Rules()
    placed = [each for each in targets(scene) if not each.target.hold_s]
    return (
        *_keys(scene),
        *_sizes(placed, rules, panel),
        *_gaps(placed, rules),
        *_labels(scene.nodes, panel, typesetter, rules),
    )


def _keys(scene: Scene) -> Iterator[Fault]:
    seen: set[str] = set()
    for node in scene.nodes:
        if node.key in seen:
            yield Fault(node.key, "two nodes with one key")
        seen.add(node.key)


def _sizes(placed: list[Placed], rules: Rules, panel: Panel) -> Iterator[Fault]:
    zone = rules.zone or panel.area
    for each in placed:
        rect = each.target.rect if each.scroll else each.rect
        if min(rect.w, rect.h) < rules.touch_mm - _SLACK:
            yield Fault(each.target.key, f"target of {rect.w:.1f} x {rect.h:.1f} mm")
        if not zone.holds(each.rect, _SLACK):
            yield Fault(each.target.key, "target outside its zone")


def _gaps(placed: list[Placed], rules: Rules) -> Iterator[Fault]:
    near = rules.gap_mm - _SLACK
    for one, other in combinations(placed, 2):
        if one.rect.inset(-near / 2).meets(other.rect.inset(-near / 2)):
            yield Fault(one.target.key, f"too near to {other.target.key}")


def _labels(
    nodes: tuple[Node, ...], panel: Panel, typesetter: Typesetter, rules: Rules
) -> Iterator[Fault]:
    for node in nodes:
        match node:
            case Scroll(nodes=inner):
                yield from _labels(inner, panel, typesetter, rules)
            case Label():
                yield from _label(node, panel, typesetter, rules)
            case _:
                pass


def _label(label: Label, panel: Panel, typesetter: Typesetter, rules: Rules) -> Iterator[Fault]:
    laid = typesetter.lay(label, panel.px_per_mm)
    if not laid.fits:
        yield Fault(label.key, f"text does not fit: {label.text[:40]!r}")
    if label.on is not None and contrast(label.color, label.on) < rules.contrast:
        found = contrast(label.color, label.on)
        yield Fault(label.key, f"contrast {found:.1f} of {label.color} on {label.on}")
