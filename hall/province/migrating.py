"""Brings a database to this version's tables: each numbered file once, in order, in one go.

    migrations/0001_….sql ─▶ 0002_….sql ─▶ …        what ran, and when, stands in `migration`

A file that was released is never changed. A database of a newer version is refused.
"""

import re
from dataclasses import dataclass
from importlib.resources import files

from hall.province.database import Cursor, Database

_NAME = re.compile(r"(\d{4})_([a-z_]+)\.sql")
# Two that migrate at once would both find nothing done.
_LOCK = 7_305_001
_LEDGER = (
    "CREATE TABLE IF NOT EXISTS migration "
    "(number int PRIMARY KEY, name text NOT NULL, at timestamptz NOT NULL)"
)


class TooNew(Exception):
    """The database was made by a newer version of this software."""


@dataclass(frozen=True, slots=True)
class Migration:
    number: int
    name: str
    sql: str


def migrations() -> tuple[Migration, ...]:
    """In their order."""
    found = (
        Migration(int(named[1]), named[2], file.read_text(encoding="utf-8"))
        for file in (files("hall.province") / "migrations").iterdir()
        if (named := _NAME.fullmatch(file.name))
    )
    return tuple(sorted(found, key=lambda each: each.number))


def migrate(database: Database, wanted: tuple[Migration, ...] | None = None) -> list[int]:
    """The numbers of what was done. Raises TooNew, StoreAway, StoreRefuses."""
    known = migrations() if wanted is None else wanted
    with database.transaction() as cursor:
        cursor.run("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        done = newest_done(cursor)
        if done > (newest := known[-1].number):
            raise TooNew(f"cơ sở dữ liệu ở bản {done}, phần mềm này chỉ biết tới {newest}")
        cursor.run(_LEDGER)
        lacking = [each for each in known if each.number > done]
        for each in lacking:
            cursor.run(each.sql)
            cursor.run("INSERT INTO migration VALUES (%s, %s, now())", (each.number, each.name))
    return [each.number for each in lacking]


def newest_done(cursor: Cursor) -> int:
    """The greatest number that has run; 0 in a database that has nothing yet."""
    if cursor.rows("SELECT to_regclass('migration') IS NULL")[0][0]:
        return 0
    return int(cursor.rows("SELECT coalesce(max(number), 0) FROM migration")[0][0])
