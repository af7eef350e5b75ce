"""Buttons that a program presses: holds, bounces and sticks like fingers do; keeps its lamps."""

from collections.abc import Callable

from printer.ports import ButtonItem, ButtonsFound, ButtonsLost, Lamp, Pressed, Released


class SimulatedButtons:
    def __init__(self) -> None:
        self._post: Callable[[ButtonItem], None] | None = None
        self.lamp: Lamp | None = None

    def start(self, post: Callable[[ButtonItem], None]) -> None:
        self._post = post

    def lamps(self, lamp: Lamp) -> None:
        self.lamp = lamp

    def stop(self) -> None:
        self._post = None

    # --- fingers ---

    def press(self, key: str, bounces: int = 0) -> None:
        """Down and up again; worn contacts do it several times within milliseconds."""
        for _ in range(1 + bounces):
            self.hold(key)
            self.let_go(key)

    def hold(self, key: str) -> None:
        self._say(Pressed(key))

    def let_go(self, key: str) -> None:
        self._say(Released(key))

    def unplug(self) -> None:
        self._say(ButtonsLost("hộp nút mô phỏng"))

    def plug(self) -> None:
        self._say(ButtonsFound())

    def _say(self, item: ButtonItem) -> None:
        if self._post is not None:
            self._post(item)
