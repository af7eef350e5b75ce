"""What of a page's texts is cut off, or stands in another size than the texts beside it. Pure."""

from collections.abc import Iterator, Sequence

from hall.screen.lint import Fault
from hall.screen.tree import Label, Node, Scene, Scroll
from kiosk.drawing import siblings
from kiosk.drawing.theme import Theme

RATIO = 1.1
# A long name may end in "…": the page it leads to shows it whole. Nothing else may.
_NAMES = frozenset({"name", "title", "subtitle", "hall", "serves"})
_CUT = "…"
_GOES_ON = frozenset({"list.down", "list.more"})


def faults(scene: Scene, theme: Theme) -> Iterator[Fault]:
    yield from _in(scene.nodes, theme)
    yield from _silent(scene)


def _silent(scene: Scene) -> Iterator[Fault]:
    """Lists that go on below and do not say so."""
    keys = {node.key for node in scene.nodes}
    for node in scene.nodes:
        if isinstance(node, Scroll) and node.offset < node.limit and not keys & _GOES_ON:
            yield Fault(node.key, "danh sách còn tiếp mà không có dấu", "eye")


def _in(nodes: Sequence[Node], theme: Theme) -> Iterator[Fault]:
    labels = [node for node in nodes if isinstance(node, Label)]
    for label in labels:
        if label.key.rpartition(".")[2] not in _NAMES and _is_cut(label, theme):
            yield Fault(label.key, f"chữ bị cắt: “{label.text[:40]}”", "eye")
    for alike in siblings.kinds(labels).values():
        yield from _uneven(alike, theme)
    for node in nodes:
        if isinstance(node, Scroll):
            yield from _in(node.nodes, theme)


def _is_cut(label: Label, theme: Theme) -> bool:
    if not label.clamp:
        return False
    lines = theme.measure.lay(label, theme.panel.px_per_mm).lines
    return lines[-1].endswith(_CUT) and not label.text.endswith(_CUT)


def _uneven(alike: Sequence[Label], theme: Theme) -> Iterator[Fault]:
    sizes = {label: theme.measure.lay(label, theme.panel.px_per_mm).px for label in alike}
    small, large = min(sizes.values()), max(sizes.values())
    if large > RATIO * small:
        label = min(sizes, key=sizes.__getitem__)
        times = f"{large / small:.2f}".replace(".", ",")
        yield Fault(label.key, f"chữ nhỏ hơn chữ bên cạnh {times} lần", "eye")
