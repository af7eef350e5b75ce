"""The sections of the YAML that every daemon reads: hall, broker, services and counters."""

import re
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from ipaddress import ip_address
from itertools import pairwise
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag

from hall.contract.rights import kind_of
from hall.contract.words import clean
from hall.runtime import opening
from hall.runtime.settings import Section
from hall.runtime.turn_page import TurnPageSection
from hall.wording.glossary import VIETNAMESE


def _nfc(value: object) -> object:
    return clean(value) if isinstance(value, str) else value


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _hours(text: str) -> str:
    """Check one span of a day, as 07:30-11:30; 24:00 is the end of the day."""
    found = re.fullmatch(r"([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})", text)
    if not found:
        raise ValueError(f"'{text}' phải có dạng 07:30-11:30")
    h1, m1, h2, m2 = (int(part) for part in found.groups())
    start, end = h1 * 60 + m1, h2 * 60 + m2
    if m1 > 59 or m2 > 59 or end > 24 * 60 or start >= end:  # noqa: PLR2004
        raise ValueError(f"'{text}' không phải khoảng giờ trong một ngày")
    return text


def _host(name: str) -> str:
    """Check a name or address in the network, alone: no scheme, no port (RFC 1123, 2.1)."""
    with suppress(ValueError):
        return str(ip_address(name))
    if not _HOST.fullmatch(name) or re.fullmatch(r"[0-9.]+", name):
        raise ValueError(f"'{name}': chỉ ghi địa chỉ IP hoặc tên máy, ví dụ 10.0.0.20")
    return name


def _apart(spans: tuple[str, ...]) -> tuple[str, ...]:
    """Check the hours of one day, which may stand in any order."""
    if not spans:
        raise ValueError("chưa có giờ nào; ngày nghỉ thì không ghi, hoặc ghi ở days_off")
    ordered = sorted(spans)
    for one, other in pairwise(ordered):
        if opening.span(other)[0] < opening.span(one)[1]:
            raise ValueError(f"hai khoảng giờ chồng nhau: {one} và {other}")
    return tuple(ordered)


def _zone(name: str) -> str:
    fixed = _FIXED_ZONE.fullmatch(name)
    if fixed:
        # POSIX counts west of Greenwich: Etc/GMT+7 is seven hours behind it.
        real = {"+": "-", "-": "+"}[fixed[1]]
        raise ValueError(f"'{name}' là UTC{real}{fixed[2]}; ghi tên vùng, ví dụ Asia/Ho_Chi_Minh")
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as err:
        raise ValueError(f"không có múi giờ '{name}', ví dụ Asia/Ho_Chi_Minh") from err
    return name


def _date(value: object) -> object:
    if isinstance(value, str) and not _is_date(value):
        several = "; nhiều ngày liền ghi ở days_off" if ".." in value else ""
        raise ValueError(f"'{value}' phải có dạng 2026-09-02{several}")
    return value


def _stretch(text: str) -> str:
    """Check one day, or the first and the last of several."""
    first, dots, last = text.partition("..")
    if not _is_date(first) or (dots and not _is_date(last)):
        raise ValueError(f"'{text}' phải có dạng 2027-02-04..2027-02-10 hoặc 2027-02-04")
    if dots and last < first:
        raise ValueError(f"'{text}': ngày cuối trước ngày đầu")
    return text


def _is_date(text: str) -> bool:
    """Only the long form: fromisoformat alone also takes 20260902 and 2026-W36-3."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return _DATE.fullmatch(text) is not None


_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)*\.?")
_FIXED_ZONE = re.compile(r"(?:Etc/)?GMT([+-])([1-9][0-9]?)")
Label = Annotated[str, BeforeValidator(_nfc), Field(min_length=1, max_length=200)]
GpioChip = Annotated[
    str | None,
    Field(
        min_length=1,
        description="Chip GPIO của các chân: đường dẫn, tên hoặc nhãn. "
        "Trống: đầu nối 40 chân của Pi, hoặc chip duy nhất của máy.",
        examples=["/dev/gpiochip1"],
    ),
]
Ident = Annotated[
    str, BeforeValidator(_as_text), Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$")
]
ClientName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
HostName = Annotated[str, AfterValidator(_host), Field(max_length=253)]
Hours = Annotated[str, AfterValidator(_hours)]
DayHours = Annotated[tuple[Hours, ...], AfterValidator(_apart)]
DayName = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Date = Annotated[str, BeforeValidator(_date)]
# Told apart by their form, so that a mistake in one is not told as the lack of the other.
WeekHours = Annotated[
    Annotated[DayHours, Tag("list")] | Annotated[dict[DayName, DayHours], Tag("week")],
    Discriminator(lambda given: "week" if isinstance(given, Mapping) else "list"),
]
ClockTime = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


Names = dict[Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")], Label]


class Translated(Section):
    """What people know by a name."""

    names: Names = Field(
        default={},
        description="Tên bằng tiếng khác, theo mã ngôn ngữ; tiếng nào không ghi thì hiện tên "
        "tiếng Việt.",
        examples=[{"en": "Civil status"}],
    )


class WorkedDay(Section):
    date: Date = Field(description="Ngày.", examples=["2027-02-20"])
    hours: DayHours | None = Field(
        default=None,
        description="Giờ làm việc ngày ấy; không ghi: như ngày làm việc đầu tuần.",
        examples=[["07:30-11:30"]],
    )


class HallSection(Translated):
    id: str = Field(
        pattern=r"^[a-z0-9-]{1,32}$",
        description="Mã hội trường, duy nhất trong cả nước; có trong mọi chủ đề MQTT.",
        examples=["mu-cang-chai"],
    )
    name: Label = Field(description="Tên đơn vị, in trên phiếu và màn hình.")
    timezone: Annotated[str, AfterValidator(_zone)] = Field(
        default="Asia/Ho_Chi_Minh", description="Múi giờ."
    )
    hours: WeekHours = Field(
        default=("07:30-11:30", "13:30-17:00"),
        description='Giờ làm việc của mọi ngày, hoặc của từng thứ: {mon: ["07:30-11:30"], …}; '
        'mở cả ngày là ["00:00-24:00"].',
    )
    days: tuple[DayName, ...] = Field(
        default=("mon", "tue", "wed", "thu", "fri"),
        min_length=1,
        description="Ngày làm việc trong tuần; bỏ qua khi hours ghi theo từng thứ.",
    )
    holidays: tuple[Date, ...] = Field(
        default=(), description="Ngày nghỉ lễ.", examples=[["2026-09-02"]]
    )
    days_off: tuple[Annotated[str, AfterValidator(_stretch)], ...] = Field(
        default=(),
        description="Đợt nghỉ, ví dụ Tết: từ ngày đầu đến hết ngày cuối.",
        examples=[["2027-02-04..2027-02-10"]],
    )
    days_worked: tuple[WorkedDay, ...] = Field(
        default=(),
        description="Ngày làm bù, và ngày có giờ riêng (chỉ buổi sáng); hơn mọi điều ghi ở trên.",
    )

    @property
    def calendar(self) -> opening.Calendar:
        """When this hall works."""
        week = self.hours if isinstance(self.hours, dict) else dict.fromkeys(self.days, self.hours)
        regular = opening.Calendar(
            {opening.DAYS.index(day): _spans(hours) for day, hours in week.items()},
            tuple(_first_and_last(each) for each in (*self.holidays, *self.days_off)),
        )
        worked = {
            date.fromisoformat(day.date): _spans(day.hours) if day.hours else regular.usual
            for day in self.days_worked
        }
        return replace(regular, worked=worked)


def _spans(hours: tuple[str, ...]) -> opening.Spans:
    return tuple(opening.span(text) for text in hours)


def _first_and_last(stretch: str) -> tuple[date, date]:
    first, _, last = stretch.partition("..")
    return date.fromisoformat(first), date.fromisoformat(last or first)


class BrokerSection(Section):
    url: str = Field(
        default="auto",
        pattern=r"^(auto|mqtts?://[^/@\s]+)$",
        description=(
            "auto: motcua tự chạy một mosquitto riêng trên máy này; hoặc mqtt://máy:1883, "
            "mqtts://broker.hall:8883."
        ),
        examples=["auto", "mqtts://broker.hall:8883"],
    )
    ca: str = Field(default="", description="Tệp chứng thư CA của broker; trống: của hệ thống.")
    credential: str = Field(
        default="mqtt-password",
        pattern=r"^[A-Za-z0-9._-]{1,64}$",
        description="Tên credential (không phải mật khẩu) mà systemd trao cho từng dịch vụ.",
    )


class AppointmentsSection(Section):
    slot_min: int = Field(default=15, ge=5, le=240, description="Một khung giờ dài mấy phút.")
    per_slot: int = Field(default=3, ge=1, le=100, description="Mỗi khung nhận mấy người.")
    days_ahead: int = Field(
        default=6, ge=0, le=60, description="Đặt được trước nhiều nhất mấy ngày; 0: chỉ hôm nay."
    )
    per_person_day: int | None = Field(
        default=2,
        ge=1,
        description="Một người (theo khoá `person` mà phần mềm gửi) đặt mấy lượt một ngày, "
        "mọi dịch vụ cộng lại; null: dịch vụ này không giới hạn.",
    )
    early_min: int = Field(
        default=15, ge=0, le=720, description="Lấy số được trước giờ hẹn mấy phút."
    )
    late_min: int = Field(
        default=15,
        ge=0,
        le=240,
        description="Đến muộn quá bấy nhiêu phút: xếp theo giờ đến, chỗ giữ trả cho người khác.",
    )


class ElsewhereSection(Translated):
    name: Label = Field(
        description="Tên và địa chỉ nơi ấy.", examples=["Điểm tiếp nhận số 2, 12 đường Trần Phú"]
    )


class ServiceSection(Translated):
    id: Ident = Field(description="Mã dịch vụ.", examples=["ho-tich"])
    name: Label = Field(description="Tên hiện trên phiếu và màn hình.")
    prefix: str = Field(
        default="", pattern=r"^[A-Z]{0,3}$", description="Chữ đứng trước số.", examples=["A"]
    )
    first: int = Field(default=1, ge=0, le=999_999, description="Số đầu tiên của ngày.")
    last: int = Field(default=999, ge=1, le=999_999, description="Số cuối cùng của ngày.")
    digits: int = Field(default=3, ge=1, le=6, description="Số chữ số, thêm 0 ở đầu.")
    reserve: tuple[int, int] | None = Field(
        default=None, description="Dải số dự phòng khi hết dải chính; không có: ngừng cấp."
    )
    minutes: float = Field(
        default=8, gt=0, le=480, description="Ước lượng ban đầu, phút phục vụ một người."
    )
    quota: int | None = Field(
        default=None, ge=1, description="Số phiếu nhiều nhất một ngày; không ghi: không giới hạn."
    )
    last_ticket_min: int = Field(
        default=0, ge=0, le=240, description="Ngừng cấp số trước giờ đóng cửa bao nhiêu phút."
    )
    intake_until: ClockTime | None = Field(
        default=None,
        description="Ngừng cấp số từ giờ này mỗi ngày, ví dụ dịch vụ có hồ sơ nhận sau 15:00 phải "
        "chuyển hôm sau; không ghi: đến giờ đóng cửa.",
        examples=["15:00"],
    )
    appointments: AppointmentsSection | None = Field(
        default=None,
        description="Đặt hẹn theo khung giờ; không ghi: phần mềm một cửa tự xếp giờ hẹn.",
    )
    icon: str = Field(default="", max_length=32, description="Tên biểu tượng trên kiosk.")
    elsewhere: ElsewhereSection | None = Field(
        default=None,
        description="Nơi khác làm việc này, kiosk chỉ khi hết số; không ghi: quầy hướng dẫn.",
    )


class CounterSection(Translated):
    id: Ident = Field(description="Mã quầy: 1, 2, 5A …")
    name: Label = Field(default="", description="Tên quầy; trống: “Quầy <mã>”.")
    serves: tuple[Ident, ...] = Field(min_length=1, description="Dịch vụ quầy này phục vụ.")
    helps: tuple[Ident, ...] = Field(default=(), description="Dịch vụ quầy này giúp khi rảnh.")
    help_after_min: int = Field(
        default=10, ge=0, le=480, description="Giúp khi người chờ lâu nhất quá số phút này."
    )
    order: Literal["arrival", "listed"] = Field(
        default="arrival",
        description="arrival: ai đến trước; listed: theo thứ tự dịch vụ ghi ở serves.",
    )
    clients: tuple[ClientName, ...] | None = Field(
        default=None,
        description=(
            "Những máy (client MQTT) được gọi số thay quầy này; không ghi: counters, onestop và "
            "mọi bridge. tech luôn được."
        ),
    )

    def may_act(self, client: str) -> bool:
        """Whether this client may call, finish … for this counter."""
        if kind_of(client) == "tech":
            return True
        if self.clients is not None:
            return client in self.clients
        return kind_of(client) in ("counters", "onestop", "bridge")

    @property
    def title(self) -> str:
        return self.name or VIETNAMESE.counter.named(self.id)


class PrioritySection(Translated):
    id: Ident = Field(description="Mã diện ưu tiên.", examples=["uu-tien"])
    name: Label = Field(description="Tên in trên phiếu.")
    head_start_min: int = Field(
        default=20, ge=0, le=480, description="Được tính như đến sớm hơn bao nhiêu phút."
    )


class RatingChoice(Translated):
    id: Ident = Field(description="Mã, gửi kèm điểm đánh giá.", examples=["thai-do"])
    name: Label = Field(description="Lời hiện cho người dân và trong báo cáo.")


class FieldSection(Translated):
    name: Label = Field(
        description="Tên lĩnh vực đúng như phần mềm một cửa viết.", examples=["Hộ tịch"]
    )


def _named_once(choices: tuple[RatingChoice, ...]) -> tuple[RatingChoice, ...]:
    twice = [name for name, times in Counter(one.id for one in choices).items() if times > 1]
    if twice:
        raise ValueError(f"'{twice[0]}' ghi hai lần")
    return choices


RatingChoices = Annotated[tuple[RatingChoice, ...], AfterValidator(_named_once)]


class RatingsSection(Section):
    questions: RatingChoices = Field(
        default=(),
        max_length=10,
        description="Các câu hỏi đánh giá; không ghi: một câu hỏi chung, không có mã.",
    )
    reasons: RatingChoices = Field(
        default=(), max_length=20, description="Các lý do chọn khi cho điểm."
    )


class Shared(Section):
    """What every role needs; the daemons' own sections are added beside it."""

    version: Literal[1] = Field(description="Phiên bản của tệp cấu hình.")
    hall: HallSection
    broker: BrokerSection = BrokerSection()
    services: tuple[ServiceSection, ...] = Field(
        min_length=1, max_length=40, description="Các dịch vụ."
    )
    # `board` tells all counters twice in one message of at most 48 KiB.
    counters: tuple[CounterSection, ...] = Field(
        min_length=1, max_length=40, description="Các quầy."
    )
    priorities: tuple[PrioritySection, ...] = Field(
        default=(PrioritySection(id="uu-tien", name=VIETNAMESE.priority),),
        description="Các diện ưu tiên.",
    )
    fields: tuple[FieldSection, ...] = Field(
        default=(),
        max_length=200,
        description="Tên bằng tiếng khác của các lĩnh vực trong danh mục thủ tục và số liệu.",
    )
    ratings: RatingsSection = Field(
        default=RatingsSection(), description="Người dân đánh giá điều gì, vì sao."
    )
    turn_page: TurnPageSection | None = Field(
        default=None,
        description="Trang “Sắp đến lượt” cho điện thoại người dân, mở bằng mã QR trên phiếu; "
        "không ghi: không có trang, không in mã.",
    )
