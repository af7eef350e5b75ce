"""What a ticket's holder reads of its turn, in Vietnamese or English. Pure.

Standing + how many stand before ─▶ TurnSheet: tone, number, one headline, lines, when to ask again
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from hall.contract.following import FollowedTicket
from hall.wording.glossary import ENGLISH, VIETNAMESE

Lang = Literal["vi", "en"]
Tone = Literal["wait", "soon", "call", "calm", "care", "end"]
# From so many people on it is time to come near.
SOON = 2


@dataclass(frozen=True, slots=True)
class TurnSheet:
    """`again_s`: seconds until there may be news; 0: never."""

    tone: Tone
    number: str
    headline: str
    lines: tuple[str, ...]
    again_s: int

    @property
    def title(self) -> str:
        """Of the browser's tab."""
        return " – ".join(filter(None, (self.number, self.headline)))


@dataclass(frozen=True, slots=True)
class HallWords:
    """What people call services and counters, by their ids.

    `translated`: Vietnamese name to name, by language.
    """

    services: Mapping[str, str]
    counters: Mapping[str, str]
    translated: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def name(self, name: str, lang: Lang) -> str:
        return self.translated.get(lang, {}).get(name, name)

    def service(self, ident: str, lang: Lang) -> str:
        return self.name(self.services.get(ident, ident), lang)

    def counter(self, ident: str | None, lang: Lang) -> str:
        """'Quầy 3', 'Counter 3'; in one piece, so that no line ends between word and number."""
        name = self.name(self.counters.get(ident or "", ident or ""), lang)
        return name.replace(" ", "\u00a0")


def sheet(turn: FollowedTicket, lang: Lang, hall: HallWords) -> TurnSheet:
    service = hall.service(turn.service, lang)
    if turn.status == "waiting":
        return _waiting(turn, lang, hall, service)
    at = hall.counter(turn.counter, lang)
    tone, again_s = _AFTER[turn.status]
    headline, *lines = (text.format(counter=at) for text in _TEXTS[lang][turn.status])
    return TurnSheet(tone, turn.number, headline, (*lines, service), again_s)


def _waiting(turn: FollowedTicket, lang: Lang, hall: HallWords, service: str) -> TurnSheet:
    ahead = turn.ahead or 0
    soon = ahead <= SOON
    where = ", ".join(hall.counter(each, lang) for each in turn.counters or ())
    texts = _WAITING[lang]
    lines = (
        texts.soon if soon else "",
        _span(turn.wait_min, texts),
        texts.where.format(counters=where) if where else "",
        service,
    )
    headline = texts.ahead.format(n=ahead) if ahead != 1 else texts.one_ahead
    return TurnSheet(
        "soon" if soon else "wait",
        turn.number,
        headline if ahead else texts.next,
        tuple(filter(None, lines)),
        5 if soon else 10,
    )


def _span(wait_min: tuple[int, int] | None, texts: "_Waiting") -> str:
    if wait_min is None:
        return texts.no_span
    low, high = wait_min
    return texts.minutes.format(span=f"{low}–{high}" if low < high else high)


def unknown(lang: Lang) -> TurnSheet:
    """Another day's paper, or nobody's."""
    headline, *lines = _TEXTS[lang]["unknown"]
    return TurnSheet("end", "", headline, tuple(lines), 0)


def unavailable(lang: Lang) -> TurnSheet:
    headline, *lines = _TEXTS[lang]["unavailable"]
    return TurnSheet("care", "", headline, tuple(lines), 10)


@dataclass(frozen=True, slots=True)
class _Waiting:
    ahead: str
    one_ahead: str
    next: str
    soon: str
    minutes: str
    no_span: str
    where: str


_WAITING: Mapping[Lang, _Waiting] = {
    "vi": _Waiting(
        ahead="Còn {n} người",
        one_ahead="Còn 1 người",
        next="Ông/bà là người tiếp theo",
        soon="Sắp đến lượt, mời ông/bà đến gần quầy",
        minutes="Khoảng {span} phút",
        no_span="Chưa ước tính được thời gian chờ",
        where=f"{VIETNAMESE.wait.until_called} {{counters}}",
    ),
    "en": _Waiting(
        ahead="{n} people before\u00a0you",
        one_ahead="1 person before you",
        next="You are next",
        soon="Almost your turn, please come near",
        minutes="About {span} minutes",
        no_span="The wait cannot be estimated yet",
        where=f"{ENGLISH.wait.until_called} {{counters}}",
    ),
}
_AFTER: Mapping[str, tuple[Tone, int]] = {
    "called": ("call", 5),
    "serving": ("calm", 15),
    "parked": ("care", 10),
    "no_show": ("care", 10),
    "finished": ("end", 0),
    "cancelled": ("end", 30),
    "voided": ("end", 0),
}
_TEXTS: Mapping[Lang, Mapping[str, tuple[str, ...]]] = {
    "vi": {
        "called": ("Mời ông/bà đến {counter}", "Cán bộ đang chờ ông/bà tại quầy"),
        "serving": ("Đang được phục\u00a0vụ", "Tại {counter}"),
        "parked": (
            "Số đang tạm\u00a0gác",
            "Sẽ được gọi lại. Ông/bà đã sẵn sàng thì mời báo cán bộ tại quầy.",
        ),
        "no_show": (
            "Đã gọi mà chưa gặp ông/bà",
            "Mời ông/bà đến {counter} báo cán bộ: số này còn được gọi lại trong hôm nay.",
        ),
        "finished": ("Đã xong. Xin cảm ơn ông/bà.",),
        "cancelled": (
            "Số này đã được huỷ",
            "Nếu có nhầm lẫn, mời ông/bà hỏi quầy hướng dẫn.",
        ),
        "voided": ("Phiếu in hỏng, số này không dùng", "Mời ông/bà lấy số mới."),
        "unknown": (
            "Hôm nay không có số này",
            "Mã trên phiếu chỉ xem được trong ngày lấy số.",
            "Mời ông/bà nhìn bảng chung hoặc hỏi cán bộ.",
        ),
        "unavailable": (
            "Lúc này chưa xem được",
            "Số của ông/bà vẫn giữ nguyên. Mời nhìn bảng chung; trang này tự thử lại.",
        ),
    },
    "en": {
        "called": ("Please go to {counter}", "They are waiting for you there"),
        "serving": ("You are being served", "At {counter}"),
        "parked": (
            "Your number is set aside",
            "It will be called again. When you are ready, please tell the staff.",
        ),
        "no_show": (
            "Your number was called, you were not there",
            "Please tell the staff at {counter}: it can still be called again today.",
        ),
        "finished": ("Done. Thank you.",),
        "cancelled": ("This number was cancelled", "If that is a mistake, please ask the staff."),
        "voided": ("The paper was spoilt, this number is void", "Please take a new number."),
        "unknown": (
            "There is no such number today",
            "A code opens on the day of its ticket only.",
            "Please watch the board or ask the staff.",
        ),
        "unavailable": (
            "Not available just now",
            "Your number stays as it is. Please watch the board; this page tries again.",
        ),
    },
}
