"""The glass: never a window nobody sees; fingers and mouse told apart; whole pictures."""

from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest

from hall.screen.geometry import Panel
from hall.screen.turning import Turn, Turning
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


@pytest.mark.usefixtures("dummy")
@pytest.mark.parametrize(
    ("key", "unicode", "told"),
    [
        (pygame.K_KP7, "", (Typed("7"),)),
        (pygame.K_KP0, "", (Typed("0"),)),
        (pygame.K_KP_MINUS, "", (Typed("-"),)),
        (pygame.K_KP7, "7", ()),
        (pygame.K_KP_ENTER, "\r", (Key("enter"),)),
        (pygame.K_TAB, "\t", (Key("tab"),)),
        (pygame.K_a, "a", ()),
    ],
)
def test_keys_of_the_number_block_are_understood(
    panel: Panel, key: int, unicode: str, told: tuple[object, ...]
) -> None:
    """With Num Lock their characters come as text beside the keys, without it they do not."""
    pygame.display.init()
    pygame.display.set_mode((60, 80))
    pygame.event.clear()
    pressed = pygame.event.Event(pygame.KEYDOWN, key=key, unicode=unicode, mod=0, scancode=0)
    pygame.event.post(pressed)

    assert Window(panel, "x").inputs() == told


def test_the_flavour_names_pygame_and_sdl() -> None:
    assert "pygame" in flavour()
    assert "SDL 2." in flavour()


@pytest.mark.usefixtures("dummy")
@pytest.mark.parametrize(
    ("turn", "size", "corner"),
    [(90, (60, 40), (59, 0)), (180, (40, 60), (39, 59)), (270, (60, 40), (0, 39))],
)
def test_a_turned_picture_is_seen_and_touched_where_it_stands(
    monkeypatch: pytest.MonkeyPatch, turn: Turn, size: tuple[int, int], corner: tuple[int, int]
) -> None:
    monkeypatch.setattr("hall.screen.window._BLIND", frozenset())
    small = Panel(40, 60, 2.0)
    window = Window(small, "x", fullscreen=False, turn=turn)
    window.open()
    try:
        glass = pygame.display.get_surface()
        assert glass is not None
        assert glass.get_size() == size
        window.surface.set_at((0, 0), (255, 0, 0))
        window.show_places([(0, 0, 20, 10)])
        assert glass.get_at(corner)[:3] == (255, 0, 0)

        pygame.event.clear()
        x, y = ((part + 0.5) / side for part, side in zip(corner, size, strict=True))
        pygame.event.post(pygame.event.Event(pygame.FINGERDOWN, finger_id=1, x=x, y=y))
        (touch,) = window.inputs()
        assert isinstance(touch, Contact)
        half = 0.5 / small.px_per_mm
        assert (touch.x, touch.y) == (pytest.approx(half), pytest.approx(half))
    finally:
        window.close()


@pytest.mark.usefixtures("dummy")
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_full_screen_is_laid_out_for_the_glass_that_is_there(
    monkeypatch: pytest.MonkeyPatch, turn: Turn
) -> None:
    monkeypatch.setattr("hall.screen.window._BLIND", frozenset())
    window = Window(Panel(1080, 1920, 32), "x", turn=turn)
    window.open()
    try:
        (there,) = pygame.display.get_desktop_sizes()
        real = there if turn in {0, 180} else there[::-1]
        glass = pygame.display.get_surface()
        assert glass is not None
        assert (glass.get_size(), window.surface.get_size()) == (there, real)
        assert (window.panel, window.said) == (Panel(*real, 32), Panel(1080, 1920, 32))
        assert not window.is_other

        monkeypatch.setattr(pygame.display, "get_desktop_sizes", lambda: [(1920, 1080)])
        assert window.is_other
    finally:
        window.close()
    assert not window.is_other


@pytest.mark.usefixtures("dummy")
def test_a_window_that_is_no_full_screen_keeps_the_size_it_was_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("hall.screen.window._BLIND", frozenset())
    monkeypatch.setattr(pygame.display, "get_desktop_sizes", lambda: [(1366, 768)])
    window = Window(Panel(40, 60, 2.0), "x", fullscreen=False)
    window.open()
    try:
        assert (window.panel.size, window.is_other) == ((40, 60), False)
    finally:
        window.close()


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_place_on_the_glass_holds_what_is_touched_there(turn: Turn) -> None:
    turning = Turning(turn, 40, 60)

    x, y, w, h = turning.on_glass((5, 7, 10, 20))

    assert turning.in_picture(x + w / 2, y + h / 2) == (10.0, 17.0)
