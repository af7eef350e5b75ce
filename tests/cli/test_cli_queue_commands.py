"""The queue from a terminal: what is asked, what is told, what the exit status says."""

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from hall.cli import queue_commands
from hall.cli.__main__ import main
from hall.contract.messages import Refusal, Reply

COUNTER = {"epoch": 1, "ver": 4, "counter": "1", "name": "Quầy 1", "status": "open"}


def run(reply: Reply, command: str, *words: str) -> tuple[int, str]:
    """What a hall that answers so makes of a command: the exit status, and the verb asked."""
    parser = argparse.ArgumentParser()
    queue_commands.arguments(parser, command)
    args = parser.parse_args(["-c", "hall.yaml", *words])
    verb, request = queue_commands._request(args)
    return queue_commands._answered(request, reply, as_json=args.json), verb


def accepted(**data: Any) -> Reply:
    return Reply(id="1", status="ok", data=data)


def test_a_hall_that_cannot_be_reached_is_said_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hall.runtime.terminal.CONNECT_S", 0.5)
    config = Path(__file__).parents[2] / "config" / "demo.yaml"
    nobody = ["--broker", "mqtt://127.0.0.1:9", "--state", str(tmp_path)]

    assert main(["state", "-c", str(config), *nobody]) == 1
    told = capsys.readouterr()
    assert told.err == "Không nối được với hội trường: không có broker nào ở 127.0.0.1:9\n"
    assert told.out == ""


def test_nobody_waiting_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(accepted(ticket=None, counter=COUNTER), "call", "1") == (0, "call-next")
    told = "Quầy 1 · – · mở, đang rảnh\nKhông có ai đang chờ.\n"
    assert capsys.readouterr().out == told


def test_a_program_is_told_what_the_bus_says(capsys: pytest.CaptureFixture[str]) -> None:
    data = {"ticket": None, "counter": COUNTER}

    assert run(accepted(**data), "call", "1", "--json")[0] == 0
    assert json.loads(capsys.readouterr().out) == data


def test_a_refusal_is_a_fault_in_its_own_words(capsys: pytest.CaptureFixture[str]) -> None:
    error = Refusal(code="unknown", text="Không có quầy này.")
    status, _ = run(Reply(id="1", status="error", error=error), "call", "9", "--json")

    told = capsys.readouterr()
    assert (status, told.out, told.err) == (1, "", "Không được: Không có quầy này.\n")
