"""What every printer has in the YAML, however it is connected: ticket, buttons, roll, model."""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, field_validator, model_validator

from hall.runtime.driver_folder import DriverSection, KeyedFolder
from hall.runtime.sections import GpioChip, Label
from hall.runtime.settings import Section
from hall.scanning.settings import AnyScanner
from printer.button_section import ButtonSection, by_kind, twice
from printer.models import MODELS, PrinterModel
from printer.plan import Connection

BUTTONS = KeyedFolder[ButtonSection]("printer.buttons", ButtonSection)

if TYPE_CHECKING:
    AnyButton = ButtonSection
else:
    AnyButton = BUTTONS.union()

PAPER_DOTS = {80: 576, 58: 384}


class TicketSection(Section):
    """What this hall puts on its tickets beside the turn itself."""

    header: tuple[Label, ...] = Field(
        default=(),
        max_length=4,
        description="Các dòng nhỏ in trên tên đơn vị.",
        examples=[["UBND XÃ MÙ CANG CHẢI"]],
    )
    footer: tuple[Label, ...] = Field(
        default=(),
        max_length=6,
        description="Các dòng nhỏ in cuối phiếu.",
        examples=[["Giờ làm việc: 7:30–11:30, 13:30–17:00"]],
    )
    masthead: Literal["bottom", "top"] = Field(
        default="bottom",
        description="Tên đơn vị ở cuối (số ra khỏi máy trước) hay đầu phiếu.",
    )
    logo: str = Field(
        default="", description="Tệp ảnh logo đen trắng; trống: không in.", examples=["logo.png"]
    )
    qr: str = Field(
        default="",
        max_length=200,
        description="Địa chỉ trong mã QR; {ticket} và {number} được thay. Trống: "
        "mã của turn_page khi có mục ấy, nếu không thì không in QR.",
        examples=["https://dvc.example.gov.vn/q/{ticket}"],
    )

    @field_validator("qr")
    @classmethod
    def _only_known_places(cls, qr: str) -> str:
        """A mistake here would show at the first press, with the number already given."""
        rest = qr.replace("{ticket}", "").replace("{number}", "")
        if "{" in rest or "}" in rest:
            raise ValueError("trong mã QR chỉ có {ticket} và {number} được thay")
        return qr


class RollSection(Section):
    """For printers without a near-end sensor: tickets are counted."""

    tickets: int = Field(ge=10, le=5000, description="Một cuộn in được khoảng bao nhiêu phiếu.")
    warn_left: int = Field(default=60, ge=1, description="Báo sắp hết khi còn chừng này phiếu.")


class PrinterSection(DriverSection):
    """A driver is a subclass with its own keys, in a file of its own in `printer/drivers`."""

    real_only: ClassVar[frozenset[str]] = frozenset({"confirm", "assets", "roll", "gpiochip"})

    id: str = Field(
        pattern=r"^printer-[a-z0-9-]{1,24}$", description="Tên máy in.", examples=["printer-1"]
    )
    profile: str = Field(
        default="default",
        description="Kiểu máy in.",
        examples=["TM-T20III"],
    )
    paper_mm: Literal[80, 58] | None = Field(
        default=None, description="Khổ giấy; trống: theo kiểu máy in."
    )
    confirm: Literal["auto", "none"] = Field(
        default="auto",
        description="auto: máy in tự xác nhận đã in; none: máy không có đường trả lời.",
    )
    assets: Literal["raster", "nv-dress", "nv"] = Field(
        default="raster",
        description="Phần của phiếu nằm trong bộ nhớ máy in (motcua provision), cho cổng nối tiếp. "
        "nv: mọi phần cố định, cho cổng chậm; nv-dress: chỉ đầu, chân phiếu và hình dịch vụ, cho "
        "cổng 115200.",
    )
    ticket: TicketSection = TicketSection()
    buttons: tuple[AnyButton, ...] = Field(default=(), description="Các nút bấm lấy số.")
    gpiochip: GpioChip = None
    scanner: AnyScanner | None = Field(
        default=None,
        description="Máy quét mã hẹn ở máy lấy số không có kiosk: đưa mã vào là in số.",
    )
    presses_a_minute: int = Field(
        default=30, ge=1, le=600, description="Số lần bấm nhiều nhất một phút."
    )
    wait_for_paper_s: int = Field(
        default=120,
        ge=5,
        le=3600,
        description="Phiếu chưa in được sau chừng này giây thì huỷ.",
    )
    roll: RollSection | None = Field(default=None, description="Đếm giấy khi máy không báo.")

    @field_validator("profile")
    @classmethod
    def _known_profile(cls, name: str) -> str:
        if name not in MODELS:
            raise ValueError(f"không có kiểu máy '{name}'; có: {', '.join(sorted(MODELS))}")
        return name

    @model_validator(mode="after")
    def _with_a_memory(self) -> "PrinterSection":
        if self.assets != "raster" and not MODELS[self.profile].nv:
            raise ValueError(f"kiểu máy {self.profile} không có bộ nhớ ảnh: bỏ assets")
        return self

    @model_validator(mode="after")
    def _each_button_once(self) -> "PrinterSection":
        """The second of two would silently take the place of the first."""
        if (name := twice(b.name for b in self.buttons)) is not None:
            raise ValueError(f"hai nút cho '{name}': nối song song vào một chân, khai một nút")
        for kind, buttons in by_kind(self.buttons).items():
            if (wrong := kind.mistake(buttons, self.gpiochip)) is not None:
                raise ValueError(wrong)
        return self

    @property
    def width(self) -> int:
        """Dots across the paper."""
        model = MODELS[self.profile]
        return model.width if self.paper_mm is None else min(PAPER_DOTS[self.paper_mm], model.width)

    @property
    def model(self) -> PrinterModel:
        """The profile's model, on this hall's paper."""
        return replace(MODELS[self.profile], width=self.width)

    @property
    @abstractmethod
    def place(self) -> str:
        """Where the printer is, for a person."""

    @abstractmethod
    def connect(self, on_paper: Callable[[bytes], None]) -> Connection:
        """What opens the line; nothing is opened yet.

        `on_paper`: given the picture (PNG) of each paper, where there is no real one.
        """
