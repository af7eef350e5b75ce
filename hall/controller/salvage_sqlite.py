"""What can be saved of a journal that is damaged: its sound rows, its numbers, its replies."""

import json
import logging
import os
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hall.controller import chain, soundness, store_sqlite
from hall.controller.ports import HighWaterMark, StoredReply
from hall.queueing.events import KINDS
from hall.runtime import durable

log = logging.getLogger(__name__)


def put_aside(path: Path) -> tuple[Path, int]:
    """Rename the file with its WAL, under the first free name; how many have been put aside."""
    number = 1
    while (aside := path.with_name(f"{path.name}.bad-{number}")).exists():
        number += 1
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            os.replace(part, aside.with_name(aside.name + suffix))  # noqa: PTH105
    return aside, number


@dataclass(frozen=True, slots=True)
class Saved:
    """How many rows were sound from the beginning on, and the sequence number of the last."""

    rows: int = 0
    end: int = 0

    def __str__(self) -> str:
        return f"{self.rows} dòng"


def salvage(source: Path, path: Path, beyond: int = 0) -> Saved:
    """Build a journal at `path` from the sound rows of `source`, if they reach further."""
    copy = store_sqlite.copy_for_reading(source, path)
    building = path.with_name(path.name + ".building")
    store_sqlite.drop(building)
    saved = Saved()
    try:
        with (
            closing(store_sqlite.read_copy(copy)) as old,
            closing(store_sqlite.connect(building)) as new,
        ):
            old.execute("PRAGMA locking_mode=EXCLUSIVE")
            saved = _pour(old, new)
    except (sqlite3.Error, store_sqlite.Damaged, ValueError, TypeError, KeyError) as err:
        log.info("nothing to be had of %s: %s", source.name, err)
    finally:
        store_sqlite.drop(copy)
    if saved.end > beyond:
        os.replace(building, path)  # noqa: PTH105
        durable.sync(path.parent)
    store_sqlite.drop(building)
    return saved


def _pour(old: sqlite3.Connection, new: sqlite3.Connection) -> Saved:
    """Copy rows up to the first that does not follow, and the replies that are whole.

    A newer version's rows are followed as far as this one knows what they say.
    """
    kept = old.execute("SELECT seq, chain FROM anchor ORDER BY seq DESC LIMIT 1").fetchone()
    head, saved = bytes(kept[1]) if kept else chain.START, Saved()
    new.execute("BEGIN IMMEDIATE")
    if kept:
        new.execute("INSERT INTO anchor VALUES (?, ?)", kept)
    with suppress(sqlite3.DatabaseError, ValueError, TypeError, KeyError):
        for line in soundness.lines(old, 0):
            if chain.value(head, line) != line.chain or line.kind not in KINDS:
                break
            store_sqlite.insert(new, line, json.loads(line.body))
            head, saved = line.chain, Saved(saved.rows + 1, line.seq)
    with suppress(sqlite3.DatabaseError, TypeError):
        query = "SELECT id, client, verb, digest, reply, at, seal FROM answer"
        for *columns, sealed in old.execute(query):
            if soundness.seal(StoredReply(*columns)) == sealed:
                store_sqlite.insert_answer(new, StoredReply(*columns))
    new.execute("COMMIT")
    new.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return saved


def marks(aside: Path) -> tuple[HighWaterMark, ...]:
    """How far a bad file had gone, as far as it can be read; its numbers are used, sound or not."""
    copy = store_sqlite.copy_for_reading(aside, aside)
    found: list[HighWaterMark] = []
    try:
        with closing(store_sqlite.read_copy(copy)) as old:
            old.execute("PRAGMA locking_mode=EXCLUSIVE")
            seq, epoch = old.execute("SELECT max(seq), max(epoch) FROM event").fetchone()
            day, named = old.execute("SELECT day, date FROM day ORDER BY day DESC").fetchone()
            query = "SELECT service, max(n) FROM taken WHERE day = ? GROUP BY service"
            tops = {str(s): int(n) for s, n in old.execute(query, (day,))}
            on = date.fromisoformat(named).isoformat()
            found.append(HighWaterMark(int(epoch), int(seq), on, tops))
    except (sqlite3.Error, ValueError, TypeError) as err:
        log.warning("%s says nothing of its numbers: %s", aside.name, err)
    finally:
        store_sqlite.drop(copy)
    return tuple(found)
