"""The fixed words of a ticket, one value a language."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

_WEEKDAYS_VI = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Phrases:
    your_number: str
    priority: str
    go_to: str
    counter: str
    ahead: str
    people: Callable[[int], str]
    people_ahead: str
    wait: str
    wait_minutes: str
    minutes: Callable[[int, int], str]
    when: Callable[[datetime], str]
    clock_unsure: str
    not_a_receipt: str
    reprint: str
    follow: str
    wifi: Callable[[str], str]


def _people_vi(count: int) -> str:
    return f"{count} người" if count else "không có ai"


def _minutes_vi(low: int, high: int) -> str:
    return f"{low}–{high} phút" if low < high else f"{high} phút"


def _when_vi(at: datetime) -> str:
    return f"{at:%H:%M} · {_WEEKDAYS_VI[at.weekday()]}, {at:%d/%m/%Y}"


def _people_en(count: int) -> str:
    if not count:
        return "nobody"
    return "1 person" if count == 1 else f"{count} people"


def _minutes_en(low: int, high: int) -> str:
    return f"{low}–{high} min" if low < high else f"{high} min"


def _when_en(at: datetime) -> str:
    return f"{at:%H:%M} · {_WEEKDAYS_EN[at.weekday()]} {at:%d/%m/%Y}"


def _wifi_vi(name: str) -> str:
    return f"(nối Wi-Fi {name} trước)"


def _wifi_en(name: str) -> str:
    return f"(join Wi-Fi {name} first)"


VIETNAMESE = Phrases(
    your_number="SỐ THỨ TỰ",
    priority="ƯU TIÊN",
    go_to="Mời đến",
    counter="Quầy",
    ahead="Trước bạn",
    people=_people_vi,
    people_ahead="Số người chờ trước bạn",
    wait="Chờ khoảng",
    wait_minutes="Chờ khoảng (phút)",
    minutes=_minutes_vi,
    when=_when_vi,
    clock_unsure="giờ chưa xác định",
    not_a_receipt="Phiếu này không thay Giấy tiếp nhận hồ sơ",
    reprint="IN LẠI",
    follow="Quét mã để xem còn mấy người",
    wifi=_wifi_vi,
)
ENGLISH = Phrases(
    your_number="YOUR NUMBER",
    priority="PRIORITY",
    go_to="Please go to",
    counter="Counter",
    ahead="Ahead of you",
    people=_people_en,
    people_ahead="People ahead of you",
    wait="Wait about",
    wait_minutes="Wait about (minutes)",
    minutes=_minutes_en,
    when=_when_en,
    clock_unsure="time not known",
    not_a_receipt="This ticket does not replace the dossier receipt",
    reprint="REPRINT · IN LẠI",
    follow="Scan to follow your turn",
    wifi=_wifi_en,
)


LANGUAGES = ("vi", "en")


def phrases_for(lang: str) -> Phrases:
    """Vietnamese for every language that has no words of its own yet."""
    return ENGLISH if lang.split("-", maxsplit=1)[0].lower() == "en" else VIETNAMESE
