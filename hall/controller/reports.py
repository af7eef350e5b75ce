"""Figures of days out of their rows: in all, by day, service, counter, hour and staff. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import get_args

from hall.controller.ports import JournalRow
from hall.figures import people
from hall.figures.people import Act

PARTS = ("total", "day", "service", "counter", "hour", "staff", "question", "reason")
COUNTS: tuple[people.Column, ...] = get_args(people.Column)
COLUMNS = (
    "part",
    "name",
    *COUNTS,
    "wait_median_s",
    "wait_p90_s",
    "wait_max_s",
    "serve_median_s",
    "serve_p90_s",
    "ratings",
    "rating_mean_100",
)
Line = Mapping[str, str | int | None]
Key = tuple[str, str]


@dataclass(slots=True)
class ReportTally:
    """People by column, and durations (seconds) and scores of one line of the report."""

    columns: Counter[str] = field(default_factory=Counter)
    waits: list[int] = field(default_factory=list)
    serves: list[int] = field(default_factory=list)
    scores: list[int] = field(default_factory=list)

    def count(self, column: people.Column, act: Act) -> None:
        self.columns[column] += 1
        if column == "called" and act.wait_s is not None:
            self.waits.append(act.wait_s)
        if column == "served" and act.serve_s is not None:
            self.serves.append(act.serve_s)

    def line(self, part: str, name: str) -> Line:
        mean = round(100 * sum(self.scores) / len(self.scores)) if self.scores else None
        values: tuple[str | int | None, ...] = (
            part,
            name,
            *(self.columns[column] for column in COUNTS),
            rank(self.waits, 50),
            rank(self.waits, 90),
            max(self.waits, default=None),
            rank(self.serves, 50),
            rank(self.serves, 90),
            len(self.scores),
            mean,
        )
        return dict(zip(COLUMNS, values, strict=True))


def rank(values: Sequence[int], percent: int) -> int | None:
    """The nearest-rank percentile: a value that was really measured."""
    if not values:
        return None
    place = -(-len(values) * percent // 100)
    return sorted(values)[max(0, place - 1)]


def report(days: Iterable[tuple[str, Iterable[JournalRow]]], zone: tzinfo) -> list[Line]:
    """All lines of these days (date, rows), the total first; a part's lines by their names.

    Each person is counted once in each column: where they were issued a number, where they were
    called first, where it ended. So the lines of a part add up to the total, save those of the
    staff, of questions and of reasons, which hold only what carries such a mark. Of the ratings of
    one ticket and question the newest counts; one of no ticket stands for itself.
    """
    tallies: dict[Key, ReportTally] = {("total", ""): ReportTally()}
    for date, rows in days:
        acts: list[Act] = []
        ratings: dict[Key, JournalRow] = {}
        for row in rows:
            if row.kind == "rated":
                ratings[_rated(row)] = row
            elif "ticket" in row.body:
                acts.append(_act(row))
        for row in ratings.values():
            for key in _rating_lines(date, row, zone):
                tallies.setdefault(key, ReportTally()).scores.append(int(row.body["score"]))
        for life in people.people(acts):
            for column, act in people.counted(life):
                for key in _lines(date, act, zone):
                    tallies.setdefault(key, ReportTally()).count(column, act)
    ordered = sorted(tallies.items(), key=lambda item: (PARTS.index(item[0][0]), item[0][1]))
    return [tally.line(*key) for key, tally in ordered]


def _lines(date: str, act: Act, zone: tzinfo) -> Iterator[Key]:
    """The lines that an act belongs to."""
    yield "total", ""
    yield "day", date
    if act.service:
        yield "service", act.service
    if act.counter:
        yield "counter", act.counter
    yield "hour", f"{datetime.fromtimestamp(act.at / 1000, zone):%H}"
    if act.staff:
        yield "staff", act.staff


def _rated(row: JournalRow) -> Key:
    """What a rating is about: a ticket and a question."""
    return str(row.body.get("ticket", row.seq)), str(row.body.get("question", ""))


def _rating_lines(date: str, row: JournalRow, zone: tzinfo) -> Iterator[Key]:
    yield from _lines(date, _rating(row), zone)
    for part in ("question", "reason"):
        if part in row.body:
            yield part, str(row.body[part])


def _act(row: JournalRow) -> Act:
    body = row.body
    return Act(
        seq=row.seq,
        type=row.kind,
        ticket=str(body["ticket"]),
        at=int(body["wall"]),
        service=str(body["service"]),
        counter=str(body.get("counter", "")),
        wait_s=_whole(body.get("wait_s")),
        serve_s=_whole(body.get("serve_s")),
        how=_text(body.get("how")),
        cause=_text(body.get("cause")),
        of=_whole(body.get("of")),
        staff=str(body.get("staff", "")),
    )


def _rating(row: JournalRow) -> Act:
    """A rating need not be about anybody's ticket."""
    body = {"ticket": "", "service": ""} | dict(row.body)
    return _act(JournalRow(row.seq, row.epoch, row.day, row.kind, body))


def _whole(value: str | int | None) -> int | None:
    return None if value is None else int(value)


def _text(value: str | int | None) -> str | None:
    return None if value is None else str(value)
