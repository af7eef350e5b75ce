"""What a demo promises of its pictures is so when it has ended."""

import re
import sys
from pathlib import Path

import pytest

from hall.cli.__main__ import main
from hall.demo.play import Course, Demo, pictures_words


@pytest.fixture(autouse=True)
def _told_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No process is started: the demo tells where its pictures are, and ends."""

    def told(demo: Demo, _course: Course) -> int:
        sys.stdout.write(pictures_words(demo) + "\n")
        return 0

    monkeypatch.setattr("hall.cli.demo.play", told)


def test_a_folder_that_goes_with_the_demo_is_not_promised(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["demo", "--headless", "--port", "0"]) == 0

    said = capsys.readouterr().out
    (named,) = re.findall(r"nhật ký: (\S+)", said)
    assert not Path(named).exists()
    assert "xoá khi dừng; muốn giữ: --out DIR" in said


def test_a_folder_that_was_asked_for_stays(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["demo", "--headless", "--port", "0", "--out", str(tmp_path / "out")]) == 0

    assert capsys.readouterr().out == f"Ảnh và nhật ký: {tmp_path / 'out'}\n"
    assert (tmp_path / "out").is_dir()
