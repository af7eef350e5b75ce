"""An older version after an update that went back: the newer one has written in the journal."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from hall.cli.__main__ import main
from hall.controller import backups, chain
from hall.controller.chain import ChainedRow

World = Any


def rewritten(folder: Path, *statements: str) -> None:
    """What a version to come has made of the journal, which it marks as its own."""
    db = sqlite3.connect(folder / "journal.db")
    for statement in (*statements, "PRAGMA user_version = 2"):
        db.execute(statement)
    db.commit()
    db.close()


@pytest.fixture
def served(hall: World) -> World:
    """Four numbers given."""
    for _ in range(4):
        hall.issue()
    hall.stop()
    return hall


def test_it_goes_on_from_the_rows_that_it_knows(served: World) -> None:
    rewritten(served.folder, "CREATE TABLE what_nobody_here_knows (x)")

    served.start()

    assert served.state("state/hall")["waiting"] == 4
    assert served.issue() == "A005"
    assert (served.folder / "journal.db.bad-1").exists()
    told = served.daemon.context.health.alerts["journal_restored"]
    assert "nhật ký do phiên bản motcua mới hơn ghi (dạng 2)" in told.text


def test_what_it_does_not_know_ends_what_it_goes_on_from(served: World) -> None:
    db = sqlite3.connect(served.folder / "journal.db")
    seq, epoch, day, head = db.execute(
        "SELECT seq, epoch, day, chain FROM event ORDER BY seq DESC"
    ).fetchone()
    row = ChainedRow(seq + 1, epoch, day, "teleported", '{"at":1,"by":"x","wall":1}', b"")
    db.execute(
        "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)",
        (*(row.seq, epoch, day, row.kind, row.body), chain.value(head, row)),
    )
    db.commit()
    db.close()
    rewritten(served.folder)

    served.start()

    assert served.state("state/hall")["waiting"] == 4
    assert served.issue() == "A005"


def test_where_it_can_read_nothing_it_has_the_backup_from_before_the_update(
    served: World, capsys: Any
) -> None:
    state = str(served.folder)
    config = str(served.home / "hall.yaml")
    assert main(["backup", "-c", config, "--state", state, "--before-update"]) == 0
    assert "before-update/journal-" in capsys.readouterr().out
    rewritten(served.folder, "ALTER TABLE event RENAME TO of_another_shape")

    served.start()

    assert served.state("state/hall")["waiting"] == 4
    assert served.issue() == "A005"


def test_backups_of_every_day_do_not_drive_out_the_one_before_an_update(
    served: World, capsys: Any
) -> None:
    words = ["-c", str(served.home / "hall.yaml"), "--state", str(served.folder)]
    main(["backup", *words, "--before-update"])
    capsys.readouterr()
    served.start()
    served.issue()
    served.stop()

    assert main(["backup", *words, "--keep", "1"]) == 0

    folder = served.folder / backups.FOLDER
    kept = [path.parent.name for _, path in backups.newest_first(folder)]
    assert kept == ["backups", "before-update"]
    (yaml,) = (folder / backups.BEFORE_UPDATE).glob("*.yaml")
    assert yaml.read_bytes() == (served.home / "hall.yaml").read_bytes()
