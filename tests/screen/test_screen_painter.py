"""The painter repaints what changed and nothing else, and the pixels are right."""

from dataclasses import replace
from pathlib import Path

import pygame

from hall.fonts import Weight
from hall.screen import icons
from hall.screen.geometry import Panel, Rect
from hall.screen.painter import Painter
from hall.screen.palette import rgb
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
    Strip,
    Target,
)
from hall.screen.window import Window

WHITE = "#FFFFFF"


def scene(*nodes: Node, name: str = "page") -> Scene:
    return Scene(name, WHITE, nodes)


def number(text: str) -> Label:
    return Label("n", Rect(20, 20, 60, 20), text, 10, "#0B5CAD", Weight.BOLD)


def at(window: Window, panel: Panel, x: float, y: float) -> tuple[int, ...]:
    return tuple(window.surface.get_at((panel.px(x), panel.px(y))))[:3]


def test_the_first_paint_covers_everything(window: Window, panel: Panel) -> None:
    assert Painter(panel).paint(window.surface, scene()) == [(0, 0, 600, 800)]


def test_the_same_scene_again_paints_nothing(window: Window, panel: Panel) -> None:
    painter = Painter(panel)
    painter.paint(window.surface, scene(number("A001")))

    assert painter.paint(window.surface, scene(number("A001"))) == []


def test_a_changed_number_repaints_its_own_place(window: Window, panel: Panel) -> None:
    painter = Painter(panel)
    painter.paint(window.surface, scene(number("A001")))
    (place,) = painter.paint(window.surface, scene(number("A002")))

    assert place[2] * place[3] < 0.1 * 600 * 800
    assert pygame.Rect(place).contains(panel.px_rect(Rect(20, 20, 60, 20)))


def test_a_partial_repaint_shows_what_a_full_one_would(window: Window, panel: Panel) -> None:
    card = Box("card", Rect(15, 15, 80, 40), "#EEEEEE", 4, shadow=True)
    painter = Painter(panel)
    painter.paint(window.surface, scene(card, number("A001")))
    painter.paint(window.surface, scene(card, number("B777")))
    partial = bytes(window.surface.get_view("2").raw)
    Painter(panel).paint(window.surface, scene(card, number("B777")))

    assert partial == bytes(window.surface.get_view("2").raw)


def test_what_is_gone_leaves_no_trace(window: Window, panel: Panel) -> None:
    painter = Painter(panel)
    painter.paint(window.surface, scene(Box("b", Rect(10, 10, 30, 30), "#C4161C")))
    painter.paint(window.surface, scene())

    assert at(window, panel, 20, 20) == (255, 255, 255)


def test_another_order_of_painting_repaints_everything(window: Window, panel: Panel) -> None:
    one = Box("a", Rect(10, 10, 30, 30), "#C4161C")
    other = Box("b", Rect(20, 20, 30, 30), "#0B5CAD")
    painter = Painter(panel)
    painter.paint(window.surface, scene(one, other))

    assert painter.paint(window.surface, scene(other, one)) == [(0, 0, 600, 800)]
    assert at(window, panel, 30, 30) == rgb("#C4161C")


def test_a_pressed_target_is_darker(window: Window, panel: Panel) -> None:
    nodes = (Box("b", Rect(10, 10, 40, 40), "#0B5CAD"), Target("t", Rect(10, 10, 40, 40), 1))
    painter = Painter(panel)
    painter.paint(window.surface, scene(*nodes))
    before = at(window, panel, 30, 30)
    painter.paint(window.surface, scene(*nodes), "t")

    assert sum(at(window, panel, 30, 30)) < sum(before)


def test_a_scroll_cuts_off_what_lies_outside(window: Window, panel: Panel) -> None:
    inside = (Box("r", Rect(10, 10, 40, 100), "#C4161C"),)
    painter = Painter(panel)
    painter.paint(window.surface, scene(Scroll("s", Rect(10, 10, 40, 30), 0, 100, inside)))

    assert at(window, panel, 20, 30) == rgb("#C4161C")
    assert at(window, panel, 20, 60) == (255, 255, 255)


def test_a_scrolled_list_shows_what_is_further_down(window: Window, panel: Panel) -> None:
    inside = (
        Box("a", Rect(10, 10, 40, 30), "#C4161C"),
        Box("b", Rect(10, 40, 40, 30), "#117A65"),
    )
    painter = Painter(panel)
    painter.paint(window.surface, scene(Scroll("s", Rect(10, 10, 40, 30), 30, 60, inside)))

    assert at(window, panel, 20, 25) == rgb("#117A65")


def test_a_donut_shows_a_small_part_with_flat_ends(window: Window, panel: Panel) -> None:
    ring = Donut("d", Rect(10, 10, 80, 80), ((0.5, "#117A65"), (0.036, "#C4161C")), "#DDDDDD", 12)
    Painter(panel).paint(window.surface, scene(ring))

    assert at(window, panel, 84, 50) == rgb("#117A65")
    assert at(window, panel, 16, 50) == rgb("#DDDDDD")


def test_a_donut_of_one_part_is_closed(window: Window, panel: Panel) -> None:
    ring = Donut("d", Rect(10, 10, 80, 80), ((1.0, "#117A65"),), "#DDDDDD", 12)
    Painter(panel).paint(window.surface, scene(ring))

    top = {at(window, panel, 50 + x / 4, 16) for x in range(-8, 9)}
    assert top == {rgb("#117A65")}


def test_a_donut_of_nearly_one_part_is_drawn(window: Window, panel: Panel) -> None:
    ring = Donut("d", Rect(10, 10, 80, 80), ((0.999999, "#117A65"),), "#DDDDDD", 12)
    Painter(panel).paint(window.surface, scene(ring))

    assert at(window, panel, 50, 84) == rgb("#117A65")


def test_every_icon_can_be_drawn(window: Window, panel: Panel) -> None:
    for name in sorted(icons.NAMES):
        Painter(panel).paint(
            window.surface, scene(Icon("i", Rect(10, 10, 20, 20), name, "#000000"))
        )
        assert window.surface.subsurface(panel.px_rect(Rect(10, 10, 20, 20))).get_bounding_rect()
        pixels = {at(window, panel, 10 + x, 10 + y) for x in range(20) for y in range(20)}
        assert len(pixels) > 1, name


def test_a_qr_keeps_whole_modules_and_its_quiet_zone(window: Window, panel: Panel) -> None:
    modules = tuple(tuple((x + y) % 2 == 0 for x in range(21)) for y in range(21))
    nodes = (Box("b", Rect(0, 0, 90, 90), "#000000"), Matrix("q", Rect(10, 10, 70, 70), modules))
    Painter(panel).paint(window.surface, scene(*nodes))

    assert at(window, panel, 14, 14) == (255, 255, 255)


def test_a_strip_travels_without_end(window: Window, panel: Panel) -> None:
    strip = Strip("s", Rect(0, 10, 100, 10), "Xin chào", 6, "#FFFFFF", "#083364", 0.0)
    painter = Painter(panel)
    painter.paint(window.surface, scene(strip))
    before = bytes(window.surface.get_view("2").raw)
    places = painter.paint(window.surface, scene(replace(strip, offset=7.0)))

    assert places
    assert bytes(window.surface.get_view("2").raw) != before


def test_a_spinner_turns(window: Window, panel: Panel) -> None:
    spinner = Spinner("s", Rect(10, 10, 40, 40), 0.0, "#0B5CAD", "#DDDDDD", 6)
    painter = Painter(panel)
    painter.paint(window.surface, scene(spinner))

    assert painter.paint(window.surface, scene(replace(spinner, turn=0.5)))


def test_a_picture_that_cannot_be_read_is_left_out(window: Window, panel: Panel) -> None:
    picture = Picture("p", Rect(10, 10, 40, 40), "/nowhere/x.png")
    Painter(panel).paint(window.surface, scene(picture))

    assert at(window, panel, 20, 20) == (255, 255, 255)


def test_a_picture_fits_inside_its_place(window: Window, panel: Panel, tmp_path: Path) -> None:
    surface = pygame.Surface((40, 20), 0, 32)
    surface.fill((196, 22, 28))
    pygame.image.save(surface, str(tmp_path / "x.png"))
    picture = Picture("p", Rect(10, 10, 40, 40), str(tmp_path / "x.png"))
    Painter(panel).paint(window.surface, scene(picture))

    assert at(window, panel, 30, 30) == (196, 22, 28)
    assert at(window, panel, 30, 13) == (255, 255, 255)


def test_a_wiped_painter_remembers_no_text(window: Window, panel: Panel) -> None:
    painter = Painter(panel)
    painter.paint(window.surface, scene(number("A001")))
    painter.wipe()

    assert painter.typesetter.remembered() == ()
    assert painter.paint(window.surface, scene(number("A001"))) == [(0, 0, 600, 800)]
