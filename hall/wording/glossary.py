"""The words that more than one of kiosk, ticket, board, voice and pages say. Pure.

One value a language; what a single one of them says stands beside it.
"""

import re
from dataclasses import dataclass

# A line must not end between the word and its number: "Quầy 3", "quầy số 5A", "Counter 12".
_NUMBERED = re.compile(r"\b(quầy số|quầy|số|counter)[ \u00a0](?=\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CounterWords:
    """`word` stands before a counter's id; the rest is what a counter does.

    Citizens read `called` of a counter to which a number is invited, clerks `calling`.
    """

    word: str
    open: str
    paused: str
    closed: str
    called: str
    calling: str
    serving: str

    def named(self, ident: str) -> str:
        return f"{self.word} {ident}"


@dataclass(frozen=True, slots=True)
class FigureWords:
    """The one-stop side's counts. `overdue` is the only word for what is past its due date."""

    received: str
    resolved: str
    early: str
    on_time: str
    early_or_on_time: str
    overdue: str
    pending: str
    no_data: str
    disputed: str


@dataclass(frozen=True, slots=True)
class WaitWords:
    """`until_called`: where a number that waits will be called to, which is no invitation yet."""

    until_called: str
    ahead: str
    nobody: str
    span: str
    exactly: str
    about: str
    no_estimate: str

    def minutes(self, low: int, high: int) -> str:
        """After a label that says that it is an estimate."""
        return self.span.format(lo=low, hi=high) if low < high else self.exactly.format(n=high)

    def estimate(self, wait_min: tuple[int, int] | None) -> str:
        """By itself."""
        if wait_min is None:
            return self.no_estimate
        low, high = wait_min
        return self.span.format(lo=low, hi=high) if low < high else self.about.format(n=high)


@dataclass(frozen=True, slots=True)
class OpeningWords:
    outside_hours: str
    opens: str
    stopped: str
    again_at: str


@dataclass(frozen=True, slots=True)
class Glossary:
    """`weekdays`: Monday first."""

    lang: str
    priority: str
    counter: CounterWords
    figures: FigureWords
    wait: WaitWords
    hall: OpeningWords
    weekdays: tuple[str, str, str, str, str, str, str]


VIETNAMESE = Glossary(
    lang="vi",
    priority="Ưu tiên",
    counter=CounterWords(
        word="Quầy",
        open="Sẵn sàng",
        paused="Tạm nghỉ",
        closed="Đóng",
        called="Đang mời",
        calling="Đang gọi",
        serving="Đang phục vụ",
    ),
    figures=FigureWords(
        received="Tiếp nhận",
        resolved="Đã giải quyết",
        early="Trước hạn",
        on_time="Đúng hạn",
        early_or_on_time="Trước và đúng hạn",
        overdue="Trễ hẹn",
        pending="Đang giải quyết",
        no_data="chưa có số liệu",
        disputed="số liệu đang đối chiếu",
    ),
    wait=WaitWords(
        until_called="Chờ gọi đến",
        ahead="Trước ông/bà",
        nobody="không có ai",
        span="{lo}–{hi} phút",
        exactly="{n} phút",
        about="khoảng {n} phút",
        no_estimate="chưa ước tính",
    ),
    hall=OpeningWords(
        outside_hours="Ngoài giờ làm việc",
        opens="Mở cửa lại",
        stopped="Hội trường đang tạm ngừng cấp số.",
        again_at="Cấp số lại",
    ),
    weekdays=("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"),
)
ENGLISH = Glossary(
    lang="en",
    priority="Priority",
    counter=CounterWords(
        word="Counter",
        open="Ready",
        paused="Paused",
        closed="Closed",
        called="Calling",
        calling="Calling",
        serving="Serving",
    ),
    figures=FigureWords(
        received="Received",
        resolved="Resolved",
        early="Early",
        on_time="On time",
        early_or_on_time="Early and on time",
        overdue="Overdue",
        pending="In progress",
        no_data="no figures yet",
        disputed="figures being checked",
    ),
    wait=WaitWords(
        until_called="You will be called to",
        ahead="Before you",
        nobody="nobody",
        span="{lo}–{hi} min",
        exactly="{n} min",
        about="about {n} min",
        no_estimate="no estimate yet",
    ),
    hall=OpeningWords(
        outside_hours="Outside opening hours",
        opens="We open again",
        stopped="The hall gives no tickets at the moment.",
        again_at="Tickets again",
    ),
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
)
_KNOWN = {each.lang: each for each in (VIETNAMESE, ENGLISH)}


def glossary_of(lang: str) -> Glossary:
    """Of a BCP 47 tag ("en-GB"); Vietnamese where a language has no words of its own."""
    return _KNOWN.get(lang.split("-", maxsplit=1)[0].lower(), VIETNAMESE)


def bound(text: str) -> str:
    """A counter's word and its number in one piece, joined by U+00A0."""
    return _NUMBERED.sub(lambda found: f"{found[1].replace(' ', chr(0xA0))}\u00a0", text)
