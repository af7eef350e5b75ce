"""The board's picture without a window: for training and tests."""

from typing import Literal

from pydantic import Field

from display.board.board_section import BoardSection
from display.board.ports import Screen
from hall.screen.geometry import Panel


class SimulatedBoard(BoardSection):
    driver: Literal["simulated"] = Field(description="Chỉ vẽ, không mở cửa sổ.")

    def connect(self, panel: Panel, title: str, *, headless: bool) -> Screen:
        # It draws with pygame.
        from display.board.window_screen import SimulatedScreen  # noqa: PLC0415

        return SimulatedScreen(panel, title)
