"""What the hall's main screen has in the YAML, whatever shows it."""

from abc import abstractmethod
from typing import ClassVar, Literal

from pydantic import Field

from display.board.ports import Screen
from hall.runtime.driver_folder import DriverSection
from hall.runtime.sections import Label
from hall.runtime.settings import Section
from hall.screen.geometry import Panel


class BoardScreenSection(Section):
    width: int = Field(default=1920, ge=640, le=7680, description="Chiều rộng, điểm ảnh.")
    height: int = Field(default=1080, ge=480, le=7680, description="Chiều cao, điểm ảnh.")
    diagonal_inch: float = Field(default=55, ge=7, le=120, description="Đường chéo, inch.")


class MediaSection(Section):
    folder: str = Field(description="Thư mục ảnh PNG, JPEG chiếu ở khung bên.")
    seconds: float = Field(default=12, ge=4, le=600, description="Mỗi ảnh hiện bao nhiêu giây.")


class SecondLanguageSection(Section):
    """Words shown beneath the Vietnamese ones."""

    invite: Label = Field(default="Now serving", description="Dưới “Mời số”.")
    counter: Label = Field(default="Counter", description="Dưới “đến quầy”.")
    waiting: Label = Field(default="Waiting", description="Dưới “Đang chờ”.")
    recent: Label = Field(default="Recent calls", description="Dưới “Vừa gọi”.")


class BoardSection(DriverSection):
    """A driver is a subclass with its own keys, in a file of its own in `display/board/drivers`.

    A rehearsed hall shows its board in a window, headless in none.
    """

    real_only: ClassVar[frozenset[str]] = frozenset({"media"})
    stand_in: ClassVar[str] = "window"

    screen: BoardScreenSection = Field(default=BoardScreenSection(), description="Tấm màn hình.")
    distance_m: float = Field(
        default=5, ge=1, le=30, description="Người ngồi xa nhất cách màn hình bao nhiêu mét."
    )
    language: str = Field(
        default="vi",
        pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        description="Ngôn ngữ của bảng: vi, en; tiếng khác: tên theo names, lời tiếng Việt.",
    )
    theme: Literal["normal", "contrast"] = Field(
        default="normal", description="contrast: tương phản cao."
    )
    page_s: float = Field(default=8, ge=4, le=60, description="Mỗi trang quầy hiện mấy giây.")
    ticker: bool = Field(default=True, description="Dòng chữ chạy.")
    notices: tuple[Label, ...] = Field(default=(), description="Thông báo của đơn vị, chạy cùng.")
    figures: bool = Field(default=True, description="Khung số liệu đúng hạn, trễ hẹn.")
    period: str = Field(
        default="", max_length=32, description="Kỳ số liệu (id); trống: kỳ đầu tiên nhận được."
    )
    media: MediaSection | None = Field(default=None, description="Ảnh chiếu ở khung bên.")
    second_language: SecondLanguageSection | None = Field(
        default=None, description="Ngôn ngữ thứ hai trên bảng; không ghi: chỉ tiếng Việt."
    )
    dark_after_min: int | None = Field(
        default=30,
        ge=0,
        le=600,
        description="Tắt màn hình ngoài giờ làm việc, sau mấy phút; null: không bao giờ.",
    )

    @abstractmethod
    def connect(self, panel: Panel, title: str, *, headless: bool) -> Screen:
        """What shows the board; nothing is open yet. `headless`: it must open no window."""
