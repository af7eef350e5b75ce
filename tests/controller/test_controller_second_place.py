"""The backup that does not lie on the card: when it is made, what is told when it is not."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hall.cli.__main__ import COMMANDS, main
from hall.controller import backups, second_place
from hall.controller.second_place import CopyReport
from hall.controller.settings import BackupSection

UNITS = Path(__file__).parents[2] / "systemd"
World = Any


@pytest.fixture
def stick(tmp_path: Path) -> Iterator[Path]:
    """A folder on another file system than the journal's."""
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="motcua-stick-") as made:
        if Path(made).stat().st_dev == tmp_path.stat().st_dev:
            pytest.skip("one file system for all: no second place to be had")
        yield Path(made)


def backed_up(world: World, to: object) -> World:
    """A hall with a ticket, a backup of it and a second place."""
    world.text += f"backup: {{to: {to}}}\n"
    world.start().issue()
    world.books.journal.back_up(7)
    return world


def copies(world: World) -> int:
    """Run by hand or by its unit, beside the running hall."""
    config, state = str(world.home / "hall.yaml"), str(world.folder)
    return main(["copy-backup", "-c", config, "--state", state])


def test_the_newest_backup_and_the_yaml_lie_on_the_stick(world: World, stick: Path) -> None:
    backed_up(world, stick)

    assert copies(world) == 0

    [(_, copy)] = backups.newest_first(stick)
    assert copy.read_bytes() == (world.folder / "backups" / copy.name).read_bytes()
    assert (stick / "hall.yaml").read_text(encoding="utf-8") == world.text


def test_only_so_many_are_kept(world: World, stick: Path) -> None:
    world.text += f"backup: {{to: {stick}, keep: 2}}\n"
    world.start()
    for _ in range(4):
        world.issue()
        world.books.journal.back_up(7)
        copies(world)

    assert len([*backups.newest_first(stick)]) == 2


def test_an_absent_stick_is_not_taken_for_its_empty_folder_on_the_card(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "media").mkdir()
    backed_up(world, tmp_path / "media")

    assert copies(world) == 1

    assert "USB chưa gắn" in capsys.readouterr().err
    assert [*(tmp_path / "media").iterdir()] == []


def test_what_is_late_is_told_until_a_copy_is_there(world: World, stick: Path) -> None:
    backed_up(world, stick)
    assert "backup_late" in world.alerts()

    copies(world)
    report = second_place.read_report(world.folder)
    world.clock.at = report.at

    assert "backup_late" not in world.wait(3600).alerts()
    world.clock.advance(30 * 3600)
    assert "backup_late" in world.wait(3600).alerts()


def test_one_try_that_failed_is_no_alert_and_says_its_reason_when_it_is_late() -> None:
    section = BackupSection(to="/media/motcua", late_h=2)
    at = datetime(2026, 11, 30, 8, tzinfo=UTC)
    failed = CopyReport(at, "journal-1.db", "không có /media/motcua")

    assert failed.lateness(section, at + timedelta(hours=1)) == ""
    assert "không có /media/motcua" in failed.lateness(section, at + timedelta(hours=3))
    assert "chưa có bản nào" in CopyReport().lateness(section, at)


# Keeps what it was asked, and does what rsync does with these words; FAILS: a far end that refuses.
RSYNC = """#!/bin/sh
echo "$@" >"$(dirname "$0")/asked"
[ ! -e "$(dirname "$0")/fails" ] || { echo "ssh: connect to host: No route to host" >&2; exit 255; }
"""


def test_another_machine_is_reached_by_rsync_and_its_refusal_is_told(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    (bin_ / "rsync").write_text(RSYNC)
    (bin_ / "rsync").chmod(0o755)
    monkeypatch.setenv("PATH", f"{bin_}:{os.environ['PATH']}")
    backed_up(world, "sao-luu@10.0.0.9:motcua")

    assert copies(world) == 0
    asked = (bin_ / "asked").read_text()
    assert f"{world.folder}/backups/ {world.home}/hall.yaml sao-luu@10.0.0.9:motcua/" in asked
    assert "BatchMode=yes" in asked

    (bin_ / "fails").touch()
    assert copies(world) == 1
    assert "No route to host" in second_place.read_report(world.folder).fault


# As rsync's own tests do: whoever is reached by ssh is this machine, in a folder of its own.
SSH = """\
#!/bin/sh
while [ "$1" != rsync ]; do shift; done
cd "$(dirname "$0")/../far" && exec "$@"
"""


@pytest.mark.skipif(shutil.which("rsync") is None, reason="needs rsync")
def test_a_real_rsync_lays_whole_backups_and_the_yaml_on_another_machine(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("bin", "far"):
        (tmp_path / folder).mkdir()
    (tmp_path / "bin/ssh").write_text(SSH)
    (tmp_path / "bin/ssh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    backed_up(world, "sao-luu@10.0.0.9:motcua")

    assert copies(world) == 0

    [(_, copy)] = backups.newest_first(tmp_path / "far/motcua")
    assert copy.read_bytes() == (world.folder / "backups" / copy.name).read_bytes()
    assert (tmp_path / "far/motcua/hall.yaml").read_text(encoding="utf-8") == world.text


def test_a_backup_is_made_when_the_last_counter_closes(world: World) -> None:
    world.start().issue()
    world.call()
    world.wait(5)
    assert [*backups.newest_first(world.folder / "backups")] == []

    world.ask("finish", counter="1")
    world.ask("counter-close", counter="1")
    world.wait(5)

    assert len([*backups.newest_first(world.folder / "backups")]) == 1


def test_its_unit_runs_when_a_backup_is_there_as_the_owner_of_the_journal() -> None:
    service, path = (
        (UNITS / "backup" / f"backup-motcua.{kind}").read_text(encoding="utf-8")
        for kind in ("service", "path")
    )

    assert "User=motcua-controller\n" in service
    assert re.findall(r"-m hall.cli (\S+) ", service) == ["copy-backup"]
    assert "copy-backup" in COMMANDS
    assert "PathChanged=/var/lib/motcua/controller/backups\n" in path
