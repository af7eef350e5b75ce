"""Texts that are cut, siblings of two sizes and lists that seem to end are found."""

from dataclasses import replace
from typing import Any

import pytest

from hall.screen.geometry import Rect
from hall.screen.tree import Label, Node, Scene, Scroll, targets, texts
from kiosk import screens
from kiosk.drawing import siblings
from kiosk.drawing.theme import Theme
from kiosk.glass import legibility
from kiosk.model.actions import PressKey
from kiosk.model.modes import Modes
from kiosk.model.pages import Procedures

PANELS = ("32 inch portrait", "15.6 inch landscape", "10.1 inch landscape")


@pytest.fixture(name="theme")
def a_theme(kit: Any) -> Theme:
    theme: Theme = kit.measured("10.1 inch landscape").theme(Modes())
    return theme


def label(key: str, text: str, width: float, size: float = 8.0) -> Label:
    return Label(key, Rect(0, 0, width, 12), text, size, "#000000", max_lines=1, min_size=5.0)


def found(theme: Theme, *nodes: Node) -> list[str]:
    """Of a few nodes, which do not fill a page."""
    faults = legibility.faults(Scene("p", "#FFFFFF", nodes), theme)
    return [fault.text for fault in faults if fault.key != "blank"]


def test_a_wait_that_ends_in_dots_is_found(theme: Theme) -> None:
    wait = replace(label("service.a.wait", "188 người đang chờ", 40), clamp=True)

    assert found(theme, wait) == ["chữ bị cắt: “188 người đang chờ”"]
    assert found(theme, replace(wait, rect=Rect(0, 0, 200, 12))) == []


def test_a_long_name_may_end_in_dots(theme: Theme) -> None:
    assert found(theme, replace(label("row.1.name", "Đăng ký khai sinh", 30), clamp=True)) == []


def test_siblings_of_two_sizes_are_found_and_set_level(theme: Theme) -> None:
    short, long = label("counter.1.name", "Quầy 1", 60), label("counter.2.name", "Quầy 10 – A", 32)

    (fault,) = found(theme, short, long)
    assert fault.startswith("chữ nhỏ hơn chữ bên cạnh 1,")
    assert found(theme, *siblings.level((short, long), theme)) == []


def test_texts_of_two_kinds_may_differ(theme: Theme) -> None:
    number, name = label("counter.1.number", "A024", 60, 20), label("counter.1.name", "Quầy", 60)

    assert found(theme, number, name) == []


def test_a_list_that_goes_on_without_a_sign_is_found(theme: Theme) -> None:
    rows = Scroll("list", Rect(0, 0, 90, 90), 0, 200)

    assert found(theme, rows) == ["danh sách còn tiếp mà không có dấu"]
    assert found(theme, rows, label("list.more", "", 10)) == []
    assert found(theme, replace(rows, offset=110.0)) == []


@pytest.mark.parametrize("panel", PANELS)
def test_a_search_can_be_corrected_letter_by_letter(kit: Any, panel: str) -> None:
    stage = kit.measured(panel)
    model = kit.at(Procedures(None, "khai", keyboard=True))
    keys = {placed.target.key for placed in targets(screens.scene(model, stage.theme(Modes())))}

    assert {"key.erase.go", "turn", "key.A.go", "key.Z.go"} <= keys
    assert any(
        placed.target.action == PressKey(" ")
        for placed in targets(screens.scene(model, stage.theme(Modes())))
    )


@pytest.mark.parametrize("panel", PANELS)
def test_time_limit_and_fee_of_a_procedure_do_not_scroll_away(kit: Any, panel: str) -> None:
    scene = screens.scene(kit.at("detail"), kit.measured(panel).theme(Modes()))
    fixed = texts(replace(scene, nodes=tuple(n for n in scene.nodes if not isinstance(n, Scroll))))

    assert "Thời hạn giải quyết" in fixed
    assert any("đồng" in text for text in fixed)
