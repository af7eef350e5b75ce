"""The fixed words of a ticket, one value a language; those it shares come from the glossary."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hall.wording.glossary import ENGLISH as EN
from hall.wording.glossary import VIETNAMESE as VI

_SHORT_DAY = 3


@dataclass(frozen=True, slots=True)
class Phrases:
    your_number: str
    priority: str
    until_called: str
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
    return f"{count} người" if count else VI.wait.nobody


def _when_vi(at: datetime) -> str:
    return f"{at:%H:%M} · {VI.weekdays[at.weekday()]}, {at:%d/%m/%Y}"


def _people_en(count: int) -> str:
    if not count:
        return EN.wait.nobody
    return "1 person" if count == 1 else f"{count} people"


def _when_en(at: datetime) -> str:
    return f"{at:%H:%M} · {EN.weekdays[at.weekday()][:_SHORT_DAY]} {at:%d/%m/%Y}"


def _wifi_vi(name: str) -> str:
    return f"(nối Wi-Fi {name} trước)"


def _wifi_en(name: str) -> str:
    return f"(join Wi-Fi {name} first)"


VIETNAMESE = Phrases(
    your_number="SỐ THỨ TỰ",
    priority=VI.priority.upper(),
    until_called=VI.wait.until_called,
    counter=VI.counter.word,
    ahead=VI.wait.ahead,
    people=_people_vi,
    people_ahead="Số người chờ trước ông/bà",
    wait="Chờ khoảng",
    wait_minutes="Chờ khoảng (phút)",
    minutes=VI.wait.minutes,
    when=_when_vi,
    clock_unsure="giờ chưa xác định",
    not_a_receipt="Phiếu này không thay Giấy tiếp nhận hồ sơ",
    reprint="IN LẠI",
    follow="Quét mã để xem còn mấy người",
    wifi=_wifi_vi,
)
ENGLISH = Phrases(
    your_number="YOUR NUMBER",
    priority=EN.priority.upper(),
    until_called=EN.wait.until_called,
    counter=EN.counter.word,
    ahead=EN.wait.ahead,
    people=_people_en,
    people_ahead="People before you",
    wait="Wait about",
    wait_minutes="Wait about (minutes)",
    minutes=EN.wait.minutes,
    when=_when_en,
    clock_unsure="time not known",
    not_a_receipt="This ticket does not replace the application receipt",
    reprint="REPRINT · IN LẠI",
    follow="Scan to follow your turn",
    wifi=_wifi_en,
)


LANGUAGES = ("vi", "en")


def phrases_for(lang: str) -> Phrases:
    """Vietnamese for every language that has no words of its own yet."""
    return ENGLISH if lang.split("-", maxsplit=1)[0].lower() == "en" else VIETNAMESE
