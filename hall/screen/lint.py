"""What of a scene cannot be touched or read; empty when nothing is wrong."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from hall.screen.geometry import Panel, Rect
from hall.screen.palette import contrast
from hall.screen.text import Typesetter
from hall.screen.tree import Label, Placed, Scene, labels, targets

TOUCH_MIN_MM = 20.0
GAP_MIN_MM = 3.0
CONTRAST = 4.5
CONTRAST_HIGH = 7.0
_SLACK = 0.05


@dataclass(frozen=True, slots=True)
class Fault:
    """`about`: what it concerns: touch targets, texts, or the painter's keys."""

    key: str
    text: str
    about: Literal["hand", "eye", "painter"]


@dataclass(frozen=True, slots=True)
class LintRules:
    """`zone`: where all targets must lie (wheelchair mode)."""

    touch_mm: float = TOUCH_MIN_MM
    gap_mm: float = GAP_MIN_MM
    contrast: float = CONTRAST
    zone: Rect | None = None


def faults(
    scene: Scene, panel: Panel, typesetter: Typesetter, rules: LintRules | None = None
) -> tuple[Fault, ...]:
    """Targets of a hidden hold are not judged: they are not for citizens."""
    rules = rules or LintRules()
    placed = [each for each in targets(scene) if not each.target.hold_s]
    return (
        *_keys(scene),
        *_sizes(placed, rules, panel),
        *_gaps(placed, rules),
        *(fault for label in labels(scene) for fault in _label(label, panel, typesetter, rules)),
    )


def _keys(scene: Scene) -> Iterator[Fault]:
    seen: set[str] = set()
    for node in scene.nodes:
        if node.key in seen:
            yield Fault(node.key, "hai phần tử cùng một khoá", "painter")
        seen.add(node.key)


def _sizes(placed: list[Placed], rules: LintRules, panel: Panel) -> Iterator[Fault]:
    zone = rules.zone or panel.area
    for each in placed:
        rect = each.target.rect if each.scroll else each.rect
        if min(rect.w, rect.h) < rules.touch_mm - _SLACK:
            size = f"{rect.w:.1f} x {rect.h:.1f} mm".replace(".", ",")
            text = f"nút {size}, cần {rules.touch_mm:.0f} mm"
            yield Fault(each.target.key, text, "hand")
        if not zone.holds(each.rect, _SLACK):
            yield Fault(each.target.key, "nút nằm ngoài tầm với", "hand")


def _gaps(placed: list[Placed], rules: LintRules) -> Iterator[Fault]:
    near = rules.gap_mm - _SLACK
    for one, other in combinations(placed, 2):
        if one.rect.inset(-near / 2).meets(other.rect.inset(-near / 2)):
            yield Fault(one.target.key, f"quá sát nút {other.target.key}", "hand")


def _label(label: Label, panel: Panel, typesetter: Typesetter, rules: LintRules) -> Iterator[Fault]:
    laid = typesetter.lay(label, panel.px_per_mm)
    if not laid.fits:
        yield Fault(label.key, f"chữ không vừa chỗ: “{label.text[:40]}”", "eye")
    elif label.cells and any("…" in line for line in laid.lines if "…" not in label.text):
        yield Fault(label.key, f"số hoặc mã bị cắt bằng “…”: “{label.text[:40]}”", "eye")
    if label.on is not None and contrast(label.color, label.on) < rules.contrast:
        found = f"{contrast(label.color, label.on):.1f}".replace(".", ",")
        yield Fault(label.key, f"tương phản {found}: {label.color} trên {label.on}", "eye")
