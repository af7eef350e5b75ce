"""Masters and displays that the project did not write, over pseudo-terminals.

The firmware runs under the MicroPython unix port; minimalmodbus, pymodbus and mbpoll drive it,
and a pymodbus server is driven by our bridge.
"""

import os
import platform
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import minimalmodbus  # type: ignore[import-untyped]
import pytest
from pymodbus.client import ModbusSerialClient

from firmware_bridge.bus_thread import BusThread
from firmware_bridge.lines.serial import SerialLine
from firmware_bridge.master import Master, Station
from firmware_bridge.ports import BusBack, BusEvent, BusLost, LinkLost
from firmware_bridge.protocols.foreign import ForeignDisplay
from firmware_bridge.protocols.own_unit import OwnUnit
from firmware_bridge.protocols.profile import load_profile
from firmware_bridge.protocols.session import KeyPressed, UnitSession
from firmware_bridge.protocols.unit_face import UnitFace
from hall.runtime.attachments import rs485_bus

FIRMWARE = Path(__file__).parents[2] / "firmware_bridge" / "firmware"
MICROPYTHON = Path(sys.executable).with_name("micropython")
DEADLINE_S = 120.0

pytestmark = [
    pytest.mark.skipif(not shutil.which("socat"), reason="socat is not installed"),
    pytest.mark.skipif(
        platform.machine() != "x86_64" or not MICROPYTHON.exists(),
        reason="the MicroPython unix port has wheels for x86_64 alone",
    ),
]


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + DEADLINE_S
    while not true():
        assert time.monotonic() < end, "waited in vain"
        select.select([], [], [], 0.005)


@dataclass
class Wire:
    """A pseudo null-modem: what goes in at `ours` comes out at `theirs`."""

    folder: Path
    socat: subprocess.Popen[bytes] | None = None

    @property
    def ours(self) -> Path:
        return self.folder / "ours"

    @property
    def theirs(self) -> Path:
        return self.folder / "theirs"

    def plug(self) -> None:
        ends = [f"pty,raw,echo=0,link={end}" for end in (self.ours, self.theirs)]
        self.socat = subprocess.Popen(["socat", *ends])
        until(lambda: self.ours.exists() and self.theirs.exists())

    def pull(self) -> None:
        if self.socat is not None:
            self.socat.terminate()
            self.socat.wait(DEADLINE_S)
            self.socat = None


@dataclass
class UnitProcess:
    """The firmware in its own MicroPython."""

    process: subprocess.Popen[bytes]
    printed: bytes = b""

    def press(self, key: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(key.encode())
        self.process.stdin.flush()

    def shows(self, text: str) -> bool:
        lines = self.lines()
        return bool(lines) and lines[-1].split(" ", 1)[-1].rstrip() == text

    def prints(self, line: str) -> bool:
        return line in self.lines()

    def lines(self) -> list[str]:
        out = self.process.stdout
        assert out is not None
        while select.select([out], [], [], 0)[0]:
            more = os.read(out.fileno(), 4096)
            if not more:
                break
            self.printed += more
        return self.printed.decode().splitlines()

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(DEADLINE_S)
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            with suppress(BrokenPipeError):
                pipe.close()


def start_unit(wire: Wire, address: int = 1) -> UnitProcess:
    command = [str(MICROPYTHON), "main_unix.py", str(wire.theirs), str(address)]
    process = subprocess.Popen(command, cwd=FIRMWARE, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    unit = UnitProcess(process)
    until(lambda: unit.shows("ready"))
    return unit


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    made = Wire(tmp_path)
    made.plug()
    yield made
    made.pull()


@pytest.fixture
def unit(wire: Wire) -> Iterator[UnitProcess]:
    made = start_unit(wire)
    yield made
    made.stop()


@dataclass
class Bridge:
    """Our own master in its thread on a real port."""

    thread: BusThread
    events: list[BusEvent] = field(default_factory=list)

    def keys(self) -> list[str]:
        return [event.key for event in self.events if isinstance(event, KeyPressed)]

    def has(self, kind: type) -> bool:
        return any(isinstance(event, kind) for event in self.events)


@pytest.fixture
def bridge_on() -> Iterator[Callable[[Path, UnitSession], Bridge]]:
    made: list[Bridge] = []

    def start(port: Path, session: UnitSession) -> Bridge:
        line = SerialLine(str(port), 115200, rs485=False)
        master = Master(line, [Station(session)], 115200, time.monotonic)
        bridge = Bridge(
            BusThread("bus", rs485_bus("bus_down", "bus 1", port), master, time.monotonic)
        )
        made.append(bridge)
        bridge.thread.start(lambda event, _: bridge.events.append(event))
        return bridge

    yield start
    for bridge in made:
        bridge.thread.stop()


@pytest.fixture
def pymodbus_client(wire: Wire) -> Iterator[ModbusSerialClient]:
    client = ModbusSerialClient(port=str(wire.ours), baudrate=115200, timeout=2)
    assert client.connect()
    yield client
    client.close()  # type: ignore[no-untyped-call]


def test_minimalmodbus_reads_and_writes_the_unit(wire: Wire, unit: UnitProcess) -> None:
    instrument = minimalmodbus.Instrument(str(wire.ours), 1)
    instrument.serial.baudrate = 115200
    instrument.serial.timeout = 2
    try:
        unit.press("N")
        until(lambda: instrument.read_register(0, functioncode=4) == 0x0100)
        instrument.write_registers(0, [8, 0x3031, 0x3035, 0x2020, 0])

        assert instrument.read_registers(0, 5, functioncode=4)[1] >> 8 == ord("N")
        assert instrument.read_registers(0, 4) == [8, 0x3031, 0x3035, 0x2020]
        with pytest.raises(minimalmodbus.IllegalRequestError):
            instrument.read_register(13, functioncode=4)
    finally:
        instrument.serial.close()
    until(lambda: unit.shows("0105"))


def test_pymodbus_reads_and_writes_the_unit(
    pymodbus_client: ModbusSerialClient, unit: UnitProcess
) -> None:
    face = [9, 0x4130, 0x3037, 0x2020, 0]

    written = pymodbus_client.write_registers(0, face)
    held = pymodbus_client.read_holding_registers(0, count=5)
    beat = pymodbus_client.read_input_registers(0, count=9)
    both = pymodbus_client.readwrite_registers(
        read_address=0, read_count=5, write_address=0, values=[10, *face[1:]]
    )
    refused = pymodbus_client.read_input_registers(40, count=1)

    assert not written.isError()
    assert held.registers == face
    assert (beat.registers[0], len(beat.registers)) == (9, 9)
    assert both.registers == [10, *face[1:]]
    assert refused.exception_code == 2
    until(lambda: unit.shows("A007"))


def test_pymodbus_gives_the_unit_another_address(
    pymodbus_client: ModbusSerialClient, unit: UnitProcess
) -> None:
    moved = pymodbus_client.write_registers(16, [7])
    found = pymodbus_client.read_holding_registers(16, count=1, device_id=7)

    assert not moved.isError()
    assert found.registers == [7]
    assert unit.process.poll() is None


@pytest.mark.skipif(not shutil.which("mbpoll"), reason="mbpoll is not installed")
def test_mbpoll_reads_and_writes_the_unit(wire: Wire, unit: UnitProcess) -> None:
    port = str(wire.ours)
    common = ["mbpoll", "-m", "rtu", "-a", "1", "-b", "19200", "-P", "none", "-o", "2", "-r", "1"]
    values = ["8", str(0x4231), str(0x3233), str(0x2020), "0"]

    written = subprocess.run(
        [*common, "-t", "4", "-1", port, *values], capture_output=True, text=True, check=False
    )
    read = subprocess.run(
        [*common, "-t", "3", "-c", "9", "-1", port], capture_output=True, text=True, check=False
    )

    assert "Written 5 references" in written.stdout
    assert "[1]: \t8" in read.stdout
    until(lambda: unit.shows("B123"))


def test_our_bridge_shows_and_hears_on_a_real_port(
    wire: Wire, unit: UnitProcess, bridge_on: Callable[[Path, UnitSession], Bridge]
) -> None:
    bridge = bridge_on(wire.ours, OwnUnit(1))
    bridge.thread.want_face(1, UnitFace("A001"))
    until(lambda: unit.shows("A001"))
    unit.press("N")
    until(lambda: bridge.keys() == ["N"])
    bridge.thread.want_face(1, UnitFace("A002"))

    until(lambda: unit.shows("A002"))
    assert not bridge.has(BusLost)


def test_a_pulled_adapter_is_told_once_and_found_again(
    wire: Wire, bridge_on: Callable[[Path, UnitSession], Bridge]
) -> None:
    unit = start_unit(wire)
    bridge = bridge_on(wire.ours, OwnUnit(1))
    bridge.thread.want_face(1, UnitFace("A001"))
    until(lambda: unit.shows("A001"))
    wire.pull()
    unit.stop()
    until(lambda: bridge.has(BusLost))
    wire.plug()
    again = start_unit(wire)
    try:
        until(lambda: again.shows("A001"))
        until(lambda: bridge.has(BusBack))
    finally:
        again.stop()

    # Between the adapter's return and the unit's, the bus may be lost once more, by its silence.
    pulled = [event for event in bridge.events if isinstance(event, BusLost) and event.adapter]
    assert pulled
    assert len({event.cause.why for event in pulled}) == len(pulled)


def test_a_second_opener_of_a_port_is_refused(wire: Wire) -> None:
    first, second = (SerialLine(str(wire.ours), 115200, rs485=False) for _ in range(2))
    first.open()
    try:
        with pytest.raises(LinkLost, match="chương trình khác đang giữ"):
            second.open()
    finally:
        first.close()


SERVER = """
import asyncio, sys
from pymodbus.server import ModbusSerialServer
from pymodbus.simulator import DataType, SimData, SimDevice

def seen(sending, pdu):
    if not sending and pdu.function_code in (6, 16):
        print(pdu.function_code, pdu.address, *pdu.registers, flush=True)
    return pdu

async def main():
    device = SimDevice(int(sys.argv[2]), [SimData(0, count=2000, datatype=DataType.REGISTERS)])
    server = ModbusSerialServer([device], port=sys.argv[1], baudrate=115200,
                                ignore_missing_devices=True, trace_pdu=seen,
                                trace_connect=lambda up: print("ready", flush=True))
    await server.serve_forever()

asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("kind", "text", "line"),
    [
        ("dm56", "0105", "16 0 48 49 48 53"),
        ("dm56-int", "105", "6 7 105"),
        ("armfly-led485", "A105", f"16 112 {0x4131} {0x3035}"),
        ("embeddedart-p10", "A105", f"16 1000 {0x4131} {0x3035} {0x2020}"),
    ],
)
def test_a_display_that_others_wrote_is_driven_by_our_bridge(
    wire: Wire,
    bridge_on: Callable[[Path, UnitSession], Bridge],
    kind: str,
    text: str,
    line: str,
) -> None:
    command = [sys.executable, "-c", SERVER, str(wire.theirs), "3"]
    server = UnitProcess(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
    try:
        until(lambda: server.prints("ready"))
        bridge = bridge_on(wire.ours, ForeignDisplay(3, load_profile(kind)))
        bridge.thread.want_face(3, UnitFace(text))
        until(lambda: server.prints(line))
        assert not bridge.has(BusLost)
    finally:
        server.stop()

    assert line in server.printed.decode().splitlines()
