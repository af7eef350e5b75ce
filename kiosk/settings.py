"""The section `kiosks:` of the hall's YAML."""

from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from hall.runtime.driver_folder import DriverFolder
from hall.runtime.sections import Ident, Label, Shared
from hall.runtime.settings import Section
from hall.scanning.settings import AnyScanner
from hall.screen.geometry import Panel
from hall.screen.turning import Turn
from kiosk.sections import SpeechSection

_SHORT_MM = 130
_LONG_MM = 210


class ScreenSection(Section):
    width: int = Field(default=1080, ge=480, le=7680, description="Số điểm ảnh theo chiều ngang.")
    height: int = Field(default=1920, ge=480, le=7680, description="Số điểm ảnh theo chiều dọc.")
    diagonal_inch: float = Field(
        default=32,
        ge=7,
        le=100,
        description="Đường chéo màn hình, inch; mọi kích thước nút tính từ đây ra milimét.",
    )
    distance_mm: int = Field(
        default=600, ge=200, le=3000, description="Mắt cách màn hình bao nhiêu mm, cho “Chữ to”."
    )
    rotate: Turn = Field(
        default=0,
        description="Xoay hình (và chỗ chạm) theo chiều kim đồng hồ bao nhiêu độ trên màn hình; "
        "width, height là của hình sau khi xoay. TV ngang dựng đứng: 90 hoặc 270.",
    )
    fullscreen: bool = Field(default=True, description="Phủ kín màn hình, không viền cửa sổ.")
    touch: Literal["real", "simulated"] = Field(
        default="real",
        description="simulated: nhận thêm chạm giả từ bus (demo, tập huấn); real: chỉ tay người.",
    )

    @model_validator(mode="after")
    def _room_for_fingers(self) -> "ScreenSection":
        """Below this the pages have no room for targets of 20 mm (tried down to 10.1 inches)."""
        area = Panel(self.width, self.height, self.diagonal_inch).area
        short, long = sorted((area.w, area.h))
        if short < _SHORT_MM or long < _LONG_MM:
            raise ValueError(
                f"màn hình {short:.0f} x {long:.0f} mm quá nhỏ cho nút 20 mm; "
                f"cần từ {_SHORT_MM} x {_LONG_MM} mm (10,1 inch)"
            )
        return self


SPEAKERS = DriverFolder[SpeechSection]("kiosk.speakers", SpeechSection)
NO_SPEECH = SPEAKERS.sections["none"](driver="none")

if TYPE_CHECKING:
    AnySpeech = SpeechSection
else:
    AnySpeech = SPEAKERS.union_or_name()


class KioskSection(Section):
    id: str = Field(
        pattern=r"^kiosk-[a-z0-9-]{1,26}$",
        description="Mã kiosk, cũng là tên client MQTT.",
        examples=["kiosk-1"],
    )
    printer: Ident | None = Field(
        default=None, description="Máy in phiếu của kiosk này.", examples=["printer-1"]
    )
    screen: ScreenSection = Field(default=ScreenSection(), description="Màn hình cảm ứng.")
    languages: tuple[str, ...] = Field(
        default=("vi", "en"),
        min_length=1,
        max_length=4,
        description="Ngôn ngữ trên màn hình; thứ nhất là mặc định.",
    )
    texts: str = Field(
        default="",
        description="Thư mục tệp ngôn ngữ thêm của xã (<mã>.toml); thiếu câu nào lấy tiếng Việt.",
    )
    scanners: tuple[AnyScanner, ...] = Field(
        default=(), description="Máy quét mã vạch, QR.", max_length=4
    )
    speech: AnySpeech = Field(
        default=NO_SPEECH, description="“Đọc to” màn hình qua tai nghe hoặc loa."
    )
    clips: str = Field(
        default="",
        description="Thư mục tiếng thu sẵn cho “Đọc to” (<ngôn ngữ>/<câu>.wav); thiếu: espeak đọc.",
    )
    paperless: Literal["no", "offer"] = Field(
        default="no", description="offer: hết giấy thì mời nhận số trên màn hình để chụp lại."
    )
    idle_s: int = Field(default=60, ge=15, le=600, description="Không ai chạm: về trang chủ (s).")
    personal_idle_s: int = Field(
        default=30, ge=15, le=120, description="Như trên, khi đang có thông tin của người dân (s)."
    )
    attract_s: int = Field(
        default=0,
        ge=0,
        le=3600,
        description="Trang chủ để yên bao lâu thì hiện lời chào; 0: không.",
    )
    logo: str = Field(
        default="",
        description="Tệp ảnh logo của hội trường (PNG nền trong, JPEG); trống: hình sao mặc định.",
        examples=["logo.png"],
    )
    photographs: tuple[str, ...] = Field(
        default=(),
        max_length=24,
        description="Tệp ảnh hội trường (JPEG, PNG, dưới 12 triệu điểm), lần lượt ở lời chào.",
        examples=[["tru-so.jpg"]],
    )
    first_letters: str = Field(
        default="H", pattern=r"^[A-Z]$", description="Chữ có sẵn trên trang phím số."
    )
    code_prefix: str = Field(
        default="",
        pattern=r"^(?:[0-9A-Z]{3}\.[0-9A-Z]{2}\.[0-9A-Z]{2}\.)?[A-Y][0-9]{2}(?:\.[0-9A-Z]+){0,8}$|^$",
        description="Mã định danh của đơn vị, phần đầu mã hồ sơ ở đây: điền sẵn khi tra cứu.",
        examples=["H38.12"],
    )
    pin_credential: str = Field(
        default="",
        pattern=r"^[A-Za-z0-9._-]{0,64}$",
        description="Tên credential chứa mã số mở trang kỹ thuật (4–8 chữ số); trống: không có.",
    )
    public_url: Label | None = Field(
        default=None,
        description="Địa chỉ cổng dịch vụ công, cho mã QR.",
        examples=["https://dichvucong.gov.vn"],
    )

    @model_validator(mode="after")
    def _no_language_twice(self) -> "KioskSection":
        if len(set(self.languages)) != len(self.languages):
            raise ValueError("một ngôn ngữ ghi hai lần")
        return self


class KioskFile(Shared):
    """The parts of the YAML that a kiosk reads."""

    kiosks: tuple[KioskSection, ...] = Field(min_length=1, description="Các kiosk cảm ứng.")
