"""What the pages know of the journal, in a file of their own: deleted at any time, read anew.

One writer, the service's loop; readers open a connection each. WAL without a sync a write: a power
cut loses the newest lines, which are asked for again.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass, fields, replace
from importlib.resources import files
from pathlib import Path
from typing import ClassVar

from hall.counter.head.past_acts import PastAct

VERSION = 1
# Lines are kept this long for `who did what`; the figures of a day longer.
ACT_DAYS = 35
FIGURE_DAYS = 400
_COLUMNS = ", ".join(field.name for field in fields(PastAct))
_PLACES = ", ".join("?" for _ in fields(PastAct))


class FiguresLost(Exception):
    """The file cannot be read or written just now; `spoilt`: it has to be made anew."""

    def __init__(self, err: sqlite3.Error) -> None:
        super().__init__(str(err))
        self.spoilt = not isinstance(err, sqlite3.OperationalError)


@dataclass(frozen=True, slots=True)
class Extent:
    """The lines that are known: `low` to `high`, none where `low` is above `high`."""

    epoch: int = 0
    low: int = 1
    high: int = 0
    whole: bool = False


@dataclass(frozen=True, slots=True)
class KeptDay:
    """A business day; `figures` None: not over, or not worked out yet. `last_seq`: so far."""

    date: str
    first_seq: int
    last_seq: int
    figures: str | None


@dataclass(frozen=True, slots=True)
class ActFilter:
    """Which lines of a stretch are wanted; "" = any. `before`: older than this line."""

    WORDS: ClassVar = ("staff", "counter", "number", "type")

    staff: str = ""
    counter: str = ""
    number: str = ""
    type: str = ""
    before: int = 2**62


class FiguresReader:
    """A connection that changes nothing; used by one thread."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def extent(self) -> Extent:
        found = self._db.execute("SELECT epoch, low, high, whole FROM extent").fetchone()
        return _extent(*found) if found else Extent()

    def days(self, first: str = "", last: str = "9999") -> list[KeptDay]:
        """The days whose beginning is known, oldest first; the last one may be going on."""
        query = "SELECT date, first_seq, figures FROM day ORDER BY first_seq"
        rows = self._db.execute(query).fetchall()
        ends = [row[1] - 1 for row in rows[1:]] + [self.extent().high]
        # Without a day there is one end too many.
        pairs = zip(rows, ends, strict=False)
        return [KeptDay(r[0], r[1], end, r[2]) for r, end in pairs if first <= r[0] <= last]

    def acts(self, first: int, last: int) -> Iterator[PastAct]:
        query = f"SELECT {_COLUMNS} FROM act WHERE seq BETWEEN ? AND ? ORDER BY seq"  # noqa: S608
        for row in self._db.execute(query, (first, last)):
            yield PastAct(*row)

    def chosen_acts(self, day: KeptDay, wanted: ActFilter, limit: int) -> list[PastAct]:
        """The newest lines of a day that match, newest first."""
        last = min(day.last_seq, wanted.before - 1)
        query = (
            f"SELECT {_COLUMNS} FROM act WHERE seq BETWEEN ?1 AND ?2"  # noqa: S608
            " AND (?3 = '' OR staff = ?3) AND (?4 = '' OR counter = ?4)"
            " AND (?5 = '' OR number = ?5) AND (?6 = '' OR type = ?6)"
            " ORDER BY seq DESC LIMIT ?7"
        )
        chosen = (wanted.staff, wanted.counter, wanted.number, wanted.type)
        found = self._db.execute(query, (day.first_seq, last, *chosen, limit))
        return [PastAct(*row) for row in found]


class FiguresStore(FiguresReader):
    """The writer. Every method raises FiguresLost."""

    def keep(self, acts: Sequence[PastAct], extent: Extent) -> None:
        """New lines and how far they reach, together."""
        with _errors_translated(), self._db:
            self._db.executemany(
                f"INSERT OR REPLACE INTO act VALUES ({_PLACES})",  # noqa: S608
                map(astuple, acts),
            )
            opened = [(act.seq, act.cause) for act in acts if act.type == "day_opened"]
            self._db.executemany("INSERT OR IGNORE INTO day VALUES (?, ?, NULL)", opened)
            self._set(extent)

    def begin_again(self, epoch: int, high: int) -> None:
        """Nothing is known but where the journal ends."""
        with _errors_translated(), self._db:
            for table in ("act", "day", "extent"):
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608
            self._set(Extent(epoch, high + 1, high))

    def known(self) -> Extent:
        with _errors_translated():
            return self.extent()

    def acts_of_today(self) -> list[PastAct] | None:
        """The lines of the day that is going on; None while its beginning is not known."""
        with _errors_translated():
            days = self.days()
            return list(self.acts(days[-1].first_seq, days[-1].last_seq)) if days else None

    def unworked_day(self) -> KeptDay | None:
        """The newest day that is over and whose figures are not worked out."""
        with _errors_translated():
            over = [day for day in self.days()[:-1] if day.figures is None]
            return over[-1] if over else None

    def put_figures(self, day: KeptDay, figures: str) -> None:
        """And drop what is older than it has to be kept."""
        with _errors_translated(), self._db:
            put = "UPDATE day SET figures = ? WHERE first_seq = ?"
            self._db.execute(put, (figures, day.first_seq))
            self._drop_old()

    def is_full(self) -> bool:
        """Whether as many days are known as are kept."""
        with _errors_translated():
            return int(self._db.execute("SELECT count(*) FROM day").fetchone()[0]) > FIGURE_DAYS

    def close(self) -> None:
        self._db.close()

    def _set(self, extent: Extent) -> None:
        put = "INSERT OR REPLACE INTO extent VALUES (1, ?, ?, ?, ?)"
        self._db.execute(put, astuple(extent))

    def _drop_old(self) -> None:
        days = self.days()
        worked = [day for day in days[:-ACT_DAYS] if day.figures is not None]
        for day in worked:
            gone = (day.first_seq, day.last_seq)
            self._db.execute("DELETE FROM act WHERE seq BETWEEN ? AND ?", gone)
        old = days[: -FIGURE_DAYS - 1]
        if old:
            self._db.execute("DELETE FROM day WHERE first_seq <= ?", (old[-1].first_seq,))
            self._set(replace(self.extent(), low=old[-1].last_seq + 1))


def _extent(epoch: int, low: int, high: int, whole: int) -> Extent:
    return Extent(epoch, low, high, whole=bool(whole))


@contextmanager
def _errors_translated() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as err:
        raise FiguresLost(err) from err


def open_store(path: Path) -> FiguresStore:
    """The file, made anew where it is of another version or damaged. Raises FiguresLost."""
    with _errors_translated():
        db = _opened(path)
        if db is None:
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
            db = _opened(path) or sqlite3.connect(path)
        return FiguresStore(db)


def _opened(path: Path) -> sqlite3.Connection | None:
    db = sqlite3.connect(path, timeout=5)
    try:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=NORMAL")
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            db.executescript((files("hall.counter.head") / "schema_v1.sql").read_text("utf-8"))
            db.execute(f"PRAGMA user_version={VERSION}")
        elif version != VERSION or db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            db.close()
            return None
    except sqlite3.OperationalError:
        db.close()
        raise
    except sqlite3.DatabaseError:
        db.close()
        return None
    return db


@contextmanager
def reading(path: Path) -> Iterator[FiguresReader]:
    """What is known just now, beside the writer. Raises FiguresLost."""
    with (
        _errors_translated(),
        closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5)) as db,
    ):
        db.execute("BEGIN")
        yield FiguresReader(db)
