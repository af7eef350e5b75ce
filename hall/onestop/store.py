"""Imported dossiers on disk: found by their whole code, never listed.

A list is written whole beside the one in use (`write`), or as what it changes (changes.py).
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from hall.onestop.dossiers import Dossier, Listed
from hall.onestop.groups import STANDINGS, group_of, is_reappointed, limit_of, standing_of
from hall.onestop.tables import CONTENT, INDEXES, PUT, SCHEMA, TALLIES
from hall.runtime import durable

_ALL = """
SELECT code, status, received, due, due_original, done,
    procedure_code, procedure_name, field, collect_at
FROM dossier JOIN kind ON kind.id = dossier.kind
"""
_SAME_KIND = (
    "(nk.procedure_code, nk.procedure_name, nk.field, nk.collect_at)"
    " IS (ok.procedure_code, ok.procedure_name, ok.field, ok.collect_at)"
)
_EXAMPLES = 3
_Row = tuple[str, int, int | None, int | None, int | None, int | None, str, str, str, str]


class DossierStoreError(Exception):
    """The store cannot be read or written now."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A list beside the one in use, by code; `known`: how many that one has."""

    fresh: int = 0
    changed: int = 0
    gone: int = 0
    known: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """What a list holds: `rows` with `count` codes; `clashing`: some with two contents."""

    rows: int
    count: int
    clashes: int
    clashing: tuple[str, ...]


def write(path: Path, dossiers: Iterable[Listed], reading: str = "") -> Written:
    """Write a new store beside any other; it counts once it is moved. Raises DossierStoreError.

    `reading`: a fingerprint of how the rows were read (Listed.digest is only good beside it).
    """
    try:
        with closing(create(path)) as connection:
            connection.execute("INSERT INTO made VALUES (?)", (reading,))
            kinds = Kinds(connection)
            count = _Count()
            rows = (row(each, kinds, no) for no, each in count.every(dossiers))
            connection.executemany(PUT, rows)
            for tally in TALLIES:
                connection.execute(tally.counted("dossier"))
            for statement in INDEXES:
                connection.execute(statement)
            connection.execute("COMMIT")
            (held,) = connection.execute("SELECT count(*) FROM dossier").fetchone()
            return Written(count.rows, int(held), *clashes(connection))
    except (sqlite3.Error, OSError) as err:
        raise DossierStoreError(f"không ghi được {path.name}: {err}") from err


def create(path: Path) -> sqlite3.Connection:
    """An empty store, a transaction begun. Raises sqlite3.Error, OSError.

    One that is not whole is thrown away: it needs no journal of its own.
    """
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for setting in ("journal_mode = OFF", "synchronous = OFF"):
            connection.execute(f"PRAGMA {setting}")
        connection.executescript(SCHEMA)
        connection.execute("BEGIN")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def reading_of(path: Path) -> str | None:
    """How the rows in use were read; None where there are none, or of an older make."""
    try:
        with closing(reader(path)) as connection:
            (found,) = connection.execute("SELECT reading FROM made").fetchone()
    except (sqlite3.Error, TypeError):
        return None
    return str(found)


def take_over(staged: Path, path: Path) -> None:
    """Put a whole new store in the place of the one in use. Raises DossierStoreError.

    What was not yet moved from the write-ahead log of the old one must not meet the new one.
    """
    recover(path)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    put_in_place(staged, path)


def recover(path: Path) -> None:
    """Finish, or take back, what a power cut left half done; what is no store stays as it is."""
    if not path.exists():
        return
    with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def put_in_place(staged: Path, path: Path) -> None:
    """Make a staged file the one in use, whole after any power cut. Raises DossierStoreError."""
    try:
        durable.put_in_place(staged, path)
    except OSError as err:
        raise DossierStoreError(f"không ghi được {path}: {err}") from err


def find(path: Path, code: str, zone: tzinfo) -> Dossier | None:
    """Raises DossierStoreError, also before the first import."""
    try:
        with closing(reader(path)) as connection:
            row = connection.execute(f"{_ALL} WHERE code = ?", (code,)).fetchone()
    except sqlite3.Error as err:
        raise DossierStoreError(str(err)) from err
    return None if row is None else _dossier(row, zone)


def everything(path: Path, zone: tzinfo) -> Iterator[Dossier]:
    """For counting only. Raises DossierStoreError."""
    try:
        with closing(reader(path)) as connection:
            for row in connection.execute(_ALL):
                yield _dossier(row, zone)
    except sqlite3.Error as err:
        raise DossierStoreError(str(err)) from err


def compare(old: Path, new: Path) -> Compared:
    """A whole list beside the one in use. Raises DossierStoreError."""
    same = " AND ".join(f"o.{name} IS n.{name}" for name in ("clash", *CONTENT) if name != "kind")
    try:
        with closing(reader(new)) as connection:
            connection.execute("ATTACH ? AS old", (read_only(old),))
            (known,) = connection.execute("SELECT count(*) FROM old.dossier").fetchone()
            count, kept, unchanged = connection.execute(
                f"SELECT count(*), count(o.code), total({same} AND {_SAME_KIND})"  # noqa: S608
                " FROM main.dossier AS n LEFT JOIN old.dossier AS o ON o.code = n.code"
                " LEFT JOIN old.kind AS ok ON ok.id = o.kind"
                " JOIN main.kind AS nk ON nk.id = n.kind"
            ).fetchone()
    except sqlite3.Error as err:
        raise DossierStoreError(str(err)) from err
    return Compared(count - kept, kept - int(unchanged), known - kept, known)


def reader(path: Path) -> sqlite3.Connection:
    """A connection that changes nothing. Raises sqlite3.Error."""
    return sqlite3.connect(read_only(path), uri=True)


class Kinds:
    """Procedure, field and place of collection, each combination once.

    `known`: those of the store in use, which keep their numbers.
    """

    def __init__(
        self, connection: sqlite3.Connection, known: Iterable[tuple[int, str, str, str, str]] = ()
    ) -> None:
        self._connection = connection
        self._ids = {tuple(key): number for number, *key in known}
        self._last = max(self._ids.values(), default=0)

    def id_of(self, dossier: Dossier) -> int:
        key = (
            dossier.procedure_code,
            dossier.procedure_name,
            dossier.field,
            dossier.collect_at or "",
        )
        known = self._ids.get(key)
        if known is None:
            known = self._ids[key] = self._last = self._last + 1
            self._connection.execute("INSERT INTO main.kind VALUES (?, ?, ?, ?, ?)", (known, *key))
        return known


@dataclass(slots=True)
class _Count:
    rows: int = 0

    def every(self, dossiers: Iterable[Listed]) -> Iterator[tuple[int, Listed]]:
        for each in dossiers:
            self.rows += 1
            yield self.rows, each


def clashes(connection: sqlite3.Connection) -> tuple[int, tuple[str, ...]]:
    """How many codes came twice with different content, and a few of them."""
    (count,) = connection.execute("SELECT count(*) FROM main.dossier WHERE clash").fetchone()
    some = connection.execute("SELECT code FROM main.dossier WHERE clash LIMIT ?", (_EXAMPLES,))
    return int(count), tuple(code for (code,) in some)


def read_only(path: Path) -> str:
    return f"{path.absolute().as_uri()}?mode=ro"


def row(listed: Listed, kinds: Kinds, number: int) -> tuple[object, ...]:
    """The values of PUT."""
    dossier = listed.dossier
    received, done = dossier.received, dossier.done
    return (
        dossier.code,
        dossier.status,
        kinds.id_of(dossier),
        _seconds(received),
        _seconds(dossier.due),
        _seconds(dossier.due_original),
        _seconds(done),
        int(group_of(dossier)),
        STANDINGS.index(standing_of(dossier)),
        _seconds(limit_of(dossier)),
        None if received is None else (listed.counted_on or received).toordinal(),
        None if done is None else done.toordinal(),
        is_reappointed(dossier),
        number,
        listed.digest,
    )


def _dossier(row: _Row, zone: tzinfo) -> Dossier:
    code, status, received, due, original, done, procedure, name, field, collect_at = row
    return Dossier(
        code=code,
        status=status,
        procedure_code=procedure,
        procedure_name=name,
        field=field,
        received=_moment(received, zone),
        due=_moment(due, zone),
        due_original=_moment(original, zone),
        done=_moment(done, zone),
        collect_at=collect_at or None,
    )


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def _moment(seconds: int | None, zone: tzinfo) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, zone)
