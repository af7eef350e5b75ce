"""The lint finds what hands and eyes would stumble over."""

from hall.screen import lint
from hall.screen.geometry import Panel, Rect, cap_at, em_of_cap
from hall.screen.lint import LintRules
from hall.screen.palette import CONTRAST, NORMAL, Palette, contrast, mix
from hall.screen.text import Typesetter
from hall.screen.tree import Label, Node, Scene, Target

PANEL = Panel(1080, 1920, 32)


def found(*nodes: Node, rules: LintRules | None = None) -> list[str]:
    scene = Scene("page", "#FFFFFF", nodes)
    return [fault.text for fault in lint.faults(scene, PANEL, Typesetter(), rules)]


def test_a_good_page_has_no_faults() -> None:
    assert found(Target("a", Rect(0, 0, 20, 20), 1), Target("b", Rect(24, 0, 20, 20), 1)) == []


def test_a_small_target_is_found() -> None:
    assert found(Target("a", Rect(0, 0, 18, 30), 1)) == ["nút 18,0 x 30,0 mm, cần 20 mm"]


def test_targets_that_are_too_near_are_found() -> None:
    near = found(Target("a", Rect(0, 0, 20, 20), 1), Target("b", Rect(21, 0, 20, 20), 1))

    assert near == ["quá sát nút b"]


def test_a_target_above_the_reach_of_a_wheelchair_is_found() -> None:
    rules = LintRules(zone=PANEL.area.foot(300))

    assert found(Target("a", Rect(0, 0, 30, 30), 1), rules=rules) == ["nút nằm ngoài tầm với"]


def test_a_text_that_does_not_fit_is_found() -> None:
    label = Label("a", Rect(0, 0, 20, 10), "Một câu dài quá chỗ của nó", 10, "#000000")

    assert found(label) == ["chữ không vừa chỗ: “Một câu dài quá chỗ của nó”"]


def test_weak_ink_is_found() -> None:
    label = Label("a", Rect(0, 0, 90, 20), "mờ", 8, "#9AA8B8", on="#FFFFFF")

    assert found(label) == ["tương phản 2,4: #9AA8B8 trên #FFFFFF"]


def test_two_nodes_of_one_key_are_found() -> None:
    label = Label("a", Rect(0, 0, 90, 20), "a", 8, "#000000")

    assert found(label, label) == ["hai phần tử cùng một khoá"]


def pairs(palette: Palette) -> list[float]:
    inks = (palette.ink, palette.muted, palette.accent, palette.good, palette.bad)
    grounds = (palette.page, palette.card)
    plain = [contrast(ink, ground) for ink in inks for ground in grounds]
    tiles = [contrast(palette.on_tile, tile) for tile in palette.tiles]
    others = [
        contrast(palette.on_accent, palette.accent),
        contrast(palette.warn, palette.warn_back),
        contrast(palette.on_header, palette.header_top),
    ]
    return [*plain, *tiles, *others]


def test_every_pair_of_the_palettes_can_be_read() -> None:
    assert min(pairs(NORMAL)) >= 4.5
    assert min(pairs(CONTRAST)) >= 7.0


def test_sizes_follow_the_panel_and_the_distance() -> None:
    assert round(PANEL.px_per_mm, 2) == 2.71
    assert round(cap_at(5000)) == 61
    assert round(em_of_cap(cap_at(600)), 1) == 9.9


def test_colours_mix() -> None:
    assert mix("#000000", "#FFFFFF", 0.5) == "#808080"
