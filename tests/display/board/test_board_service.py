"""The board as a daemon: what it hears is on the screen, by day, at night and without a broker."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from controller_stories import Story, Telling, each_story
from PIL import Image

from display.board.__main__ import build
from display.board.ports import ScreenError
from display.board.service import BoardService
from display.board.window_screen import SimulatedScreen
from hall.contract.requests import Identify, Say
from hall.runtime import settings
from hall.runtime.daemon import Daemon
from hall.runtime.picture import SILENCE_S
from hall.screen.geometry import Panel
from hall.screen.tree import Label, Scene, Strip, texts

Stage = Any
UPRIGHT = Panel(1080, 1920, 55)


class Seen(SimulatedScreen):
    """A simulated screen whose last scene can be read."""

    scene: Scene

    def show_scene(self, scene: Scene) -> bool:
        self.scene = scene
        return super().show_scene(scene)

    @property
    def words(self) -> tuple[str, ...]:
        return texts(self.scene)


@pytest.fixture
def board(
    stage: Stage, hall_yaml: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> tuple[Daemon, Seen]:
    monkeypatch.setattr("display.board.window_screen.SimulatedScreen", Seen)
    path = hall_yaml(
        "display:\n  board:\n    driver: simulated\n"
        "    screen: {width: 1280, height: 720, diagonal_inch: 43}\n"
        "    notices: [Mời ông bà lấy số]\n"
    )
    (daemon,) = build(settings.read(path), stage.ground, None)
    stage.run(daemon)
    stage.controller_ready()
    stage.beat()
    service = daemon.service
    assert isinstance(service, BoardService)
    screen = service._screen
    assert isinstance(screen, Seen)
    return daemon, screen


def shown(screen: Seen, key: str) -> str:
    return next(n.text for n in screen.scene.nodes if isinstance(n, Label) and n.key == key)


def test_a_call_is_the_largest_thing_within_one_turn(stage: Stage, board: Any) -> None:
    stage.counter("3", "called", "A105")
    stage.call("A105", "3")

    assert shown(board[1], "call-number") == "A105"
    assert shown(board[1], "call-title") == "QUẦY 3"


def test_calls_at_once_follow_one_another(stage: Stage, board: Any) -> None:
    for number, counter in (("A105", "3"), ("A106", "1"), ("A107", "5A")):
        stage.call(number, counter)
    large = []
    for _ in range(12):
        large.append(shown(board[1], "call-number"))
        stage.advance(1.0, step=0.5)

    assert list(dict.fromkeys(large)) == ["A105", "A106", "A107"]
    assert large.count("A105") == large.count("A106") == 4


def test_the_board_marks_itself_when_the_controller_is_gone(stage: Stage, board: Any) -> None:
    stage.counter("3", "serving", "A105")
    stage.lose_controller("c1")
    assert any("MẤT KẾT NỐI" in text for text in board[1].words)

    stage.beat()

    assert not any("MẤT KẾT NỐI" in text for text in board[1].words)
    assert "A105" in board[1].words


@each_story
def test_the_board_says_so_while_the_controller_is_not_there(
    stage: Stage, board: Any, story: Story
) -> None:
    story.tell(Telling(stage.broker, stage.buses[0], stage.clock, stage.settle))

    said = any("MẤT KẾT NỐI" in text for text in board[1].words)
    assert said is not story.there


def test_the_board_marks_itself_when_its_own_link_is_gone(stage: Stage, board: Any) -> None:
    stage.buses[0].drop()
    stage.advance(SILENCE_S - 1)
    assert not any("MẤT KẾT NỐI" in text for text in board[1].words)
    stage.advance(2)
    assert any("MẤT KẾT NỐI" in text for text in board[1].words)

    stage.buses[0].connect()
    stage.beat()

    assert not any("MẤT KẾT NỐI" in text for text in board[1].words)


def test_the_ticker_travels(stage: Stage, board: Any) -> None:
    def offset() -> float:
        last = board[1].scene.nodes[-1]
        assert isinstance(last, Strip)
        return last.offset

    before = offset()
    stage.advance(0.4, step=0.04)

    assert (offset() - before) * board[0].service._setting.panel.px_per_mm == pytest.approx(20)


def test_at_night_the_screen_is_dark_and_a_call_wakes_it(stage: Stage, board: Any) -> None:
    stage.clock.at += timedelta(hours=12)
    stage.ver += 1
    stage.beat(open_=False)
    assert board[1].words == ()

    stage.ver += 1
    stage.beat()

    assert board[1].words


def test_the_picture_follows_the_screen(stage: Stage, board: Any, tmp_path: Path) -> None:
    stage.advance(2)

    with Image.open(tmp_path / "board.png") as picture:
        assert picture.size == (1280, 720)
    assert board


def test_identify_names_the_board_for_a_while(stage: Stage, board: Any) -> None:
    stage.ask("board", "identify", Identify(id="i1"))
    assert shown(board[1], "unit").endswith("bảng chung: board")
    assert stage.replies()[-1].status == "ok"

    stage.advance(6)

    assert shown(board[1], "unit") == "Trung tâm thử nghiệm"


def test_a_verb_that_a_board_does_not_know_is_refused(stage: Stage, board: Any) -> None:
    stage.ask("board", "say", Say(id="s1", text="x"))

    assert stage.replies()[-1].error.code == "bad_request"
    assert board


def test_a_board_without_a_screen_says_so_and_goes_on(
    stage: Stage, hall_yaml: Callable[[str], Path]
) -> None:
    class Unplugged(SimulatedScreen):
        plugged = False

        def open(self) -> None:
            if not self.plugged:
                raise ScreenError("không có màn hình")
            super().open()

    (daemon,) = build(settings.read(hall_yaml("display: {board: {}}\n")), stage.ground, None)
    assert isinstance(daemon.service, BoardService)
    screen = Unplugged(daemon.service._setting.panel, "x")
    daemon.service._screen = screen
    stage.run(daemon)
    assert stage.alerts("board") == {"screen_lost"}

    screen.plugged = True
    stage.advance(11)

    assert stage.alerts("board") == set()


def test_a_window_that_somebody_closed_is_said_and_opened_again(
    stage: Stage, hall_yaml: Callable[[str], Path]
) -> None:
    class Closing(SimulatedScreen):
        closed = False

        def poll(self) -> None:
            if self.closed:
                raise ScreenError("cửa sổ đã đóng")

    (daemon,) = build(settings.read(hall_yaml("display: {board: {}}\n")), stage.ground, None)
    assert isinstance(daemon.service, BoardService)
    screen = Closing(daemon.service._setting.panel, "x")
    daemon.service._screen = screen
    stage.run(daemon)
    assert stage.alerts("board") == set()

    screen.closed = True
    stage.advance(1)
    assert stage.alerts("board") == {"screen_lost"}
    screen.closed = False
    stage.advance(11)

    assert stage.alerts("board") == set()


def test_a_screen_of_another_size_is_laid_out_anew_and_told_of_until_it_is_right(
    stage: Stage, hall_yaml: Callable[[str], Path]
) -> None:
    class Swapped(Seen):
        real = UPRIGHT

        @property
        def panel(self) -> Panel:
            return self.real

        @property
        def is_other(self) -> bool:
            return self._painter.panel != self.real

    (daemon,) = build(
        settings.read(hall_yaml("display: {board: {distance_m: 10}}\n")), stage.ground, None
    )
    assert isinstance(daemon.service, BoardService)
    said, place = daemon.service._setting.panel, daemon.service._setting.place
    screen = Swapped(said, "x")
    daemon.service._screen = screen
    stage.run(daemon)
    stage.controller_ready()
    stage.beat()
    assert stage.alerts("board") == {"screen_size"}
    assert screen.words
    right = max(node.rect.right for node in screen.scene.nodes)
    assert 0.9 < right / UPRIGHT.area.w <= 1.0
    assert daemon.service._setting.place.shape != place.shape

    screen.real = said
    stage.advance(1)

    assert stage.alerts("board") == set()
    assert max(node.rect.right for node in screen.scene.nodes) > right


def test_slides_and_english_come_from_the_configuration(
    stage: Stage, hall_yaml: Callable[[str], Path], tmp_path: Path
) -> None:
    Image.new("RGB", (64, 48), "red").save(tmp_path / "a.png")
    Image.new("RGB", (64, 48), "blue").save(tmp_path / "b.JPG", "JPEG")
    path = hall_yaml(
        f"display:\n  board:\n    media: {{folder: {tmp_path}, seconds: 5}}\n"
        "    second_language: {invite: Now serving}\n"
        "    theme: contrast\n    dark_after_min: null\n"
    )
    (daemon,) = build(settings.read(path), stage.ground, "board")
    assert isinstance(daemon.service, BoardService)
    setting = daemon.service._setting

    assert [Path(s).name for s in setting.place.slides] == ["a.png", "b.JPG"]
    assert setting.words.second is not None
    assert setting.words.second.counter == "Counter"
    assert setting.palette.flat
    assert setting.dark_after is None


def test_a_hall_without_a_board_has_none(stage: Stage, hall_yaml: Callable[[str], Path]) -> None:
    document = settings.read(hall_yaml("display: {}\n"))

    assert not build(document, stage.ground, None)
    assert not build(document, stage.ground, "display")
