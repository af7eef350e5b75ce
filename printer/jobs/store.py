"""The dispenser's journal on disk: one row per attempt, durable before the first byte leaves."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from hall.contract.requests import IssueData
from hall.runtime.daemon import Fatal
from printer.jobs.attempts import Attempt, AttemptStage, Result

KEPT = 3000
# Long enough for the daemon before us to let go, short enough to be told of a second one.
LOCK_S = 1.0
_SCHEMA = Path(__file__).with_name("schema_v1.sql")
_COLUMNS = "id, ticket, data, at, stage, reprint, clock_unsure, result, told"


class AttemptStoreError(Fatal):
    """The journal cannot be kept: nothing may be printed, and the daemon begins anew."""

    def __init__(self, why: str) -> None:
        super().__init__(3, f"sổ in không dùng được: {why}")


class Store:
    """One connection, exclusive: a second dispenser on the same file is refused."""

    def __init__(self, path: Path) -> None:
        try:
            # Wiring and loop are two threads where one process runs several roles.
            self._db = sqlite3.connect(
                path, timeout=LOCK_S, isolation_level=None, check_same_thread=False
            )
        except sqlite3.Error as err:
            raise AttemptStoreError(f"{path}: {err}") from err
        try:
            self._db.execute("PRAGMA locking_mode=EXCLUSIVE")
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.execute("PRAGMA wal_autocheckpoint=0")
            self._db.executescript(_SCHEMA.read_text(encoding="utf-8"))
        except sqlite3.Error as err:
            self._db.close()
            raise AttemptStoreError(f"{path}: {err}") from err

    def put(self, attempt: Attempt) -> None:
        """Write the attempt as it now is. Durable on return. Raises AttemptStoreError."""
        try:
            self._db.execute(
                f"INSERT INTO attempt ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?) "  # noqa: S608
                "ON CONFLICT (id) DO UPDATE SET stage=excluded.stage, result=excluded.result, "
                "told=excluded.told",
                _row(attempt),
            )
        except sqlite3.Error as err:
            raise AttemptStoreError(str(err)) from err

    def of_ticket(self, ticket: str) -> tuple[Attempt, ...]:
        """Every attempt of a ticket, oldest first."""
        return self._read("WHERE ticket = ? ORDER BY n", (ticket,))

    def latest(self) -> Attempt | None:
        """The last paper that may have come out."""
        found = self._read(
            "WHERE stage IN ('sent', 'confirmed', 'unknown') ORDER BY n DESC LIMIT 1"
        )
        return found[0] if found else None

    def open(self) -> tuple[Attempt, ...]:
        """Attempts that are not over, or whose end the controller has not heard of."""
        return self._read("WHERE told = 0 OR result IS NULL AND stage != 'confirmed' ORDER BY n")

    def fact(self, name: str) -> str | None:
        row = self._db.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def note(self, name: str, value: str) -> None:
        """Remember a fact. Raises AttemptStoreError."""
        try:
            self._db.execute(
                "INSERT INTO fact VALUES (?, ?) "
                "ON CONFLICT (name) DO UPDATE SET value=excluded.value",
                (name, value),
            )
        except sqlite3.Error as err:
            raise AttemptStoreError(str(err)) from err

    def tidy(self) -> None:
        """Forget the oldest papers and fold the log; called when nothing is being printed."""
        self._db.execute(
            "DELETE FROM attempt WHERE told = 1 AND n <= (SELECT max(n) FROM attempt) - ?", (KEPT,)
        )
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        self._db.close()

    def _read(self, where: str, values: Iterable[object] = ()) -> tuple[Attempt, ...]:
        query = f"SELECT {_COLUMNS} FROM attempt {where}"  # noqa: S608 - our own words
        return tuple(_attempt(row) for row in self._db.execute(query, tuple(values)))


def _row(attempt: Attempt) -> tuple[object, ...]:
    return (
        attempt.id,
        attempt.ticket,
        attempt.data.model_dump_json(),
        attempt.at.isoformat(),
        attempt.stage.value,
        int(attempt.reprint),
        int(attempt.clock_unsure),
        attempt.result,
        int(attempt.told),
    )


def _attempt(row: tuple[object, ...]) -> Attempt:
    ident, _, data, at, stage, reprint, unsure, result, told = row
    return Attempt(
        id=str(ident),
        data=IssueData.model_validate_json(str(data)),
        at=datetime.fromisoformat(str(at)),
        stage=AttemptStage(stage),
        reprint=bool(reprint),
        clock_unsure=bool(unsure),
        result=_RESULTS.get(str(result)),
        told=bool(told),
    )


_RESULTS: dict[str, Result] = {"printed": "printed", "failed": "failed", "unknown": "unknown"}
