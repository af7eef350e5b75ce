"""The journal in SQLite: WAL, FULL, EXCLUSIVE, one connection. One sync an append.

A file that is damaged is put aside, never deleted.
"""

import errno
import json
import logging
import os
import sqlite3
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path

from hall.controller import chain
from hall.controller.ports import Answer, Found, Row, StoreBroken, StoreFull

log = logging.getLogger(__name__)

VERSION = 1
# Pages in the WAL before the idle loop writes them back (4 KiB each).
CHECKPOINT_BYTES = 2 * 1024 * 1024
_DAMAGE = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_NO_ROOM = ("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_CANTOPEN")


class Damaged(Exception):
    """The file is not a sound journal."""


class SqliteJournal:
    """Open with `open_journal`. Not for two threads, not for two processes."""

    def __init__(self, db: sqlite3.Connection, path: Path) -> None:
        self._db = db
        self._path = path
        self._head, self._seq = self._tail()
        self._broken = False

    def append(self, rows: Sequence[Row], answer: Answer | None) -> None:
        if self._broken:
            raise StoreBroken(errno.EIO, "store was given up")
        head = self._head
        try:
            self._db.execute("BEGIN IMMEDIATE")
            for row in rows:
                head = chain.link(head, row)
                self._insert(row, head)
            if answer is not None:
                self._db.execute(
                    "INSERT INTO answer VALUES (?, ?, ?, ?, ?, ?)",
                    (answer.id, answer.client, answer.verb, answer.digest, answer.reply, answer.at),
                )
            self._db.execute("COMMIT")
        except sqlite3.Error as err:
            raise self._failed(err) from err
        self._head = head
        self._seq = rows[-1].seq if rows else self._seq

    def answer(self, request_id: str) -> Answer | None:
        found = self._db.execute("SELECT * FROM answer WHERE id = ?", (request_id,)).fetchone()
        return Answer(*found) if found else None

    def rows(self, first: int, limit: int) -> Iterator[Row]:
        query = "SELECT seq, epoch, day, kind, body FROM event WHERE seq >= ? ORDER BY seq LIMIT ?"
        for seq, epoch, day, kind, body in self._db.execute(query, (first, limit)):
            yield Row(seq, epoch, day, kind, json.loads(body))

    def tend(self, before: int) -> None:
        wal = self._path.with_name(self._path.name + "-wal")
        try:
            self._db.execute(
                "DELETE FROM answer WHERE id IN (SELECT id FROM answer WHERE at < ? LIMIT 500)",
                (before,),
            )
            if wal.stat().st_size > CHECKPOINT_BYTES:
                self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except (sqlite3.Error, OSError) as err:
            log.warning("journal not tended: %s", err)

    def close(self) -> None:
        self._db.close()

    @property
    def head(self) -> bytes:
        return self._head

    def _tail(self) -> tuple[bytes, int]:
        found = self._db.execute("SELECT chain, seq FROM event ORDER BY seq DESC LIMIT 1")
        head, seq = found.fetchone() or (chain.START, 0)
        return head, seq

    def _insert(self, row: Row, head: bytes) -> None:
        self._db.execute(
            "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)",
            (row.seq, row.epoch, row.day, row.kind, chain.packed(row.body), head),
        )
        if row.kind == "day_opened":
            self._db.execute(
                "INSERT INTO day VALUES (?, ?, ?)", (row.day, row.body["date"], row.seq)
            )
        elif row.kind == "issued":
            self._db.execute(
                "INSERT INTO taken VALUES (?, ?, ?)",
                (row.day, row.body["service"], row.body["n"]),
            )

    def _failed(self, err: sqlite3.Error) -> StoreFull | StoreBroken:
        """No room: nothing was written, go on later. All else: never again on this handle."""
        name = getattr(err, "sqlite_errorname", "")
        try:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        except sqlite3.Error:
            self._broken = True
        if name.startswith(_NO_ROOM) and not self._broken:
            return StoreFull(errno.ENOSPC, f"{name}: {err}")
        self._broken = True
        return StoreBroken(errno.EIO, f"{name}: {err}")


def open_journal(path: Path) -> tuple[SqliteJournal, Found]:
    """Open, check and read the day's rows; a damaged file is put aside and a new one begun.

    Raises StoreFull (no room, read-only) or StoreBroken (locked by another process, disk error).
    """
    try:
        db = _connect(path)
        why = _damage(db)
    except Damaged as err:
        db, why = None, str(err)
    if db is not None and not why:
        return SqliteJournal(db, path), _found(db, "", "")
    if db is not None:
        db.close()
    aside = str(_put_aside(path))
    log.critical("journal put aside as %s: %s", aside, why)
    db = _connect(path)
    return SqliteJournal(db, path), _found(db, aside, why)


def _found(db: sqlite3.Connection, aside: str, why: str) -> Found:
    last = db.execute("SELECT epoch, seq FROM event ORDER BY seq DESC LIMIT 1").fetchone()
    epoch, seq = last or (1, 0)
    first = db.execute("SELECT first_seq FROM day ORDER BY day DESC LIMIT 1").fetchone()
    query = "SELECT seq, epoch, day, kind, body FROM event WHERE seq >= ? ORDER BY seq"
    rows = db.execute(query, first or (1,))
    today = tuple(Row(s, e, d, kind, json.loads(body)) for s, e, d, kind, body in rows)
    return Found(epoch, seq, today, aside, why)


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, timeout=2.0, check_same_thread=False)
    try:
        _set(db, "PRAGMA locking_mode=EXCLUSIVE", "exclusive")
        _set(db, "PRAGMA journal_mode=WAL", "wal")
        db.execute("PRAGMA synchronous=FULL")
        _set(db, "PRAGMA synchronous", 2)
        db.execute("PRAGMA wal_autocheckpoint=0")
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            _create(db)
        _expect("user_version", db.execute("PRAGMA user_version").fetchone()[0], VERSION)
    except sqlite3.Error as err:
        db.close()
        raise _opening_error(err) from err
    except StoreBroken:
        db.close()
        raise
    return db


def _opening_error(err: sqlite3.Error) -> Exception:
    name = getattr(err, "sqlite_errorname", "")
    if name.startswith(_DAMAGE):
        return Damaged(f"{name}: {err}")
    if name.startswith(_NO_ROOM):
        return StoreFull(errno.ENOSPC, f"{name}: {err}")
    return StoreBroken(errno.EIO, f"{name}: {err}")


def _set(db: sqlite3.Connection, pragma: str, expected: object) -> None:
    _expect(pragma, db.execute(pragma).fetchone()[0], expected)


def _expect(what: str, answer: object, expected: object) -> None:
    if answer != expected:
        raise StoreBroken(errno.EIO, f"{what}: {answer}, not {expected}")


def _create(db: sqlite3.Connection) -> None:
    schema = resources.files("hall.controller").joinpath("schema_v1.sql").read_text("utf-8")
    db.executescript(f"BEGIN;\n{schema}\nPRAGMA user_version={VERSION};\nCOMMIT;")


def _damage(db: sqlite3.Connection) -> str:
    """What is wrong with the file, or nothing. Verifies the chain of the last business day."""
    try:
        return _quick_check(db) or _chain_damage(db)
    except sqlite3.OperationalError as err:
        db.close()
        raise _opening_error(err) from err
    except (sqlite3.DatabaseError, ValueError, TypeError) as err:
        return f"{type(err).__name__}: {err}"


def _quick_check(db: sqlite3.Connection) -> str:
    answer = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    return "" if answer == "ok" else f"quick_check: {answer}"


def _chain_damage(db: sqlite3.Connection, first: int | None = None) -> str:
    """Verify from row `first` on (default: the last day's first)."""
    if first is None:
        found = db.execute("SELECT first_seq FROM day ORDER BY day DESC LIMIT 1").fetchone()
        first = found[0] if found else 0
    before = db.execute(
        "SELECT chain FROM event WHERE seq < ? ORDER BY seq DESC LIMIT 1", (first,)
    ).fetchone()
    query = "SELECT seq, epoch, day, kind, body, chain FROM event WHERE seq >= ? ORDER BY seq"
    rows = (
        (Row(s, e, d, kind, json.loads(body)), value)
        for s, e, d, kind, body, value in db.execute(query, (first,))
    )
    bad = chain.broken_at(before[0] if before else chain.START, rows)
    return "" if bad is None else f"chain broken at {bad}"


def _put_aside(path: Path) -> Path:
    """Rename the file with its WAL, under the first free name."""
    number = 1
    while (aside := path.with_name(f"{path.name}.bad-{number}")).exists():
        number += 1
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            os.replace(part, aside.with_name(aside.name + suffix))  # noqa: PTH105
    return aside
