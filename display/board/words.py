"""The board's own words in its language; a second language stands beneath the first. Pure."""

from dataclasses import dataclass, field

from hall.wording.glossary import ENGLISH, VIETNAMESE, Glossary


@dataclass(frozen=True, slots=True)
class Second:
    """The same words in another language."""

    invite: str
    counter: str
    waiting: str
    recent: str


@dataclass(frozen=True, slots=True)
class PeriodWords:
    """What stretch of time the figures are of."""

    files: str = "Hồ sơ"
    day: str = "Hồ sơ ngày {first:%d/%m/%Y}"
    month: str = "Hồ sơ tháng {first:%m/%Y}"
    quarter: str = "Hồ sơ quý {quarter}/{first:%Y}"
    year: str = "Hồ sơ năm {first:%Y}"
    span: str = "Hồ sơ {first:%d/%m}–{last:%d/%m/%Y}"
    base: str = "trên số đã giải quyết"
    as_of: str = "số liệu lúc {at:%H:%M}"
    as_of_day: str = "số liệu lúc {at:%H:%M ngày %d/%m/%Y}"
    cut_off: str = "mất kết nối một cửa"


@dataclass(frozen=True, slots=True)
class BoardWords:
    second: Second | None = None
    glossary: Glossary = field(default=VIETNAMESE)
    period: PeriodWords = field(default_factory=PeriodWords)
    invite: str = "MỜI SỐ"
    last: str = "SỐ VỪA GỌI"
    counter: str = "đến"
    recent: str = "Gọi trước đó"
    waiting: str = "Đang chờ"
    people: str = "{n} người"
    sent: str = "được chuyển đến"
    today: str = "{at:%H:%M} hôm nay"
    no_queue: str = "Hiện không có ai chờ"
    take: str = "Mời ông/bà lấy số"
    nobody: str = "Chưa có số nào được gọi"
    lost_short: str = "MẤT KẾT NỐI – mời xem số tại quầy"
    lost: str = "MẤT KẾT NỐI – các số trên bảng có thể đã cũ, xin theo dõi bảng số tại quầy"

    @property
    def closed(self) -> str:
        return self.glossary.hall.outside_hours

    @property
    def opens(self) -> str:
        return self.glossary.hall.opens


ENGLISH_BOARD = BoardWords(
    glossary=ENGLISH,
    period=PeriodWords(
        files="Applications",
        day="Applications of {first:%d/%m/%Y}",
        month="Applications of {first:%m/%Y}",
        quarter="Applications of quarter {quarter}/{first:%Y}",
        year="Applications of {first:%Y}",
        span="Applications {first:%d/%m}–{last:%d/%m/%Y}",
        base="of those resolved",
        as_of="figures as of {at:%H:%M}",
        as_of_day="figures as of {at:%H:%M, %d/%m/%Y}",
        cut_off="one-stop software not connected",
    ),
    invite="NOW SERVING",
    last="LAST CALLED",
    counter="at",
    recent="Called before",
    waiting="Waiting",
    people="{n} people",
    sent="sent there",
    today="{at:%H:%M} today",
    no_queue="Nobody is waiting",
    take="Please take a number",
    nobody="No number called yet",
    lost_short="NO CONNECTION – please watch the counters",
    lost="NO CONNECTION – these numbers may be old, please watch the displays at the counters",
)


def board_words(lang: str) -> BoardWords:
    """Vietnamese where a language has no words of its own."""
    return ENGLISH_BOARD if lang.split("-", maxsplit=1)[0].lower() == "en" else BoardWords()
