"""The `display: voice:` section: how the hall speaks."""

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field

from display.voice.phrases import TemplateError, template
from display.voice.player_section import PlayerSection
from hall.reading.section import ReadingSection
from hall.runtime.driver_folder import DriverFolder
from hall.runtime.sections import ClockTime, Ident, Label
from hall.runtime.settings import Section

PLAYERS = DriverFolder[PlayerSection]("display.voice.players", PlayerSection)

if TYPE_CHECKING:
    AnyPlayer = PlayerSection
else:
    AnyPlayer = PLAYERS.union_or_name()


def _spoken(text: str) -> str:
    try:
        template(text)
    except TemplateError as err:
        raise ValueError(str(err)) from err
    return text


Phrase = Annotated[Label, AfterValidator(_spoken)]


class PhrasesSection(Section):
    call: Phrase = Field(description="Câu gọi.", examples=["Mời số {number} đến quầy số {counter}"])
    short: Phrase | None = Field(
        default=None, description="Câu ngắn khi nhiều số được gọi liền nhau; trống: như call."
    )
    recall: Phrase | None = Field(default=None, description="Câu gọi lại; trống: như call.")


VI_PHRASES = PhrasesSection(
    call="Mời công dân có số thứ tự {number} đến quầy số {counter}",
    short="Mời số {number} đến quầy số {counter}",
    recall="Xin nhắc lại: mời số {number} đến quầy số {counter}",
)
EN_PHRASES = PhrasesSection(call="Number {number}, please come to counter {counter}")


class LanguageSection(Section):
    lang: str = Field(pattern=r"^[a-z]{2,3}$", description="Mã ngôn ngữ.", examples=["vi", "en"])
    folder: str = Field(
        default="", description="Thư mục tiếng đã ghi; trống: thư mục voice của motcua."
    )
    when: Literal["always", "ticket"] = Field(
        default="ticket",
        description="always: đọc cho mọi số; ticket: chỉ khi phiếu chọn ngôn ngữ này.",
    )
    phrases: PhrasesSection | None = Field(
        default=None, description="Câu mẫu; trống: câu có sẵn (vi, en)."
    )
    counters: dict[Ident, Label] = Field(
        default={}, description="Cách đọc quầy có mã là chữ.", examples=[{"TN": "tiếp nhận"}]
    )
    espeak: str = Field(
        default="",
        pattern=r"^[A-Za-z0-9-]*$",
        description="Giọng espeak-ng dùng để tạo tiếng còn thiếu; trống: theo mã ngôn ngữ.",
        examples=["vi-vn-x-south"],
    )


class VolumeSection(Section):
    at: ClockTime = Field(description="Từ giờ này.", examples=["11:30"])
    volume: float = Field(ge=0, le=1, description="Âm lượng 0–1.")


class VoiceSection(ReadingSection):
    player: AnyPlayer = Field(
        default=PLAYERS.sections["alsa"](driver="alsa"),
        description="alsa: aplay; mixer: SDL; simulated: giữ lại WAV.",
    )
    device: str = Field(default="default", description="alsa: tên thiết bị.", examples=["hw:0"])
    languages: tuple[LanguageSection, ...] = Field(
        default=(LanguageSection(lang="vi"),),
        min_length=1,
        description="Các thứ tiếng; tiếng đầu tiên luôn được đọc, tiếng thiếu thì đọc bằng nó.",
    )
    chime: bool = Field(default=True, description="Chuông trước mỗi lần đọc.")
    repeat: int = Field(default=2, ge=1, le=3, description="Đọc mấy lần khi không có ai chờ đọc.")
    gap_ms: int = Field(default=60, ge=0, le=500, description="Khoảng lặng giữa các tiếng.")
    volume: float = Field(default=0.9, ge=0, le=1, description="Âm lượng 0–1.")
    volumes: tuple[VolumeSection, ...] = Field(default=(), description="Âm lượng theo giờ.")
    make: bool = Field(
        default=True, description="Tạo tiếng còn thiếu bằng espeak-ng khi khởi động."
    )
