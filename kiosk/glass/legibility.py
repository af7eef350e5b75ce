"""What of a page's texts is cut off, or stands in another size than the texts beside it. Pure."""

from collections.abc import Iterator, Sequence

from hall.screen.lint import Fault
from hall.screen.tree import (
    Box,
    Donut,
    Icon,
    Label,
    Matrix,
    Node,
    Picture,
    Scene,
    Scroll,
    Spinner,
    Target,
    labels,
)
from kiosk.drawing import siblings
from kiosk.drawing.theme import Theme

RATIO = 1.1
# A long name may end in "…": the page it leads to shows it whole. Nothing else may.
_NAMES = frozenset({"name", "title", "subtitle", "hall", "serves"})
_CUT = "…"
# A larger part of the height with nothing in it looks as if something were missing.
BLANK = 0.15
# A ground or a photograph is all of that page; what is told there walks over it.
_PICTURE = "Attract"
_ROUND_MM = 0.1
_ERASE = "key.erase.go"
_OVERDUE = frozenset({"overdue.value", "late.value"})
_TURNED = frozenset({"list.down", "list.up"})
_DRAGGED_MM = 15.0
_GOES_ON = frozenset({"list.down", "list.more"})


def faults(scene: Scene, theme: Theme) -> Iterator[Fault]:
    yield from _in(scene.nodes, theme)
    yield from _silent(scene)
    yield from _unerasable(scene)
    yield from _beyond_reach(scene, theme)
    yield from _unknown(scene, theme)
    yield from _overdue_first(scene, theme)
    if not scene.name.startswith(_PICTURE):
        yield from _blank(scene, theme)


def _unerasable(scene: Scene) -> Iterator[Fault]:
    """Keys without one that takes the last letter back."""
    keys = {node.key for node in scene.nodes if isinstance(node, Target)}
    if any(key.startswith("key.") for key in keys) and _ERASE not in keys:
        yield Fault("key", "có phím gõ mà không có phím xoá", "eye")


def _beyond_reach(scene: Scene, theme: Theme) -> Iterator[Fault]:
    """Lists that neither a button nor a finger within reach moves on; above keys one looks on."""
    keys = {node.key for node in scene.nodes}
    if keys & _TURNED or _ERASE in keys:
        return
    for node in scene.nodes:
        if isinstance(node, Scroll) and node.limit > 0:
            low = node.rect.common(theme.zone)
            if min(low.w, low.h) < _DRAGGED_MM:
                yield Fault(node.key, "danh sách nằm ngoài tầm với", "hand")


def _unknown(scene: Scene, theme: Theme) -> Iterator[Fault]:
    """What is not known is left out; once is enough to say that nothing is."""
    none = theme.words("figures.no_data")
    said = [label for label in labels(scene) if none in label.text]
    if len(said) > 1:
        yield Fault(said[1].key, f"“{none}” {len(said)} lần trên một trang", "eye")


def _overdue_first(scene: Scene, theme: Theme) -> Iterator[Fault]:
    """Figures of what is overdue that stand larger than those of what is in time."""
    px = {label.key: theme.measure.lay(label, theme.panel.px_per_mm).px for label in labels(scene)}
    for key, size in px.items():
        group, _, rest = key.partition(".")
        if rest in _OVERDUE:
            others = [
                each
                for other, each in px.items()
                if other.startswith(f"{group}.") and other.endswith(".value")
            ]
            if size > min(others):
                yield Fault(key, "số trễ hẹn lớn hơn số đúng hạn", "eye")


def _blank(scene: Scene, theme: Theme) -> Iterator[Fault]:
    """A band across the page in which nothing is drawn but its plates.

    A page in large type ends where its texts do: what is below them, before its pinned button, is
    not one; nor, where what is told stands by itself above the reach of a wheelchair.
    """
    if theme.modes.large and theme.low:
        return
    pinned = (node.rect.y for node in scene.nodes if node.key == "take")
    end = min(pinned, default=theme.bar.y) if theme.modes.large else theme.bar.y
    inked = sorted(each for each in _inked(scene, theme) if each[0] < end)
    if not theme.modes.large:
        inked.append((theme.bar.y, theme.bar.y))
    foot = theme.head.bottom
    for top, bottom in inked:
        if top - foot > BLANK * theme.panel.area.h:
            share = f"{100 * (top - foot) / theme.panel.area.h:.0f}"
            yield Fault("blank", f"khoảng trống {share} % chiều cao", "eye")
        foot = max(foot, bottom)


def _inked(scene: Scene, theme: Theme) -> Iterator[tuple[float, float]]:
    """From where to where each drawing stands; a text by its lines, a list by its window.

    A disc belongs to the picture on it; a technician's glass is empty to be touched.
    """
    for node in scene.nodes:
        rect = node.rect
        match node:
            case Label():
                laid = theme.measure.lay(node, theme.panel.px_per_mm)
                h = min(rect.h, len(laid.lines) * laid.step / theme.panel.px_per_mm)
                top = {"top": rect.y, "bottom": rect.bottom - h}
                y = top.get(node.valign, rect.y + (rect.h - h) / 2)
                yield y, y + h
            case Box(radius=radius) if 2 * radius >= rect.h - _ROUND_MM:
                yield rect.y, rect.bottom
            case (
                Icon()
                | Donut()
                | Spinner()
                | Matrix()
                | Picture()
                | Target()
                | Scroll()
                | Box(key="glass" | "slip" | "field")
            ):
                yield rect.y, rect.bottom
            case _:
                pass


def _silent(scene: Scene) -> Iterator[Fault]:
    """Lists that go on below and do not say so."""
    keys = {node.key for node in scene.nodes}
    for node in scene.nodes:
        if isinstance(node, Scroll) and node.offset < node.limit and not keys & _GOES_ON:
            yield Fault(node.key, "danh sách còn tiếp mà không có dấu", "eye")


def _in(nodes: Sequence[Node], theme: Theme) -> Iterator[Fault]:
    texts = [node for node in nodes if isinstance(node, Label)]
    for label in texts:
        if label.key.rpartition(".")[2] not in _NAMES and _is_cut(label, theme):
            yield Fault(label.key, f"chữ bị cắt: “{label.text[:40]}”", "eye")
    for alike in siblings.kinds(texts).values():
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
