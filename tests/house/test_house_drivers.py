"""A driver is one file: written by docs/adding.md into a copy of the tree, it works there."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from private_tree import ROOT, PrivateTree, copied

# Several interpreters one after the other: a slow machine takes its time.
pytestmark = pytest.mark.timeout(600)
RECIPES = (ROOT / "docs" / "adding.md").read_text(encoding="utf-8")

# Folder: name, a key of its own, and the file; each says in a file that it was used.
DRIVERS = {
    "printer/drivers": (
        "bluetooth",
        "pin",
        '''"""A printer that is reached with a PIN."""

from collections.abc import Callable
from math import inf
from pathlib import Path
from typing import Literal

from printer.plan import Connection
from printer.ports import Absent, Wire
from printer.sections import PrinterSection


class BluetoothPrinter(PrinterSection):
    driver: Literal["bluetooth"]
    pin: int

    @property
    def place(self) -> str:
        return f"bluetooth {self.pin}"

    def connect(self, on_paper: Callable[[bytes], None]) -> Connection:
        return Connection(BluetoothDriver(self.pin))


class BluetoothDriver:
    bytes_a_second = 10_000.0
    chunk = 512
    nudge_s = inf

    def __init__(self, pin: int) -> None:
        self._pin = pin

    def open(self) -> Wire:
        Path("used-printer").write_text(str(self._pin), encoding="utf-8")
        raise Absent("no such printer")
''',
    ),
    "hall/scanning/drivers": (
        "camera",
        "lens",
        '''"""A camera that reads codes."""

from pathlib import Path
from typing import Literal

from hall.scanning.drivers.simulated import SimulatedScanner
from hall.scanning.section import Clock, ScannerSection


class CameraScannerSection(ScannerSection):
    driver: Literal["camera"]
    lens: int

    def connect(self, clock: Clock) -> SimulatedScanner:
        Path("used-scanner").write_text(str(self.lens), encoding="utf-8")
        return SimulatedScanner()
''',
    ),
    "kiosk/speakers": (
        "box",
        "pitch",
        '''"""A box that speaks by itself."""

from pathlib import Path
from typing import Literal

from kiosk.sections import Recordings, SpeechSection
from kiosk.speakers.simulated import SimulatedSpeaker


class BoxSection(SpeechSection):
    driver: Literal["box"]
    pitch: int

    def connect(self, recorded: Recordings) -> SimulatedSpeaker:
        Path("used-speaker").write_text(str(self.pitch), encoding="utf-8")
        return SimulatedSpeaker()
''',
    ),
    "display/drivers": (
        "flaps",
        "motor",
        '''"""A display of falling flaps."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, Self

from display.face_section import FaceSection, FaceSurroundings
from display.ports import FaceDriver


class FlapFace(FaceSection):
    driver: Literal["flaps"]
    motor: int

    @classmethod
    def connect(cls, faces: Sequence[Self], where: FaceSurroundings) -> Mapping[str, FaceDriver]:
        Path("used-face").write_text(str(faces[0].motor), encoding="utf-8")
        return {}
''',
    ),
    "display/voice/players": (
        "horn",
        "watts",
        '''"""A horn on the roof."""

from pathlib import Path
from typing import Literal

from display.voice.player_section import PlayerSection, VoiceSurroundings
from display.voice.ports import Player
from display.voice.players.simulated import SimulatedPlayer


class HornSection(PlayerSection):
    driver: Literal["horn"]
    watts: int

    def connect(self, where: VoiceSurroundings) -> Player:
        Path("used-player").write_text(str(self.watts), encoding="utf-8")
        return SimulatedPlayer(where.monotonic)
''',
    ),
    "display/board/drivers": (
        "beamer",
        "lumens",
        '''"""A beamer on the wall."""

from pathlib import Path
from typing import Literal

from display.board.board_section import BoardSection
from display.board.ports import Screen
from hall.screen.geometry import Panel


class BeamerBoard(BoardSection):
    driver: Literal["beamer"]
    lumens: int

    def connect(self, panel: Panel, title: str, *, headless: bool) -> Screen:
        from display.board.window_screen import SimulatedScreen

        Path("used-board").write_text(str(self.lumens), encoding="utf-8")
        return SimulatedScreen(panel, title)
''',
    ),
    "firmware_bridge/drivers": (
        "loop",
        "hops",
        '''"""Current loops."""

from pathlib import Path

from pydantic import Field

from firmware_bridge.bus_section import BusSection, BusSurroundings, ConnectedLine
from firmware_bridge.lines.simulated import RealPace, SimulatedLine
from hall.runtime.attachments import rs485_bus


class LoopBus(BusSection):
    port: str = Field(pattern="^loop[0-9]$", examples=["loop1"])
    hops: int

    def connect(self, where: BusSurroundings) -> ConnectedLine:
        Path("used-bus").write_text(str(self.hops), encoding="utf-8")
        line = SimulatedLine({}, self.baud, RealPace(where.clock))
        return ConnectedLine(line, rs485_bus("bus_down", where.name, self.port))
''',
    ),
    "printer/buttons": (
        "pedal",
        "pedal",
        '''"""A pedal at the door."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Self

from printer.button_section import ButtonSection, Wiring
from printer.ports import Buttons


class PedalButton(ButtonSection):
    told_by: ClassVar[str] = "pedal"

    pedal: int

    @classmethod
    def connect(cls, buttons: Sequence[Self], wiring: Wiring) -> Sequence[Buttons]:
        Path("used-button").write_text(str(buttons[0].pedal), encoding="utf-8")
        return ()

    @classmethod
    def mistake(cls, buttons: Sequence[Self], gpiochip: str | None) -> str | None:
        return None
''',
    ),
    "firmware_bridge/keypads": (
        "radio",
        "band",
        '''"""A keypad without wires."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, Self

from firmware_bridge.keypad_section import KeypadSection
from firmware_bridge.keypads.simulated import SimulatedKeypads


class RadioKeypad(KeypadSection):
    driver: Literal["radio"]
    band: int

    def connect(self, bridge: str, clock: Callable[[], float]) -> SimulatedKeypads:
        Path("used-keypad").write_text(str(self.band), encoding="utf-8")
        return SimulatedKeypads([self.counter], clock)

    @classmethod
    def mistake(cls, pads: Sequence[Self]) -> str | None:
        return None
''',
    ),
    "hall/onestop/drivers": (
        "fax",
        "line",
        '''"""A software that sends everything by fax."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from hall.onestop.ports import Away, DossierAnswered, LinkUp, Post
from hall.onestop.supplier_section import AnsweringSection, ConnectedSupplier, OnestopSurroundings


class FaxSection(AnsweringSection):
    driver: Literal["fax"]
    line: int

    def connect(self, where: OnestopSurroundings) -> ConnectedSupplier:
        fax = FaxSupplier(self.line)
        return ConnectedSupplier(fax, steering=fax)


class FaxSupplier:
    source = "Fax"

    def __init__(self, line: int) -> None:
        self._line = line
        self._post: Post | None = None

    def start(self, post: Post) -> None:
        Path("used-supplier").write_text(str(self._line), encoding="utf-8")
        self._post = post
        post(LinkUp())

    def look_up(self, ref: str, code: str) -> None:
        if self._post is not None:
            self._post(DossierAnswered(ref, Away()))

    def tick(self, now: float) -> float:
        return now + 60

    def steer(self, action: str, args: Mapping[str, str | float]) -> bool:
        return False

    def stop(self) -> None:
        pass
''',
    ),
}
HALL = """version: 1
hall: {id: thu, name: Thử}
services: [{id: a, name: Hộ tịch, prefix: A}]
counters: [{id: "1", serves: [a]}]
printers: [{id: printer-1, driver: bluetooth, pin: 7, buttons: [{service: a, pedal: 12}]}]
bridges:
  - id: bridge-1
    keypads: [{counter: "1", driver: radio, band: 13}]
    buses: [{port: loop1, hops: 15, units: [{address: 1, counter: "1", keypad: false}]}]
kiosks: [{id: kiosk-1, scanners: [{driver: camera, lens: 8}], speech: {driver: box, pitch: 9}}]
display:
  faces: [{counter: "1", driver: flaps, motor: 10}]
  voice: {player: {driver: horn, watts: 11}, make: false}
  board: {driver: beamer, lumens: 16}
onestop: {driver: fax, line: 14, lookups_per_minute: 7}
"""
ROLES = "printer,kiosk,display,board,voice,bridge,onestop"
USED = {
    "used-printer": "7",
    "used-scanner": "8",
    "used-speaker": "9",
    "used-face": "10",
    "used-player": "11",
    "used-button": "12",
    "used-keypad": "13",
    "used-supplier": "14",
    "used-bus": "15",
    "used-board": "16",
}


REACHED = (
    ("motcua-printer@", "printers.driver", "printer/drivers"),
    ("motcua-kiosk@", "kiosks.scanners.driver", "hall/scanning/drivers"),
    ("motcua-printer@", "printers.scanner.driver", "hall/scanning/drivers"),
    ("motcua-kiosk@", "kiosks.speech.driver", "kiosk/speakers"),
    ("motcua-display", "display.faces.driver", "display/drivers"),
    ("motcua-board", "display.board.driver", "display/board/drivers"),
    ("motcua-voice", "display.voice.player.driver", "display/voice/players"),
    ("motcua-bridge@", "bridges.keypads.driver", "firmware_bridge/keypads"),
    ("motcua-onestop", "onestop.driver", "hall/onestop/drivers"),
)
ROWS_OF_DRIVERS = (
    *("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "every_driver"),
    *("tests/systemd/test_systemd_reach.py", "tests/house/test_house_devices.py"),
)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> PrivateTree:
    tree = copied(tmp_path_factory.mktemp("tree"))
    for folder, (name, _, text) in DRIVERS.items():
        (tree.place / folder / f"{name}.py").write_text(text, encoding="utf-8")
    (tree.place / "hall.yaml").write_text(HALL, encoding="utf-8")
    wrong = HALL.replace("pin: 7", "pin: seven")
    (tree.place / "wrong.yaml").write_text(wrong, encoding="utf-8")
    return tree


@dataclass(frozen=True)
class Told:
    """What the tree's own commands say of the new drivers."""

    checked: subprocess.CompletedProcess[str]
    wrong: subprocess.CompletedProcess[str]
    schema: subprocess.CompletedProcess[str]
    reference: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def told(tree: PrivateTree) -> Told:
    check = ("check", "-c")
    return Told(
        *tree.obey((*check, "hall.yaml"), (*check, "wrong.yaml"), ("schema",), ("reference",))
    )


def said(done: subprocess.CompletedProcess[str]) -> str:
    return done.stdout + done.stderr


def test_the_recipe_names_the_folder_of_every_kind() -> None:
    section = re.split("^#", RECIPES.split("### A driver\n")[1], maxsplit=1, flags=re.MULTILINE)[0]

    assert {*re.findall(r"^\| [^|]+ \| `([^`]+)`", section, re.MULTILINE)} == {*DRIVERS}


def test_the_file_is_checked_and_stands_in_schema_and_reference(told: Told) -> None:
    assert told.checked.returncode == 0, said(told.checked)
    for _, key, _ in DRIVERS.values():
        assert f'"{key}": {{' in told.schema.stdout
        assert f"| `{key}` |" in told.reference.stdout


def test_a_wrong_key_of_its_own_is_a_mistake_of_the_file(told: Told) -> None:
    assert told.wrong.returncode == 2
    assert "printers.0.pin: phải là số nguyên" in said(told.wrong)


def test_a_driver_that_cannot_be_made_is_found_by_the_check(tree: PrivateTree) -> None:
    file = tree.place / "printer" / "drivers" / "bluetooth.py"
    whole = file.read_text(encoding="utf-8")
    try:
        file.write_text(whole.replace("def connect(", "def connected("), encoding="utf-8")
        checked = tree.run("-m", "hall.cli", "check", "-c", "hall.yaml")
    finally:
        file.write_text(whole, encoding="utf-8")

    assert checked.returncode
    assert "printer.drivers.bluetooth: BluetoothPrinter lacks connect" in said(checked)


def test_a_driver_without_its_rows_is_named(tree: PrivateTree, told: Told) -> None:
    schema = tree.place / "config" / "hall.schema.json"
    schema.write_text(told.schema.stdout, encoding="utf-8")

    lacking = tree.run(*ROWS_OF_DRIVERS)
    for unit, key, folder in REACHED:
        name = DRIVERS[folder][0]
        assert f"[{key}-{name}]" in lacking.stdout
        row = f'\n[[reach]]\nunit = "{unit}"\nyaml = "{key}"\nvalue = "{name}"\n'
        append(tree.place / "systemd" / "reach.toml", row)
        append(tree.place / "docs" / "devices.md", f"| `{key}` | `{name}` | chưa | chưa thử |\n")
    complete = tree.run(*ROWS_OF_DRIVERS)

    assert complete.returncode == 0, said(complete)


def append(file: Path, text: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


def forget_uses(tree: PrivateTree) -> None:
    """The check makes drivers, too."""
    for name in USED:
        (tree.place / name).unlink(missing_ok=True)


@pytest.mark.broker
def test_it_is_opened_where_the_hall_runs(tree: PrivateTree) -> None:
    forget_uses(tree)
    with running(tree, ROLES) as process:
        for name, text in USED.items():
            wait_for(tree.place / name, process)
            assert (tree.place / name).read_text(encoding="utf-8") == text


@contextmanager
def running(tree: PrivateTree, roles: str) -> Iterator[subprocess.Popen[bytes]]:
    place = ("-c", "hall.yaml", "--state", "state", "--headless")
    process = subprocess.Popen(
        [sys.executable, "-m", "hall.cli", "run", roles, *place],
        cwd=tree.place,
        env=tree.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(120)


def wait_for(file: Path, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 400
    while not (file.exists() and file.stat().st_size):
        assert time.monotonic() < end, f"no {file.name}"
        with suppress(subprocess.TimeoutExpired):
            pytest.fail(f"the roles ended with {process.wait(0.05)}")


# `motcua demo -c` up to the moment at which the hall is played: its file is written and judged.
REHEARSE = """
from hall.cli import __main__, demo
demo.play = lambda played, course: print(played.config.read_text(encoding="utf-8")) or 0
raise SystemExit(__main__.main(["demo", "-c", "hall.yaml", "--headless", "--port", "0"]))
"""


def test_it_is_simulated_where_the_hall_is_rehearsed(tree: PrivateTree) -> None:
    forget_uses(tree)

    played = tree.run("-c", REHEARSE)

    assert played.returncode == 0, said(played)
    values = [*plain_values(json.loads(played.stdout))]
    assert ("driver", "simulated") in values
    for name, own_key, _ in DRIVERS.values():
        assert own_key not in dict(values)
        assert ("driver", name) not in values
    assert not [name for name in USED if (tree.place / name).exists()]


def plain_values(values: object) -> Iterator[tuple[str, object]]:
    """Every key of a file that holds no section, with its value, however deep it stands."""
    if isinstance(values, list):
        for each in values:
            yield from plain_values(each)
    elif isinstance(values, dict):
        for key, value in values.items():
            if isinstance(value, dict | list):
                yield from plain_values(value)
            else:
                yield key, value
