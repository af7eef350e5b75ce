"""What the head's pages ask of the kept figures. Each answer opens the file anew and closes it."""

from dataclasses import asdict, dataclass
from datetime import date as calendar_date
from datetime import tzinfo
from pathlib import Path

from hall.counter.head import kept_figures
from hall.counter.head.past_acts import figures_of
from hall.counter.head.store import ActFilter, FiguresReader, KeptDay, reading
from hall.figures.days import DayFigures, report_lines
from hall.figures.staffing import LEAST_DAYS, MOST_DAYS, staffing
from hall.figures.weeks import week_cells
from hall.sheets.report import Report, ReportNames

ACTS_A_PAGE = 100
_MOST_DAYS_AT_ONCE = 400
_NEVER = 2**62
Days = list[tuple[str, DayFigures]]


@dataclass(frozen=True, slots=True)
class ActsPage:
    """The answer as it is told, and from when until before when its day lasted, ms since 1970."""

    told: dict[str, object]
    begun: int
    ended: int


@dataclass(frozen=True, slots=True)
class FiguresDesk:
    """`wait_min`: the hall's norm. Every method raises FiguresLost."""

    path: Path
    zone: tzinfo
    names: ReportNames
    wait_min: int

    def figures(self, first: str, last: str) -> dict[str, object]:
        """The report's lines of a range, its week by hours, and how far the figures reach."""
        with reading(self.path) as kept:
            known, days = kept.days(), _days(kept, self.zone, first, last)
            extent = kept.extent()
        report = self._report(days, first, last)
        return {
            "from": first,
            "to": last,
            "lines": [{**line, "title": report.names.of(line)} for line in report.lines],
            "cells": [asdict(cell) for cell in week_cells(days)],
            "first_known": known[0].date if known else None,
            "last_known": known[-1].date if known else None,
            "reading": not extent.whole or any(day.figures is None for day in known[:-1]),
        }

    def report(self, first: str, last: str) -> Report:
        with reading(self.path) as kept:
            days = _days(kept, self.zone, first, last)
        return self._report(days, first, last)

    def staffing(self, weekday: int) -> dict[str, object]:
        """`hours` None: too few such days. The day that is going on is not among them."""
        with reading(self.path) as kept:
            alike = [day for day in kept.days()[:-1] if _weekday(day) == weekday]
            days = [_worked(day) for day in alike[-2 * MOST_DAYS :] if day.figures is not None]
        needs = staffing(days, self.wait_min * 60)
        return {
            "weekday": weekday,
            "hours": None if needs is None else [asdict(need) for need in needs],
            "days": len(days),
            "least": LEAST_DAYS,
            "most": MOST_DAYS,
            "wait_min": self.wait_min,
        }

    def acts(self, day: str, wanted: ActFilter) -> ActsPage:
        """Who did what on a day, newest first, a page at a time."""
        with reading(self.path) as kept:
            days = kept.days()
            chosen = [each for each in days if each.date == day][-1:] or days[-1:]
            found = [kept.chosen_acts(each, wanted, ACTS_A_PAGE + 1) for each in chosen]
            later = [each for each in days if chosen and each.first_seq > chosen[0].first_seq]
            begun, ended = (_begin(kept, bound) for bound in (chosen, later[:1]))
        rows = [asdict(act) for acts in found for act in acts]
        told = {
            "day": chosen[0].date if chosen else day,
            "days": [each.date for each in reversed(days)][:35],
            "acts": rows[:ACTS_A_PAGE],
            "more": len(rows) > ACTS_A_PAGE,
        }
        return ActsPage(told, begun or 0, ended or _NEVER)

    def _report(self, days: Days, first: str, last: str) -> Report:
        return Report(first, last, report_lines(days), self.names)


def _days(kept: FiguresReader, zone: tzinfo, first: str, last: str) -> Days:
    found = kept.days(first, last)[-_MOST_DAYS_AT_ONCE:]
    return [(day.date, _day(kept, zone, day)) for day in found]


def _day(kept: FiguresReader, zone: tzinfo, day: KeptDay) -> DayFigures:
    if day.figures is not None:
        return _worked(day)
    return figures_of(kept.acts(day.first_seq, day.last_seq), zone)


def _worked(day: KeptDay) -> DayFigures:
    return kept_figures.from_text(day.figures or "")


def _begin(kept: FiguresReader, days: list[KeptDay]) -> int | None:
    """When the first of these days began, ms since 1970; None without one."""
    opened = [act.at for day in days[:1] for act in kept.acts(day.first_seq, day.first_seq)]
    return opened[0] if opened else None


def _weekday(day: KeptDay) -> int:
    return calendar_date.fromisoformat(day.date).weekday()
