"""What the page reads of PostgreSQL: one connection, one question at a time, none longer than 10 s.

Every method raises StoreAway, StoreRefuses.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from hall.province.database import Cursor, Database
from hall.province.watch.arrivals import SeenEvent
from hall.province.watch.province_now import NamedHall

Place = tuple[int, int]
_PATIENCE = "SET LOCAL statement_timeout = '10s'"
# Of one hall's day hardly more; of 3,321 halls at the start it takes several rounds.
MOST_EVENTS = 50_000
_HALLS = """\
SELECT hall.id, hall.name, unit.id, unit.name FROM hall JOIN unit ON unit.id = hall.unit
ORDER BY unit.name, hall.name, hall.id
"""
_EVENTS = """\
SELECT event.hall, event.epoch, event.seq, event.day, event.type, event.at, event.ticket,
    event.of_seq
FROM unnest(%(halls)s::text[], %(epochs)s::bigint[], %(seqs)s::bigint[])
    AS known (hall, epoch, seq)
JOIN event ON event.hall = known.hall AND (event.epoch, event.seq) > (known.epoch, known.seq)
WHERE event.day BETWEEN %(first)s AND %(last)s
ORDER BY event.hall, event.epoch, event.seq LIMIT %(most)s
"""
_MOVED = "SELECT hall, epoch, seq FROM place WHERE seq > 0"
_SUMS = """\
sum(issued)::bigint, sum(served)::bigint, sum(no_show)::bigint, sum(waits)::bigint,
sum(wait_sum_s)::bigint, max(wait_max_s)::bigint, sum(serves)::bigint, sum(serve_sum_s)::bigint
"""
_CHOSEN = """\
day BETWEEN %(first)s AND %(last)s AND (%(unit)s = '' OR unit = %(unit)s)
    AND (%(hall)s = '' OR hall = %(hall)s)
"""
_SCORES = ", ".join(f"coalesce(sum(ratings) FILTER (WHERE score = {n}), 0)" for n in range(1, 6))
_NOBODY = (0, 0, 0, 0, 0)
_GROUPS = {
    "week": ("date_trunc('week', day)::date::text", "date_trunc('week', day)::date::text"),
    "day": ("day::text", "day::text"),
    "unit": ("unit", "unit_name"),
    "hall": ("hall", "hall_name"),
}
_SERVICES = f"""\
SELECT service, {_SUMS} FROM report.day_service WHERE {_CHOSEN} GROUP BY service ORDER BY service
"""  # noqa: S608 - of constants
_REGISTRY = """\
SELECT hall.id, hall.name, unit.name, credential.issued_at, place.host, place.heard_at,
    place.skew_s, place.refused, place.refused_host, place.refused_at, place.seq
FROM hall JOIN unit ON unit.id = hall.unit LEFT JOIN place ON place.hall = hall.id
LEFT JOIN credential ON credential.hall = hall.id ORDER BY unit.name, hall.name, hall.id
"""


@dataclass(frozen=True, slots=True)
class ReadEvents:
    """`reached`: of each hall the place up to which all was read; none where more is to come."""

    events: tuple[SeenEvent, ...] = ()
    reached: Mapping[str, Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChosenDays:
    """From `first` to `last`, both included; `unit`, `hall`: "" = all."""

    first: date
    last: date
    unit: str = ""
    hall: str = ""

    @property
    def named(self) -> Mapping[str, object]:
        return {"first": self.first, "last": self.last, "unit": self.unit, "hall": self.hall}


@dataclass(frozen=True, slots=True)
class LivedLine:
    """People of a week, day, unit or hall. `scores`: how many gave 1 … 5."""

    id: str
    name: str
    issued: int
    served: int
    no_show: int
    waits: int
    wait_sum_s: int
    wait_max_s: int
    serves: int
    serve_sum_s: int
    scores: Sequence[int]


@dataclass(slots=True)
class ProvinceBooks:
    """Any thread may ask."""

    database: Database
    _one: threading.Lock = field(default_factory=threading.Lock)

    def close(self) -> None:
        with self._one:
            self.database.close()

    @contextmanager
    def asking(self) -> Iterator[Cursor]:
        with self._one, self.database.transaction() as cursor:
            cursor.run(_PATIENCE)
            yield cursor

    def ask(self, question: Callable[..., Any], *given: object) -> Any:  # noqa: ANN401 - its own
        """`question`: of a cursor and what is given."""
        with self.asking() as cursor:
            return question(cursor, *given)

    def halls(self) -> tuple[NamedHall, ...]:
        with self.asking() as cursor:
            return tuple(NamedHall(*row) for row in cursor.rows(_HALLS))

    def events_after(self, places: Mapping[str, Place], first: date, last: date) -> ReadEvents:
        """At most MOST_EVENTS of these days, of halls that are further than these places."""
        with self.asking() as cursor:
            reached = {hall: (epoch, seq) for hall, epoch, seq in cursor.rows(_MOVED)}
            moved = {
                hall: places.get(hall, (0, 0))
                for hall, place in reached.items()
                if place > places.get(hall, (0, 0))
            }
            if not moved:
                return ReadEvents()
            given = {
                "halls": list(moved),
                "epochs": [epoch for epoch, _ in moved.values()],
                "seqs": [seq for _, seq in moved.values()],
                "first": first,
                "last": last,
                "most": MOST_EVENTS,
            }
            events = tuple(SeenEvent(*row) for row in cursor.rows(_EVENTS, given))
        whole = len(events) < MOST_EVENTS
        return ReadEvents(events, {hall: reached[hall] for hall in moved} if whole else {})

    def lived(self, chosen: ChosenDays, group: str) -> tuple[LivedLine, ...]:
        """`group`: of _GROUPS."""
        key, name = _GROUPS[group]
        counted = (
            f"SELECT {key}, {name}, {_SUMS} FROM report.day_hall WHERE {_CHOSEN} GROUP BY 1, 2"  # noqa: S608
        )
        rated = f"SELECT {key}, {_SCORES} FROM report.day_rating WHERE {_CHOSEN} GROUP BY 1"  # noqa: S608
        with self.asking() as cursor:
            rows = cursor.rows(f"{counted} ORDER BY 2, 1", chosen.named)
            scores = {
                key: tuple(map(int, counts)) for key, *counts in cursor.rows(rated, chosen.named)
            }
        return tuple(_lived(row, scores.get(row[0], _NOBODY)) for row in rows)

    def services(self, chosen: ChosenDays) -> tuple[LivedLine, ...]:
        with self.asking() as cursor:
            rows = cursor.rows(_SERVICES, chosen.named)
        return tuple(_lived((row[0], *row), _NOBODY) for row in rows)

    def unfinished(self, chosen: ChosenDays) -> tuple[tuple[str, str, str, date], ...]:
        """(hall, its name, unit, day) whose figures are worked out anew just now."""
        sql = (
            "SELECT hall.id, hall.name, hall.unit, day "
            "FROM stale_day JOIN hall ON hall.id = stale_day.hall "
            "WHERE day BETWEEN %(first)s AND %(last)s AND (%(unit)s = '' OR unit = %(unit)s) "
            "AND (%(hall)s = '' OR stale_day.hall = %(hall)s)"
        )
        with self.asking() as cursor:
            rows = cursor.rows(sql, chosen.named)
        return tuple((hall, name, unit, day) for hall, name, unit, day in rows)

    def registry(self) -> list[tuple[Any, ...]]:
        with self.asking() as cursor:
            return cursor.rows(_REGISTRY)

    def strangers(self) -> list[tuple[Any, ...]]:
        with self.asking() as cursor:
            return cursor.rows(
                "SELECT hall, host, first_at, last_at, batches FROM stranger ORDER BY last_at DESC"
            )

    def heard_at(self) -> Mapping[str, datetime]:
        """When events of each hall came last."""
        with self.asking() as cursor:
            rows = cursor.rows("SELECT hall, heard_at FROM place WHERE heard_at IS NOT NULL")
        return dict(rows)


def _lived(row: tuple[Any, ...], scores: Sequence[int]) -> LivedLine:
    """A row of key, name and _SUMS; a sum of nothing is 0."""
    key, name, *sums = row
    issued, served, no_show, *times = (int(value or 0) for value in sums)
    waits, wait_sum, wait_max, serves, serve_sum = times
    return LivedLine(
        id=key,
        name=name,
        issued=issued,
        served=served,
        no_show=no_show,
        waits=waits,
        wait_sum_s=wait_sum,
        wait_max_s=wait_max,
        serves=serves,
        serve_sum_s=serve_sum,
        scores=scores,
    )
