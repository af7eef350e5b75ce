"""Figures of any period out of the store, from counts kept at the import: no list is read.

The tables are those of tables.py; each is read once, whatever the number of periods, and the whole
is the sum of its fields.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from hall.contract.onestop_messages import Period
from hall.onestop import changes
from hall.onestop.counting import DossierCounts, period_of, sum_of
from hall.onestop.groups import STANDINGS, Group
from hall.onestop.spans import Span, spans_at
from hall.onestop.store import DossierStoreError, reader

WHOLE = "hồ sơ đã nhập"
_PROCEDURE = "kind.procedure_name"


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
        return store.periods(now)


def periods_with(changed: Path, used: Path, now: datetime) -> tuple[Period, ...]:
    """As they will be when these changes are put in. Raises DossierStoreError."""
    try:
        with changes.seen_through(changed, used) as connection:
            return _Store(connection).periods(now)
    except sqlite3.Error as err:
        raise DossierStoreError(str(err)) from err


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


def _pairs(counts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Before and in each period."""
    return zip(counts[::2], counts[1::2], strict=True)


def _of(parts: dict[str, DossierCounts], name: str) -> DossierCounts:
    return parts.setdefault(name, DossierCounts())


def _period(span: Span, parts: dict[str, DossierCounts], unclear: int) -> Period:
    kept = {name: counts for name, counts in parts.items() if not counts.is_nothing()}
    whole = sum_of(kept.values())
    whole.carried_over = whole.carried_over or 0
    whole.groups[Group.UNCLEAR] = unclear
    about: dict[str, object] = {
        "id": span.name,
        "kind": span.kind,
        "from": span.first.isoformat(),
        "to": span.last.isoformat(),
    }
    return period_of(whole, kept, about)


class _Store:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def periods(self, now: datetime) -> tuple[Period, ...]:
        spans = spans_at(now.date())
        undated = self.undated()
        unclear = self._unclear() + undated
        found = [
            _period(span, parts, unclear)
            for span, parts in zip(spans, self._in_spans(spans, now), strict=True)
        ]
        year = found[0]
        counted = (year.received and year.received.total) or (year.resolved and year.resolved.total)
        if not counted or undated * 2 > self.received():
            return (self.whole(now),)
        return tuple(found)

    def whole(self, now: datetime) -> Period:
        """All dossiers as one period, also those without a day."""
        first = self._one("SELECT min(received_day) FROM dossier WHERE received_day IS NOT NULL")
        parts = self._everything(now)
        whole = sum_of(parts.values())
        whole.groups[Group.UNCLEAR] = self._unclear()
        about: dict[str, object] = {
            "id": WHOLE,
            "from": date.fromordinal(first).isoformat() if first else None,
            "to": now.date().isoformat(),
        }
        return period_of(whole, parts, about)

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

    def _in_spans(self, spans: Sequence[Span], now: datetime) -> list[dict[str, DossierCounts]]:
        """What each period holds, by field."""
        fields = dict(self._connection.execute("SELECT id, field FROM kind"))
        days = [_Days(span.first.toordinal(), span.last.toordinal()) for span in spans]
        found: list[dict[str, DossierCounts]] = [{} for _ in spans]
        for kind, *counts in self._summed("received_on", "kind", days):
            for parts, (before, during) in zip(found, _pairs(counts), strict=True):
                _of(parts, fields[kind]).receive(before, during)
        for kind, standing, *counts in self._summed("resolved_on", "kind, standing", days):
            for parts, (before, during) in zip(found, _pairs(counts), strict=True):
                _of(parts, fields[kind]).resolve(STANDINGS[standing], before, during)
        for kind, paused, late, again in self._open(now):
            for parts in found:
                _of(parts, fields[kind]).pause(paused, late, again)
        return found

    def _summed(self, table: str, key: str, days: Sequence[_Days]) -> Iterator[tuple[int, ...]]:
        """The key, then for each period what was before it and what was in it."""
        sums = ", ".join(
            f"sum(iif(day < {each.first}, count, 0)),"
            f" sum(iif(day BETWEEN {each.first} AND {each.last}, count, 0))"
            for each in days
        )
        query = f"SELECT {key}, {sums} FROM {table} GROUP BY {key}"  # noqa: S608 - ours
        yield from self._connection.execute(query)

    def _open(self, now: datetime) -> Iterator[tuple[int, int, int, int]]:
        """The paused, the late and the re-appointed of this moment, of those not resolved."""
        yield from self._connection.execute(
            f"SELECT kind, sum(class = {Group.PAUSED}), sum(class = {Group.PENDING}"  # noqa: S608
            " AND limit_at IS NOT NULL AND limit_at < ?), sum(reappointed) FROM dossier"
            f" WHERE class IN ({Group.PENDING}, {Group.PAUSED}) AND received_day IS NOT NULL"
            " GROUP BY 1",
            (int(now.timestamp()),),
        )

    def _everything(self, now: datetime) -> dict[str, DossierCounts]:
        found: dict[str, DossierCounts] = {}
        for name, group, standing, count, late, again in self._connection.execute(
            f"SELECT field, class, standing, count(*), sum(class = {Group.PENDING}"  # noqa: S608
            " AND limit_at IS NOT NULL AND limit_at < ?), sum(reappointed)"
            f" FROM dossier JOIN kind ON kind.id = dossier.kind WHERE class NOT IN ({Group.OUT},"
            f" {Group.UNCLEAR}) GROUP BY 1, 2, 3",
            (int(now.timestamp()),),
        ):
            counts = _of(found, name)
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
