"""Figures of any period out of the store, from counts a day made at the import: no list is read.

received_on   day, kind: dossiers received          (pending, paused, resolved with a day)
resolved_on   day, kind, standing: results
total         class, whether a day is lacking: dossiers
dossier       an index over the pending ones alone, by their limit
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from hall.contract.onestop_messages import Period
from hall.onestop.counting import DossierCounts, period_of
from hall.onestop.groups import STANDINGS, Group
from hall.onestop.spans import Span, spans_at
from hall.onestop.store import DossierStoreError, reader

WHOLE = "hồ sơ đã nhập"
_FIELD, _PROCEDURE = "kind.field", "kind.procedure_name"


@dataclass(frozen=True, slots=True)
class _Days:
    """Ordinals of the first and last day, and the day before the first."""

    first: int
    last: int


def periods(path: Path, now: datetime) -> tuple[Period, ...]:
    """Year, quarter, month and day of `now`; one of all dossiers where none is of this year.

    Raises DossierStoreError.
    """
    with _opened(path) as store:
        found = [store.period(span, now) for span in spans_at(now.date())]
        year = found[0]
        counted = (year.received and year.received.total) or (year.resolved and year.resolved.total)
        undated = store.undated()
        if not counted or undated * 2 > store.received():
            return (store.whole(now),)
        return tuple(found)


def by_month(path: Path, year: int) -> Mapping[str, tuple[int, int]]:
    """Received and resolved of each month of a year, as "2026-11"."""
    with _opened(path) as store:
        days = _Days(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal())
        received = dict(store.grouped("received_on", _month_of("day"), days))
        resolved = dict(store.grouped("resolved_on", _month_of("day"), days))
    months = sorted({*received, *resolved})
    return {each: (received.get(each, 0), resolved.get(each, 0)) for each in months}


def by_procedure(path: Path, year: int) -> Mapping[str, tuple[int, int]]:
    """Received and resolved of each procedure in a year, the most received first."""
    with _opened(path) as store:
        days = _Days(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal())
        received = dict(store.grouped("received_on", _PROCEDURE, days))
        resolved = dict(store.grouped("resolved_on", _PROCEDURE, days))
    names = sorted({*received, *resolved}, key=lambda each: -received.get(each, 0))
    return {each: (received.get(each, 0), resolved.get(each, 0)) for each in names}


def overdue(path: Path, now: datetime) -> int:
    """How many pending dossiers are past their limit. Raises DossierStoreError."""
    with _opened(path) as store:
        return store.late(now)


def _month_of(column: str) -> str:
    """The month of an ordinal of Python's, by SQLite's Julian day."""
    return f"strftime('%Y-%m', {column} + 1721424.5)"


class _Store:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def period(self, span: Span, now: datetime) -> Period:
        days = _Days(span.first.toordinal(), span.last.toordinal())
        whole = self._counts("''", days, now).get("", DossierCounts())
        whole.groups[Group.UNCLEAR] = self._unclear() + self.undated()
        about: dict[str, object] = {
            "id": span.name,
            "kind": span.kind,
            "from": span.first.isoformat(),
            "to": span.last.isoformat(),
        }
        return period_of(whole, self._counts(_FIELD, days, now), about)

    def whole(self, now: datetime) -> Period:
        """All dossiers as one period, also those without a day."""
        first = self._one("SELECT min(received_day) FROM dossier WHERE received_day IS NOT NULL")
        whole = self._everything("''", now).get("", DossierCounts())
        whole.groups[Group.UNCLEAR] = self._unclear()
        about: dict[str, object] = {
            "id": WHOLE,
            "from": date.fromordinal(first).isoformat() if first else None,
            "to": now.date().isoformat(),
        }
        return period_of(whole, self._everything(_FIELD, now), about)

    def received(self) -> int:
        groups = f"({Group.PENDING}, {Group.PAUSED}, {Group.RESOLVED})"
        return self._one(f"SELECT sum(count) FROM total WHERE class IN {groups}")  # noqa: S608

    def undated(self) -> int:
        """Dossiers that were received, or resolved, on a day that nobody knows."""
        return self._one(
            f"SELECT sum(count) FROM total WHERE class IN ({Group.PENDING}, {Group.PAUSED})"  # noqa: S608
            f" AND unreceived OR class = {Group.RESOLVED} AND (unreceived OR undone)"
        )

    def late(self, now: datetime) -> int:
        return self._one(
            f"SELECT count(*) FROM dossier WHERE class = {Group.PENDING} AND limit_at < ?",  # noqa: S608
            int(now.timestamp()),
        )

    def grouped(self, table: str, key: str, days: _Days) -> Iterator[tuple[str, int]]:
        rows = self._connection.execute(
            f"SELECT {key}, sum(count) FROM {table} JOIN kind ON kind.id = {table}.kind"  # noqa: S608
            " WHERE day BETWEEN ? AND ? GROUP BY 1",
            (days.first, days.last),
        )
        yield from rows

    def _counts(self, key: str, days: _Days, now: datetime) -> dict[str, DossierCounts]:
        """What a period holds, by a column of the kinds ('' for all of them together)."""
        found: dict[str, DossierCounts] = {}
        before = _Days(0, days.first - 1)
        resolved = dict(self.grouped("resolved_on", key, before))
        carried = {
            name: count - resolved.get(name, 0)
            for name, count in self.grouped("received_on", key, before)
        }
        new = dict(self.grouped("received_on", key, days))
        for name in {*carried, *new}:
            counts = found[name] = DossierCounts(carried_over=carried.get(name, 0))
            counts.groups[Group.PENDING] = carried.get(name, 0) + new.get(name, 0)
        for name, standing, count in self._connection.execute(
            f"SELECT {key}, standing, sum(count) FROM resolved_on"  # noqa: S608
            " JOIN kind ON kind.id = resolved_on.kind WHERE day BETWEEN ? AND ? GROUP BY 1, 2",
            (days.first, days.last),
        ):
            counts = found.setdefault(name, DossierCounts(carried_over=0))
            counts.standings[STANDINGS[standing]] += count
            counts.groups[Group.RESOLVED] += count
            counts.groups[Group.PENDING] -= count
        self._add_open(found, key, now)
        return found

    def _add_open(self, found: dict[str, DossierCounts], key: str, now: datetime) -> None:
        """The paused and the late ones of this moment, out of those that are not resolved."""
        for name, paused, late, again in self._connection.execute(
            f"SELECT {key}, sum(class = {Group.PAUSED}), sum(class = {Group.PENDING}"  # noqa: S608
            " AND limit_at IS NOT NULL AND limit_at < ?), sum(reappointed)"
            " FROM dossier JOIN kind ON kind.id = dossier.kind"
            f" WHERE class IN ({Group.PENDING}, {Group.PAUSED}) AND received_day IS NOT NULL"
            " GROUP BY 1",
            (int(now.timestamp()),),
        ):
            counts = found.setdefault(name, DossierCounts(carried_over=0))
            counts.groups[Group.PAUSED] = paused
            counts.groups[Group.PENDING] -= paused
            counts.late = late
            counts.reappointed = again

    def _everything(self, key: str, now: datetime) -> dict[str, DossierCounts]:
        found: dict[str, DossierCounts] = {}
        for name, group, standing, count, late, again in self._connection.execute(
            f"SELECT {key}, class, standing, count(*), sum(class = {Group.PENDING}"  # noqa: S608
            " AND limit_at IS NOT NULL AND limit_at < ?), sum(reappointed)"
            f" FROM dossier JOIN kind ON kind.id = dossier.kind WHERE class NOT IN ({Group.OUT},"
            f" {Group.UNCLEAR}) GROUP BY 1, 2, 3",
            (int(now.timestamp()),),
        ):
            counts = found.setdefault(name, DossierCounts())
            counts.groups[Group(group)] += count
            if group == Group.RESOLVED:
                counts.standings[STANDINGS[standing]] += count
            counts.late += late
            counts.reappointed = (counts.reappointed or 0) + again
        return found

    def _unclear(self) -> int:
        return self._one(f"SELECT sum(count) FROM total WHERE class = {Group.UNCLEAR}")  # noqa: S608

    def _one(self, query: str, *values: int) -> int:
        (found,) = self._connection.execute(query, values).fetchone()
        return int(found or 0)


@contextmanager
def _opened(path: Path) -> Iterator[_Store]:
    try:
        with closing(reader(path)) as connection:
            yield _Store(connection)
    except sqlite3.Error as err:
        raise DossierStoreError(str(err)) from err
