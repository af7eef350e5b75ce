"""Imported dossiers on disk: found by their whole code, replaced as a whole, never listed."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from hall.onestop.dossiers import Dossier

_TABLE = """CREATE TABLE dossier (
    code TEXT PRIMARY KEY, status INTEGER NOT NULL,
    procedure_code TEXT NOT NULL, procedure_name TEXT NOT NULL, field TEXT NOT NULL,
    received TEXT, due TEXT, due_original TEXT, done TEXT, collect_at TEXT
) WITHOUT ROWID"""
_PUT = "INSERT OR REPLACE INTO dossier VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


class StoreError(Exception):
    """The store cannot be read or written now."""


_Row = tuple[str, int, str, str, str, str | None, str | None, str | None, str | None, str | None]


def replace_all(path: Path, dossiers: Iterable[Dossier]) -> int:
    """Write them beside the old ones, then swap; a code given twice keeps its last row."""
    beside = path.with_suffix(".new")
    try:
        count = _write(beside, dossiers)
        beside.replace(path)
    except (sqlite3.Error, OSError) as err:
        raise StoreError(f"không ghi được {path}: {err}") from err
    return count


def find(path: Path, code: str) -> Dossier | None:
    """Raises StoreError, also before the first import."""
    try:
        with closing(_reader(path)) as connection:
            row = connection.execute("SELECT * FROM dossier WHERE code = ?", (code,)).fetchone()
    except sqlite3.Error as err:
        raise StoreError(str(err)) from err
    return None if row is None else _dossier(row)


def everything(path: Path) -> Iterator[Dossier]:
    """For counting only. Raises StoreError."""
    try:
        with closing(_reader(path)) as connection:
            for row in connection.execute("SELECT * FROM dossier"):
                yield _dossier(row)
    except sqlite3.Error as err:
        raise StoreError(str(err)) from err


def _write(path: Path, dossiers: Iterable[Dossier]) -> int:
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(_TABLE)
        connection.executemany(_PUT, (_row(each) for each in dossiers))
        (count,) = connection.execute("SELECT count(*) FROM dossier").fetchone()
    return int(count)


def _reader(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _row(dossier: Dossier) -> _Row:
    return (
        dossier.code,
        dossier.status,
        dossier.procedure_code,
        dossier.procedure_name,
        dossier.field,
        _text(dossier.received),
        _text(dossier.due),
        _text(dossier.due_original),
        _text(dossier.done),
        dossier.collect_at,
    )


def _dossier(row: _Row) -> Dossier:
    code, status, procedure_code, name, field, received, due, original, done, collect_at = row
    return Dossier(
        code=code,
        status=status,
        procedure_code=procedure_code,
        procedure_name=name,
        field=field,
        received=_moment(received),
        due=_moment(due),
        due_original=_moment(original),
        done=_moment(done),
        collect_at=collect_at,
    )


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
