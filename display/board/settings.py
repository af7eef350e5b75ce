"""The `display: board:` section: the hall's main screen, by any of its drivers."""

from typing import TYPE_CHECKING

from display.board.board_section import BoardSection
from hall.runtime.driver_folder import DriverFolder

BOARDS = DriverFolder[BoardSection]("display.board.drivers", BoardSection, usual="window")

if TYPE_CHECKING:
    AnyBoard = BoardSection
else:
    AnyBoard = BOARDS.union()
