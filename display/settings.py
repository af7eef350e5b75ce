"""The `display:` section: counter displays, the hall board, the voice."""

from typing import TYPE_CHECKING

from pydantic import Field

from display.board.settings import AnyBoard
from display.face_section import FaceSection, WindowSection
from display.voice.settings import VoiceSection
from hall.runtime.driver_folder import DriverFolder
from hall.runtime.sections import Shared
from hall.runtime.settings import Section

FACES = DriverFolder[FaceSection]("display.drivers", FaceSection, usual="bridge")

if TYPE_CHECKING:
    AnyFace = FaceSection
else:
    AnyFace = FACES.union()


class DisplaySection(Section):
    window: WindowSection = Field(
        default=WindowSection(), description="Màn hình của các bảng số có driver: window."
    )
    faces: tuple[AnyFace, ...] = Field(default=(), description="Bảng số của từng quầy.")
    board: AnyBoard | None = Field(default=None, description="Bảng chung của hội trường.")
    voice: VoiceSection | None = Field(default=None, description="Loa gọi số.")


class DisplayConfig(Shared):
    """What the roles display, board and voice read of the YAML."""

    display: DisplaySection
