"""The board's scenes on every panel: nothing overflows, nothing is pale, and golden tiles hold."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from display.board import calls, view
from display.board.look import look
from display.board.model import BoardModel, take_message
from display.board.plan import WALK_S, LayoutNeeds, plan, shift
from display.board.words import BoardWords, Second
from hall.contract.messages import CounterState
from hall.runtime.picture import Presence
from hall.screen import lint
from hall.screen.geometry import Panel
from hall.screen.lint import LintRules
from hall.screen.painter import Painter
from hall.screen.palette import CONTRAST, NORMAL, Palette
from hall.screen.tree import Label, Picture, Scene, Strip, texts
from hall.screen.window import Window

GOLDEN = Path(__file__).parents[1] / "golden"
WIDE = Panel(1920, 1080, 55)
PANELS = {
    "wide": WIDE,
    "4k": Panel(3840, 2160, 65),
    "tall": Panel(1080, 1920, 55),
    "tall-4k": Panel(2160, 3840, 55),
    "small": Panel(1280, 720, 32),
    "monitor": Panel(1920, 1200, 24),
}
ENGLISH = BoardWords(Second("Now serving", "Counter", "Waiting", "Recent calls"))
Morning = Any


def scene_of(
    morning: Morning, panel: Panel, palette: Palette = NORMAL, words: BoardWords | None = None,
    now: float = 100.2, **place: Any,
) -> Scene:  # fmt: skip
    seen = look(morning.model(), morning.place(**place), now, morning.local)
    return view.scene(seen, panel, palette, words or BoardWords(), now)


def painted(scene: Scene, panel: Panel, path: Path) -> Path:
    window = Window(panel, "test", headless=True)
    window.open()
    Painter(panel).paint(window.surface, scene)
    window.save(path)
    return path


@pytest.mark.parametrize("words", [BoardWords(), ENGLISH], ids=["vi", "vi-en"])
@pytest.mark.parametrize("palette", [NORMAL, CONTRAST], ids=["normal", "contrast"])
@pytest.mark.parametrize("panel", PANELS.values(), ids=PANELS)
def test_every_text_fits_and_can_be_told_from_its_ground(
    morning: Morning, panel: Panel, palette: Palette, words: BoardWords
) -> None:
    scene = scene_of(morning, panel, palette, words)
    rules = LintRules(contrast=7.0 if palette.flat else 4.5)

    assert lint.faults(scene, panel, Painter(panel).typesetter, rules) == ()


@pytest.mark.parametrize("counters", [1, 2, 3, 5, 8, 13])
def test_any_number_of_counters_fits(morning: Morning, counters: int) -> None:
    model = morning.model(counters)
    seen = look(model, morning.place(counters), 200.0, morning.local)
    scene = view.scene(seen, WIDE, NORMAL, BoardWords(), 200.0)

    assert lint.faults(scene, WIDE, Painter(WIDE).typesetter) == ()
    cards = [n for n in scene.nodes if n.key.startswith("card") and n.key.endswith("-name")]
    assert len(cards) == len(seen.cards)


@pytest.mark.parametrize("panel", PANELS.values(), ids=PANELS)
def test_everything_lies_on_the_panel_wherever_the_layout_walks(
    morning: Morning, panel: Panel
) -> None:
    for step in range(9):
        scene = scene_of(morning, panel, now=step * WALK_S + 100.0)
        outside = [n.key for n in scene.nodes if not panel.area.holds(n.rect, 3.0)]
        assert not outside


def test_the_layout_walks_two_pixels_every_ten_minutes() -> None:
    walked = [shift(WIDE, step * WALK_S) for step in range(9)]
    steps = {round(abs(v) * WIDE.px_per_mm) for place in walked for v in place}

    assert len(set(walked)) == 9
    assert steps == {0, 2}
    assert shift(WIDE, 599.0) == shift(WIDE, 0.0)


def test_the_call_is_the_largest_thing_and_reads_from_eight_metres(morning: Morning) -> None:
    scene = scene_of(morning, WIDE)
    typesetter = Painter(WIDE).typesetter
    sizes = {
        node.key: typesetter.lay(node, WIDE.px_per_mm).px
        for node in scene.nodes
        if isinstance(node, Label)
    }

    assert max(sizes, key=lambda key: sizes[key]) == "call-number"
    assert sizes["call-number"] * 0.74 / WIDE.px_per_mm / 0.01222 > 8000


def test_the_ticker_moves_without_touching_anything_else(morning: Morning) -> None:
    still = scene_of(morning, WIDE)
    moved = view.travelled(still, 42.0)

    assert [id(n) for n in still.nodes[:-1]] == [id(n) for n in moved.nodes[:-1]]
    last = moved.nodes[-1]
    assert isinstance(last, Strip)
    assert last.offset == 42.0


def test_without_a_ticker_the_body_is_taller(morning: Morning) -> None:
    scene = scene_of(morning, WIDE, ticker=False)

    assert view.travelled(scene, 42.0) is scene
    assert plan(WIDE, LayoutNeeds(ticker=False)).call.h > plan(WIDE, LayoutNeeds()).call.h


def test_a_stale_board_says_so_and_keeps_its_numbers(morning: Morning) -> None:
    seen = look(morning.model(), morning.place(), 300.0, morning.local)
    shown = texts(view.scene(seen, WIDE, NORMAL, BoardWords(), 300.0))

    assert any("MẤT KẾT NỐI" in text for text in shown)
    assert "B107" in shown


def test_a_slide_takes_the_place_of_the_figures(morning: Morning) -> None:
    place: dict[str, Any] = {"slides": ("a.png", "b.png"), "slide_s": 10.0}
    shown = [
        [n.file for n in scene_of(morning, WIDE, now=t, **place).nodes if isinstance(n, Picture)]
        for t in (120.0, 130.0, 140.0)
    ]

    assert shown == [[], ["a.png"], ["b.png"]]


def test_figures_of_yesterday_are_not_shown(morning: Morning) -> None:
    old = morning.figures(as_of=morning.local - timedelta(hours=25))
    model = take_message(morning.model(), old, 100.0, retained=True)
    seen = look(model, morning.place(), 100.0, morning.local)

    assert seen.told is None


GOLDENS = {
    "board-wide": (WIDE, NORMAL, BoardWords(), 106.4),
    "board-calling": (WIDE, NORMAL, BoardWords(), 100.2),
    "board-tall": (PANELS["tall"], NORMAL, ENGLISH, 106.4),
    "board-contrast": (WIDE, CONTRAST, ENGLISH, 106.4),
    "board-stale": (WIDE, NORMAL, BoardWords(), 300.0),
}


@pytest.mark.parametrize("name", GOLDENS)
def test_golden_tiles(
    morning: Morning, tmp_path: Path, same_tiles: Callable[[Path, Path], tuple[int, float]],
    name: str,
) -> None:  # fmt: skip
    panel, palette, words, now = GOLDENS[name]
    shown = painted(scene_of(morning, panel, palette, words, now), panel, tmp_path / "board.png")

    differing, _ = same_tiles(shown, GOLDEN / f"{name}.png")

    assert differing <= 2


def test_golden_tiles_would_notice_one_digit(
    morning: Morning, tmp_path: Path, same_tiles: Callable[[Path, Path], tuple[int, float]]
) -> None:
    model = take_message(morning.model(), morning.call("A025"), 104.0, retained=False)
    model = replace(model, presence=replace(model.presence, heard_at=104.0))
    seen = look(model, morning.place(), 111.0, morning.local)
    scene = view.scene(seen, WIDE, NORMAL, BoardWords(), 111.0)

    shown = painted(scene, WIDE, tmp_path / "board.png")

    assert same_tiles(shown, GOLDEN / "board-wide.png")[0] > 2


@pytest.mark.parametrize("words", [BoardWords(), ENGLISH], ids=["vi", "vi-en"])
@pytest.mark.parametrize("panel", [WIDE, PANELS["tall"]], ids=["wide", "tall"])
@pytest.mark.parametrize(
    "state", ["closed", "nobody", "several", "quiet", "slides", "no-side", "stale"]
)
def test_every_state_of_the_hall_is_drawn_without_a_fault(
    morning: Morning, state: str, panel: Panel, words: BoardWords
) -> None:
    model, place, now = morning.model(), morning.place(), 106.4
    if state == "closed":
        model = take_message(model, morning.hall(open_=False), 100.0, retained=False)
        now = 109.0
    elif state == "nobody":
        model = BoardModel(Presence(linked=True, heard_at=90.0))
    elif state == "several":
        for counter in ("2", "3", "4", "5", "6"):
            model = take_message(
                model, morning.call(f"B00{counter}", counter), 100.0, retained=False
            )
        model = replace(model, calls=calls.step(model.calls, 104.0))
    elif state == "quiet":
        model = morning.model(called=False)
    elif state == "slides":
        place = morning.place(slides=("a.png",), show_figures=False)
    elif state == "no-side":
        place = morning.place(show_figures=False)
    else:
        now = 300.0
    seen = look(model, place, now, morning.local)
    scene = view.scene(seen, panel, NORMAL, words, now)

    assert lint.faults(scene, panel, Painter(panel).typesetter) == ()


def test_a_closed_hall_is_told_with_its_next_opening(morning: Morning) -> None:
    served = morning.counters(1)[0] | {"status": "closed", "ticket": None, "ver": 9}
    model = take_message(
        morning.model(), CounterState.model_validate(served), 104.0, retained=False
    )
    closed = morning.hall(open_=False, opens_next="2026-11-24T07:30:00+07:00")
    model = take_message(model, closed, 104.0, retained=False)
    seen = look(model, morning.place(), 108.0, morning.local)
    shown = texts(view.scene(seen, WIDE, NORMAL, BoardWords(), 108.0))

    assert "Ngoài giờ làm việc" in shown
    assert "Mở cửa lại: 07:30 Thứ Ba, 24/11" in shown


def test_a_hall_where_nobody_waits_says_so(morning: Morning) -> None:
    seen = look(
        BoardModel(Presence(linked=True, heard_at=90.0)), morning.place(), 100.0, morning.local
    )

    assert "Hiện không có ai chờ" in texts(view.scene(seen, WIDE, NORMAL, BoardWords(), 100.0))
