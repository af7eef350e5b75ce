"""A journal of whole weeks of a hall, as its controller would have written it: for pages to read.

People come by hour and weekday, are served first come first served by the counters of their
service, some do not come when called, some rate. Clerks leave their marks. The same seed gives the
same weeks.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hall.controller import chain, store_sqlite
from hall.controller.journal_sqlite import open_journal
from hall.controller.ports import JournalRow

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
# How busy each half hour from 7:30 on is; lunch from 11:30 to 13:30.
HALVES = {7.5: 5, 8: 10, 8.5: 11, 9: 10, 9.5: 8, 10: 6, 10.5: 4, 11: 1, 13.5: 6, 14: 8}
HALVES |= {14.5: 7, 15: 5, 15.5: 3, 16: 2}
WEEKDAYS = (1.35, 1.0, 1.05, 0.95, 1.1)
Body = dict[str, str | int]


@dataclass(frozen=True)
class WeeksHall:
    """`services`: (prefix, how long one is served in minutes, share); `counters`: what serves."""

    services: Mapping[str, tuple[str, float, float]]
    counters: Mapping[str, Sequence[str]]


HALL_OF_TWO = WeeksHall(
    {"ho-tich": ("A", 7, 0.6), "dat-dai": ("B", 11, 0.4)}, {"1": ["ho-tich"], "5A": ["dat-dai"]}
)


@dataclass
class LivedWeeks:
    hall: WeeksHall
    days: Sequence[date]
    people: int
    seed: int = 1
    rows: list[JournalRow] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        for number, day in enumerate(self.days, 1):
            self._live(number, day)

    def write(self, path: Path) -> None:
        """Without syncs: it is made anew at need."""
        journal, _ = open_journal(path)
        journal.close()
        db = store_sqlite.connect(path)
        db.execute("PRAGMA synchronous=OFF")
        db.execute("BEGIN")
        head = chain.START
        for row in self.rows:
            line = chain.line(head, row)
            head = line.chain
            store_sqlite.insert(db, line, row.body)
        db.execute("COMMIT")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.close()

    def _live(self, number: int, day: date) -> None:
        morning = datetime.combine(day, time(7), ZONE)
        begin = round(morning.timestamp() * 1000)
        self._add(number, begin, "day_opened", {"day": number, "date": day.isoformat()})
        free = dict.fromkeys(self.hall.counters, begin)
        happened: list[tuple[int, str, Body]] = []
        taken: dict[str, int] = {}
        for serial, (at, service) in enumerate(sorted(self._arrivals(day, begin))):
            taken[service] = n = taken.get(service, 0) + 1
            about: Body = {
                "ticket": f"1-{number}-{serial}", "serial": serial, "n": n, "issued": at,
                "number": f"{self.hall.services[service][0]}{n:03d}", "service": service,
                "channel": "button", "lang": "vi", "date": day.isoformat(), "by": "printer-1",
            }  # fmt: skip
            happened += self._person(about, free)
        for at, kind, body in sorted(happened, key=lambda each: each[0]):
            self._add(number, at, kind, body)

    def _arrivals(self, day: date, begin: int) -> Iterator[tuple[int, str]]:
        many = self.people * WEEKDAYS[day.weekday() % 5] * self.chance.uniform(0.85, 1.15)
        halves, weights = list(HALVES), list(HALVES.values())
        services = list(self.hall.services)
        shares = [share for _, _, share in self.hall.services.values()]
        for _ in range(round(many)):
            [half] = self.chance.choices(halves, weights)
            at = begin + round((half - 7 + self.chance.random() / 2) * 3_600_000)
            yield at, self.chance.choices(services, shares)[0]

    def _person(self, about: Body, free: dict[str, int]) -> Iterator[tuple[int, str, Body]]:
        service, at = str(about["service"]), int(about["issued"])
        minutes = self.hall.services[service][1]
        yield at, "issued", about | {"rank": at}
        serving = [counter for counter, serves in self.hall.counters.items() if service in serves]
        counter = min(serving, key=lambda each: free[each])
        called = max(at + 5_000, free[counter])
        wait_s = (called - at) // 1000
        signed = about | {"by": "counters", "counter": counter, "staff": f"nv.{counter.lower()}"}
        yield called, "called", signed | {"wait_s": wait_s}
        if self.chance.random() < 0.06:
            free[counter] = called + 90_000
            yield free[counter], "no_show", signed
            return
        serve_s = round(self.chance.lognormvariate(0, 0.45) * minutes * 60)
        done = free[counter] = called + 20_000 + serve_s * 1000
        yield called + 20_000, "started", signed
        finished: Body = {"how": "served", "serve_s": serve_s, "wait_s": wait_s}
        yield done, "finished", signed | finished
        if self.chance.random() < 0.2:
            score = self.chance.choice((3, 4, 4, 5, 5, 5))
            yield done + 3_000, "rated", signed | {"score": score}

    def _add(self, number: int, wall: int, kind: str, body: Body) -> None:
        body = {"by": "printer-1"} | body | {"at": wall, "wall": wall}
        self.rows.append(JournalRow(len(self.rows) + 1, 1, number, kind, body))


def working_days(last: date, count: int) -> list[date]:
    """The newest so many from Monday to Friday up to this one, oldest first."""
    found: list[date] = []
    while len(found) < count:
        if last.weekday() < 5:
            found.append(last)
        last -= timedelta(days=1)
    return found[::-1]
