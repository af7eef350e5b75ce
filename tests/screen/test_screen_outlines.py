"""Controls that sink into their ground, and parts told apart by hue alone, are found."""

from hall.screen import outlines
from hall.screen.geometry import Rect
from hall.screen.palette import CONTRAST, NORMAL, contrast
from hall.screen.tree import Box, Donut, Node, Scene, Scroll, Target

PLACE = Rect(10, 10, 30, 30)
GO = Target("go", PLACE, 1)


def found(*nodes: Node) -> list[str]:
    return [fault.text for fault in outlines.faults(Scene("page", "#FFFFFF", nodes))]


def test_a_button_with_a_dark_fill_or_a_dark_border_is_seen() -> None:
    assert found(Box("a", PLACE, "#0B5CAD"), GO) == []
    assert found(Box("a", PLACE, "#FFFFFF", border="#6B7C91", border_mm=0.6), GO) == []


def test_a_pale_button_is_found() -> None:
    assert found(Box("a", PLACE, "#E3EDF8"), GO) == ["nút chìm vào nền: tương phản 1,2"]


def test_a_border_of_no_width_is_no_border() -> None:
    pale = Box("a", PLACE, "#FFFFFF", border="#000000", border_mm=0.0)

    assert found(pale, GO) == ["nút chìm vào nền: tương phản 1,0"]


def test_a_target_without_any_plate_is_found() -> None:
    assert found(GO) == ["nút không có nền hay viền"]


def test_a_button_is_judged_on_the_box_it_lies_on() -> None:
    dark = Box("ground", Rect(0, 0, 90, 90), "#0B5CAD")

    assert found(dark, Box("a", PLACE, "#0B4A91"), GO) == ["nút chìm vào nền: tương phản 1,3"]
    assert found(dark, Box("a", PLACE, "#FFFFFF"), GO) == []


def test_a_row_of_a_list_is_judged_too() -> None:
    rows = Scroll("list", Rect(0, 0, 90, 90), 0, 90, (Box("a", PLACE, "#FFFFFF"), GO))

    assert found(rows) == ["nút chìm vào nền: tương phản 1,0"]


def test_a_hidden_hold_needs_no_plate() -> None:
    assert found(Target("corner", PLACE, 1, hold_s=5.0)) == []


def test_parts_of_a_ring_that_differ_in_hue_alone_are_found() -> None:
    red_green = ((0.4, "#C4161C"), (0.6, "#0E7545"))

    assert len(found(Donut("ring", PLACE, red_green, "#C9D5E3", 3))) == 2
    parted = ((0.1, "#FFFFFF"), (0.3, "#C4161C"), (0.1, "#FFFFFF"), (0.5, "#0E7545"))
    assert found(Donut("ring", PLACE, parted, "#C9D5E3", 3)) == []


def test_pieces_of_a_bar_that_differ_in_hue_alone_are_found() -> None:
    good, late = Box("g", Rect(0, 0, 9, 4), "#0E7545"), Box("l", Rect(9, 0, 9, 4), "#C4161C")

    assert found(good, late) == ["hai đoạn chỉ khác sắc màu: #0E7545, #C4161C"]


def test_the_edge_of_both_themes_is_seen_on_all_that_controls_lie_on() -> None:
    for palette in (NORMAL, CONTRAST):
        for ground in (palette.page, palette.card, palette.soft):
            assert contrast(palette.edge, ground) >= outlines.SEEN
