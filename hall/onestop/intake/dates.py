"""Dates, read in the order of their whole column; what Excel has turned round is told."""

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import Enum
from functools import lru_cache

from hall.onestop.intake.cells import Cell, Unclear, readable, unescaped

_EARLIEST, _LATEST = 1990, 2100
_SHORT_YEARS = range(18, 36)
_ABSENT = frozenset(
    {"", "-", "–", "—", "…", "...", "null", "none", "n/a", "#n/a", "na", "0", "nat"}
)
# What programs write for "no date": year 1, SQL Server's and Excel's first days, epoch 0, the last.
_NO_DATES = frozenset(
    {
        date(1, 1, 1),
        date(1753, 1, 1),
        date(1899, 12, 30),
        date(1899, 12, 31),
        date(1900, 1, 1),
        date(1970, 1, 1),
        date(9999, 12, 31),
    }
)
_CLOCK = r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s*(am|pm|sa|ch)?"
_ZONE = r"\s*(z|[+-]\d{2}:?\d{2})?"
_TIMED = re.compile(rf"{_CLOCK}{_ZONE}", re.ASCII)
_DIGITS = re.compile(r"\d+", re.ASCII)
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?", re.ASCII)
_JSON_DATE = re.compile(r"/date\((-?\d{1,15})(?:[+-]\d{4})?\)/", re.ASCII)
_THREE = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})", re.ASCII)
_SPELT = re.compile(r"(?:ngay )?(\d{1,2}) (?:thang|thg) (\d{1,2})(?: nam |[, ]+)(\d{4})", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH = re.compile(rf"(\d{{1,2}})[- ]({'|'.join(_MONTHS)})[a-z]*[-, ]+(\d{{4}})", re.ASCII)
_HOUR_WORDS = re.compile(r"(\d{1,2}) ?(?:gio|h) ?(\d{2})(?: ?phut)?", re.ASCII)
_SERIALS = (36526.0, 73416.0)
_SECONDS = 10**9
_EXCEL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - the hall's zone is added by the reader
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class DateOrder(Enum):
    """Which number of 02/11/2026 is the day."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class DateStyle:
    """How a column writes dates. `short_years`: 02/11/26 in every cell, the year at the end.

    `turned`: typed dates beside texts that Excel could not turn round are not to be trusted.
    """

    order: DateOrder = DateOrder.DAY_FIRST
    short_years: bool = False
    turned: bool = False


@dataclass(slots=True)
class DateEvidence:
    """What the cells of one column tell about their style; `see` every one, then `style`."""

    day_only: int = 0
    month_only: int = 0
    either: int = 0
    long_years: int = 0
    year_may_lead: bool = True
    typed: int = 0
    typed_late: int = 0
    hints_day: int = 0
    hints_month: int = 0

    def see(self, cell: Cell, hint: date | None = None) -> None:
        """`hint`: the same day as the dossier's code tells it, for the day of reception."""
        if isinstance(cell, datetime):
            self.typed += 1
            self.typed_late += cell.day > 12  # noqa: PLR2004 - no month
        elif isinstance(cell, str):
            found = _THREE.search(cell)
            if found is not None and len(found[1]) <= 2:  # noqa: PLR2004 - not a year
                self._weigh(int(found[1]), int(found[3]), found[4], hint)

    def _weigh(self, first: int, second: int, year: str, hint: date | None) -> None:
        self.long_years += len(year) == 4  # noqa: PLR2004 - all digits of a year
        self.year_may_lead &= first in _SHORT_YEARS
        day_first, month_first = second <= 12, first <= 12  # noqa: PLR2004 - months
        self.day_only += day_first and not month_first
        self.month_only += month_first and not day_first
        self.either += day_first and month_first
        if hint is not None and first != second:
            self.hints_day += (first, second) == (hint.day, hint.month)
            self.hints_month += (second, first) == (hint.day, hint.month)

    @property
    def decided(self) -> DateOrder | None:
        """The order, where the cells leave no other."""
        if self.day_only and self.month_only:
            return DateOrder.MIXED
        if self.month_only or (self.hints_month and not self.hints_day):
            return DateOrder.MIXED if self.hints_day else DateOrder.MONTH_FIRST
        if self.day_only or self.hints_day:
            return DateOrder.MIXED if self.hints_month else DateOrder.DAY_FIRST
        return None

    def style(self, beside: DateOrder | None = None) -> DateStyle:
        """`beside`: what another column of the same table has decided.

        Without any evidence the day comes first, as Vietnamese law writes dates.
        """
        written = self.day_only + self.month_only + self.either
        # Excel in an English setting turns 02/11 into February and leaves 25/11 a text.
        turned = bool(self.typed and self.day_only) and not (self.either or self.typed_late)
        return DateStyle(
            order=self.decided or beside or DateOrder.DAY_FIRST,
            short_years=bool(written) and not self.long_years and not self.year_may_lead,
            turned=turned,
        )


def read_moment(cell: Cell, style: DateStyle, zone: tzinfo) -> datetime | None:
    """The moment, or None where the cell says there is none. Raises Unclear.

    A date alone is midnight at its beginning.
    """
    moment = _moment(readable(cell), style)
    if moment is None:
        return None
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)


def _moment(cell: Cell, style: DateStyle) -> datetime | None:
    if isinstance(cell, str):
        return _text(_normal(cell), style)
    if not isinstance(cell, datetime):
        return _number(cell)
    if style.turned and cell.day <= 12:  # noqa: PLR2004 - may be the month
        raise Unclear("Excel có thể đã đảo ngày và tháng")
    return _checked(cell)


def _normal(text: str) -> str:
    text = unescaped(text).casefold()
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text).replace("đ", "d")
    return " ".join("".join(c for c in apart if not unicodedata.combining(c)).split())


def _text(text: str, style: DateStyle) -> datetime | None:
    if text in _ABSENT:
        return None
    if _DIGITS.fullmatch(text):
        return _digits(text)
    if _SERIAL.fullmatch(text):
        return _number(float(text.replace(",", ".")))
    if found := _JSON_DATE.fullmatch(text):
        return _checked(_since_epoch(int(found[1])))
    day_text, clock, zone = _parted(text)
    day = _day(day_text.strip(" ,"), style)
    return None if day is None else datetime.combine(day, clock, zone)


def _parted(text: str) -> tuple[str, time, tzinfo | None]:
    """The day's text, the time of day and its zone; midnight where none is written."""
    text = _HOUR_WORDS.sub(r"\1:\2", text, count=1)
    found = _TIMED.search(text)
    if found is None:
        return text, time.min, None
    before = text[: found.start()].rstrip()
    if before[:-1].endswith(_ENDS):
        before = before.removesuffix("t")
    rest = f"{before} {text[found.end() :]}"
    return rest, _clock(found), _zone(found[5])


_ENDS = tuple("0123456789")


def _clock(found: re.Match[str]) -> time:
    hour, half = int(found[1]), found[4]
    if half in ("pm", "ch") and hour < 12:  # noqa: PLR2004 - noon
        hour += 12
    elif half in ("am", "sa") and hour == 12:  # noqa: PLR2004 - midnight
        hour = 0
    try:
        return time(hour, int(found[2]), int(found[3] or 0))
    except ValueError as err:
        raise Unclear("giờ không có thật") from err


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text == "z":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    if minutes >= 24 * 60:
        raise Unclear("múi giờ không có thật")
    return timezone(timedelta(minutes=minutes if text[0] == "+" else -minutes))


@lru_cache(maxsize=4096)
def _day(text: str, style: DateStyle) -> date | None:
    if found := _THREE.fullmatch(text.removeprefix("ngay ")):
        return _ordered(found[1], found[3], found[4], style)
    if found := _SPELT.fullmatch(text):
        return _real(int(found[3]), int(found[2]), int(found[1]))
    if found := _ENGLISH.fullmatch(text):
        return _real(int(found[3]), _MONTHS.index(found[2]) + 1, int(found[1]))
    raise Unclear("không phải là ngày")


def _ordered(first: str, second: str, third: str, style: DateStyle) -> date | None:
    if len(first) == 4 and len(third) <= 2:  # noqa: PLR2004 - a year and a day
        return _real(int(first), int(second), int(third))
    if len(first) > 2 or len(third) not in (2, 4):  # noqa: PLR2004
        raise Unclear("không phải là ngày")
    if len(third) == 2 and not style.short_years:  # noqa: PLR2004
        raise Unclear("năm chỉ có hai chữ số: không rõ, hoặc ô bị cắt")
    if len(third) == 2 and int(third) not in _SHORT_YEARS:  # noqa: PLR2004
        raise Unclear(f"năm “{third}” không rõ")
    year = int(third) + (2000 if len(third) == 2 else 0)  # noqa: PLR2004
    one, two = int(first), int(second)
    if style.order is DateOrder.MIXED and one <= 12 and two <= 12 and one != two:  # noqa: PLR2004
        raise Unclear("cột lẫn lộn ngày/tháng và tháng/ngày")
    if style.order is DateOrder.MONTH_FIRST or (style.order is DateOrder.MIXED and two > 12):  # noqa: PLR2004
        return _real(year, one, two)
    return _real(year, two, one)


def _digits(text: str) -> datetime | None:
    match len(text):
        case 14 | 12:
            return _joined(text[:8], text[8:].ljust(6, "0"))
        case 8:
            return _eight(text)
        case 5 | 10 | 13:
            return _number(int(text))
        case _:
            raise Unclear("không phải là ngày")


def _joined(day_text: str, clock: str) -> datetime | None:
    day = _real(int(day_text[:4]), int(day_text[4:6]), int(day_text[6:]))
    if day is None:
        return None
    try:
        return datetime.combine(day, time(int(clock[:2]), int(clock[2:4]), int(clock[4:])))
    except ValueError as err:
        raise Unclear("giờ không có thật") from err


def _eight(text: str) -> datetime | None:
    """20261102, or 02112026: with years of our time no text is both."""
    forward = int(text[:4]) in range(_EARLIEST, _LATEST) or text.startswith("0001")
    year, month, day = (
        (text[:4], text[4:6], text[6:]) if forward else (text[4:], text[2:4], text[:2])
    )
    found = _real(int(year), int(month), int(day))
    return None if found is None else datetime.combine(found, time.min)


def _number(serial: float) -> datetime | None:
    """Days since Excel's zero, or seconds or milliseconds since 1970; of our time alone."""
    if serial == 0:
        return None
    if not math.isfinite(serial):
        raise Unclear("không phải là ngày")
    if serial >= _SECONDS:
        return _checked(_since_epoch(int(serial if serial >= _SECONDS * 1000 else serial * 1000)))
    if not _SERIALS[0] <= serial < _SERIALS[1]:
        raise Unclear("không phải là ngày")
    moment = _EXCEL_ZERO + timedelta(days=serial)
    return (moment + timedelta(milliseconds=500)).replace(microsecond=0)


def _since_epoch(milliseconds: int) -> datetime:
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError as err:
        raise Unclear("không phải là ngày") from err


def _checked(moment: datetime) -> datetime | None:
    day = _real(moment.year, moment.month, moment.day)
    return None if day is None else moment


def _real(year: int, month: int, day: int) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError as err:
        raise Unclear("ngày không có thật") from err
    if found in _NO_DATES:
        return None
    if not _EARLIEST <= year < _LATEST:
        raise Unclear(f"năm {year} không thể là của hồ sơ")
    return found
