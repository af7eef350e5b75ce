"""When people come and wait: days laid out by weekday and hour. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date as calendar_date

from hall.figures.days import DayFigures, rank


@dataclass(frozen=True, slots=True)
class WeekCell:
    """`weekday`: 0 is Monday. `days`: how many such days there were, of which `issued` is the sum.

    `wait_median_s`: of those who were called first in this hour; None where nobody was.
    """

    weekday: int
    hour: str
    days: int
    issued: int
    called: int
    wait_median_s: int | None


def week_cells(days: Iterable[tuple[str, DayFigures]]) -> list[WeekCell]:
    """One for every hour in which something happened on a weekday, in their order."""
    lived: Counter[int] = Counter()
    issued: Counter[tuple[int, str]] = Counter()
    waits: dict[tuple[int, str], list[int]] = defaultdict(list)
    for date, figures in days:
        weekday = calendar_date.fromisoformat(date).weekday()
        lived[weekday] += any(t.columns["issued"] for t in figures.places.values())
        for place, tally in figures.places.items():
            issued[weekday, place.hour] += tally.columns["issued"]
            waits[weekday, place.hour] += tally.waits
    return [
        WeekCell(day, hour, lived[day], issued[day, hour], len(found), rank(found, 50))
        for (day, hour), found in sorted(waits.items())
        if issued[day, hour] or found
    ]
