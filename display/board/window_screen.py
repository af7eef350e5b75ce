"""The board drawn with the kit, in a window of this machine's screen or in none."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from display.board.ports import ScreenError
from hall.screen.geometry import Panel
from hall.screen.painter import Painter
from hall.screen.text import Typesetter
from hall.screen.tree import Scene
from hall.screen.window import Blind, Closed, Window
from hall.wording.glossary import bound


@contextmanager
def _seen() -> Iterator[None]:
    try:
        yield
    except Blind as err:
        raise ScreenError(str(err)) from err


class WindowScreen:
    headless = False

    def __init__(self, panel: Panel, title: str, *, fullscreen: bool = True) -> None:
        self._window = Window(panel, title, headless=self.headless, fullscreen=fullscreen)
        self._painter = Painter(panel, Typesetter(bind=bound))

    @property
    def panel(self) -> Panel:
        return self._window.panel

    @property
    def is_other(self) -> bool:
        return self._window.is_other

    def open(self) -> None:
        with _seen():
            self._window.open()
        self._painter = Painter(self.panel, self._painter.typesetter)

    def show_scene(self, scene: Scene) -> bool:
        with _seen():
            places = self._painter.paint(self._window.surface, scene)
            self._window.show_places(places)
        return bool(places)

    def poll(self) -> None:
        with _seen():
            inputs = self._window.inputs()
        if Closed() in inputs:
            raise ScreenError("cửa sổ đã đóng")

    def save(self, path: Path) -> None:
        self._window.save(path)

    def close(self) -> None:
        self._window.close()


class SimulatedScreen(WindowScreen):
    headless = True
