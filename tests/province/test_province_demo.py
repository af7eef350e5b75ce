"""The province's demo, whole and at its shortest: real halls, mosquitto, PostgreSQL, the page."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hall.cli.province.demo import SHORTEST_S

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.page, pytest.mark.broker]


def test_a_line_a_broker_and_a_consumer_break_and_no_event_is_missing(tmp_path: Path) -> None:
    """Its verdict is its own: each hall's journal is compared with the database."""
    seconds = str(SHORTEST_S)
    command = ["province-demo", "--headless", "--halls", "2", "--seconds", seconds, "--port", "0"]

    done = subprocess.run(
        [sys.executable, "-P", "-m", "hall.cli", *command, "--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )

    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert (told["gaps"], told["doubles"], told["broken"]) == (0, 0, [])
    assert told["stored"] == told["events"] > 0
    assert set(told["by_hall"]) == {"mu-cang-chai", "phu-tien"}
    assert len(told["incidents"]) == 3
    for picture in told["pictures"]:
        assert (tmp_path / "out" / picture).stat().st_size > 10_000
