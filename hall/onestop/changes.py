"""What a list of dossiers changes in the store in use, written beside it and put in at one stroke.

kind, dossier   what is new, or not as it was
gone            codes that the list has not any more
received_on, resolved_on, total   what is added to, or taken from, each count
made            how the rows were read

Rows whose cells are as they were are not read again: the digests of the store in use tell them.
"""

import sqlite3
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hall.onestop.dossiers import Listed
from hall.onestop.store import (
    Compared,
    DossierStoreError,
    Kinds,
    Written,
    clashes,
    create,
    read_only,
    row,
)
from hall.onestop.tables import COLUMNS, CONTENT, PUT, TALLIES

# Whether a row is in use with this digest; asking marks it as still there.
IsSame = Callable[[int], bool]
_GONE = "CREATE TABLE gone (code TEXT PRIMARY KEY) WITHOUT ROWID"
_TOUCHED = "SELECT code FROM main.dossier UNION ALL SELECT code FROM main.gone"
_ROWS = ", ".join((*COLUMNS, "clash"))
_SAME = " AND ".join(f"u.{name} IS n.{name}" for name in (*CONTENT, "clash"))
_NO = COLUMNS.index("no")
_CONTENT = slice(1, 1 + len(CONTENT))
# The counts as they will be, under the names of the tables themselves: what `tallies` reads.
_VIEWS = (
    *(
        f"CREATE TEMP VIEW {name} AS SELECT * FROM used.{name} UNION ALL SELECT * FROM main.{name}"  # noqa: S608 - ours
        for name in ("kind", *(tally.name for tally in TALLIES))
    ),
    (
        "CREATE TEMP VIEW dossier AS SELECT * FROM main.dossier UNION ALL"  # noqa: S608 - ours
        f" SELECT * FROM used.dossier WHERE code NOT IN ({_TOUCHED})"
    ),
)


@dataclass(frozen=True, slots=True)
class Changed:
    """`compared` tells what the list changes; `written` what it holds, as of a whole list."""

    written: Written
    compared: Compared


def write(path: Path, used: Path, listed: Callable[[IsSame], Iterator[Listed]]) -> Changed:
    """Write what a list changes in the store `used`; that stays. Raises DossierStoreError."""
    try:
        with closing(create(path)) as connection:
            connection.execute("COMMIT")
            connection.execute(_GONE)
            connection.execute("ATTACH ? AS used", (read_only(used),))
            connection.execute("BEGIN")
            connection.execute("INSERT INTO main.made SELECT reading FROM used.made")
            staging = _Staging(connection)
            for each in listed(staging.is_same):
                staging.put(each)
            changed = staging.ended()
            connection.execute("COMMIT")
            return changed
    except (sqlite3.Error, OSError) as err:
        raise DossierStoreError(f"không ghi được {path.name}: {err}") from err


@contextmanager
def seen_through(path: Path, used: Path) -> Iterator[sqlite3.Connection]:
    """The counts of the store in use with these changes in it. Raises sqlite3.Error."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("ATTACH ? AS used", (read_only(used),))
        for view in _VIEWS:
            connection.execute(view)
        yield connection


def put_in(path: Path, used: Path) -> None:
    """Make the changes in the store in use: all of them or none, also when the power goes.

    Who reads meanwhile is not kept waiting. Raises DossierStoreError.
    """
    try:
        with closing(sqlite3.connect(used, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("ATTACH ? AS staged", (read_only(path),))
            connection.execute("BEGIN IMMEDIATE")
            _put_in(connection)
            connection.execute("COMMIT")
            connection.execute("DETACH staged")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as err:
        raise DossierStoreError(f"không ghi được {used.name}: {err}") from err


def _put_in(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO main.kind SELECT * FROM staged.kind")
    connection.execute("DELETE FROM main.dossier WHERE code IN (SELECT code FROM staged.gone)")
    connection.execute(
        f"INSERT OR REPLACE INTO main.dossier ({_ROWS}) SELECT {_ROWS} FROM staged.dossier"  # noqa: S608
    )
    for tally in TALLIES:
        connection.execute(
            f"INSERT INTO main.{tally.name} SELECT * FROM staged.{tally.name}"  # noqa: S608 - ours
            f" WHERE true{tally.added}"
        )
        connection.execute(f"DELETE FROM main.{tally.name} WHERE count = 0")  # noqa: S608 - ours


@dataclass(slots=True)
class _Staging:
    """Compares row by row. In memory: 17 bytes a row of the store in use."""

    connection: sqlite3.Connection
    rows: int = 0
    kept: int = 0
    _digests: "array[int]" = field(init=False)
    _numbers: "array[int]" = field(init=False)
    _seen: bytearray = field(init=False)
    _kinds: Kinds = field(init=False)
    _known: int = field(init=False)
    _next: int = field(init=False)

    def __post_init__(self) -> None:
        self._digests, self._numbers = array("q"), array("q")
        for digest, number in self.connection.execute(
            "SELECT digest, no FROM used.dossier WHERE digest IS NOT NULL ORDER BY digest"
        ):
            self._digests.append(digest)
            self._numbers.append(number)
        self._known, last = self.connection.execute(
            "SELECT count(*), coalesce(max(no), 0) FROM used.dossier"
        ).fetchone()
        self._next = last + 1
        self._seen = bytearray(last + 1)
        self._kinds = Kinds(self.connection, self.connection.execute("SELECT * FROM used.kind"))

    def is_same(self, digest: int) -> bool:
        at = bisect_left(self._digests, digest)
        if at == len(self._digests) or self._digests[at] != digest:
            return False
        number = self._numbers[at]
        if self._seen[number]:
            return False  # Its code came before, maybe with other content.
        self.rows += 1
        self._see(number)
        return True

    def _see(self, number: int) -> None:
        self.kept += not self._seen[number]
        self._seen[number] = 1

    def put(self, listed: Listed) -> None:
        self.rows += 1
        code = listed.dossier.code
        used = self._row("used", code)
        if used is None:
            values = row(listed, self._kinds, self._next)
            self._next += 1
            self.connection.execute(PUT, values)
            return
        number = int(used[_NO])
        first = not self._seen[number]
        values = row(listed, self._kinds, number)
        self._see(number)
        if self._row("main", code) is None:
            if values[_CONTENT] == used[_CONTENT] and not used[-1]:
                return
            if not first:
                self._copy(code)
        self.connection.execute(PUT, values)

    def _row(self, schema: str, code: str) -> tuple[Any, ...] | None:
        """A code's row: COLUMNS, then clash."""
        found = self.connection.execute(
            f"SELECT {_ROWS} FROM {schema}.dossier WHERE code = ?",  # noqa: S608 - names of ours
            (code,),
        ).fetchone()
        return None if found is None else tuple(found)

    def _copy(self, code: str) -> None:
        """The row in use was in the list too: another one with its code is one of two."""
        self.connection.execute(
            f"INSERT INTO main.dossier ({_ROWS}) SELECT {_ROWS} FROM used.dossier"  # noqa: S608
            " WHERE code = ?",
            (code,),
        )

    def ended(self) -> Changed:
        """Call it when the list has ended."""
        every = self.connection.execute("SELECT code, no FROM used.dossier")
        self.connection.executemany(
            "INSERT INTO main.gone VALUES (?)",
            ((code,) for code, number in every if not self._seen[number]),
        )
        # A code that came twice before and does again is as it was.
        self.connection.execute(
            "DELETE FROM main.dossier AS n WHERE EXISTS (SELECT 1 FROM used.dossier AS u"  # noqa: S608
            f" WHERE u.code = n.code AND {_SAME})"
        )
        before = f"(SELECT * FROM used.dossier WHERE code IN ({_TOUCHED}))"  # noqa: S608 - ours
        for tally in TALLIES:
            self.connection.execute(tally.counted(before, "-"))
            self.connection.execute(tally.counted("main.dossier"))
        return self._changed()

    def _changed(self) -> Changed:
        count, changed = self.connection.execute(
            "SELECT count(*), count(u.code) FROM main.dossier AS n"
            " LEFT JOIN used.dossier AS u ON u.code = n.code"
        ).fetchone()
        (twice,) = self.connection.execute(
            f"SELECT count(*) FROM used.dossier WHERE clash AND code NOT IN ({_TOUCHED})"  # noqa: S608
        ).fetchone()
        fresh, gone = count - changed, self._known - self.kept
        clashing, some = clashes(self.connection)
        held = self._known - gone + fresh
        return Changed(
            Written(self.rows, held, clashing + twice, some),
            Compared(fresh, changed, gone, self._known),
        )
