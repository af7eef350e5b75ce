"""The journal in SQLite: WAL, FULL, EXCLUSIVE, one connection. One sync an append.

A file that is damaged is put aside, never deleted; what can be read of it, or the newest good
backup, takes its place.
"""

import errno
import json
import logging
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from hall.controller import backups, chain, salvage_sqlite, soundness, store_sqlite
from hall.controller.ports import (
    JournalEntry,
    JournalRow,
    OpenedJournal,
    StoreBroken,
    StoredReply,
    StoreFull,
)

log = logging.getLogger(__name__)

# The WAL's size at which the idle loop writes it back.
CHECKPOINT_BYTES = 2 * 1024 * 1024
# And at which it is done though people press: a rogue must not fill the card with it.
SWOLLEN_BYTES = 16 * 1024 * 1024
# Up to this size the whole file is checked at start; above it the idle loop does it row by row.
QUICK_CHECK_BYTES = 64 * 1024 * 1024


class SqliteJournal:
    """Open with `open_journal`. Not for two threads, not for two processes."""

    def __init__(self, db: sqlite3.Connection, path: Path) -> None:
        self._db = db
        self._path = path
        found = db.execute("SELECT chain FROM event ORDER BY seq DESC LIMIT 1").fetchone()
        kept = db.execute("SELECT chain FROM anchor ORDER BY seq DESC LIMIT 1").fetchone()
        self._head: bytes = (found or kept or (chain.START,))[0]
        self._inspected = 0
        self._broken = False

    def append(self, entries: Sequence[JournalEntry]) -> None:
        if self._broken:
            raise StoreBroken(errno.EIO, "store was given up")
        head = self._head
        try:
            self._db.execute("BEGIN IMMEDIATE")
            for entry in entries:
                for row in entry.rows:
                    written = chain.line(head, row)
                    head = written.chain
                    store_sqlite.insert(self._db, written, row.body)
                if entry.answer is not None:
                    store_sqlite.insert_answer(self._db, entry.answer)
            self._db.execute("COMMIT")
        except sqlite3.Error as err:
            raise self._failed(err) from err
        self._head = head

    def answer(self, request_id: str) -> StoredReply | None:
        query = "SELECT id, client, verb, digest, reply, at, seal FROM answer WHERE id = ?"
        try:
            found = self._db.execute(query, (request_id,)).fetchone()
        except sqlite3.Error as err:
            raise self._failed(err) from err
        if found is None:
            return None
        answer = StoredReply(*found[:-1])
        if soundness.seal(answer) != found[-1]:
            raise StoreBroken(errno.EIO, "a stored reply is damaged")
        return answer

    def rows(self, first: int, limit: int) -> Iterator[JournalRow]:
        query = "SELECT seq, epoch, day, kind, body FROM event WHERE seq >= ? ORDER BY seq LIMIT ?"
        for seq, epoch, day, kind, body in self._db.execute(query, (first, limit)):
            yield JournalRow(seq, epoch, day, kind, json.loads(body))

    def is_swollen(self) -> bool:
        return self._wal_bytes() > SWOLLEN_BYTES

    def _wal_bytes(self) -> int:
        try:
            return self._path.with_name(self._path.name + "-wal").stat().st_size
        except FileNotFoundError:
            return 0

    def tend(self, before: int) -> None:
        query = "DELETE FROM answer WHERE id IN (SELECT id FROM answer WHERE at < ? LIMIT 500)"
        try:
            if self._db.execute("SELECT 1 FROM answer WHERE at < ? LIMIT 1", (before,)).fetchone():
                self._db.execute(query, (before,))
            if self._wal_bytes() > CHECKPOINT_BYTES:
                self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                store_sqlite.warm(self._db)
        except sqlite3.Error as err:
            failed = self._failed(err)
            if not isinstance(failed, StoreFull):
                raise failed from err
            log.warning("journal not tended: %s", failed)

    def inspect(self, rows: int) -> str:
        first = self._inspected + 1
        try:
            query = (
                "SELECT max(seq) FROM (SELECT seq FROM event WHERE seq >= ? ORDER BY seq LIMIT ?)"
            )
            (last,) = self._db.execute(query, (first, rows)).fetchone()
            if last is None:
                self._inspected = 0
                return ""
            self._inspected = last
            return soundness.chain_damage(self._db, first, last)
        except (sqlite3.Error, ValueError, TypeError) as err:
            return soundness.unreadable(err)

    @property
    def inspected(self) -> int:
        return self._inspected

    def forget(self, date: str, rows: int) -> bool:
        query = "SELECT first_seq FROM day WHERE date >= ? ORDER BY day LIMIT 1"
        kept = self._db.execute(query, (date,)).fetchone()
        end = kept[0] if kept else soundness.last_day(self._db)
        query = "SELECT seq, chain FROM event WHERE seq < ? ORDER BY seq LIMIT 1 OFFSET ?"
        cut = self._db.execute(query, (end, rows - 1)).fetchone()
        query = "SELECT seq, chain FROM event WHERE seq < ? ORDER BY seq DESC LIMIT 1"
        cut = cut or self._db.execute(query, (end,)).fetchone()
        if cut is None:
            return False
        try:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("DELETE FROM event WHERE seq <= ?", (cut[0],))
            self._db.execute("DELETE FROM day WHERE first_seq <= ?", (cut[0],))
            self._db.execute("DELETE FROM anchor")
            self._db.execute("INSERT INTO anchor VALUES (?, ?)", cut)
            self._db.execute("COMMIT")
        except sqlite3.Error as err:
            raise self._failed(err) from err
        return True

    def back_up(self, keep: int) -> str:
        folder = self._path.parent / backups.FOLDER
        (seq,) = self._db.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()
        try:
            target = backups.begin(folder, seq)
            self._db.execute("VACUUM INTO ?", (str(target),))
            return backups.finish(target, keep).name
        except (sqlite3.Error, OSError) as err:
            raise StoreFull(errno.ENOSPC, f"backup: {err}") from err

    def size(self) -> int:
        return self._path.stat().st_size

    def close(self) -> None:
        self._db.close()

    @property
    def head(self) -> bytes:
        return self._head

    def _failed(self, err: sqlite3.Error) -> Exception:
        """No room: nothing was written, go on later. All else: never again on this handle."""
        name = getattr(err, "sqlite_errorname", "")
        try:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        except sqlite3.Error:
            self._broken = True
        if isinstance(err, sqlite3.IntegrityError) and not self._broken:
            return RuntimeError(f"the store's own guard refused: {err}")
        if name.startswith(store_sqlite.NO_ROOM) and not self._broken:
            return StoreFull(errno.ENOSPC, f"{name}: {err}")
        self._broken = True
        return StoreBroken(errno.EIO, f"{name}: {err}")


def open_journal(path: Path) -> tuple[SqliteJournal, OpenedJournal]:
    """Open, check and read the day's rows; put a damaged file aside and go on from what is left.

    Raises StoreFull (no room, read-only) or StoreBroken (locked by another process, disk error).
    """
    try:
        db = store_sqlite.connect(path)
        why = _damage(db, path)
    except store_sqlite.Damaged as err:
        db, why = None, str(err)
    if db is not None and not why:
        return SqliteJournal(db, path), _found(db)
    if db is not None:
        db.close()
    return _replace(path, why)


def _replace(path: Path, why: str) -> tuple[SqliteJournal, OpenedJournal]:
    aside, number = salvage_sqlite.put_aside(path)
    log.critical("journal put aside as %s: %s", aside, why)
    restored = _furthest(aside, path)
    db = store_sqlite.connect(path)
    found = _found(db)
    return SqliteJournal(db, path), OpenedJournal(
        max(found.epoch, number + 1),
        found.seq,
        found.today,
        str(aside),
        why,
        restored,
        salvage_sqlite.marks(aside),
    )


def _furthest(aside: Path, path: Path) -> str:
    """Put what reaches furthest in the journal's place; what it is, or nothing.

    One bad row of years ago ends what can be had of the file, but not of an older copy.
    """
    saved = salvage_sqlite.salvage(aside, path)
    restored = str(saved) if saved.rows else ""
    for name, source in backups.newest_first(path.parent / backups.FOLDER):
        if backups.seq(name) <= saved.end:
            break
        copy = salvage_sqlite.salvage(source, path, saved.end)
        if copy.end > saved.end:
            saved, restored = copy, name
    return restored


def _found(db: sqlite3.Connection) -> OpenedJournal:
    last = db.execute("SELECT epoch, seq FROM event ORDER BY seq DESC LIMIT 1").fetchone()
    epoch, seq = last or (1, 0)
    query = "SELECT seq, epoch, day, kind, body FROM event WHERE seq >= ? ORDER BY seq"
    rows = db.execute(query, (soundness.last_day(db),))
    return OpenedJournal(
        epoch, seq, tuple(JournalRow(s, e, d, k, json.loads(b)) for s, e, d, k, b in rows)
    )


def _damage(db: sqlite3.Connection, path: Path) -> str:
    """What is wrong with the file, or nothing."""
    try:
        if path.stat().st_size <= QUICK_CHECK_BYTES:
            answer = db.execute("PRAGMA quick_check(1)").fetchone()[0]
            if answer != "ok":
                return f"tệp hỏng ({answer})"
        return soundness.damage(db)
    except sqlite3.OperationalError as err:
        db.close()
        raise store_sqlite.opening_error(err) from err
    except (sqlite3.DatabaseError, ValueError, TypeError, KeyError) as err:
        return soundness.unreadable(err)
