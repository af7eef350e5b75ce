"""The glass: never a window nobody sees; fingers and mouse told apart; whole pictures."""

from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest

from hall.screen.geometry import Panel
from hall.screen.window import Blind, Closed, Contact, Key, Typed, Window, flavour


@pytest.fixture
def dummy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    yield
    pygame.display.quit()


@pytest.mark.usefixtures("dummy")
def test_a_window_nobody_sees_is_refused(panel: Panel) -> None:
    with pytest.raises(Blind, match="dummy"):
        Window(panel, "x").open()


def test_headless_needs_no_display_at_all(window: Window) -> None:
    assert window.surface.get_size() == (600, 800)
    assert not pygame.display.get_init()


def test_a_closed_window_has_no_surface(panel: Panel) -> None:
    with pytest.raises(RuntimeError):
        _ = Window(panel, "x", headless=True).surface


def test_a_picture_is_whole_and_leaves_nothing_beside(window: Window, tmp_path: Path) -> None:
    window.save(tmp_path / "deep" / "a.png")

    assert [file.name for file in (tmp_path / "deep").iterdir()] == ["a.png"]
    assert pygame.image.load(str(tmp_path / "deep" / "a.png")).get_size() == (600, 800)


@pytest.mark.usefixtures("dummy")
def test_inputs_are_told_in_our_words(panel: Panel) -> None:
    pygame.display.init()
    pygame.display.set_mode((60, 80))
    pygame.event.clear()
    window = Window(panel, "x")
    for event in (
        pygame.event.Event(pygame.FINGERDOWN, finger_id=3, touch_id=1, x=0.5, y=0.25),
        pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=(60, 80), touch=False),
        pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=(60, 80), touch=True),
        pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=3, pos=(60, 80), touch=False),
        pygame.event.Event(pygame.TEXTINPUT, text="H"),
        pygame.event.Event(pygame.KEYDOWN, key=pygame.K_RETURN, unicode="\r", mod=0, scancode=40),
        pygame.event.Event(pygame.QUIT),
    ):
        pygame.event.post(event)

    finger, mouse, typed, key, closed = window.inputs()
    assert finger == Contact("down", 3, panel.area.w / 2, panel.area.h / 4)
    assert isinstance(mouse, Contact)
    assert mouse.finger == -1
    assert (typed, key, closed) == (Typed("H"), Key("return"), Closed())


def test_the_flavour_names_pygame_and_sdl() -> None:
    assert "pygame" in flavour()
    assert "SDL 2." in flavour()
