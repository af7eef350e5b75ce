"""Kiosk and board as their units start them: inside cage, on SDL's Wayland, real pixels outside."""

import io
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

pytestmark = [
    pytest.mark.screen,
    pytest.mark.skipif(
        not all(map(shutil.which, ("cage", "Xwayland", "Xvfb", "xdotool", "import", "unshare"))),
        reason="needs cage, Xwayland, Xvfb, xdotool, ImageMagick and unshare",
    ),
]

ROOT = Path(__file__).parents[2]
DEADLINE_S = 400.0
# The size of cage's own window on an X server.
WIDE, HIGH = 1024, 768
YAML = f"""version: 1
hall: {{id: kinh, name: Xã Mù Cang Chải, hours: ["00:00-24:00"],
       days: [mon, tue, wed, thu, fri, sat, sun]}}
services: [{{id: ho-tich, name: Hộ tịch, prefix: A}}]
counters: [{{id: "1", serves: [ho-tich]}}]
printers: [{{id: printer-1, driver: simulated}}]
kiosks:
  - id: kiosk-1
    printer: printer-1
    screen: {{width: {WIDE}, height: {HIGH}, diagonal_inch: 19}}
display: {{board: {{screen: {{width: {WIDE}, height: {HIGH}, diagonal_inch: 43}}}}}}
"""
# A landscape glass hung upright.
TURNED = YAML.replace(
    f"screen: {{width: {WIDE}, height: {HIGH}, diagonal_inch: 19}}",
    f"screen: {{width: {HIGH}, height: {WIDE}, diagonal_inch: 19, rotate: 90}}",
)
# The tiles that need neither broker nor one-stop side, which are away here: procedures, rating.
PURPLE, ORANGE = (108, 63, 160), (185, 87, 10)


@dataclass
class Glass:
    """An X server whose only window is the compositor."""

    display: str

    def picture(self) -> Image.Image:
        command = ["import", "-display", self.display, "-window", "root", "png:-"]
        done = subprocess.run(command, check=True, capture_output=True, timeout=DEADLINE_S)
        return Image.open(io.BytesIO(done.stdout)).convert("RGB")

    def colours(self) -> dict[tuple[int, int, int], int]:
        """How many pixels there are of each colour."""
        found = self.picture().getcolors(WIDE * HIGH) or ()
        return {colour: count for count, colour in found if isinstance(colour, tuple)}

    def shows(self, colour: tuple[int, int, int]) -> Callable[[], bool]:
        return lambda: self.colours().get(colour, 0) > 2_000

    def touch_middle_of(self, colour: tuple[int, int, int]) -> None:
        picture = self.picture()
        places = [
            (x, y)
            for x in range(0, WIDE, 8)
            for y in range(0, HIGH, 8)
            if picture.getpixel((x, y)) == colour
        ]
        x, y = places[len(places) // 2]
        act = ["mousemove", str(x), str(y), "mousedown", "1", "sleep", "0.08", "mouseup", "1"]
        env = {**os.environ, "DISPLAY": self.display}
        subprocess.run(["xdotool", *act], env=env, check=True, timeout=DEADLINE_S)


@pytest.fixture
def glass() -> Iterator[Glass]:
    read, write = os.pipe()
    args = ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{WIDE}x{HIGH}x24"]
    server = subprocess.Popen(
        [*args, "-nolisten", "tcp"], pass_fds=[write], stderr=subprocess.DEVNULL
    )
    os.close(write)
    with os.fdopen(read) as told:
        display = f":{told.readline().strip()}"
    yield Glass(display)
    server.terminate()
    server.wait(DEADLINE_S)


@pytest.fixture
def inside_cage(glass: Glass, tmp_path: Path) -> Iterator[Callable[..., Glass]]:
    """Start a screen's module as its unit does, `cage -d -- python -P -m MODULE`."""
    config = tmp_path / "hall.yaml"
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    started: list[subprocess.Popen[bytes]] = []
    said = (tmp_path / "said").open("wb")

    def start(module: str, text: str = YAML) -> Glass:
        config.write_text(text, encoding="utf-8")
        command = ["cage", "-d", "--", sys.executable, "-P", "-m", module]
        command += ["-c", str(config), "--state", str(tmp_path / "state")]
        env = {
            **os.environ,
            "DISPLAY": glass.display,
            "WLR_BACKENDS": "x11",
            "WLR_RENDERER": "pixman",
            "XDG_RUNTIME_DIR": str(runtime),
            "SDL_VIDEODRIVER": "wayland",
            "PYTHONPATH": str(ROOT),
        }
        process = subprocess.Popen(
            [*_as_nobody_special(), *command], env=env, stderr=said, start_new_session=True
        )
        started.append(process)
        return glass

    with said:
        yield start
        for process in started:
            # As systemd ends a unit: every process of it is told, and none outlives the compositor,
            # which waits for its program.
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(DEADLINE_S)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _as_nobody_special() -> list[str]:
    """The compositor refuses to run as root; our files stay readable in a namespace of users."""
    if os.geteuid() != 0:
        return []
    command = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
    if subprocess.run([*command, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("root may make no namespace of users here: the kernel lets nobody in a chroot")
    return command


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + DEADLINE_S
    while not true():
        assert time.monotonic() < end, "it did not come to the glass"
        threading.Event().wait(0.2)


@pytest.mark.parametrize("text", [YAML, TURNED], ids=["upright", "turned"])
def test_the_kiosk_comes_to_the_glass_and_obeys_a_touch(
    inside_cage: Callable[..., Glass], text: str
) -> None:
    glass = inside_cage("kiosk", text)
    until(glass.shows(PURPLE))

    glass.touch_middle_of(ORANGE)

    until(lambda: not glass.shows(PURPLE)())


def test_the_board_comes_to_the_glass(inside_cage: Callable[..., Glass]) -> None:
    glass = inside_cage("display.board")

    until(lambda: len(glass.colours()) > 50)
