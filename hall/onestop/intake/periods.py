"""Which time a report is of, from its titles: a period's name and days, the day it was made."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hall.onestop.intake.cells import bare

_DAY = r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})"
_SPAN = re.compile(rf"tu (?:ngay )?{_DAY} ?(?:den|toi|-|–) ?(?:het )?(?:ngay )?{_DAY}", re.ASCII)
_MONTH = re.compile(r"thang (\d{1,2})(?: nam |[ ]?[-/. ][ ]?)(\d{4})", re.ASCII)
_QUARTER = re.compile(r"quy (iv|iii|ii|i|[1-4])(?:[ /-]+nam)?[ /-]+(\d{4})", re.ASCII)
_YEAR = re.compile(r"nam (\d{4})", re.ASCII)
_ON_DAY = re.compile(rf"(?:tinh den|so lieu den|den ngay|den het ngay)\D{{0,12}}{_DAY}", re.ASCII)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


@dataclass(frozen=True, slots=True)
class NamedPeriod:
    """A period as people name it; days where they are told."""

    name: str
    first: date | None = None
    last: date | None = None


def span_of(titles: Iterable[str]) -> NamedPeriod | None:
    """The period of the first title that names one; a span of days is told beside its name."""
    text = " · ".join(bare(title) for title in titles)
    days = _days(text)
    named = _named(text)
    if named is None:
        return (
            None if days is None else NamedPeriod(f"{days[0]:%d/%m/%Y} – {days[1]:%d/%m/%Y}", *days)
        )
    return NamedPeriod(named.name, *days) if days else named


def as_of(titles: Iterable[str]) -> date | None:
    """The day up to which the report counts, where a title says so."""
    text = " · ".join(bare(title) for title in titles)
    found = _ON_DAY.search(text)
    return _date(*map(int, found.groups())) if found else None


def _days(text: str) -> tuple[date, date] | None:
    found = _SPAN.search(text)
    if found is None:
        return None
    numbers = [int(each) for each in found.groups()]
    first, last = _date(*numbers[:3]), _date(*numbers[3:])
    return (first, last) if first and last and first <= last else None


def _named(text: str) -> NamedPeriod | None:
    if found := _MONTH.search(text):
        return _months(int(found[2]), int(found[1]), 1, f"Tháng {int(found[1])}/{found[2]}")
    if found := _QUARTER.search(text):
        quarter = _ROMAN.get(found[1]) or int(found[1])
        roman = next(name for name, number in _ROMAN.items() if number == quarter).upper()
        return _months(int(found[2]), quarter * 3 - 2, 3, f"Quý {roman}/{found[2]}")
    if found := _YEAR.search(text):
        return _months(int(found[1]), 1, 12, f"Năm {found[1]}")
    return None


def _months(year: int, month: int, count: int, name: str) -> NamedPeriod | None:
    first = _date(1, month, year)
    after = _date(1, (month + count - 1) % 12 + 1, year + (month + count - 1) // 12)
    if first is None or after is None:
        return None
    return NamedPeriod(name, first, date.fromordinal(after.toordinal() - 1))


def _date(day: int, month: int, year: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
