"""The tables of imported dossiers and of their counts, as SQL. Pure.

dossier        one row a code. `clash`: it came twice with different content. Moments are seconds
               since 1970, days are ordinals; `class`, `standing` and `limit_at` are what the
               dossier is in counts (groups.py). `no` numbers the rows, `digest` is that of the
               cells a row was read from: NULL where it must be read again at the next import.
received_on    day, kind: dossiers received                  (pending, paused, resolved with a day)
resolved_on    day, kind, standing: results
total          class, whether a day is lacking: dossiers
"""

from dataclasses import dataclass

from hall.onestop.dossiers import UNKNOWN_STATUS
from hall.onestop.groups import Group

CONTENT = ("status", "kind", "received", "due", "due_original", "done")
COLUMNS = (
    "code", *CONTENT, "class", "standing", "limit_at", "received_day", "done_day", "reappointed",
    "no", "digest",
)  # fmt: skip
_DATED = (
    f"received_day IS NOT NULL AND (class IN ({Group.PENDING}, {Group.PAUSED})"
    f" OR class = {Group.RESOLVED} AND done_day IS NOT NULL)"
)


@dataclass(frozen=True, slots=True)
class Tally:
    """A table of counts: its key, what each part of the key is, and which dossiers it counts."""

    name: str
    key: tuple[str, ...]
    of: tuple[str, ...]
    where: str

    @property
    def table(self) -> str:
        key = ", ".join(self.key)
        return (
            f"CREATE TABLE {self.name} ({key}, count INTEGER NOT NULL, PRIMARY KEY ({key}))"
            " WITHOUT ROWID"
        )

    def counted(self, rows: str, sign: str = "") -> str:
        """Add (take away: `sign` "-") what these rows come to; `rows`: a table or a query."""
        groups = ", ".join(self.of)
        return (
            f"INSERT INTO {self.name} SELECT {groups}, {sign}count(*) FROM {rows}"  # noqa: S608
            f" WHERE {self.where} GROUP BY {groups}{self.added}"
        )

    @property
    def added(self) -> str:
        key = ", ".join(self.key)
        return f" ON CONFLICT ({key}) DO UPDATE SET count = count + excluded.count"


TALLIES = (
    Tally("received_on", ("day", "kind"), ("received_day", "kind"), _DATED),
    Tally(
        "resolved_on",
        ("day", "kind", "standing"),
        ("done_day", "kind", "standing"),
        f"class = {Group.RESOLVED} AND {_DATED}",
    ),
    Tally(
        "total",
        ("class", "unreceived", "undone"),
        ("class", "received_day IS NULL", "done_day IS NULL"),
        "true",
    ),
)
SCHEMA = f"""
CREATE TABLE kind (
    id INTEGER PRIMARY KEY, procedure_code TEXT NOT NULL, procedure_name TEXT NOT NULL,
    field TEXT NOT NULL, collect_at TEXT NOT NULL
);
CREATE TABLE dossier (
    code TEXT PRIMARY KEY, status INTEGER NOT NULL, kind INTEGER NOT NULL,
    received INTEGER, due INTEGER, due_original INTEGER, done INTEGER,
    class INTEGER NOT NULL, standing INTEGER NOT NULL, limit_at INTEGER,
    received_day INTEGER, done_day INTEGER, reappointed INTEGER NOT NULL,
    no INTEGER NOT NULL, digest INTEGER, clash INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE made (reading TEXT NOT NULL);
{"; ".join(tally.table for tally in TALLIES)};
"""
# Beside the dossiers of a whole list; what a list changes needs none.
INDEXES = (
    f"CREATE INDEX pending ON dossier (limit_at) WHERE class = {Group.PENDING}",
    (
        "CREATE INDEX others ON dossier (class, kind, limit_at, reappointed, received_day)"
        f" WHERE class <> {Group.RESOLVED}"
    ),
)
PUT = f"""
INSERT INTO main.dossier ({", ".join(COLUMNS)}) VALUES ({", ".join("?" * len(COLUMNS))})
ON CONFLICT (code) DO UPDATE SET clash = 1, status = {UNKNOWN_STATUS}, class = {Group.UNCLEAR},
    standing = 0, reappointed = 0, received = NULL, due = NULL, due_original = NULL, done = NULL,
    limit_at = NULL, received_day = NULL, done_day = NULL, digest = NULL
WHERE ({", ".join(CONTENT)}) IS NOT ({", ".join(f"excluded.{name}" for name in CONTENT)})
"""  # noqa: S608 - names and numbers of ours
