"""A real window on this machine's screen; headless, the same picture without one."""

from typing import Literal

from pydantic import Field

from display.board.board_section import BoardSection
from display.board.ports import Screen
from hall.screen.geometry import Panel


class WindowBoard(BoardSection):
    driver: Literal["window"] = Field(default="window", description="Màn hình thật.")
    fullscreen: bool = Field(default=True, description="Phủ kín màn hình.")

    def connect(self, panel: Panel, title: str, *, headless: bool) -> Screen:
        # pygame takes 170-280 ms and 30 MB: only where there is a window to draw.
        from display.board.window_screen import SimulatedScreen, WindowScreen  # noqa: PLC0415

        if headless:
            return SimulatedScreen(panel, title)
        return WindowScreen(panel, title, fullscreen=self.fullscreen)
