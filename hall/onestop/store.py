"""Imported dossiers on disk: found by their whole code, replaced as a whole, never listed."""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from hall.onestop.dossiers import UNKNOWN_STATUS, Dossier
from hall.onestop.groups import (
    STANDINGS,
    Group,
    group_of,
    is_reappointed,
    limit_of,
    standing_of,
)

# `clash`: the code came twice with different content. Moments are seconds since 1970, days are
# ordinals; `class`, `standing` and `limit_at` are what the dossier is in counts (groups.py).
_SCHEMA = """
CREATE TABLE kind (
    id INTEGER PRIMARY KEY, procedure_code TEXT NOT NULL, procedure_name TEXT NOT NULL,
    field TEXT NOT NULL, collect_at TEXT NOT NULL
);
CREATE TABLE dossier (
    code TEXT PRIMARY KEY, status INTEGER NOT NULL, kind INTEGER NOT NULL REFERENCES kind,
    received INTEGER, due INTEGER, due_original INTEGER, done INTEGER,
    class INTEGER NOT NULL, standing INTEGER NOT NULL, limit_at INTEGER,
    received_day INTEGER, done_day INTEGER, reappointed INTEGER NOT NULL,
    clash INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
"""
_PUT = f"""
INSERT INTO dossier (code, status, kind, received, due, due_original, done,
    class, standing, limit_at, received_day, done_day, reappointed)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (code) DO UPDATE SET clash = 1, status = {UNKNOWN_STATUS}, class = {Group.UNCLEAR},
    standing = 0, reappointed = 0, received = NULL, due = NULL, due_original = NULL, done = NULL,
    limit_at = NULL, received_day = NULL, done_day = NULL
WHERE (status, kind, received, due, due_original, done) IS NOT
    (excluded.status, excluded.kind, excluded.received, excluded.due, excluded.due_original,
     excluded.done)
"""  # noqa: S608 - numbers of ours
_DATED = (
    f"received_day IS NOT NULL AND (class IN ({Group.PENDING}, {Group.PAUSED})"
    f" OR class = {Group.RESOLVED} AND done_day IS NOT NULL)"
)
_TALLIES = (
    (
        "CREATE TABLE received_on (day INTEGER, kind INTEGER, count INTEGER,"
        " PRIMARY KEY (day, kind)) WITHOUT ROWID"
    ),
    (
        "INSERT INTO received_on SELECT received_day, kind, count(*)"  # noqa: S608 - numbers of ours
        f" FROM dossier WHERE {_DATED} GROUP BY 1, 2"
    ),
    (
        "CREATE TABLE resolved_on (day INTEGER, kind INTEGER, standing INTEGER, count INTEGER,"
        " PRIMARY KEY (day, kind, standing)) WITHOUT ROWID"
    ),
    (
        "INSERT INTO resolved_on SELECT done_day, kind, standing, count(*)"  # noqa: S608 - as above
        f" FROM dossier WHERE class = {Group.RESOLVED} AND {_DATED} GROUP BY 1, 2, 3"
    ),
    (
        "CREATE TABLE total AS SELECT class, received_day IS NULL AS unreceived,"
        " done_day IS NULL AS undone, count(*) AS count FROM dossier GROUP BY 1, 2, 3"
    ),
    f"CREATE INDEX pending ON dossier (limit_at) WHERE class = {Group.PENDING}",
    f"CREATE INDEX others ON dossier (class) WHERE class <> {Group.RESOLVED}",
)
_ALL = """
SELECT code, status, received, due, due_original, done,
    procedure_code, procedure_name, field, collect_at
FROM dossier JOIN kind ON kind.id = dossier.kind
"""
_EXAMPLES = 3
_Row = tuple[str, int, int | None, int | None, int | None, int | None, str, str, str, str]


class DossierStoreError(Exception):
    """The store cannot be read or written now."""


@dataclass(frozen=True, slots=True)
class Written:
    """What went into a store: `rows` with `count` codes; `clashing`: some with two contents."""

    rows: int
    count: int
    clashes: int
    clashing: tuple[str, ...]


def write(path: Path, dossiers: Iterable[Dossier]) -> Written:
    """Write a new store beside any other; it counts once it is moved. Raises DossierStoreError."""
    try:
        path.unlink(missing_ok=True)
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            # A store that is not whole is thrown away: it needs no journal of its own.
            for setting in ("journal_mode = OFF", "synchronous = OFF"):
                connection.execute(f"PRAGMA {setting}")
            connection.executescript(_SCHEMA)
            connection.execute("BEGIN")
            kinds = _Kinds(connection)
            connection.executemany(_PUT, (_row(each, kinds) for each in dossiers))
            for statement in _TALLIES:
                connection.execute(statement)
            connection.execute("COMMIT")
            return _written(connection, kinds.asked)
    except (sqlite3.Error, OSError) as err:
        raise DossierStoreError(f"không ghi được {path.name}: {err}") from err


def put_in_place(staged: Path, path: Path) -> None:
    """Make a staged file the one in use, whole after any power cut. Raises DossierStoreError."""
    try:
        with staged.open("rb") as file:
            os.fsync(file.fileno())
        staged.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
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


def lost(old: Path, new: Path) -> tuple[int, int]:
    """How many codes of the old store the new one has not, and how many the old one has."""
    try:
        with closing(reader(new)) as connection:
            connection.execute("ATTACH ? AS old", (_read_only(old),))
            (count,) = connection.execute("SELECT count(*) FROM old.dossier").fetchone()
            (gone,) = connection.execute(
                "SELECT count(*) FROM old.dossier AS o WHERE NOT EXISTS"
                " (SELECT 1 FROM main.dossier AS n WHERE n.code = o.code)"
            ).fetchone()
    except sqlite3.Error as err:
        raise DossierStoreError(str(err)) from err
    return int(gone), int(count)


def reader(path: Path) -> sqlite3.Connection:
    """A connection that changes nothing. Raises sqlite3.Error."""
    return sqlite3.connect(_read_only(path), uri=True)


class _Kinds:
    """Procedure, field and place of collection, each combination once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._ids: dict[tuple[str, str, str, str], int] = {}
        self.asked = 0

    def id_of(self, dossier: Dossier) -> int:
        self.asked += 1
        key = (
            dossier.procedure_code,
            dossier.procedure_name,
            dossier.field,
            dossier.collect_at or "",
        )
        known = self._ids.get(key)
        if known is None:
            known = self._ids[key] = len(self._ids) + 1
            self._connection.execute("INSERT INTO kind VALUES (?, ?, ?, ?, ?)", (known, *key))
        return known


def _written(connection: sqlite3.Connection, rows: int) -> Written:
    (count,) = connection.execute("SELECT count(*) FROM dossier").fetchone()
    (clashes,) = connection.execute("SELECT count(*) FROM dossier WHERE clash").fetchone()
    some = connection.execute("SELECT code FROM dossier WHERE clash LIMIT ?", (_EXAMPLES,))
    return Written(rows, int(count), int(clashes), tuple(code for (code,) in some))


def _read_only(path: Path) -> str:
    return f"{path.absolute().as_uri()}?mode=ro"


def _row(dossier: Dossier, kinds: _Kinds) -> tuple[object, ...]:
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
        None if received is None else received.toordinal(),
        None if done is None else done.toordinal(),
        is_reappointed(dossier),
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
