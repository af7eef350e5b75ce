"""The periods that figures are told of: month, quarter, year and day of a moment. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

SpanKind = Literal["day", "month", "quarter", "year"]
_ROMAN = ("I", "II", "III", "IV")


@dataclass(frozen=True, slots=True)
class Span:
    """Both days are in it; `kind` is None for one that is none of the calendar's."""

    name: str
    first: date
    last: date
    kind: SpanKind | None = None


def spans_at(day: date) -> tuple[Span, ...]:
    """The widest first: a screen that shows one shows the year so far."""
    quarter = (day.month - 1) // 3
    start = date(day.year, quarter * 3 + 1, 1)
    return (
        year_of(day.year),
        _months(f"Quý {_ROMAN[quarter]}/{day.year}", "quarter", start, 3),
        month(day.year, day.month),
        Span(f"Ngày {day:%d/%m/%Y}", day, day, "day"),
    )


def month(year: int, number: int) -> Span:
    return _months(f"Tháng {number}/{year}", "month", date(year, number, 1), 1)


def year_of(year: int) -> Span:
    return _months(f"Năm {year}", "year", date(year, 1, 1), 12)


def _months(name: str, kind: SpanKind, first: date, count: int) -> Span:
    past = first.year * 12 + first.month - 1 + count
    after = date(past // 12, past % 12 + 1, 1)
    return Span(name, first, after - timedelta(days=1), kind)
