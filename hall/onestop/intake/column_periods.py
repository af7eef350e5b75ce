"""Tables with columns of several periods: "Tháng 9 | Tháng 10", "Trong tháng | Lũy kế". Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from hall.onestop.intake import periods
from hall.onestop.intake.cells import bare
from hall.onestop.intake.headings import is_figure
from hall.onestop.intake.layout import Layout
from hall.onestop.intake.periods import NamedPeriod

_CUMULATIVE = re.compile(r"luy ke|cong don|tu dau nam", re.ASCII)
_BEFORE = re.compile(r"cung ky|nam truoc", re.ASCII)
_NAMED = re.compile(r"thang \d{1,2}\b|quy (?:iv|iii|ii|i|[1-4])\b|nam 20\d\d", re.ASCII)
_YEAR = re.compile(r"\b20\d\d\b", re.ASCII)
BEFORE = "cùng kỳ năm trước"


@dataclass(frozen=True, slots=True)
class PeriodColumns:
    """The columns of one period, with those that name the rows. `name`: as its heading says."""

    name: str
    table: Layout

    def span(self) -> NamedPeriod | None:
        """The period, as far as headings and titles tell."""
        titled = periods.span_of(self.table.titles)
        year = _YEAR.search(" ".join(self.table.titles))
        match self.name:
            case "":
                return titled
            case "lũy kế":
                return _cumulative(titled, year[0] if year else "")
            case name:
                dated = name if _YEAR.search(name) or year is None else f"{name} năm {year[0]}"
                return periods.span_of((dated,)) or NamedPeriod(name.capitalize())


def _cumulative(titled: NamedPeriod | None, year: str) -> NamedPeriod:
    first = date(int(year), 1, 1) if year else None
    return NamedPeriod(f"Lũy kế {year}".strip(), first, titled.last if titled else None)


def parts(table: Layout) -> Iterator[PeriodColumns]:
    """One for each period that the headings name, in the order of the columns."""
    names = {
        place: _name(table.headings[place])
        for column, places in table.columns.items()
        if is_figure(column) or column.startswith("stated.")
        for place in places
    }
    for name in dict.fromkeys(names[place] for place in sorted(names)):
        columns = {
            column: kept
            for column, places in table.columns.items()
            if (kept := tuple(place for place in places if names.get(place, name) == name))
        }
        yield PeriodColumns(name, replace(table, columns=columns))


def _name(heading: str) -> str:
    """What tells these columns from others of the same figures; "" where nothing does."""
    told = bare(heading)
    if _BEFORE.search(told):
        return BEFORE
    if _CUMULATIVE.search(told):
        return "lũy kế"
    named = _NAMED.search(told)
    return "" if named is None else _accented(named[0])


def _accented(text: str) -> str:
    for plain, written in (("thang", "tháng"), ("quy", "quý"), ("nam", "năm")):
        text = text.replace(plain, written)
    head, _, number = text.partition(" ")
    return f"{head} {number.upper()}"
