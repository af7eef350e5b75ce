"""A day's people counted by place, and days added up: the lines of every report. Pure.

    acts, ratings of a day ─▶ day_figures ─▶ DayFigures ─┐
    another day            ─▶             ─▶ DayFigures ─┴▶ report_lines ─▶ total, day, service, …

A place is where an act belongs to: its service, counter, hour and mark of the staff, "" where it
has none. What is kept of a day is enough for every range that it is in: medians of a range are
made of its durations, not of its days' medians.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import NamedTuple, get_args

from hall.figures import people, satisfaction
from hall.figures.people import Act

PARTS = ("total", "day", "service", "counter", "hour", "staff", "question", "reason")
COUNTS: tuple[people.Column, ...] = get_args(people.Column)
# How many gave each score, 1 the worst.
SCORES = tuple(f"score_{score}" for score in range(1, satisfaction.BEST + 1))
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
    *SCORES,
)
Line = Mapping[str, str | int | None]
Key = tuple[str, str]


class ActPlace(NamedTuple):
    """`hour`: two digits of the hall's clock."""

    service: str
    counter: str
    hour: str
    staff: str


@dataclass(frozen=True, slots=True)
class RatedAct:
    """One answer of somebody; `about`: the ticket, or whatever stands for nobody's."""

    about: str
    score: int
    act: Act
    question: str = ""
    reason: str = ""


@dataclass(slots=True)
class ReportTally:
    """People by column, and durations (seconds) and scores of one place or line."""

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

    def add(self, other: "ReportTally") -> None:
        for column, count in other.columns.items():
            self.columns[column] += count
        self.waits += other.waits
        self.serves += other.serves
        self.scores += other.scores

    def line(self, part: str, name: str) -> Line:
        # Once for all ranks: a sorted list is sorted again in one pass.
        self.waits.sort()
        self.serves.sort()
        rated = satisfaction.of_scores(self.scores)
        values: tuple[str | int | None, ...] = (
            part,
            name,
            *(self.columns[column] for column in COUNTS),
            rank(self.waits, 50),
            rank(self.waits, 90),
            max(self.waits, default=None),
            rank(self.serves, 50),
            rank(self.serves, 90),
            rated.total,
            rated.mean_100,
            *rated.counts,
        )
        return dict(zip(COLUMNS, values, strict=True))


@dataclass(slots=True)
class DayFigures:
    """`answers`: scores by ("question" | "reason", its id)."""

    places: dict[ActPlace, ReportTally] = field(default_factory=dict)
    answers: dict[Key, list[int]] = field(default_factory=dict)


def rank(values: Sequence[int], percent: int) -> int | None:
    """The nearest-rank percentile: a value that was really measured."""
    if not values:
        return None
    place = -(-len(values) * percent // 100)
    return sorted(values)[max(0, place - 1)]


def standing(ratings: Iterable[RatedAct], taken_back: Collection[int]) -> Iterator[RatedAct]:
    """Those that nobody took back; `taken_back`: by sequence number."""
    return (rating for rating in ratings if rating.act.seq not in taken_back)


def day_figures(acts: Iterable[Act], ratings: Iterable[RatedAct], zone: tzinfo) -> DayFigures:
    """Count one day, its acts oldest first.

    Of the ratings of one ticket and question the newest counts; one of no ticket stands for itself.
    """
    figures = DayFigures()
    for rating in {(each.about, each.question): each for each in ratings}.values():
        place = place_of(rating.act, zone)
        figures.places.setdefault(place, ReportTally()).scores.append(rating.score)
        for key in (("question", rating.question), ("reason", rating.reason)):
            if key[1]:
                figures.answers.setdefault(key, []).append(rating.score)
    for life in people.people(acts):
        for column, act in people.counted(life):
            figures.places.setdefault(place_of(act, zone), ReportTally()).count(column, act)
    return figures


def place_of(act: Act, zone: tzinfo) -> ActPlace:
    hour = f"{datetime.fromtimestamp(act.at / 1000, zone):%H}"
    return ActPlace(act.service, act.counter, hour, act.staff)


def report_lines(days: Iterable[tuple[str, DayFigures]]) -> list[Line]:
    """All lines of these days (date, figures), the total first; a part's lines by their names.

    Each person is counted once in each column: where they were issued a number, where they were
    called first, where it ended. So the lines of a part add up to the total, save those of the
    staff, of questions and of reasons, which hold only what carries such a mark.
    """
    tallies: dict[Key, ReportTally] = {("total", ""): ReportTally()}
    # Days first by place, then places by line: of two months each figure is added twice, not six
    # times.
    places: dict[ActPlace, ReportTally] = {}
    for date, figures in days:
        for place, tally in figures.places.items():
            places.setdefault(place, ReportTally()).add(tally)
            tallies.setdefault(("day", date), ReportTally()).add(tally)
        for key, scores in figures.answers.items():
            tallies.setdefault(key, ReportTally()).scores += scores
    for place, tally in places.items():
        for key in _keys(place):
            tallies.setdefault(key, ReportTally()).add(tally)
    ordered = sorted(tallies.items(), key=lambda item: (PARTS.index(item[0][0]), item[0][1]))
    return [tally.line(*key) for key, tally in ordered]


def _keys(place: ActPlace) -> Iterator[Key]:
    """The lines that a place belongs to, its days apart."""
    yield "total", ""
    for part in ("service", "counter", "hour", "staff"):
        name = getattr(place, part)
        if name:
            yield part, name
