"""A real window on this machine's screen, drawn with the kit."""

from pathlib import Path

from display.board.ports import ScreenError
from hall.screen.geometry import Panel
from hall.screen.painter import Painter
from hall.screen.tree import Scene
from hall.screen.window import Blind, Closed, Window


class WindowScreen:
    headless = False

    def __init__(self, panel: Panel, title: str, *, fullscreen: bool = True) -> None:
        self._window = Window(panel, title, headless=self.headless, fullscreen=fullscreen)
        self._painter = Painter(panel)

    def open(self) -> None:
        self._painter.forget()
        try:
            self._window.open()
        except Blind as err:
            raise ScreenError(str(err)) from err

    def show(self, scene: Scene) -> bool:
        places = self._painter.paint(self._window.surface, scene)
        self._window.show(places)
        return bool(places)

    def poll(self) -> None:
        if Closed() in self._window.inputs():
            raise ScreenError("cửa sổ đã đóng")

    def save(self, path: Path) -> None:
        self._window.save(path)

    def close(self) -> None:
        self._window.close()
