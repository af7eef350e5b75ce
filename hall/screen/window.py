"""The glass: a real SDL window, or a plain surface when headless. Never a window nobody sees."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

# Else SDL drops the touch that also gives the window its focus: the first of the day.
os.environ.setdefault("SDL_MOUSE_FOCUS_CLICKTHROUGH", "1")
import pygame

from hall.screen.geometry import Panel
from hall.screen.turning import Place, Turn, Turning

_BLIND = frozenset({"offscreen", "dummy", "evdev"})


class Blind(RuntimeError):
    """SDL found no way to a screen that a person could see."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A finger or the mouse, in mm. `finger` tells contacts apart; a mouse is -1."""

    phase: Literal["down", "move", "up"]
    finger: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Typed:
    """Characters from a keyboard, or a scanner that pretends to be one."""

    text: str


@dataclass(frozen=True, slots=True)
class Key:
    """A key that makes no character: return, backspace, escape."""

    name: str


@dataclass(frozen=True, slots=True)
class Closed:
    """Somebody closed the window."""


Input = Contact | Typed | Key | Closed


@contextmanager
def _seeing() -> Iterator[None]:
    """A window system that ended makes every call of SDL fail."""
    try:
        yield
    except pygame.error as err:
        raise Blind(f"mất màn hình ({err})") from err


@dataclass(slots=True)
class Window:
    """`headless`: no SDL display at all, any number in a process. Not shared between threads.

    `turn`: how far the picture is turned on the glass, which then has the panel's sides exchanged.
    `panel`: as the glass really is once a fullscreen window was opened; `said`: as it was given.
    """

    panel: Panel
    title: str
    headless: bool = False
    fullscreen: bool = True
    turn: Turn = 0
    said: Panel = field(init=False)
    _surface: pygame.Surface | None = field(default=None, init=False)
    _glass: pygame.Surface | None = field(default=None, init=False)
    _screens: list[tuple[int, int]] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self.said = self.panel

    def open(self) -> None:
        """Raises Blind where SDL cannot, or offers only drivers that show nothing."""
        pygame.font.init()
        if self.headless:
            self._surface = self._picture()
            return
        try:
            self._glass = self._on_screen()
        except pygame.error as err:
            raise Blind(f"SDL không mở được màn hình ({err})") from err
        self._surface = self._picture() if self.turn else self._glass

    def _picture(self) -> pygame.Surface:
        return pygame.Surface((self.panel.width, self.panel.height), 0, 32)

    @property
    def _turning(self) -> Turning:
        return Turning(self.turn, self.panel.width, self.panel.height)

    def _on_screen(self) -> pygame.Surface:
        pygame.display.init()
        driver = pygame.display.get_driver()
        if driver in _BLIND:
            pygame.display.quit()
            raise Blind(f"SDL chỉ có trình điều khiển '{driver}', không thấy màn hình nào")
        self._screens = pygame.display.get_desktop_sizes()
        self.panel = self._real_panel()
        flags = pygame.NOFRAME | (pygame.FULLSCREEN if self.fullscreen else 0)
        surface = pygame.display.set_mode(self._turning.glass, flags)
        pygame.display.set_caption(self.title)
        if self.fullscreen:
            pygame.mouse.set_visible(False)
        return surface

    def _real_panel(self) -> Panel:
        """The first screen's own pixels, of the diagonal that was said: SDL knows no inches."""
        if not self.fullscreen or not self._screens:
            return self.said
        # Turning back exchanges the sides as turning does.
        wide, high = Turning(self.turn, *self._screens[0]).glass
        return Panel(wide, high, self.said.diagonal_inch)

    @property
    def is_other(self) -> bool:
        """Whether the screens are no longer those on which the window was opened.

        Where there are none at all drawing tells of that.
        """
        if self._glass is None or not self.fullscreen:
            return False
        with suppress(pygame.error):
            return bool(pygame.display.get_desktop_sizes() != self._screens)
        return False

    @property
    def surface(self) -> pygame.Surface:
        if self._surface is None:
            raise RuntimeError("open the window first")
        return self._surface

    def show_places(self, places: list[Place]) -> None:
        """Bring painted places to the glass. Raises Blind when it is gone."""
        if places and not self.headless:
            with _seeing():
                pygame.display.update([self._put_on_glass(place) for place in places])

    def _put_on_glass(self, place: Place) -> Place:
        seen = self._turning.on_glass(place)
        if self.turn and self._glass is not None:
            part = self.surface.subsurface(place)
            # pygame turns against the clock.
            self._glass.blit(pygame.transform.rotate(part, -self.turn), seen[:2])
        return seen

    def inputs(self) -> tuple[Input, ...]:
        """What people did since the last call; never waits. Raises Blind when it is gone."""
        if self.headless:
            return ()
        with _seeing():
            found = [self._input(event) for event in pygame.event.get()]
        return tuple(each for each in found if each is not None)

    def save(self, path: Path) -> None:
        """Write a PNG; a reader never sees half of one."""
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.stem}.part.png")
        pygame.image.save(self.surface, str(part))
        part.replace(path)

    def close(self) -> None:
        if self._surface is not None and not self.headless:
            pygame.display.quit()
        self._surface = self._glass = None

    def _input(self, event: pygame.event.Event) -> Input | None:  # noqa: PLR0911 - one a kind
        match event.type:
            case pygame.FINGERDOWN | pygame.FINGERMOTION | pygame.FINGERUP:
                return self._finger(event)
            case pygame.MOUSEBUTTONDOWN | pygame.MOUSEBUTTONUP if event.button == 1:
                phase: Literal["down", "up"] = (
                    "down" if event.type == pygame.MOUSEBUTTONDOWN else "up"
                )
                return self._mouse(event, phase)
            case pygame.MOUSEMOTION if event.buttons[0]:
                return self._mouse(event, "move")
            case pygame.TEXTINPUT:
                return Typed(event.text)
            case pygame.KEYDOWN if event.unicode == "" and event.key in _BLOCK:
                return Typed(_BLOCK[event.key])
            case pygame.KEYDOWN if not event.unicode.isprintable() or event.unicode == "":
                return Key(pygame.key.name(event.key))
            case pygame.QUIT:
                return Closed()
            case _:
                return None

    def _finger(self, event: pygame.event.Event) -> Contact:
        """SDL gives fingers as shares of the window."""
        wide, high = self._turning.glass
        x, y = self._millimetres(event.x * wide, event.y * high)
        return Contact(_FINGER[event.type], int(event.finger_id), x, y)

    def _millimetres(self, x: float, y: float) -> tuple[float, float]:
        """In the picture, of a pixel of the glass."""
        across, down = self._turning.in_picture(x, y)
        return across / self.panel.px_per_mm, down / self.panel.px_per_mm

    def _mouse(
        self, event: pygame.event.Event, phase: Literal["down", "move", "up"]
    ) -> Contact | None:
        """SDL makes mouse events of the first finger too: those are dropped."""
        if getattr(event, "touch", False):
            return None
        x, y = self._millimetres(*event.pos)
        return Contact(phase, -1, x, y)


# A scanner may type its digits on the number block, which without Num Lock makes no characters.
_BLOCK = {pygame.K_KP1 + place: digit for place, digit in enumerate("1234567890")}
_BLOCK |= {pygame.K_KP_PERIOD: ".", pygame.K_KP_MINUS: "-"}
_FINGER: dict[int, Literal["down", "move", "up"]] = {
    pygame.FINGERDOWN: "down",
    pygame.FINGERMOTION: "move",
    pygame.FINGERUP: "up",
}


def flavour() -> str:
    """Which pygame draws, and on which SDL; for the technician."""
    name = "pygame-ce" if getattr(pygame, "IS_CE", 0) else "pygame"
    sdl = ".".join(str(part) for part in pygame.get_sdl_version())
    return f"{name} {pygame.version.ver}, SDL {sdl}"
