"""Copies of the journal when its history is damaged: which are kept, which come back."""

import sqlite3
from pathlib import Path
from typing import Any

from hall.cli.__main__ import main
from hall.controller import backups

World = Any


def spoil(path: Path, seq: int) -> None:
    """Change one row behind the back of the chain."""
    db = sqlite3.connect(path)
    db.execute("UPDATE event SET body = replace(body, 'button', 'buttom') WHERE seq = ?", (seq,))
    db.commit()
    db.close()


def copies(world: World) -> list[str]:
    return [name for name, _ in backups.newest_first(world.folder / backups.FOLDER)]


def test_what_reaches_furthest_takes_the_place_of_a_damaged_journal(hall: World) -> None:
    for _ in range(6):
        hall.issue()
    hall.clock.advance(24 * 3600)
    for _ in range(3):
        hall.issue()
    hall.books.journal.back_up(7)
    hall.issue()
    last = hall.books.hall.seq
    hall.stop()
    spoil(hall.folder / "journal.db", 4)
    spoil(hall.folder / "journal.db", last)
    hall.start()

    assert hall.state("state/hall")["waiting"] == 3
    assert hall.issue() == "A005"


def test_a_damaged_history_is_not_copied_over_the_sound_copies(hall: World) -> None:
    for _ in range(6):
        hall.issue()
    hall.clock.advance(24 * 3600)
    hall.issue()
    hall.books.journal.back_up(7)
    sound = copies(hall)
    hall.stop()
    spoil(hall.folder / "journal.db", 4)
    hall.start()
    for _ in range(9):
        hall.issue()
        for _ in range(3):
            hall.wait(1201)

    assert "journal_damaged" in hall.alerts()
    assert copies(hall) == sound


def test_the_newest_sound_copy_comes_back_and_a_damaged_one_is_named(
    hall: World, capsys: Any
) -> None:
    for _ in range(6):
        hall.issue()
    hall.books.journal.back_up(7)
    [sound] = copies(hall)
    hall.issue()
    hall.stop()
    spoil(hall.folder / "journal.db", 4)
    damaged = hall.folder / backups.FOLDER / "journal-000000000008.db"
    for suffix in ("", "-wal"):
        part = hall.folder / f"journal.db{suffix}"
        if part.exists():
            damaged.with_name(damaged.name + suffix).write_bytes(part.read_bytes())
    damaged.with_name(f"{damaged.name}.sha256").write_text(backups.checksum(damaged) + "  x\n")

    assert main(["verify", "--state", str(hall.folder)]) == 1
    assert damaged.name in capsys.readouterr().out
    assert main(["restore", "--state", str(hall.folder)]) == 0
    assert sound in capsys.readouterr().out
    hall.start()

    assert hall.state("state/hall")["waiting"] == 6
    assert hall.issue() == "A008"
