"""The pages' figures are the report's, however the lines of the journal came to the pages."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from lived_month import Month

from hall.controller import records, reports
from hall.counter.head import kept_figures
from hall.counter.head.deeds import Deed, Deeds
from hall.counter.head.figures_desk import FiguresDesk
from hall.counter.head.past_acts import PastAct, figures_of, past_act
from hall.counter.head.store import ActFilter, Extent, FiguresStore, open_store, reading
from hall.figures.days import report_lines
from hall.figures.weeks import week_cells
from hall.runtime.clock import SetClock
from hall.sheets.report import ReportNames

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture(scope="module")
def month() -> Month:
    return Month(seed=7)


@pytest.fixture(scope="module")
def acts(month: Month) -> list[PastAct]:
    marks = {row.seq: str(row.body.get("staff", "")) for row in month.rows}
    return [past_act(records.message(row, ZONE), marks[row.seq]) for row in month.rows]


@pytest.fixture
def store(tmp_path: Path, acts: list[PastAct]) -> Iterator[FiguresStore]:
    """All of the month, its days worked out."""
    with closing(open_store(tmp_path / "figures.db")) as kept:
        kept.keep(acts, Extent(1, acts[0].seq, acts[-1].seq, whole=True))
        while (day := kept.unworked_day()) is not None:
            figures = figures_of(kept.acts(day.first_seq, day.last_seq), ZONE)
            kept.put_figures(day, kept_figures.as_text(figures))
        yield kept


def test_a_month_on_the_pages_is_the_month_of_the_report(
    month: Month, store: FiguresStore, tmp_path: Path
) -> None:
    assert store.known().whole
    with reading(tmp_path / "figures.db") as kept:
        days = [
            (day.date, kept_figures.from_text(day.figures))
            for day in kept.days()
            if day.figures is not None
        ]
        today = kept.days()[-1]
        days.append((today.date, figures_of(kept.acts(today.first_seq, today.last_seq), ZONE)))

    assert report_lines(days) == reports.report(month.days(), ZONE)


def test_a_range_of_days_is_that_range_of_the_report(month: Month, store: FiguresStore) -> None:
    few = list(month.days())[3:9]
    kept = [d for d in store.days(few[0][0], few[-1][0]) if d.figures is not None]

    lines = report_lines((d.date, kept_figures.from_text(d.figures or "")) for d in kept)

    assert lines == reports.report(few, ZONE)


def test_a_device_asked_after_midnight_is_told_with_the_business_day_that_goes_on(
    store: FiguresStore, tmp_path: Path
) -> None:
    days = store.days()
    chosen, after = days[4], days[5]
    [opened], [next_opened] = (tuple(store.acts(d.first_seq, d.first_seq)) for d in (chosen, after))
    clock = SetClock(datetime.fromtimestamp(next_opened.at / 1000 - 1, ZONE))
    deeds = Deeds(tmp_path / "deeds.jsonl", clock)
    deeds.note(Deed("tp", "test-print", "printer-1", "ok"))
    clock.advance(1)
    deeds.note(Deed("tp", "test-print", "printer-2", "ok"))
    desk = FiguresDesk(tmp_path / "figures.db", ZONE, ReportNames({}, {}), 30)

    pages = [desk.acts(day.date, ActFilter()) for day in (chosen, after, days[-1])]

    assert (pages[0].begun, pages[0].ended) == (opened.at, next_opened.at)
    told = [[d["client"] for d in deeds.between(page.begun, page.ended)] for page in pages]
    assert told == [["printer-1"], ["printer-2"], []]


def test_the_week_holds_everybody_who_came(acts: list[PastAct], store: FiguresStore) -> None:
    days = [(d.date, kept_figures.from_text(d.figures)) for d in store.days() if d.figures]
    cells = week_cells(days)

    issued = sum(1 for act in acts if act.type == "issued")
    today = sum(1 for act in store.acts_of_today() or () if act.type == "issued")
    assert sum(cell.issued for cell in cells) == issued - today
    assert {cell.weekday for cell in cells} == set(range(7))
    assert sum({c.weekday: c.days for c in cells}.values()) == len(days)


def test_lines_are_found_by_who_what_and_where(store: FiguresStore) -> None:
    day = store.days()[4]
    calls = store.chosen_acts(day, ActFilter(type="called", counter="1"), 5)

    assert [act.seq for act in calls] == sorted((act.seq for act in calls), reverse=True)
    assert {(act.type, act.counter) for act in calls} == {("called", "1")}
    older = store.chosen_acts(day, ActFilter(type="called", counter="1", before=calls[-1].seq), 5)
    assert max(act.seq for act in older) < calls[-1].seq


def test_a_file_that_is_damaged_or_of_another_version_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "figures.db"
    path.write_bytes(b"SQLite format 3\0" + bytes(200))

    fresh = open_store(path)
    assert fresh.known() == Extent()
    fresh._db.execute("PRAGMA user_version=99")
    fresh.close()
    with closing(open_store(path)) as anew:
        assert anew.known() == Extent()
