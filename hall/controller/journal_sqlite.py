"""The journal in SQLite: WAL, FULL, EXCLUSIVE, one connection. One sync an append.

A file that is damaged is put aside, never deleted; what can be read of it, or the newest good
backup, takes its place.
"""

import errno
import json
import logging
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from importlib import resources
from pathlib import Path

from hall.controller import backups, chain, soundness
from hall.controller.chain import Line
from hall.controller.ports import Answer, Found, Row, StoreBroken, StoreFull, Vote

log = logging.getLogger(__name__)

VERSION = 1
# The WAL's size at which the idle loop writes it back.
CHECKPOINT_BYTES = 2 * 1024 * 1024
# Up to this size the whole file is checked at start; above it the idle loop does it row by row.
QUICK_CHECK_BYTES = 64 * 1024 * 1024
_DAMAGE = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_NO_ROOM = ("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_CANTOPEN")


class Damaged(Exception):
    """The file is not a sound journal."""


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

    def append(self, rows: Sequence[Row], answer: Answer | None) -> None:
        if self._broken:
            raise StoreBroken(errno.EIO, "store was given up")
        head = self._head
        try:
            self._db.execute("BEGIN IMMEDIATE")
            for row in rows:
                written = chain.line(head, row)
                head = written.chain
                _insert(self._db, written)
            if answer is not None:
                _insert_answer(self._db, answer)
            self._db.execute("COMMIT")
        except sqlite3.Error as err:
            raise self._failed(err) from err
        self._head = head

    def answer(self, request_id: str) -> Answer | None:
        query = "SELECT id, client, verb, digest, reply, at, seal FROM answer WHERE id = ?"
        try:
            found = self._db.execute(query, (request_id,)).fetchone()
        except sqlite3.Error as err:
            raise self._failed(err) from err
        if found is None:
            return None
        answer = Answer(*found[:-1])
        if soundness.seal(answer) != found[-1]:
            raise StoreBroken(errno.EIO, "a stored reply is damaged")
        return answer

    def rows(self, first: int, limit: int) -> Iterator[Row]:
        query = "SELECT seq, epoch, day, kind, body FROM event WHERE seq >= ? ORDER BY seq LIMIT ?"
        for seq, epoch, day, kind, body in self._db.execute(query, (first, limit)):
            yield Row(seq, epoch, day, kind, json.loads(body))

    def tend(self, before: int) -> None:
        wal = self._path.with_name(self._path.name + "-wal")
        query = "DELETE FROM answer WHERE id IN (SELECT id FROM answer WHERE at < ? LIMIT 500)"
        try:
            if self._db.execute("SELECT 1 FROM answer WHERE at < ? LIMIT 1", (before,)).fetchone():
                self._db.execute(query, (before,))
            if wal.exists() and wal.stat().st_size > CHECKPOINT_BYTES:
                self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                _warm(self._db)
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
            return f"{type(err).__name__}: {err}"

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
        if name.startswith(_NO_ROOM) and not self._broken:
            return StoreFull(errno.ENOSPC, f"{name}: {err}")
        self._broken = True
        return StoreBroken(errno.EIO, f"{name}: {err}")


def open_journal(path: Path) -> tuple[SqliteJournal, Found]:
    """Open, check and read the day's rows; put a damaged file aside and go on from what is left.

    Raises StoreFull (no room, read-only) or StoreBroken (locked by another process, disk error).
    """
    try:
        db = _connect(path)
        why = _damage(db, path)
    except Damaged as err:
        db, why = None, str(err)
    if db is not None and not why:
        return SqliteJournal(db, path), _found(db)
    if db is not None:
        db.close()
    return _replace(path, why)


def _replace(path: Path, why: str) -> tuple[SqliteJournal, Found]:
    aside, number = _put_aside(path)
    log.critical("journal put aside as %s: %s", aside, why)
    for name, source in (("", aside), *backups.newest_first(path.parent / backups.FOLDER)):
        restored = _salvage(source, path)
        if restored:
            restored = name or restored
            break
    else:
        restored = ""
    db = _connect(path)
    found = _found(db)
    return SqliteJournal(db, path), Found(
        max(found.epoch, number + 1),
        found.seq,
        found.today,
        str(aside),
        why,
        restored,
        _votes(aside),
    )


def _found(db: sqlite3.Connection) -> Found:
    last = db.execute("SELECT epoch, seq FROM event ORDER BY seq DESC LIMIT 1").fetchone()
    epoch, seq = last or (1, 0)
    query = "SELECT seq, epoch, day, kind, body FROM event WHERE seq >= ? ORDER BY seq"
    rows = db.execute(query, (soundness.last_day(db),))
    return Found(epoch, seq, tuple(Row(s, e, d, k, json.loads(b)) for s, e, d, k, b in rows))


def _connect(path: Path) -> sqlite3.Connection:
    try:
        db = sqlite3.connect(path, isolation_level=None, timeout=2.0, check_same_thread=False)
    except sqlite3.Error as err:
        raise _opening_error(err) from err
    try:
        _set(db, "PRAGMA locking_mode=EXCLUSIVE", "exclusive")
        _set(db, "PRAGMA journal_mode=WAL", "wal")
        db.execute("PRAGMA synchronous=FULL")
        _set(db, "PRAGMA synchronous", 2)
        db.execute("PRAGMA wal_autocheckpoint=0")
        if db.execute("PRAGMA user_version").fetchone()[0] == 0:
            _create(db)
        _set(db, "PRAGMA user_version", VERSION)
        _warm(db)
    except sqlite3.Error as err:
        db.close()
        raise _opening_error(err) from err
    except StoreBroken:
        db.close()
        raise
    return db


def _warm(db: sqlite3.Connection) -> None:
    """Write the WAL's header now: its sync must not fall on the next press."""
    db.execute(f"PRAGMA user_version={VERSION}")


def _opening_error(err: sqlite3.Error) -> Exception:
    name = getattr(err, "sqlite_errorname", "")
    if name.startswith(_DAMAGE):
        return Damaged(f"{name}: {err}")
    if name.startswith(_NO_ROOM):
        return StoreFull(errno.ENOSPC, f"{name}: {err}")
    return StoreBroken(errno.EIO, f"{name}: {err}")


def _set(db: sqlite3.Connection, pragma: str, expected: object) -> None:
    answer = db.execute(pragma).fetchone()[0]
    if answer != expected:
        raise StoreBroken(errno.EIO, f"{pragma}: {answer}, not {expected}")


def _create(db: sqlite3.Connection) -> None:
    schema = resources.files("hall.controller").joinpath("schema_v1.sql").read_text("utf-8")
    db.executescript(f"BEGIN;\n{schema}\nPRAGMA user_version={VERSION};\nCOMMIT;")


def _insert(db: sqlite3.Connection, row: Line) -> None:
    db.execute(
        "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)",
        (row.seq, row.epoch, row.day, row.kind, row.body, row.chain),
    )
    if row.kind == "day_opened":
        body = json.loads(row.body)
        db.execute("INSERT INTO day VALUES (?, ?, ?)", (row.day, body["date"], row.seq))
        db.execute("DELETE FROM taken WHERE day < ?", (row.day,))
    elif row.kind == "issued":
        body = json.loads(row.body)
        db.execute("INSERT INTO taken VALUES (?, ?, ?)", (row.day, body["service"], body["n"]))


def _insert_answer(db: sqlite3.Connection, answer: Answer) -> None:
    a = answer
    db.execute(
        "INSERT INTO answer VALUES (?, ?, ?, ?, ?, ?, ?)",
        (a.id, a.client, a.verb, a.digest, a.reply, a.at, soundness.seal(a)),
    )


def _damage(db: sqlite3.Connection, path: Path) -> str:
    """What is wrong with the file, or nothing."""
    try:
        if path.stat().st_size <= QUICK_CHECK_BYTES:
            answer = db.execute("PRAGMA quick_check(1)").fetchone()[0]
            if answer != "ok":
                return f"quick_check: {answer}"
        return soundness.damage(db)
    except sqlite3.OperationalError as err:
        db.close()
        raise _opening_error(err) from err
    except (sqlite3.DatabaseError, ValueError, TypeError, KeyError) as err:
        return f"{type(err).__name__}: {err}"


# --- what can be saved --------------------------------------------------------------------------


def _put_aside(path: Path) -> tuple[Path, int]:
    """Rename the file with its WAL, under the first free name; how many have been put aside."""
    number = 1
    while (aside := path.with_name(f"{path.name}.bad-{number}")).exists():
        number += 1
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            os.replace(part, aside.with_name(aside.name + suffix))  # noqa: PTH105
    return aside, number


def _copy_for_reading(source: Path, at: Path) -> Path:
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


def _salvage(source: Path, path: Path) -> str:
    """Build a journal at `path` from the sound rows of `source`; what it is, or nothing."""
    copy = _copy_for_reading(source, path)
    building = path.with_name(path.name + ".building")
    drop(building)
    rows = 0
    try:
        with closing(sqlite3.connect(copy, isolation_level=None)) as old:
            old.execute("PRAGMA locking_mode=EXCLUSIVE")
            with closing(_connect(building)) as new:
                rows = _pour(old, new)
    except (sqlite3.Error, Damaged, ValueError, TypeError, KeyError) as err:
        log.warning("nothing to be had of %s: %s", source.name, err)
    finally:
        drop(copy)
    if rows:
        os.replace(building, path)  # noqa: PTH105
        _sync_folder(path.parent)
    drop(building)
    return f"{rows} rows" if rows else ""


def _pour(old: sqlite3.Connection, new: sqlite3.Connection) -> int:
    """Copy rows up to the first that does not follow, and the replies that are whole."""
    kept = old.execute("SELECT seq, chain FROM anchor ORDER BY seq DESC LIMIT 1").fetchone()
    head, rows = bytes(kept[1]) if kept else chain.START, 0
    new.execute("BEGIN IMMEDIATE")
    if kept:
        new.execute("INSERT INTO anchor VALUES (?, ?)", kept)
    with suppress(sqlite3.DatabaseError, ValueError, TypeError, KeyError):
        for line in soundness.lines(old, 0):
            if chain.value(head, line) != line.chain:
                break
            _insert(new, line)
            head, rows = line.chain, rows + 1
    with suppress(sqlite3.DatabaseError, TypeError):
        query = "SELECT id, client, verb, digest, reply, at, seal FROM answer"
        for *columns, sealed in old.execute(query):
            if soundness.seal(Answer(*columns)) == sealed:
                _insert_answer(new, Answer(*columns))
    new.execute("COMMIT")
    new.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return rows


def _votes(aside: Path) -> tuple[Vote, ...]:
    """How far a bad file had gone, as far as it can be read; its numbers are used, sound or not."""
    copy = _copy_for_reading(aside, aside)
    votes: list[Vote] = []
    try:
        with closing(sqlite3.connect(copy, isolation_level=None)) as old:
            old.execute("PRAGMA locking_mode=EXCLUSIVE")
            seq, epoch = old.execute("SELECT max(seq), max(epoch) FROM event").fetchone()
            day, date = old.execute("SELECT day, date FROM day ORDER BY day DESC").fetchone()
            query = "SELECT service, max(n) FROM taken WHERE day = ? GROUP BY service"
            tops = {str(s): int(n) for s, n in old.execute(query, (day,))}
            votes.append(Vote(int(epoch), int(seq), str(date), tops))
    except (sqlite3.Error, ValueError, TypeError) as err:
        log.warning("%s says nothing of its numbers: %s", aside.name, err)
    finally:
        drop(copy)
    return tuple(votes)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
