"""Paired browsers and open codes on disk: hashes only, so that the file opens no door.

A rollback journal and not a WAL: it is read far more than written, also when the disk is full,
and `motcua pair` opens it beside the pages.
"""

import logging
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from hall.counter.door.access import Place, place_of
from hall.counter.door.browsers import Newcomer, PairedBrowser

log = logging.getLogger(__name__)

NAME = "doors.db"
_LOCK_S = 2.0
# Ended ones are kept so long, to be told why they have no place any more.
_KEPT_S = 90 * 24 * 3600
_SCHEMA = Path(__file__).with_name("schema_v1.sql")
_BROWSER = (
    "SELECT id, name, address, made, seen, clerk, clerk_since, ended, "
    "(SELECT group_concat(place) FROM place WHERE browser = id) FROM browser"
)


class DoorStoreError(Exception):
    """Nothing can be kept now, or read."""


class DoorStore:
    """Used by one thread at a time; several processes may have one each."""

    def __init__(self, path: Path) -> None:
        """Raises DoorStoreError, also where the file is damaged."""
        try:
            # Before SQLite makes it with the rights that the umask leaves.
            path.touch(0o600)
            self._db = sqlite3.connect(
                path, timeout=_LOCK_S, isolation_level=None, check_same_thread=False
            )
        except (OSError, sqlite3.Error) as err:
            raise DoorStoreError(f"{path}: {err}") from err
        try:
            (state,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
            if state != "ok":
                raise sqlite3.DatabaseError(str(state))
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.executescript(_SCHEMA.read_text(encoding="utf-8"))
        except sqlite3.Error as err:
            self._db.close()
            raise DoorStoreError(f"{path}: {err}") from err

    @classmethod
    def open(cls, path: Path) -> Self:
        """A damaged file is put aside, and every browser pairs again. Raises DoorStoreError."""
        try:
            return cls(path)
        except DoorStoreError as err:
            if not path.exists() or not isinstance(err.__cause__, sqlite3.DatabaseError):
                raise
            if isinstance(err.__cause__, sqlite3.OperationalError):
                raise
            log.error("the paired browsers could not be read, all pair again: %s", err)  # noqa: TRY400
            path.replace(path.with_suffix(".bad"))
            return cls(path)

    def close(self) -> None:
        self._db.close()

    def put_code(self, place: Place, digest: str, now: float) -> None:
        """In place of the place's earlier one. Raises DoorStoreError."""
        with self.writing() as db:
            db.execute("INSERT OR REPLACE INTO code VALUES (?, ?, ?)", (str(place), digest, now))

    def take_code(self, digest: str, now: float, lasts_s: float) -> Place | None:
        """Whose it is, and its end: it pairs once. Raises DoorStoreError."""
        with self.writing() as db:
            # A clock that was set back makes no code older, and none younger than it is.
            db.execute("DELETE FROM code WHERE abs(? - made) > ?", (now, lasts_s))
            row = db.execute(
                "DELETE FROM code WHERE hash = ? RETURNING place", (digest,)
            ).fetchone()
        return None if row is None else place_of(row[0])

    def admit(self, token: str, place: Place, newcomer: Newcomer, now: float) -> int:
        """A new browser; `token`: its hash. Raises DoorStoreError."""
        with self.writing() as db:
            values = (token, newcomer.name, newcomer.address, now, now)
            (number,) = db.execute(
                "INSERT INTO browser (token, name, address, made, seen) VALUES (?, ?, ?, ?, ?) "
                "RETURNING id",
                values,
            ).fetchone()
            db.execute("INSERT INTO place VALUES (?, ?)", (number, str(place)))
            db.execute(
                "DELETE FROM place WHERE browser IN (SELECT id FROM browser WHERE ended < ?)",
                (now - _KEPT_S,),
            )
            db.execute("DELETE FROM browser WHERE ended < ?", (now - _KEPT_S,))
        return int(number)

    def admit_again(self, number: int, token: str, place: Place) -> None:
        """A paired one has another place too, and another token. Raises DoorStoreError."""
        with self.writing() as db:
            db.execute("UPDATE browser SET token = ? WHERE id = ?", (token, number))
            db.execute("INSERT OR IGNORE INTO place VALUES (?, ?)", (number, str(place)))

    def find(self, token: str) -> PairedBrowser | None:
        """By the hash of its token, also one that counts no more. Raises DoorStoreError."""
        return next(self._read("WHERE token = ?", (token,)), None)

    def all(self) -> tuple[PairedBrowser, ...]:
        """Those that were not revoked, last seen first. Raises DoorStoreError."""
        return tuple(self._read("WHERE ended IS NULL ORDER BY seen DESC, id"))

    def note_seen(self, number: int, address: str, now: float) -> None:
        """Raises DoorStoreError."""
        with self.writing() as db:
            values = (now, address, number)
            db.execute("UPDATE browser SET seen = ?, address = ? WHERE id = ?", values)

    def revoke(self, number: int, now: float) -> bool:
        """Whether there was one to revoke. Raises DoorStoreError."""
        with self.writing() as db:
            values = (now, number)
            query = "UPDATE browser SET ended = ? WHERE id = ? AND ended IS NULL"
            return db.execute(query, values).rowcount > 0

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """All of it or nothing, durable at the end. Raises DoorStoreError."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
        except sqlite3.Error as err:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise DoorStoreError(str(err)) from err

    def read(self, query: str, values: Iterable[object] = ()) -> list[Any]:
        """All rows. Raises DoorStoreError."""
        try:
            return self._db.execute(query, tuple(values)).fetchall()
        except sqlite3.Error as err:
            raise DoorStoreError(str(err)) from err

    def _read(self, where: str, values: Iterable[object] = ()) -> Iterator[PairedBrowser]:
        return map(_browser, self.read(f"{_BROWSER} {where}", values))


def _browser(
    row: tuple[int, str, str, int, int, str | None, int, int | None, str | None],
) -> PairedBrowser:
    number, name, address, made, seen, clerk, clerk_since, ended, places = row
    held = frozenset(map(place_of, (places or "").split(",")))
    return PairedBrowser(number, name, address, held, made, seen, clerk, clerk_since, ended)
