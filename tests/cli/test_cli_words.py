"""Wrong use is answered in Vietnamese, with exit status 2."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hall.cli import trial
from hall.cli.__main__ import main
from hall.cli.words import Parser
from hall.runtime import broker

_CLOSED_PIPE = """
import os, sys
from hall.cli.__main__ import main
read, write = os.pipe()
os.close(read)
os.dup2(write, 1)
sys.exit(main(sys.argv[1:]))
"""
SMALLEST = """\
version: 1
hall: {id: thu, name: Thử}
services: [{id: a, name: A}]
counters: [{id: "1", serves: [a]}]
"""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["call", "-c", "x.yaml"], "còn thiếu: counter"),
        (["issue", "ho-tich", "-c"], "-c/--config: cần một giá trị"),
        (["state", "-c", "x.yaml", "--wat"], "không hiểu: --wat"),
        (["demo", "--profile", "x"], "--profile: không có 'x'; có:"),
        (["demo", "--seconds", "x"], "--seconds: giá trị 'x' không dùng được"),
        (["state", "-c", "x.yaml", "--as", "tech/#"], "--as: 'tech/#' không phải tên client"),
        (
            ["broker-config", "-c", "x.yaml", "--listen", "10.0.0.5\nallow_anonymous true"],
            "không phải địa chỉ",
        ),
    ],
)
def test_wrong_words_are_named(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)

    assert ended.value.code == 2
    heard = capsys.readouterr().err
    assert said in heard
    assert heard.startswith("cách dùng: motcua")


def test_a_missing_file_is_a_configuration_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "-c", "không-có.yaml"]) == 2
    assert "không-có.yaml:1:1: không đọc được tệp" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["call", "1", "--number", "a;1"], "motcua call: number: 'A;1' không đúng dạng"),
        (["call", "quầy 1"], "motcua call: counter: 'quầy 1' không đúng dạng"),
        (["issue", "hộ tịch"], "motcua issue: service: 'hộ tịch' không đúng dạng"),
        (["test-say", "x;y", "--counter", "1"], "motcua test-say: number: 'X;Y' không đúng dạng"),
    ],
)
def test_words_that_no_request_can_carry_are_wrong_use(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "-c", "x.yaml"]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["printer-2"], ["--device", "printer-2"], ["-c", "x.yaml", "printer-2"]]
)
def test_a_device_is_named_with_or_without_its_flag(words: list[str]) -> None:
    parser = Parser("motcua test-print", "")
    trial.arguments(parser, "test-print")

    assert parser.parse_args([*words, "-c", "x.yaml"]).target == "printer-2"


def test_a_password_that_may_not_be_read_is_told_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "/etc/motcua/credentials/tech-cli")

    monkeypatch.setattr(broker, "_credential", refuse)
    path = tmp_path / "hall.yaml"
    path.write_text(SMALLEST)

    assert main(["doctor", "-c", str(path), "--broker", "mqtt://127.0.0.1:1"]) == 1
    said = capsys.readouterr().out
    assert "không có quyền đọc tệp mật khẩu /etc/motcua/credentials/tech-cli" in said
    assert "một lệnh thì chạy bằng sudo" in said


@pytest.mark.parametrize("words", [["--help"], ["schema"], ["check", "--help"]])
def test_a_reader_that_has_seen_enough_is_no_fault(words: list[str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _CLOSED_PIPE, *words],
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )

    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_terminal_without_vietnamese_letters_is_told_all_the_same() -> None:
    ended = subprocess.run(
        [sys.executable, "-P", "-m", "hall.cli", "--help"],
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        timeout=300,
    )

    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("motcua L")
