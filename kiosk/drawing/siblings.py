"""Texts of one kind on one page share one size: that of the one which needs the smallest. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from hall.screen.tree import Label, Node, Scroll
from kiosk.drawing.theme import Theme

# "counter.3.name": what it is of, which one, what of it.
_PARTS = 3
_BAR = frozenset({"back", "finish", "lang", "mode", "volume", "again.aloud"})
Kind = tuple[object, ...]


def kinds(labels: Iterable[Label]) -> Mapping[Kind, Sequence[Label]]:
    """Labels that a reader compares: the same part of things side by side, the bar's words."""
    found: dict[Kind, list[Label]] = defaultdict(list)
    for label in labels:
        parts = label.key.split(".")
        if {parts[0], label.key.removesuffix(".text")} & _BAR and parts[-1] == "text":
            found["bar",].append(label)
        elif len(parts) >= _PARTS:
            found[parts[0], parts[-1], label.size, label.weight, label.cells].append(label)
    return found


def level(nodes: Sequence[Node], theme: Theme) -> tuple[Node, ...]:
    """The nodes with siblings set alike, those of a list among themselves."""
    inside = [
        replace(node, nodes=level(node.nodes, theme)) if isinstance(node, Scroll) else node
        for node in nodes
    ]
    labels = [node for node in inside if isinstance(node, Label)]
    sizes: dict[str, float] = {}
    for alike in kinds(labels).values():
        laid = [theme.measure.lay(label, theme.panel.px_per_mm).px for label in alike]
        if min(laid) < max(laid):
            sizes |= dict.fromkeys((each.key for each in alike), min(laid) / theme.panel.px_per_mm)
    return tuple(
        replace(node, size=sizes[node.key], min_size=min(sizes[node.key], node.min_size or 99.0))
        if isinstance(node, Label) and node.key in sizes
        else node
        for node in inside
    )
