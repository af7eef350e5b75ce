"""The journal from a terminal: figures, events, checks, copies."""

import json
import sqlite3
from typing import Any

import pytest

from hall.cli import state_places
from hall.cli.__main__ import main

World = Any


@pytest.fixture
def morning(hall: World) -> World:
    """Three people, two services, one absent, one rating."""
    hall.issue("a"), hall.issue("a"), hall.issue("b")
    hall.wait(60)
    hall.call("1")
    hall.wait(300)
    hall.ask("finish", counter="1")
    hall.ask("rate", counter="1", score=4)
    hall.call("1")
    hall.ask("no-show", counter="1")
    return hall


def run(command: str, hall: World, *more: str) -> int:
    return main([command, "--state", str(hall.folder), *more])


def test_events_can_be_read_again(morning: World, capsys: Any) -> None:
    assert run("replay", morning) == 0
    text = capsys.readouterr().out
    assert "lấy số" in text
    assert "vắng mặt" in text
    assert run("replay", morning, "--from", "3", "--json") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert rows[0]["seq"] == 3
    assert rows[-1]["seq"] == morning.books.hall.seq


def test_a_sound_journal_is_called_so(morning: World, capsys: Any) -> None:
    assert run("verify", morning) == 0
    assert capsys.readouterr().out.startswith("Tốt: 10 dòng, 1 ngày, kỳ 1")


def test_a_damaged_journal_is_called_so(morning: World, capsys: Any) -> None:
    morning.stop()
    db = sqlite3.connect(morning.folder / "journal.db")
    db.execute("UPDATE event SET day = 2 WHERE seq = 4")
    db.commit()
    db.close()

    assert run("verify", morning) == 1
    assert "chuỗi mã băm đứt ở dòng 4" in capsys.readouterr().out


def test_a_damaged_copy_is_called_so(morning: World, capsys: Any) -> None:
    assert run("backup", morning) == 0
    [copy] = (morning.folder / "backups").glob("*.db")
    assert run("verify", morning) == 0
    copy.write_bytes(copy.read_bytes()[:-1])

    assert run("verify", morning) == 1
    assert copy.name in capsys.readouterr().out


def test_a_copy_put_back_skips_what_came_after_it(morning: World, capsys: Any) -> None:
    assert run("backup", morning) == 0
    assert morning.issue() == "A003"
    assert run("restore", morning) == 1, "not under a running controller"
    assert "đang chạy" in capsys.readouterr().err
    morning.stop()
    assert run("restore", morning) == 0
    assert "giữ ở" in capsys.readouterr().out
    morning.start()

    assert morning.issue() == "A004"
    assert morning.state("state/hall")["epoch"] == 2


def test_nothing_to_restore_from_leaves_everything_as_it_was(morning: World, capsys: Any) -> None:
    morning.stop()
    assert run("restore", morning) == 1
    junk = morning.folder / "junk.db"
    junk.write_bytes(b"junk" * 1000)
    assert run("restore", morning, str(junk)) == 1
    assert capsys.readouterr().err
    morning.start()

    assert morning.issue() == "A003"


def test_no_journal_and_no_folder_are_said(tmp_path: Any, capsys: Any) -> None:
    assert main(["verify", "--state", str(tmp_path)]) == 1
    assert main(["verify"]) == 2
    assert "--state" in capsys.readouterr().err


def test_the_folder_is_found_by_the_hall_file(
    morning: World, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", str(morning.folder))
    assert main(["verify", "-c", str(morning.home / "hall.yaml")]) == 0
    assert main(["verify", "-c", str(morning.home / "none.yaml")]) == 2
    assert capsys.readouterr().out.startswith("Tốt")


@pytest.mark.parametrize("command", ["report", "backup", "verify"])
def test_who_names_the_yaml_alone_is_led_to_the_journal_of_the_controller_s_unit(
    command: str, morning: World, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    """Root's own state folder, where nothing lies, is not meant."""
    monkeypatch.setenv("XDG_STATE_HOME", str(morning.home / "root"))
    units = morning.home / "units"
    units.mkdir()
    (units / "controller").symlink_to(morning.folder)
    monkeypatch.setattr(state_places, "_UNITS_OWN", units)

    assert main([command, "-c", str(morning.home / "hall.yaml")]) == 0

    assert not (morning.home / "root").exists()
    assert capsys.readouterr().err == ""
