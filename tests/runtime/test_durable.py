"""A small file over a power cut: what is on the disk when, and who may read it."""

import os
from pathlib import Path

import pytest

from hall.cli.__main__ import main
from hall.runtime import broker_files, durable

CONFIG = Path(__file__).parents[2] / "config" / "hall.yaml"


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """The files and folders, by their inode, that are on the disk as they were at that moment."""
    seen: set[int] = set()
    sync, rename = os.fsync, os.replace

    def fsync(handle: int) -> None:
        sync(handle)
        seen.add(os.fstat(handle).st_ino)

    def replace(old: Path, new: Path) -> None:
        assert old.stat().st_ino in seen, f"{new} was renamed before it was on the disk"
        rename(old, new)
        # The folder has changed: its name is not on the disk yet.
        seen.discard(new.parent.stat().st_ino)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", replace)
    return seen


def test_a_file_and_its_name_are_on_the_disk_when_it_has_been_replaced(
    tmp_path: Path, synced: set[int]
) -> None:
    file = tmp_path / "codes.json"
    file.write_bytes(b"old")

    durable.replace(file, b"new")

    assert file.read_bytes() == b"new"
    assert {file.stat().st_ino, tmp_path.stat().st_ino} <= synced
    assert [each.name for each in tmp_path.iterdir()] == ["codes.json"]


def test_a_file_is_its_owners_alone_unless_it_is_said(tmp_path: Path) -> None:
    durable.replace(tmp_path / "key", b"")
    durable.replace(tmp_path / "certificate", b"", mode=0o644)

    modes = {each.name: each.stat().st_mode & 0o777 for each in tmp_path.iterdir()}
    assert modes == {"key": 0o600, "certificate": 0o644}


@pytest.mark.parametrize(
    "command",
    [
        ("broker-config", "-c", str(CONFIG), "--write", "ROOT", "--listen"),
        ("ca", "--write", "ROOT", "--name", "broker.hall"),
        ("grouped-units", "-c", str(CONFIG), "--write", "ROOT"),
    ],
    ids=lambda words: words[0],
)
def test_what_a_technician_has_made_is_on_the_disk_before_the_plug_is_pulled(
    tmp_path: Path, synced: set[int], command: tuple[str, ...]
) -> None:
    main([word.replace("ROOT", str(tmp_path)) for word in command])

    found = [each for each in tmp_path.rglob("*") if each.is_file() and not each.is_symlink()]
    # What mosquitto reads of the network is made anew at each start, in memory.
    made = [each for each in found if "run" not in each.relative_to(tmp_path).parts]
    assert made
    assert [each.name for each in made if each.stat().st_ino not in synced] == []


def test_a_password_that_a_power_cut_left_empty_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "printer-1").touch()

    made = broker_files.write_credentials(tmp_path, ("printer-1",))

    assert len(made["printer-1"]) == 32
    assert broker_files.write_credentials(tmp_path, ("printer-1",)) == made


def test_a_pipe_or_device_that_somebody_named_is_left_as_it_is(tmp_path: Path) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "stdout"
    os.mkfifo(pipe)
    link.symlink_to(pipe)

    for named in (pipe, link):
        with pytest.raises(OSError, match="Invalid argument"):
            durable.replace(named, b"x")

    assert pipe.is_fifo()
    assert link.is_symlink()
    assert sorted(tmp_path.iterdir()) == [pipe, link]
