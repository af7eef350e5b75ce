"""A copy that is not finished is no file yet, whatever time stands on it."""

from pathlib import Path

import pytest

from hall.onestop.folder import Folder, is_notice


def growing(folder: Folder, now: float) -> list[tuple[str, bool]]:
    return [(entry.path.name, entry.growing) for entry in folder.look(now)]


def test_a_file_is_whole_when_it_has_not_changed_for_two_seconds(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    (tmp_path / "a.csv").write_text("half")
    assert growing(folder, 100.0) == [("a.csv", True)]
    (tmp_path / "a.csv").write_text("half and more")
    assert growing(folder, 101.9) == [("a.csv", True)]

    assert growing(folder, 103.8) == [("a.csv", True)]
    assert growing(folder, 103.9) == [("a.csv", False)]


@pytest.mark.parametrize(
    "name",
    [".a.csv", "~$a.xlsx", "a.csv.part", "a.csv.tmp", "map.yaml", "Thumbs.db", "a.csv.bao-cao.txt"],
)
def test_what_programs_leave_lying_is_not_ours(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("x")

    assert growing(Folder(tmp_path), 0.0) == []


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("notice.txt", True),
        ("Notice (1).TXT", True),
        ("thong-bao.txt.txt", True),
        ("notice.csv", False),
        ("dossiers.txt", False),
    ],
)
def test_a_notice_is_known_by_its_name(name: str, *, right: bool) -> None:
    assert is_notice(Path(name)) is right
