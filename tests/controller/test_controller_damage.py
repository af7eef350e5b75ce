"""A journal whose text is not text any more, and a disk that lets nobody write."""

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hall.cli.__main__ import main

World = Any
# Valid JSON up to a byte that no UTF-8 has.
GARBLED = b'{"at":1,"by":"\xff"}'


def write(folder: Path, change: str, *values: object) -> None:
    """Change the file behind the controller's back."""
    db = sqlite3.connect(folder / "journal.db")
    db.execute(change, values)
    db.commit()
    db.close()


@pytest.fixture
def garbled(hall: World) -> World:
    """Six numbers given, the fifth row of the journal unreadable, nobody at work."""
    for act in range(6):
        hall.ask("issue", id=f"press-{act}", service="a", channel="button")
    hall.stop()
    write(hall.folder, "UPDATE event SET body = CAST(? AS TEXT) WHERE seq = 5", GARBLED)
    return hall


def test_a_row_that_is_no_text_any_more_costs_no_start(garbled: World) -> None:
    garbled.start()

    assert (garbled.folder / "journal.db.bad-1").exists()
    assert garbled.state("state/hall")["waiting"] == 3
    assert garbled.issue() == "A007"
    assert "journal_restored" in garbled.alerts()


def test_one_reply_that_is_no_text_any_more_costs_none_of_the_others(hall: World) -> None:
    body = {"service": "a", "channel": "button"}
    kept = [hall.ask("issue", id=f"press-{act}", **body) for act in range(3)]
    hall.stop()
    query = "UPDATE answer SET reply = CAST(? AS TEXT) WHERE id = 'press-0'"
    write(hall.folder, query, GARBLED)
    hall.start()

    assert hall.state("state/hall")["waiting"] == 3
    assert hall.books.journal.answer("press-0") is None
    assert [hall.ask("issue", id=f"press-{act}", **body) for act in (1, 2)] == kept[1:]


def test_old_history_that_is_no_text_any_more_is_told(hall: World) -> None:
    for _ in range(6):
        hall.issue()
    hall.clock.advance(24 * 3600)
    hall.issue()
    hall.stop()
    write(hall.folder, "UPDATE event SET body = CAST(? AS TEXT) WHERE seq = 5", GARBLED)
    hall.start()
    assert hall.issue() == "A002"
    for _ in range(3):
        hall.wait(1)

    assert "journal_damaged" in hall.alerts()


def test_a_technician_is_told_which_row_is_no_text_any_more(garbled: World, capsys: Any) -> None:
    assert main(["verify", "--state", str(garbled.folder)]) == 1
    assert "dòng 5" in capsys.readouterr().out


def test_a_disk_that_is_read_only_at_start_is_waited_for(
    hall: World, monkeypatch: pytest.MonkeyPatch, refusal: Any
) -> None:
    hall.issue()
    hall.crash()
    for _ in read_only(hall.folder, monkeypatch):
        hall.start()
        assert "disk_low" in hall.alerts()
        assert refusal(hall.ask("issue", service="a", channel="button")) == "unavailable"
    hall.wait(3)

    assert "disk_low" not in hall.alerts()
    assert hall.issue() == "A002"


def read_only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a file system says that the kernel has taken the right to write from."""
    real = os.access

    def access(path: Any, mode: int, **more: Any) -> bool:
        inside = Path(path) == folder or folder in Path(path).parents
        return real(path, mode, **more) and not (inside and mode & os.W_OK)

    with monkeypatch.context() as patch:
        patch.setattr(os, "access", access)
        yield


@pytest.mark.parametrize("command", ["report", "replay", "backup"])
def test_nothing_is_made_of_a_damaged_journal(garbled: World, capsys: Any, command: str) -> None:
    assert main([command, "--state", str(garbled.folder)]) == 1
    told = capsys.readouterr().err
    assert "HỎNG" in told
    assert "dòng 5" in told
    assert "motcua restore" in told
    assert not list(garbled.folder.glob("backups/*"))


def test_a_cut_journal_is_called_damaged(hall: World, capsys: Any) -> None:
    hall.issue()
    hall.stop()
    whole = hall.folder / "journal.db"
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size // 3])

    assert main(["verify", "--state", str(hall.folder)]) == 1
    assert "HỎNG" in capsys.readouterr().err


def test_a_day_that_is_no_date_is_wrong_use(hall: World, capsys: Any) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["report", "--state", str(hall.folder), "--day", "hôm qua"])
    assert caught.value.code == 2
    assert "2026-11-23" in capsys.readouterr().err


def test_what_was_restored_is_said_in_vietnamese(hall: World, capsys: Any) -> None:
    hall.issue()
    assert main(["backup", "--state", str(hall.folder)]) == 0
    hall.stop()
    assert main(["restore", "--state", str(hall.folder)]) == 0
    assert "(2 dòng)" in capsys.readouterr().out
