"""What one of all consumers does beside: months, days in figures, what is too old. Its own thread.

Whoever has the advisory lock is the keeper; when it dies, another takes over at its next round.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files

from hall.province.database import Cursor, Database
from hall.province.ports import StoreAway, StoreRefuses
from hall.runtime.clock import Clock

log = logging.getLogger(__name__)

_LOCK = 7_305_002
ROUND_S = 2.0
# Days worked out in one transaction.
_DAYS = 200


def first_of_month(day: date, months: int = 0) -> date:
    """The first day of the month, so many months on."""
    whole = day.year * 12 + day.month - 1 + months
    return date(whole // 12, whole % 12 + 1, 1)


def figures_sql() -> str:
    """What works out days from their events."""
    return (files("hall.province") / "day_figures.sql").read_text(encoding="utf-8")


def make_months(cursor: Cursor, today: date, kept: int) -> None:
    """A table for each month that is kept, and for the next two."""
    there = {
        name
        for (name,) in cursor.rows(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'event'::regclass"
        )
    }
    for offset in range(-kept, 3):
        first, after = first_of_month(today, offset), first_of_month(today, offset + 1)
        if _table(first) not in there and not _strays(cursor, first, after):
            cursor.run(
                f"CREATE TABLE {_table(first)} PARTITION OF event "
                f"FOR VALUES FROM ('{first}') TO ('{after}')"
            )


def _strays(cursor: Cursor, first: date, after: date) -> bool:
    """A month whose events lie among the stray ones already stays there."""
    sql = "SELECT 1 FROM event_stray WHERE day >= %s AND day < %s LIMIT 1"
    return bool(cursor.rows(sql, (first, after)))


def _table(first: date) -> str:
    return f"event_{first:%Y_%m}"


def drop_months(cursor: Cursor, today: date, kept: int) -> list[str]:
    """What is older than the months that are kept goes; its days stay in figures."""
    oldest = first_of_month(today, -kept)
    found = cursor.rows(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'event'::regclass"
    )
    old = sorted(name for (name,) in found if "event_2" <= name < _table(oldest))
    for name in old:
        cursor.run(f"DROP TABLE {name}")
    cursor.run("DELETE FROM event_stray WHERE day < %s", (oldest,))
    return old


def work_out_days(cursor: Cursor, oldest: date) -> int:
    """How many days were worked out anew. Of a month that is gone, figures stay as they are."""
    rows = cursor.rows(
        "DELETE FROM stale_day WHERE (hall, day) IN (SELECT hall, day FROM stale_day "
        "ORDER BY hall, day LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING hall, day",
        (_DAYS,),
    )
    days = [(hall, day) for hall, day in rows if day >= oldest]
    if days:
        given = {"halls": [hall for hall, _ in days], "days": [day for _, day in days]}
        for table in ("day_service", "day_rating"):
            cursor.run(
                f"DELETE FROM {table} USING unnest(%(halls)s::text[], %(days)s::date[]) "  # noqa: S608
                f"AS given (hall, day) WHERE {table}.hall = given.hall AND {table}.day = given.day",
                given,
            )
        cursor.run(figures_sql(), given)
    return len(rows)


@dataclass(slots=True)
class EventKeeper:
    """`kept`: months of events. `became`: called when this one has become the keeper."""

    database: Database
    clock: Clock
    kept: int
    became: Callable[[], None]
    _is_keeper: bool = False
    _months_of: date | None = None
    _ended: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    def round(self) -> None:
        """Once. Raises StoreAway, StoreRefuses."""
        if self.database.fresh:
            self._is_keeper = False
        if not self._is_keeper and not self._elected():
            return
        today = self.clock.now().date()
        if self._months_of != today:
            with self.database.transaction() as cursor:
                make_months(cursor, today, self.kept)
                for name in drop_months(cursor, today, self.kept):
                    log.info("%s is older than %d months: dropped", name, self.kept)
            self._months_of = today
        oldest = first_of_month(today, -self.kept)
        while not self._ended.is_set():
            with self.database.transaction() as cursor:
                if work_out_days(cursor, oldest) < _DAYS:
                    return

    def _elected(self) -> bool:
        with self.database.transaction() as cursor:
            self._is_keeper = bool(cursor.rows("SELECT pg_try_advisory_lock(%s)", (_LOCK,))[0][0])
        if self._is_keeper:
            log.info("this consumer is the keeper")
            self.became()
        return self._is_keeper

    def _run(self) -> None:
        away = False
        while not self._ended.is_set():
            try:
                self.round()
                away = False
            except (StoreAway, StoreRefuses) as err:
                if not away:
                    log.warning("keeper: %s", err)
                away = True
            self._ended.wait(ROUND_S)
        self.database.close()
