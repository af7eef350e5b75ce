"""`motcua demo --headless`: the command itself, with its pictures and its judgement."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.broker
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "hall.cli", "demo", "--headless", "--seconds", "40"]
    ended = subprocess.run(
        [*command, "--port", "0", "--profile", "phu-tien", "--out", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return folder


def test_the_demo_breaks_no_promise(out: Path) -> None:
    told = json.loads((out / "summary.json").read_text(encoding="utf-8"))

    assert told["broken"] == []
    assert (told["double_calls"], told["duplicate_numbers"], told["lost_tickets"]) == (0, 0, 0)
    assert told["called"] > 5
    assert told["served"] > 3
    assert told["refused_without_paper"] or told["printed"] < told["presses"]
    assert [text.split(" @")[0] for text in told["incidents"]] == [
        "paper-out",
        "paper-in",
        "broker-restart",
    ]


def test_the_demo_names_the_denominator_of_every_figure(out: Path) -> None:
    figures = json.loads((out / "summary.json").read_text(encoding="utf-8"))["figures"]
    by_name = {figure["name"]: figure for figure in figures}

    assert by_name["trước hạn"]["percent"] == "46,20%"
    assert by_name["trước hạn"]["denominator"] == 303
    assert by_name["trễ hẹn"]["count"] == 0
    assert all(figure["denominator_name"] for figure in figures)


@pytest.mark.parametrize("name", ["kiosk.png", "kiosk-dashboard.png", "board.png"])
def test_the_demo_photographs_its_screens(out: Path, name: str) -> None:
    png = (out / name).read_bytes()

    assert png.startswith(b"\x89PNG")
    assert len(png) > 20_000


def test_the_kiosk_shows_another_page_on_its_dashboard(out: Path) -> None:
    assert (out / "kiosk.png").read_bytes() != (out / "kiosk-dashboard.png").read_bytes()


def test_every_printed_ticket_is_kept_as_a_picture(out: Path) -> None:
    told = json.loads((out / "summary.json").read_text(encoding="utf-8"))

    assert len(list((out / "tickets").glob("*.png"))) == told["papers"] >= told["printed"] > 0
