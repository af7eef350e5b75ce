"""The `display:` section: counter displays, the hall board, the voice."""

from typing import Literal

from pydantic import Field

from display.board.settings import BoardSection
from display.voice.settings import VoiceSection
from hall.runtime.sections import Ident, Shared
from hall.runtime.settings import Section


class FaceSection(Section):
    counter: Ident = Field(description="Mã quầy mà bảng số này thuộc về.", examples=["1", "5A"])
    width: int = Field(default=4, ge=2, le=6, description="Số ký tự bảng hiện được.")
    charset: Literal["digits", "alnum", "full"] = Field(
        default="alnum",
        description=(
            "Bảng hiện được gì: digits – chỉ chữ số; alnum – chữ số và A–Z; full – cả chữ có dấu."
        ),
    )
    driver: Literal["bridge", "max7219", "window", "simulated"] = Field(
        default="bridge",
        description=(
            "bridge: bảng LED trên đường RS-485 (mục bridges); max7219: LED nối SPI của máy này; "
            "window: cửa sổ trên màn hình HDMI của máy này; simulated: mô phỏng."
        ),
    )
    spi: tuple[int, int] = Field(
        default=(0, 0), description="max7219: cổng và chân chọn của SPI.", examples=[[0, 0]]
    )
    intensity: int = Field(default=8, ge=0, le=15, description="max7219: độ sáng.")


class WindowSection(Section):
    width: int = Field(default=1280, ge=160, le=7680, description="Chiều rộng, điểm ảnh.")
    height: int = Field(default=720, ge=120, le=7680, description="Chiều cao, điểm ảnh.")
    diagonal_inch: float = Field(default=24, ge=2, le=120, description="Đường chéo, inch.")
    fullscreen: bool = Field(default=True, description="Phủ kín màn hình.")


class DisplaySection(Section):
    window: WindowSection = Field(
        default=WindowSection(), description="Màn hình của các bảng số có driver: window."
    )
    faces: tuple[FaceSection, ...] = Field(default=(), description="Bảng số của từng quầy.")
    board: BoardSection | None = Field(default=None, description="Bảng chung của hội trường.")
    voice: VoiceSection | None = Field(default=None, description="Loa gọi số.")


class DisplayConfig(Shared):
    """What the roles display, board and voice read of the YAML."""

    display: DisplaySection
