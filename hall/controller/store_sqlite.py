"""The file of the journal: how it is opened, what it is made of, which errors mean what."""

import errno
import os
import shutil
import sqlite3
from importlib import resources
from pathlib import Path

from hall.controller import soundness
from hall.controller.chain import ChainedRow
from hall.controller.ports import Body, StoreBroken, StoredReply, StoreFull

VERSION = 1
_DAMAGE = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
NO_ROOM = ("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_CANTOPEN")


class Damaged(Exception):
    """The file is not a sound journal, or not one for this version to write in."""


def connect(path: Path) -> sqlite3.Connection:
    _refuse_read_only(path)
    try:
        db = sqlite3.connect(path, isolation_level=None, timeout=2.0, check_same_thread=False)
    except sqlite3.Error as err:
        raise opening_error(err) from err
    db.text_factory = _text
    try:
        _set(db, "PRAGMA locking_mode=EXCLUSIVE", "exclusive")
        _set(db, "PRAGMA journal_mode=WAL", "wal")
        db.execute("PRAGMA synchronous=FULL")
        _set(db, "PRAGMA synchronous", 2)
        db.execute("PRAGMA wal_autocheckpoint=0")
        if _known_format(db) == 0:
            _create(db)
        _set(db, "PRAGMA user_version", VERSION)
        warm(db)
    except sqlite3.Error as err:
        db.close()
        raise opening_error(err) from err
    except (StoreBroken, Damaged):
        db.close()
        raise
    return db


def read_copy(copy: Path) -> sqlite3.Connection:
    """Open a private copy, whatever state it is in."""
    db = sqlite3.connect(copy, isolation_level=None)
    db.text_factory = _text
    return db


def _text(stored: bytes) -> str:
    """Damaged text must be read to be found out: sqlite3 alone raises before any row is judged.

    What is no UTF-8 becomes lone surrogates, which fit no chain value and no seal.
    """
    return stored.decode("utf-8", "surrogateescape")


def _refuse_read_only(path: Path) -> None:
    """On such a disk SQLite fails in many ways, some of which look like a broken disk."""
    for place in (path.parent, path):
        if place.exists() and not os.access(place, os.W_OK):
            raise StoreFull(errno.EROFS, f"{place} is read-only")


def warm(db: sqlite3.Connection) -> None:
    """Write the WAL's header now: its sync must not fall on the next press."""
    db.execute(f"PRAGMA user_version={VERSION}")


def opening_error(err: sqlite3.Error) -> Exception:
    name = getattr(err, "sqlite_errorname", "")
    if name.startswith(_DAMAGE):
        return Damaged(f"{name}: {err}")
    if name.startswith(NO_ROOM):
        return StoreFull(errno.ENOSPC, f"{name}: {err}")
    return StoreBroken(errno.EIO, f"{name}: {err}")


def _set(db: sqlite3.Connection, pragma: str, expected: object) -> None:
    answer = db.execute(pragma).fetchone()[0]
    if answer != expected:
        raise StoreBroken(errno.EIO, f"{pragma}: {answer}, not {expected}")


def _known_format(db: sqlite3.Connection) -> int:
    """0: a new file. Raises Damaged: what a newer version has written it knows how to read."""
    written = int(db.execute("PRAGMA user_version").fetchone()[0])
    if written > VERSION:
        raise Damaged(f"nhật ký do phiên bản motcua mới hơn ghi (dạng {written})")
    return written


def _create(db: sqlite3.Connection) -> None:
    schema = resources.files("hall.controller").joinpath("schema_v1.sql").read_text("utf-8")
    db.executescript(f"BEGIN;\n{schema}\nPRAGMA user_version={VERSION};\nCOMMIT;")


def insert(db: sqlite3.Connection, row: ChainedRow, body: Body) -> None:
    """`body`: of the same row, as values."""
    db.execute(
        "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)",
        (row.seq, row.epoch, row.day, row.kind, row.body, row.chain),
    )
    if row.kind == "day_opened":
        db.execute("INSERT INTO day VALUES (?, ?, ?)", (row.day, body["date"], row.seq))
        db.execute("DELETE FROM taken WHERE day < ?", (row.day,))
    elif row.kind == "issued":
        db.execute("INSERT INTO taken VALUES (?, ?, ?)", (row.day, body["service"], body["n"]))


def insert_answer(db: sqlite3.Connection, answer: StoredReply) -> None:
    a = answer
    db.execute(
        "INSERT INTO answer VALUES (?, ?, ?, ?, ?, ?, ?)",
        (a.id, a.client, a.verb, a.digest, a.reply, a.at, soundness.seal(a)),
    )


def copy_for_reading(source: Path, at: Path) -> Path:
    """A private copy with its WAL: reading must not change the evidence."""
    copy = at.with_name(at.name + ".reading")
    drop(copy)
    for suffix in ("", "-wal"):
        part = source.with_name(source.name + suffix)
        if part.exists():
            shutil.copyfile(part, copy.with_name(copy.name + suffix))
    return copy


def drop(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
