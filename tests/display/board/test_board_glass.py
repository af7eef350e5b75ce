"""Real windows on a real X server, photographed from outside and compared."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pygame
import pytest
from PIL import Image

from display.board import view
from display.board.look import look
from display.board.ports import ScreenError
from display.board.window_screen import WindowScreen
from display.board.words import BoardWords
from display.ports import FaceDriverError
from display.window_faces import open_windows
from hall.contract.messages import Face
from hall.screen.geometry import Panel
from hall.screen.palette import NORMAL

GOLDEN = Path(__file__).parents[1] / "golden"
WIDE = Panel(1920, 1080, 55)
pytestmark = [
    pytest.mark.screen,
    pytest.mark.skipif(
        not (shutil.which("Xvfb") and shutil.which("import")), reason="needs Xvfb and ImageMagick"
    ),
]


@pytest.fixture
def glass(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An X server of its own, without a window manager, as on a Pi that shows only the board."""
    ready, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(ready) as told:
        display = f":{told.readline().strip()}"
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setenv("SDL_VIDEODRIVER", "x11")
    monkeypatch.setenv("SDL_FRAMEBUFFER_ACCELERATION", "0")
    yield display
    server.terminate()
    server.wait()


def photograph(display: str, path: Path) -> Path:
    command = ["import", "-display", display, "-window", "root", str(path)]
    subprocess.run(command, check=True, timeout=120)
    return path


def test_the_board_on_the_glass_is_the_board_of_the_golden_tiles(
    glass: str,
    morning: Any,
    tmp_path: Path,
    same_tiles: Callable[[Path, Path], tuple[int, float]],
) -> None:
    screen = WindowScreen(WIDE, "board")
    screen.open()
    try:
        seen = look(morning.model(), morning.place(), 106.4, morning.local)
        screen.show_scene(view.scene(seen, WIDE, NORMAL, BoardWords(), 106.4))
        screen.poll()
        shown = photograph(glass, tmp_path / "root.png")
    finally:
        screen.close()

    assert same_tiles(shown, GOLDEN / "board-wide.png")[0] <= 2


def test_a_face_fills_its_window_and_a_stale_one_is_dimmer(glass: str, tmp_path: Path) -> None:
    drivers = open_windows({"3": "Quầy 3"}, (1920, 1080, 24), None, headless=False, fullscreen=True)

    def brightest(face: Face, name: str) -> Any:
        drivers["3"].show_face("3", face, 0.0)
        drivers["3"].tick(0.0)
        with Image.open(photograph(glass, tmp_path / name)) as shown:
            return max(shown.convert("L").crop((200, 400, 1720, 1000)).getextrema())

    try:
        lit = brightest(Face(text="A105", style="steady"), "lit.png")
        stale = brightest(Face(text="A105", style="stale"), "stale.png")
        dark = brightest(Face(text="", style="off"), "dark.png")
    finally:
        drivers["3"].close()

    assert lit > stale > dark


def test_a_driver_that_shows_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")

    with pytest.raises(ScreenError, match="dummy"):
        WindowScreen(WIDE, "board").open()
    faces = open_windows({"3": "Quầy 3"}, (320, 240, 7), None, headless=False, fullscreen=True)
    with pytest.raises(FaceDriverError, match="dummy"):
        faces["3"].show_face("3", Face(text="1", style="steady"), 0.0)


@pytest.mark.usefixtures("glass")
def test_a_window_that_was_closed_is_told() -> None:
    screen = WindowScreen(WIDE, "board")
    screen.open()
    try:
        screen.poll()
        pygame.event.post(pygame.event.Event(pygame.QUIT))
        with pytest.raises(ScreenError, match="đã đóng"):
            screen.poll()
    finally:
        screen.close()


def test_a_window_system_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "wayland")
    monkeypatch.setenv("WAYLAND_DISPLAY", "nobody-0")

    with pytest.raises(ScreenError, match="không mở được màn hình"):
        WindowScreen(WIDE, "board").open()
