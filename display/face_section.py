"""What every counter display has in the YAML, whatever its driver."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal, Self

from pydantic import Field

from display.ports import FaceDriver
from hall.runtime.driver_folder import DriverSection
from hall.runtime.sections import Ident
from hall.runtime.settings import Section


class WindowSection(Section):
    width: int = Field(default=1280, ge=160, le=7680, description="Chiều rộng, điểm ảnh.")
    height: int = Field(default=720, ge=120, le=7680, description="Chiều cao, điểm ảnh.")
    diagonal_inch: float = Field(default=24, ge=2, le=120, description="Đường chéo, inch.")
    fullscreen: bool = Field(default=True, description="Phủ kín màn hình.")


@dataclass(frozen=True, slots=True)
class FaceSurroundings:
    """Where displays hang. `titles`: of the counters. `pictures`, `headless`: see `Ground`."""

    titles: Mapping[str, str]
    window: WindowSection
    pictures: Path | None
    headless: bool


class FaceSection(DriverSection):
    """A driver is a subclass with its own keys, in a file of its own in `display/drivers`.

    `needs_main_thread`: it opens a window, unless headless.
    """

    needs_main_thread: ClassVar[bool] = False

    counter: Ident = Field(description="Mã quầy mà bảng số này thuộc về.", examples=["1", "5A"])
    width: int = Field(default=4, ge=2, le=6, description="Số ký tự bảng hiện được.")
    charset: Literal["digits", "alnum", "full"] = Field(
        default="alnum",
        description=(
            "Bảng hiện được gì: digits – chỉ chữ số; alnum – chữ số và A–Z; full – cả chữ có dấu."
        ),
    )

    @classmethod
    @abstractmethod
    def connect(cls, faces: Sequence[Self], where: FaceSurroundings) -> Mapping[str, FaceDriver]:
        """By counter, what shows the faces of all displays of this driver; nothing is open yet."""
