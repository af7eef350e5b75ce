"""Journeys in a real window under Xvfb, with a real mouse; photographed when asked to."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

pytestmark = [
    pytest.mark.screen,
    pytest.mark.skipif(
        not (shutil.which("Xvfb") and shutil.which("xdotool")), reason="needs Xvfb and xdotool"
    ),
]

_PLAYER = Path(__file__).with_name("kiosk_player.py")
_DEADLINE_S = 120.0


@dataclass
class Glass:
    """A kiosk in a window of its own process; it tells each page that comes up."""

    display: str
    out: IO[str]

    def touch(self, x: float, y: float) -> None:
        """Press and release the mouse there (pixels)."""
        env = {**os.environ, "DISPLAY": self.display}
        place = ["mousemove", str(round(x)), str(round(y))]
        act = [*place, "mousedown", "1", "sleep", "0.08", "mouseup", "1"]
        subprocess.run(["xdotool", *act], env=env, check=True, timeout=_DEADLINE_S)

    def line(self) -> str:
        return self.out.readline().strip()

    def until(self, page: str) -> dict[str, tuple[float, float]]:
        """Read on until this page stands: its targets' middles in pixels, by key."""
        while (line := self.line()) != f"page {page}":
            assert line, f"the kiosk ended before {page}"
        places: dict[str, tuple[float, float]] = {}
        while (line := self.line()) != "settled":
            assert line, "the kiosk ended"
            key, x, y = line.split(" ")
            places[key] = (float(x), float(y))
        return places


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    read, write = os.pipe()
    args = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1920x1920x24", "-nolisten", "tcp"]
    server = subprocess.Popen(args, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as told:
        number = told.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(timeout=_DEADLINE_S)


@pytest.fixture
def glass(display: str) -> Iterator[Glass]:
    env = {
        **os.environ,
        "DISPLAY": display,
        "SDL_VIDEODRIVER": "x11",
        "SDL_FRAMEBUFFER_ACCELERATION": "0",
        "SDL_VIDEO_WINDOW_POS": "0,0",
        "PYTHONPATH": os.pathsep.join([os.environ.get("PYTHONPATH", ""), str(Path.cwd())]),
    }
    player = subprocess.Popen(
        [sys.executable, str(_PLAYER)], env=env, stdout=subprocess.PIPE, text=True
    )
    assert player.stdout is not None
    yield Glass(display, player.stdout)
    # SDL takes a SIGTERM for a closed window, which a kiosk opens again.
    player.kill()
    player.wait(timeout=_DEADLINE_S)
    player.stdout.close()


def test_a_citizen_takes_a_number_with_three_touches(glass: Glass) -> None:
    glass.touch(*glass.until("Home")["ticket"])
    glass.touch(*glass.until("PickService")["service.ho-tich.go"])
    glass.touch(*glass.until("PickPriority")["priority.no.go"])
    glass.until("TicketTaken")


def test_a_citizen_types_a_code_and_reads_the_result(glass: Glass) -> None:
    glass.touch(*glass.until("Home")["lookup"])
    keys = glass.until("Lookup")
    for letter in "H12-181129-0001":
        glass.touch(*keys[f"key.{letter}.go"])
    glass.touch(*keys["go"])
    glass.until("DossierResult")


def test_a_citizen_reads_what_a_procedure_needs(glass: Glass) -> None:
    glass.touch(*glass.until("Home")["procedures"])
    glass.touch(*glass.until("Fields")["field.1.go"])
    rows = glass.until("Procedures")
    glass.touch(*next(place for key, place in rows.items() if key.startswith("row.")))
    glass.touch(*glass.until("Detail")["take"])
    # The procedure's field tells its service: nobody is asked for that again.
    glass.touch(*glass.until("PickPriority")["priority.no.go"])
    glass.until("TicketTaken")


def test_a_citizen_reads_the_figures_and_rates_the_service(glass: Glass) -> None:
    glass.touch(*glass.until("Home")["figures.open"])
    glass.touch(*glass.until("Dashboard")["back"])
    glass.touch(*glass.until("Home")["rating"])
    glass.touch(*glass.until("RatingFaces")["score.5.go"])
    glass.until("RatingSent")
    glass.until("Thanks")
    glass.until("Home")


def test_a_citizen_in_a_wheelchair_reaches_everything(glass: Glass) -> None:
    glass.touch(*glass.until("Home")["mode.wheelchair"])
    places = glass.until("Home")

    width, height = map(float, os.environ.get("MOTCUA_GLASS", "360 640 32").split()[:2])
    reached = 0.54 if width < height else 0.5
    assert all(y > reached * height for _, y in places.values())
    glass.touch(*places["ticket"])
    glass.until("PickService")
