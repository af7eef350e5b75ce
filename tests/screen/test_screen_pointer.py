"""A finger acts on release inside the same target; palms, rests and double taps do not act."""

from dataclasses import replace
from typing import Literal

import pytest

from hall.screen.geometry import Rect
from hall.screen.pointer import LONGEST_S, Act, FoundNothing, Pointer, Rested, Scrolled, Tapped
from hall.screen.tree import Node, Scene, Scroll, Target
from hall.screen.window import Contact

GO, OTHER = Target("go", Rect(0, 0, 40, 40), "go!"), Target("other", Rect(50, 0, 40, 40), "other!")
PAGE = Scene("home", "#FFFFFF", (GO, OTHER))
Phase = Literal["down", "move", "up"]


def touch(phase: Phase, x: float, y: float, finger: int = 1) -> Contact:
    return Contact(phase, finger, x, y)


def tap(  # noqa: PLR0917
    pointer: Pointer, x: float, y: float, now: float, scene: Scene = PAGE, rest: float = 0.08
) -> tuple[Act, ...]:
    down = pointer.handle(touch("down", x, y), scene, now)
    return down + pointer.handle(touch("up", x, y), scene, now + rest)


@pytest.fixture
def pointer() -> Pointer:
    made = Pointer()
    made.see(PAGE, 0.0)
    return made


def test_a_tap_acts_on_release(pointer: Pointer) -> None:
    assert pointer.handle(touch("down", 5, 5), PAGE, 1.0) == ()
    assert pointer.pressed == "go"
    assert pointer.handle(touch("up", 6, 6), PAGE, 1.1) == (Tapped("go", "go!"),)
    assert pointer.pressed is None


def test_a_finger_that_slides_off_takes_its_press_back(pointer: Pointer) -> None:
    pointer.handle(touch("down", 5, 5), PAGE, 1.0)

    assert pointer.handle(touch("up", 60, 5), PAGE, 1.1) == ()


def test_a_tap_beside_every_target_does_nothing(pointer: Pointer) -> None:
    assert tap(pointer, 45, 45, 1.0) == (FoundNothing(),)


def test_a_finger_that_meets_nothing_is_felt_for_a_moment(pointer: Pointer) -> None:
    tap(pointer, 45, 45, 1.0)

    assert pointer.missed(1.2) == (45, 45)
    assert pointer.missed(2.0) is None


def test_a_press_that_does_not_count_is_seen_where_it_was(pointer: Pointer) -> None:
    tap(pointer, 5, 5, 1.0)
    assert pointer.missed(1.1) is None
    assert tap(pointer, 6, 6, 1.12, rest=0.05) == ()
    assert pointer.missed(1.2) == (6, 6)

    pointer.handle(touch("down", 7, 7), PAGE, 3.0)
    pointer.tick(PAGE, 3.1 + LONGEST_S)
    assert pointer.missed(3.2 + LONGEST_S) == (7, 7)


def test_a_press_that_changed_nothing_can_be_shown_where_it_was(pointer: Pointer) -> None:
    tap(pointer, 8, 9, 1.0)
    pointer.show_vain(1.1)

    assert pointer.missed(1.2) == (8, 9)


def test_a_finger_on_a_target_or_on_the_page_before_was_not_in_vain(pointer: Pointer) -> None:
    tap(pointer, 5, 5, 1.0)
    assert pointer.missed(1.1) is None

    tap(pointer, 45, 45, 2.0)
    pointer.see(Scene("next", "#FFFFFF", ()), 2.2)
    assert pointer.missed(2.2) is None


def test_a_bouncing_tap_counts_once(pointer: Pointer) -> None:
    assert tap(pointer, 5, 5, 1.0, rest=0.02)
    assert tap(pointer, 5, 5, 1.05, rest=0.02) == ()
    assert tap(pointer, 5, 5, 1.4)


def test_a_double_tap_does_not_reach_the_next_page(pointer: Pointer) -> None:
    following = replace(PAGE, name="next")
    assert tap(pointer, 5, 5, 1.0)

    assert tap(pointer, 5, 5, 1.2, following) == ()
    assert tap(pointer, 5, 5, 1.8, following)


def test_a_finger_that_came_down_on_the_page_before_means_nothing(pointer: Pointer) -> None:
    pointer.handle(touch("down", 5, 5), PAGE, 1.0)

    assert pointer.handle(touch("up", 5, 5), replace(PAGE, name="next"), 2.0) == ()


def test_a_bag_on_the_glass_neither_acts_nor_blocks_others(pointer: Pointer) -> None:
    pointer.handle(touch("down", 5, 5, finger=9), PAGE, 1.0)
    pointer.tick(PAGE, 7.0)

    assert pointer.pressed is None
    assert tap(pointer, 60, 5, 8.0) == (Tapped("other", "other!"),)
    assert pointer.handle(touch("up", 5, 5, finger=9), PAGE, 9.0) == ()


def test_three_fingers_at_once_are_a_palm(pointer: Pointer) -> None:
    for finger in (1, 2, 3):
        pointer.handle(touch("down", 5 + finger, 5, finger), PAGE, 1.0)

    ups = [pointer.handle(touch("up", 5 + f, 5, f), PAGE, 1.1) for f in (1, 2, 3)]
    assert ups == [(), (), ()]


def test_two_fingers_act_each_for_itself(pointer: Pointer) -> None:
    pointer.handle(touch("down", 5, 5, 1), PAGE, 1.0)
    pointer.handle(touch("down", 60, 5, 2), PAGE, 1.0)

    assert pointer.handle(touch("up", 60, 5, 2), PAGE, 1.1) == (Tapped("other", "other!"),)
    assert pointer.handle(touch("up", 5, 5, 1), PAGE, 1.2) == (Tapped("go", "go!"),)


def test_a_hidden_corner_wants_a_long_hold(pointer: Pointer) -> None:
    hidden = Scene("home", "#FFFFFF", (replace(GO, hold_s=5.0),))

    assert tap(pointer, 5, 5, 1.0, hidden) == ()
    pointer.handle(touch("down", 5, 5), hidden, 10.0)
    pointer.tick(hidden, 15.2)
    assert pointer.handle(touch("up", 5, 5), hidden, 15.5) == (Tapped("go", "go!"),)


def test_while_a_dialog_is_up_only_it_answers(pointer: Pointer) -> None:
    dialog = Target("stay", Rect(50, 50, 40, 40), "stay!", alone=True)
    scene = Scene("home", "#FFFFFF", (GO, dialog))

    assert tap(pointer, 5, 5, 1.0, scene) == (FoundNothing(),)
    assert tap(pointer, 60, 60, 2.0, scene) == (Tapped("stay", "stay!"),)


def list_at(offset: float) -> Scene:
    rows: tuple[Node, ...] = tuple(Target(f"row{n}", Rect(0, n * 25, 80, 20), n) for n in range(20))
    return Scene("home", "#FFFFFF", (Scroll("list", Rect(0, 0, 80, 100), offset, 500, rows),))


def test_a_drag_scrolls_and_does_not_tap(pointer: Pointer) -> None:
    pointer.handle(touch("down", 40, 90), list_at(0), 1.0)

    assert pointer.handle(touch("move", 40, 60), list_at(0), 1.1) == (Scrolled("list", 30.0),)
    assert pointer.handle(touch("up", 40, 60), list_at(30), 1.6) == ()


def test_a_row_is_found_where_it_stands_after_scrolling(pointer: Pointer) -> None:
    assert tap(pointer, 40, 5, 1.0, list_at(50)) == (Tapped("row2", 2),)


def test_a_trembling_finger_still_taps(pointer: Pointer) -> None:
    pointer.handle(touch("down", 40, 10), list_at(0), 1.0)
    pointer.handle(touch("move", 41, 13), list_at(0), 1.05)

    assert pointer.handle(touch("up", 41, 13), list_at(0), 1.1) == (Tapped("row0", 0),)


def test_a_flicked_list_glides_on_and_comes_to_rest(pointer: Pointer) -> None:
    pointer.handle(touch("down", 40, 90), list_at(0), 1.0)
    for step in range(1, 6):
        pointer.handle(touch("move", 40, 90 - 8 * step), list_at(8 * step), 1.0 + 0.01 * step)
    pointer.handle(touch("up", 40, 50), list_at(40), 1.06)
    offset, seen = 40.0, []
    for tick in range(200):
        for act in pointer.tick(list_at(offset), 1.06 + 0.02 * tick):
            assert isinstance(act, Scrolled)
            offset = act.offset
            seen.append(offset)

    assert seen == sorted(seen)
    assert offset > 100
    assert not pointer.busy


def test_a_scroll_stops_at_its_ends(pointer: Pointer) -> None:
    pointer.handle(touch("down", 40, 10), list_at(0), 1.0)

    assert pointer.handle(touch("move", 40, 90), list_at(0), 1.1) == (Scrolled("list", 0.0),)


def test_where_tiles_tell_themselves_a_finger_that_rests_asks_and_does_not_press() -> None:
    pointer = Pointer(tells=True)
    pointer.see(PAGE, 0.0)
    pointer.handle(touch("down", 5, 5), PAGE, 1.0)

    assert pointer.tick(PAGE, 1.9) == ()
    assert pointer.tick(PAGE, 2.0) == (Rested("go"),)
    assert pointer.tick(PAGE, 2.5) == ()
    assert pointer.handle(touch("up", 5, 5), PAGE, 2.6) == ()


def test_elsewhere_a_slow_press_is_a_press(pointer: Pointer) -> None:
    pointer.handle(touch("down", 5, 5), PAGE, 1.0)

    assert pointer.tick(PAGE, 2.5) == ()
    assert [act.key for act in pointer.handle(touch("up", 5, 5), PAGE, 3.0)] == ["go"]  # type: ignore[union-attr]
