"""Reads a journal that is not ours to write: a copy of it, so a running hall is not held up."""

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from hall.controller import backups, salvage_sqlite, soundness, store_sqlite
from hall.controller.ports import JournalRow

# Of the library that writes journals on this machine.
SQLITE_VERSION = sqlite3.sqlite_version
STEP = 20_000
TRIES = 3
# Hears up to which row, of which last one, the chain has been verified.
Progress = Callable[[int, int], None]


class JournalUnreadable(Exception):
    """There is no journal here, or it cannot be read."""


class Spoilt(JournalUnreadable):
    """There is one, and it is damaged."""


class InUse(Exception):
    """A controller is running on this journal."""


@dataclass(frozen=True, slots=True)
class JournalDay:
    day: int
    date: str
    first_seq: int


class Ledger:
    """The rows of a journal as they were when it was opened."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def days(self) -> list[JournalDay]:
        found = self._db.execute("SELECT day, date, first_seq FROM day ORDER BY day")
        return [JournalDay(*row) for row in found]

    def count(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM event").fetchone()[0])

    def end(self) -> tuple[int, int]:
        """Epoch and sequence number of the last row."""
        found = self._db.execute("SELECT epoch, seq FROM event ORDER BY seq DESC LIMIT 1")
        epoch, seq = found.fetchone() or (1, 0)
        return epoch, seq

    def rows(self, first: int = 0, last: int = 2**62) -> Iterator[JournalRow]:
        for line in soundness.lines(self._db, first, last):
            try:
                body = json.loads(line.body.encode())
            except ValueError as err:
                raise Spoilt(f"dòng {line.seq} không đọc được") from err
            yield JournalRow(line.seq, line.epoch, line.day, line.kind, body)

    def of_day(self, day: JournalDay) -> Iterator[JournalRow]:
        later = [d.first_seq for d in self.days() if d.first_seq > day.first_seq]
        return self.rows(day.first_seq, min(later, default=2**62) - 1)

    def damage(self, progress: Progress) -> str:
        """What is wrong with the file, or nothing."""
        try:
            answer = self._db.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if answer != "ok":
                return f"tệp hỏng ({answer})"
            return self._chain_damage(progress) or soundness.whole_damage(self._db)
        except (sqlite3.Error, ValueError, TypeError, KeyError) as err:
            return soundness.unreadable(err)

    def _chain_damage(self, progress: Progress) -> str:
        low, high = self._db.execute("SELECT min(seq), max(seq) FROM event").fetchone()
        for first in range(low or 0, (high or 0) + 1, STEP):
            wrong = soundness.chain_damage(self._db, first, first + STEP - 1)
            if wrong:
                return wrong
            progress(min(first + STEP - 1, high), high)
        return ""

    def copy_to(self, target: Path) -> None:
        """Write a compact copy. Raises Spoilt."""
        try:
            self._db.execute("VACUUM INTO ?", (str(target),))
        except sqlite3.Error as err:
            raise Spoilt(soundness.unreadable(err)) from err


@contextmanager
def ledger(path: Path) -> Iterator[Ledger]:
    """Open a copy of a journal. Raises JournalUnreadable."""
    if not path.exists():
        raise JournalUnreadable(f"không có nhật ký ở {path}")
    with (
        tempfile.TemporaryDirectory(prefix="motcua-") as folder,
        closing(_steady(path, Path(folder) / "journal.db")) as db,
    ):
        yield Ledger(db)


def _steady(path: Path, place: Path) -> sqlite3.Connection:
    """A copy in which a running controller did not write half a page while it was made."""
    for left in reversed(range(TRIES)):
        copy = store_sqlite.copy_for_reading(path, place)
        db = store_sqlite.read_copy(copy)
        try:
            db.execute("PRAGMA locking_mode=EXCLUSIVE")
            if not soundness.damage(db) or not left:
                return db
        except (sqlite3.Error, ValueError, TypeError, KeyError) as err:
            if not left:
                db.close()
                raise Spoilt(soundness.unreadable(err)) from err
        db.close()
    raise Spoilt(path.name)


def back_up(path: Path, folder: Path, keep: int, progress: Progress) -> Path:
    """A copy beside the others in `folder`. Raises JournalUnreadable or OSError.

    Not of a damaged journal: a damaged copy would in time drive out the last good one.
    """
    with ledger(path) as book:
        wrong = book.damage(progress)
        if wrong:
            raise Spoilt(wrong)
        part = backups.begin(folder, book.end()[1])
        book.copy_to(part)
        return backups.finish(part, keep)


def is_sound(copy: Path, progress: Progress) -> bool:
    """Whether a backup is what was written, and was sound when it was."""
    try:
        with ledger(copy) as book:
            return backups.is_whole(copy) and not book.damage(progress)
    except JournalUnreadable:
        return False


def restore(path: Path, source: Path) -> tuple[Path | None, str]:
    """Put `source`'s sound rows in the place of the journal; where the old one went, what came.

    Raises InUse, or Unreadable when nothing can be had of `source`.
    """
    _check_free(path)
    aside = salvage_sqlite.put_aside(path)[0] if path.exists() else None
    came = salvage_sqlite.salvage(source, path)
    if not came.rows:
        if aside is not None:
            shutil.copyfile(aside, path)
        raise JournalUnreadable(f"{source} không đọc được")
    return aside, str(came)


def _check_free(path: Path) -> None:
    if not path.exists():
        return
    with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as db:
        try:
            db.execute("BEGIN EXCLUSIVE")
            db.execute("ROLLBACK")
        except sqlite3.OperationalError as err:
            if getattr(err, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
                raise InUse(str(path)) from err
        except sqlite3.DatabaseError:
            return
