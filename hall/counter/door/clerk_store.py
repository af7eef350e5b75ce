"""Clerks on disk, beside the browsers at which they sign in; of a PIN the hash alone."""

from dataclasses import dataclass

from hall.counter.door.clerks import Clerk
from hall.counter.door.store import DoorStore

_CLERK = "SELECT id, name, is_head, hash, first_until, gone FROM clerk"


@dataclass(frozen=True, slots=True)
class ClerkStore:
    """Raises DoorStoreError where nothing can be kept or read."""

    doors: DoorStore

    def is_used(self) -> bool:
        """Whether there is any clerk, so that people sign in here."""
        return bool(self.doors.read("SELECT 1 FROM clerk WHERE gone IS NULL LIMIT 1"))

    def all(self) -> tuple[Clerk, ...]:
        """Those who have not left, by name."""
        rows = self.doors.read(f"{_CLERK} WHERE gone IS NULL ORDER BY name, id")
        return tuple(map(_clerk, rows))

    def find(self, clerk: str) -> Clerk | None:
        """Also who has left."""
        rows = self.doors.read(f"{_CLERK} WHERE id = ?", (clerk,))
        return _clerk(rows[0]) if rows else None

    def put(self, clerk: Clerk, now: int) -> None:
        """A new one, or the same one with another name, right or PIN: signed out everywhere."""
        values = (clerk.id, clerk.name, int(clerk.is_head), clerk.hash, clerk.first_until, now)
        with self.doors.writing() as db:
            db.execute(
                "INSERT INTO clerk VALUES (?, ?, ?, ?, ?, ?, NULL) ON CONFLICT (id) DO UPDATE SET "
                "name = excluded.name, is_head = excluded.is_head, hash = excluded.hash, "
                "first_until = excluded.first_until, gone = NULL",
                values,
            )
            db.execute("UPDATE browser SET clerk = NULL WHERE clerk = ?", (clerk.id,))

    def remove(self, clerk: str, now: int) -> bool:
        """Whether there was one. The id stays theirs: the journal names it."""
        with self.doors.writing() as db:
            values = (now, clerk)
            query = "UPDATE clerk SET gone = ?, hash = '' WHERE id = ? AND gone IS NULL"
            found = db.execute(query, values).rowcount > 0
            db.execute("UPDATE browser SET clerk = NULL WHERE clerk = ?", (clerk,))
        return found

    def sign_in(self, browser: int, token: str, clerk: str, now: int) -> None:
        """`token`: the hash of the browser's new one."""
        with self.doors.writing() as db:
            values = (token, clerk, now, browser)
            query = "UPDATE browser SET token = ?, clerk = ?, clerk_since = ? WHERE id = ?"
            db.execute(query, values)

    def sign_out(self, browser: int) -> None:
        with self.doors.writing() as db:
            db.execute("UPDATE browser SET clerk = NULL WHERE id = ?", (browser,))


def _clerk(row: tuple[str, str, int, str, int | None, int | None]) -> Clerk:
    mark, name, is_head, hashed, first_until, gone = row
    return Clerk(mark, name, bool(is_head), hashed, first_until, gone)
