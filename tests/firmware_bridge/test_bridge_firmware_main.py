"""The Pico's main.py with played pins: it talks, scans keys, shifts digits out and beeps."""

import platform
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from firmware_bridge.firmware import counter_unit, settings
from firmware_bridge.protocols import rtu

FIRMWARE = Path(__file__).parents[2] / "firmware_bridge" / "firmware"
MICROPYTHON = Path(sys.executable).with_name("micropython")


class PowerOff(Exception):
    """Ends the endless loop."""


@dataclass
class Pico:
    """The board as main.py sees it; a millisecond passes with every turn of its loop."""

    now_ms: int = 0
    until_ms: int = 0
    sent: list[bytes] = field(default_factory=list)
    heard: bytes = b""
    down: set[tuple[int, int]] = field(default_factory=set)
    levels: dict[int, int] = field(default_factory=dict)
    shifted: list[int] = field(default_factory=list)
    digits: list[int] = field(default_factory=list)
    beeps: int = 0
    script: dict[int, Callable[[], None]] = field(default_factory=dict)

    def feed(self) -> None:
        self.now_ms += 1
        if self.now_ms in self.script:
            self.script[self.now_ms]()
        if self.now_ms > self.until_ms:
            raise PowerOff

    def pin(self, number: int, *_: object, value: int = 0) -> "Pin":
        self.levels[number] = value
        return Pin(self, number)

    def read(self) -> bytes:
        heard, self.heard = self.heard, b""
        return heard


@dataclass
class Pin:
    board: Pico
    number: int

    def value(self, level: int | None = None) -> int:
        if level is None:
            rows = [row for row, column in self.board.down if column == self.number]
            return int(not any(self.board.levels[row] == 0 for row in rows))
        rises = bool(level) and not self.board.levels[self.number]
        self.board.levels[self.number] = int(bool(level))
        if rises and self.number == 19:
            self.board.shifted.append(self.board.levels[18])
        if rises and self.number == 20:
            self.board.digits, self.board.shifted = octets(self.board.shifted), []
        self.board.beeps += rises and self.number == 21
        return 0


def octets(bits: list[int]) -> list[int]:
    """The bytes in the chain, the leftmost digit last in."""
    found = [bits[at : at + 8] for at in range(0, len(bits), 8)]
    return [int("".join(map(str, octet)), 2) for octet in reversed(found)]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Pico, int], None]:
    monkeypatch.chdir(tmp_path)

    def started(board: Pico, milliseconds: int) -> None:
        board.until_ms = board.now_ms + milliseconds
        pin = SimpleNamespace(OUT=1, IN=2, OPEN_DRAIN=3, PULL_UP=4)
        uart = SimpleNamespace(
            any=lambda: len(board.heard),
            read=board.read,
            write=board.sent.append,
            flush=lambda: None,
        )
        machine = SimpleNamespace(
            PWRON_RESET=1,
            WDT_RESET=3,
            reset_cause=lambda: 1,
            UART=lambda *_, **__: uart,
            WDT=lambda **_: SimpleNamespace(feed=board.feed),
            Pin=type("Pins", (), {"__new__": lambda _, *a, **k: board.pin(*a, **k), **vars(pin)}),
        )
        clock = SimpleNamespace(ticks_ms=lambda: board.now_ms, ticks_diff=lambda a, b: a - b)
        for name, module in (
            ("machine", machine),
            ("time", clock),
            ("counter_unit", counter_unit),
            ("settings", settings),
        ):
            monkeypatch.setitem(sys.modules, name, module)
        source = (FIRMWARE / "main.py").read_text(encoding="utf-8")
        names: dict[str, Any] = {"__name__": "__main__"}
        with pytest.raises(PowerOff):
            exec(compile(source, "main.py", "exec"), names)
        monkeypatch.undo()

    return started


def saying(board: Pico, ask: rtu.Ask) -> Callable[[], None]:
    def said() -> None:
        board.heard += ask.request

    return said


def test_a_face_from_the_bus_lights_its_segments_and_beeps(
    run: Callable[[Pico, int], None],
) -> None:
    board = Pico()
    face = rtu.write(1, 0, (8, 0x4130, 0x3031, 0x2020, 0x0010))
    board.script = {100: saying(board, face)}

    run(board, 500)

    assert board.sent == [bytes.fromhex("01 10 00 00 00 05 00 0A")]
    assert board.digits == [settings.SEGMENTS[c] for c in "A001"] + [0, 0]
    assert board.beeps == 1


def test_a_key_is_told_once_with_its_age(run: Callable[[Pico, int], None]) -> None:
    board = Pico()
    board.script = {
        100: lambda: board.down.add((6, 13)),
        180: board.down.clear,
        400: saying(board, rtu.read(1, rtu.READ_INPUT, 0, 5)),
    }

    run(board, 500)

    (reply,) = board.sent
    assert reply[3] == 1
    assert chr(reply[5]) == "N"
    assert reply[6] in (2, 3)


def test_a_new_address_is_saved_for_the_next_start(
    run: Callable[[Pico, int], None], tmp_path: Path
) -> None:
    board = Pico()
    board.script = {50: saying(board, rtu.write(1, counter_unit.ADDRESS_REGISTER, (7,)))}

    run(board, 100)

    assert (tmp_path / "address.txt").read_text(encoding="utf-8") == "7"


@pytest.mark.skipif(
    platform.machine() != "x86_64" or not MICROPYTHON.exists(),
    reason="the MicroPython unix port has wheels for x86_64 alone",
)
@pytest.mark.parametrize("name", ["counter_unit.py", "main.py", "main_unix.py", "settings.py"])
def test_every_file_is_in_the_dialect_of_micropython(name: str) -> None:
    command = [str(MICROPYTHON), "-X", "compile-only", str(FIRMWARE / name)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    assert (done.returncode, done.stderr) == (0, "")
