"""Faults that pages once had are planted again, and `motcua check` names each of them."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from hall.screen.geometry import Rect
from hall.screen.tree import Box, Label, Node, Scene, Scroll, Target
from kiosk import screens
from kiosk.drawing.theme import Theme
from kiosk.glass import inspection
from kiosk.model.modes import Modes

Spoil = Callable[[Scene], tuple[Node, ...]]


def without(scene: Scene, key: str) -> tuple[Node, ...]:
    return tuple(node for node in scene.nodes if not node.key.startswith(key))


def changed(scene: Scene, key: str, **changes: Any) -> tuple[Node, ...]:
    return tuple(replace(n, **changes) if n.key == key else n for n in scene.nodes)


def in_the_upper_half(scene: Scene) -> tuple[Node, ...]:
    spot = Rect(40, 32, 60, 30)
    return (*scene.nodes, Box("up", spot, "#0B5CAD"), Target("up.go", spot, 1))


def list_above(scene: Scene) -> tuple[Node, ...]:
    up = Scroll("list", Rect(20, 20, 120, 30), 0.0, 90.0, ())
    more = Box("list.more", Rect(20, 40, 8, 8), "#0F2440", border="#FFFFFF")
    return (*without(scene, "list"), up, more)


def narrow_wait(scene: Scene) -> tuple[Node, ...]:
    wait = next(n for n in scene.nodes if isinstance(n, Label) and n.key == "plate.wait.value")
    cut = {"rect": wait.rect._replace(w=24.0, h=14.0), "clamp": True, "instead": ()}
    return changed(scene, wait.key, **cut, max_lines=1)


def small_sibling(scene: Scene) -> tuple[Node, ...]:
    name = next(n for n in scene.nodes if isinstance(n, Label) and n.key == "counter.2.name")
    return changed(scene, name.key, rect=name.rect._replace(w=22.0), min_size=3.0, clamp=False)


def faint_edge(scene: Scene) -> tuple[Node, ...]:
    return changed(scene, "key.5", border="#D5DEE8", border_mm=0.6)


def half_empty(scene: Scene) -> tuple[Node, ...]:
    """A list of services that ends in the middle of the page."""
    return tuple(node for node in scene.nodes if node.rect.y < 300 or node.rect.y > 660)


PLANTED: dict[str, tuple[str, Modes, Spoil, str]] = {
    "a wait that ends in dots": ("ticket", Modes(), narrow_wait, "chữ bị cắt"),
    "siblings of two sizes": ("home", Modes(), small_sibling, "chữ nhỏ hơn chữ bên cạnh"),
    "keys without an erase key": (
        "lookup typed",
        Modes(),
        lambda scene: without(scene, "key.erase"),
        "không có phím xoá",
    ),
    "a faint edge of a key": ("lookup", Modes(), faint_edge, "nút chìm vào nền"),
    "a band with nothing in it": ("services", Modes(), half_empty, "khoảng trống"),
    "a wheelchair user's button above": (
        "services",
        Modes(wheelchair=True),
        in_the_upper_half,
        "nút nằm ngoài tầm với",
    ),
    "a wheelchair user's list above": (
        "detail",
        Modes(wheelchair=True),
        list_above,
        "danh sách nằm ngoài tầm với",
    ),
}
ON_THEIR_SIDE = ("21.5 inch landscape", "15.6 inch 1366x768", "10.1 inch landscape")
FOR_A_WHEELCHAIR = [fault for fault in PLANTED if "wheelchair" in fault]  # fmt: skip


@pytest.mark.parametrize(
    ("panel", "fault"),
    [
        *(("32 inch portrait", fault) for fault in PLANTED),
        *product(ON_THEIR_SIDE, FOR_A_WHEELCHAIR),
    ],
)
def test_a_planted_fault_is_named(
    kit: Any, panel: str, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, modes, spoil, words = PLANTED[fault]
    theme: Theme = kit.measured(panel).theme(modes)
    model, whole = kit.at(page, modes=modes), screens.scene
    assert inspection.judged(model, theme) == ()

    def spoilt(model: Any, theme: Theme) -> Scene:
        scene = whole(model, theme)
        return replace(scene, nodes=spoil(scene))

    monkeypatch.setattr(screens, "scene", spoilt)

    assert any(words in each.text for each in inspection.judged(model, theme))
