"""A file that a person names is written whole, or is as it was: nothing half, nothing empty."""

import ast
import errno
import os
from pathlib import Path

import pytest

from hall.cli.__main__ import main
from hall.runtime import durable

ROOT = Path(__file__).parents[2]
NEW = b"new"
# A hall that is made for an hour, and openssl's own folder, which is thrown away with it.
THROWN_AWAY = {"hall/cli/demo.py", "hall/cli/province/demo.py", "hall/cli/ca.py"}
WRITES = {"write_text", "write_bytes", "copyfile", "touch"}


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def fsync(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fsync)


@pytest.mark.usefixtures("full_disk")
@pytest.mark.parametrize("write", [durable.replace, durable.create])
def test_where_there_is_no_room_nothing_is_left_and_the_file_is_named(
    tmp_path: Path, write: object
) -> None:
    file = tmp_path / "hall.yaml"
    assert callable(write)
    with pytest.raises(OSError, match="No space left") as refused:
        write(file, NEW)

    assert refused.value.filename == str(file)
    assert [*tmp_path.iterdir()] == []


@pytest.mark.usefixtures("full_disk")
def test_where_there_is_no_room_what_was_there_stays(tmp_path: Path) -> None:
    file = tmp_path / "hall.yaml"
    file.write_bytes(b"old")
    with pytest.raises(OSError, match="No space left"):
        durable.replace(file, NEW)

    assert file.read_bytes() == b"old"
    assert [*tmp_path.iterdir()] == [file]


def test_what_is_there_is_not_written_over(tmp_path: Path) -> None:
    file, link = tmp_path / "hall.yaml", tmp_path / "link.yaml"
    file.write_bytes(b"old")
    link.symlink_to(tmp_path / "nowhere")
    for each in (file, link):
        with pytest.raises(FileExistsError):
            durable.create(each, NEW)

    assert file.read_bytes() == b"old"
    assert link.is_symlink()


def test_a_report_of_a_journal_that_is_not_there_leaves_no_file(tmp_path: Path) -> None:
    out = tmp_path / "so.xlsx"

    assert main(["report", "--state", str(tmp_path), "--xlsx", str(out)]) == 1
    assert [*tmp_path.iterdir()] == []


def written_by_hand(source: str) -> list[int]:
    """The lines that open a file for writing, or write one at once."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        modes = [a.value for a in node.args if isinstance(a, ast.Constant)]
        opens = any(isinstance(each, str) and each[:1] in ("w", "x", "a") for each in modes[:1])
        if node.func.attr in WRITES or (node.func.attr == "open" and opens):
            found.append(node.lineno)
    return found


def test_no_command_writes_a_file_but_by_the_one_way() -> None:
    commands = [*(ROOT / "hall/cli").rglob("*.py"), ROOT / "firmware_bridge/tools.py"]
    names = {str(each.relative_to(ROOT)): each for each in commands}

    assert names.keys() >= THROWN_AWAY
    assert written_by_hand('Path("a").open("x")') == written_by_hand("a.write_text('')") == [1]
    found = {
        name: lines
        for name, file in names.items()
        if name not in THROWN_AWAY and (lines := written_by_hand(file.read_text("utf-8")))
    }
    assert found == {}
