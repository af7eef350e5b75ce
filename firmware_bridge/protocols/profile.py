"""The YAML profile of a display that others made: how it wants to be told what to show."""

import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from hall.runtime import settings
from hall.runtime.settings import Section

OWN_UNIT = "motcua-unit"
PROFILES = Path(__file__).parents[1] / "units"
Encoding = Literal["ascii_per_reg", "ascii_2_per_reg", "int", "bcd", "segment"]
Checksum = Literal["none", "xor", "sum8", "lrc", "crc16"]
Pad = Literal["space_left", "space_right", "zero_left"]
Baud = Literal[1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200]
LineFormat = Annotated[str, Field(pattern=r"^[78][NEO][12]$")]
Register = Annotated[int, Field(ge=0, le=0xFFFF)]


class LineSettings(Section):
    baud: Baud = Field(default=9600, description="Tốc độ mặc định của nhà sản xuất.")
    format: LineFormat = Field(default="8N1", description="Bit dữ liệu, chẵn lẻ, bit dừng.")


class WriteSettings(Section):
    function: Literal[6, 16] = Field(description="Hàm Modbus: 6 từng thanh ghi, 16 cả khối.")
    start: Register = Field(description="Thanh ghi đầu tiên.")
    encoding: Encoding = Field(description="Cách đặt chữ vào thanh ghi.")


class ReadBack(Section):
    """Modbus: `function` and `start`. ASCII: `command`."""

    function: Literal[3, 4] = Field(default=3, description="Hàm Modbus để đọc lại.")
    start: Register = Field(default=0, description="Thanh ghi đầu tiên khi đọc lại.")
    command: str = Field(default="", max_length=16, description="Lệnh ASCII để đọc lại.")


class Effect(Section):
    """A register that blinks or dims the display."""

    register_: Register = Field(alias="register", description="Thanh ghi.")
    on: Register = Field(description="Giá trị khi bật.")
    off: Register = Field(description="Giá trị khi tắt.")


class DisplayProfile(Section):
    kind: str = Field(pattern=r"^[a-z][a-z0-9_-]{1,31}$", description="Tên, trùng với tên tệp.")
    title: str = Field(default="", max_length=200, description="Tên thiết bị cho người đọc.")
    transport: Literal["rtu", "ascii_template"] = Field(description="Cách truyền.")
    line: LineSettings = LineSettings()
    address: int = Field(default=1, ge=0, le=255, description="Địa chỉ khi xuất xưởng.")
    width: int = Field(ge=1, le=12, description="Số ký tự hiện được.")
    charset: str = Field(
        default="0-9",
        description="Ký tự hiện được, như trong biểu thức chính quy.",
        examples=["0-9", "0-9A-Z -"],
    )
    pad: Pad = Field(default="space_left", description="Thêm gì cho đủ số ký tự.")
    blank: str = Field(default=" ", max_length=1, description="Ký tự khi tắt.")
    write: WriteSettings | None = None
    frame: str = Field(default="", max_length=200, description="Khung ASCII.")
    command: str = Field(default="", max_length=16, description="Lệnh ghi, thế vào {command}.")
    checksum: Checksum = Field(default="none", description="Mã kiểm, thế vào {checksum}.")
    read_back: ReadBack | None = None
    blink: Effect | None = None
    dim: Effect | None = None
    min_gap_ms: int = Field(default=0, ge=0, le=1000, description="Nghỉ giữa hai lệnh.")
    refresh_s: float = Field(default=5, ge=1, le=600, description="Ghi lại sau bao nhiêu giây.")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.transport == "rtu" and self.write is None:
            raise ValueError("transport rtu cần mục write")
        if self.transport == "ascii_template" and "{data}" not in self.frame:
            raise ValueError("transport ascii_template cần frame có {data}")
        if self.checksum != "none" and "{checksum}" not in self.frame:
            raise ValueError("checksum cần {checksum} trong frame")
        try:
            re.compile(f"[{self.charset}]")
        except re.error as err:
            raise ValueError(f"charset không đúng: {err}") from err
        return self


def known_kinds(*folders: Path) -> tuple[str, ...]:
    """Names of all kinds of display that can be used."""
    found = {file.stem for folder in (PROFILES, *folders) for file in folder.glob("*.yaml")}
    return (OWN_UNIT, *sorted(found))


def load_profile(kind: str, *folders: Path) -> DisplayProfile:
    """The profile of this kind; the hall's own folders come first. Raises ConfigError, KeyError."""
    for folder in (*folders, PROFILES):
        file = folder / f"{kind}.yaml"
        if file.is_file():
            return _named(settings.load(file, DisplayProfile), file)
    raise KeyError(kind)


def _named(profile: DisplayProfile, file: Path) -> DisplayProfile:
    if profile.kind == file.stem:
        return profile
    document = settings.read(file)
    wrong = document.mistake(("kind",), f"phải trùng với tên tệp: {file.stem}")
    raise settings.ConfigError(str(file), (wrong,))
