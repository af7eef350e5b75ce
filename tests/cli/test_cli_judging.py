"""The whole file judged by a process of its own, for roles that stay."""

import logging
import sys
from pathlib import Path

import pytest

from hall.cli.checking import check, judging
from hall.runtime import settings
from hall.runtime.settings import ConfigError, Document

DEMO = Path(__file__).parents[2] / "config" / "demo.yaml"
NO_COUNTER = b"""\
version: 1
hall: {id: thu, name: Thu}
services: [{id: a, name: A, prefix: A, colour: 1}]
"""


def document(folder: Path, text: bytes) -> Document:
    file = folder / "hall.yaml"
    file.write_bytes(text)
    return settings.skim(file)


def test_a_file_that_is_right_says_nothing(tmp_path: Path) -> None:
    judging.judge_whole(document(tmp_path, DEMO.read_bytes()))


def test_a_wrong_file_has_the_mistakes_that_check_finds(tmp_path: Path) -> None:
    wrong = document(tmp_path, NO_COUNTER)
    with pytest.raises(ConfigError) as by_check:
        check.judge_whole(wrong)

    with pytest.raises(ConfigError) as apart:
        judging.judge_whole(wrong)

    assert str(apart.value) == str(by_check.value)
    assert len(apart.value.mistakes) > 1


@pytest.mark.parametrize("program", ["/bin/false", "/nobody/here"])
def test_a_role_goes_on_where_nobody_can_judge_the_whole(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    program: str,
) -> None:
    monkeypatch.setattr(sys, "executable", program)

    with caplog.at_level(logging.WARNING):
        judging.judge_whole(document(tmp_path, NO_COUNTER))

    assert "could not be judged" in caplog.text
