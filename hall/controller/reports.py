"""A day's figures out of its journal rows: by service, by counter, by hour. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from hall.controller.ports import Row

PARTS = ("total", "service", "counter", "hour")
COLUMNS = (
    "part",
    "name",
    "issued",
    "served",
    "no_show",
    "voided",
    "cancelled",
    "expired",
    "wait_median_s",
    "wait_p90_s",
    "wait_max_s",
    "serve_median_s",
    "serve_p90_s",
    "ratings",
    "rating_mean_100",
)


@dataclass(slots=True)
class Tally:
    """Counts and durations (seconds) of one line of the report."""

    issued: int = 0
    served: int = 0
    no_show: int = 0
    voided: int = 0
    cancelled: int = 0
    expired: int = 0
    waits: list[int] = field(default_factory=list)
    serves: list[int] = field(default_factory=list)
    scores: list[int] = field(default_factory=list)

    def count(self, row: Row) -> None:
        match row.kind:
            case "issued":
                self.issued += 1
            case "called":
                self.waits.append(int(row.body["wait_s"]))
            case "finished":
                self.served += 1
                self.serves.append(int(row.body["serve_s"]))
            case "no_show":
                self.no_show += 1
            case "voided":
                self.voided += 1
            case "cancelled":
                self.cancelled += 1
            case "expired":
                self.expired += 1
            case "rated":
                self.scores.append(int(row.body["score"]))
            case _:
                pass

    def line(self, part: str, name: str) -> dict[str, str | int | None]:
        mean = round(100 * sum(self.scores) / len(self.scores)) if self.scores else None
        values: tuple[str | int | None, ...] = (
            part,
            name,
            self.issued,
            self.served,
            self.no_show,
            self.voided,
            self.cancelled,
            self.expired,
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


def report(rows: Iterable[Row], zone: tzinfo) -> list[dict[str, str | int | None]]:
    """All lines of a day, the total first; a part's lines in the order of their names."""
    keys: dict[str, Callable[[Row], str]] = {
        "total": lambda _: "",
        "service": lambda row: str(row.body.get("service", "")),
        "counter": lambda row: str(row.body.get("counter", "")),
        "hour": lambda row: _hour(row, zone),
    }
    tallies: dict[tuple[str, str], Tally] = {}
    for row in rows:
        for part, key in keys.items():
            name = key(row)
            if name or part == "total":
                tallies.setdefault((part, name), Tally()).count(row)
    lines = sorted(tallies.items(), key=lambda item: (PARTS.index(item[0][0]), item[0][1]))
    return [tally.line(*key) for key, tally in lines if _counts(tally)]


def _counts(tally: Tally) -> bool:
    return tally != Tally()


def _hour(row: Row, zone: tzinfo) -> str:
    return f"{datetime.fromtimestamp(int(row.body['wall']) / 1000, zone):%H}"
