"""From the YAML to running bridges: what is refused, what is warned about, what is built."""

import io
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from pydantic import TypeAdapter

from firmware_bridge.__main__ import build
from firmware_bridge.bus_section import BusSection, BusSurroundings
from firmware_bridge.bus_thread import BusThread
from firmware_bridge.checking import mistakes_of, warnings_of
from firmware_bridge.lines.serial import SerialLine
from firmware_bridge.lines.simulated_bus import drawn
from firmware_bridge.lines.tcp import TcpLine
from firmware_bridge.master import Master
from firmware_bridge.ports import BusLost, LinkLost, Steer
from firmware_bridge.protocols.unit_face import UnitFace
from firmware_bridge.service import BridgeService
from firmware_bridge.settings import BUSES, BridgeFile
from firmware_bridge.timing import cycle_s, slot_s, worst_s
from hall.contract.messages import Face
from hall.contract.topics import FACE
from hall.runtime import settings
from hall.runtime.attachments import converter
from hall.runtime.bus_memory import MemoryBroker
from hall.runtime.causes import Why
from hall.runtime.clock import SystemClock
from hall.runtime.daemon import Daemon, Ground
from hall.runtime.inbox import Inbox

HALL = """
version: 1
hall: {id: thu, name: Thử}
services:
  - {id: ho-tich, name: Hộ tịch, prefix: A}
  - {id: dat-dai, name: Đất đai, prefix: S}
counters:
  - {id: "1", serves: [ho-tich]}
  - {id: "2", serves: [dat-dai]}
  - {id: "3", serves: [ho-tich], clients: [counters]}
"""
SMALL = "bridges: [{id: bridge-1, buses: [{port: simulated, units: [{address: 1, counter: '1'}]}]}]"

Judge = Callable[[str], tuple[settings.Document, BridgeFile]]


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    def judged(bridges: str) -> tuple[settings.Document, BridgeFile]:
        file = tmp_path / "hall.yaml"
        file.write_text(HALL + bridges + "\n", encoding="utf-8")
        document = settings.read(file)
        return document, settings.check(document.part(BridgeFile.model_fields), BridgeFile)

    return judged


def bus(units: str, rest: str = "") -> str:
    return f"bridges: [{{id: bridge-1, buses: [{{port: simulated, {rest} units: [{units}]}}]}}]"


def test_a_bridge_of_one_line_is_enough(judge: Judge) -> None:
    document, config = judge(SMALL)

    assert mistakes_of(document, config) == []
    assert warnings_of(document, config) == []
    assert config.bridges[0].buses[0].baud == 115200


@pytest.mark.parametrize(
    ("bridges", "why"),
    [
        (bus("{address: 1, counter: '7'}"), "không có quầy '7'; có: 1, 2, 3"),
        (
            bus("{address: 1, counter: '1', kind: qmatic}"),
            "không có loại 'qmatic'; có: motcua-unit",
        ),
        (bus("{address: 1, counter: '2'}"), "không hiện được số S001"),
        (bus("{address: 1, counter: '1', kind: dm56-int}"), "không hiện được số A001"),
        (bus("{address: 1, counter: '1', width: 3}"), "không hiện được số A001"),
        ("bridges: [{id: bridge-1, keypads: [{counter: '9'}]}]", "không có quầy '9'"),
    ],
)
def test_what_cannot_work_is_refused_with_its_line(judge: Judge, bridges: str, why: str) -> None:
    document, config = judge(bridges)

    (mistake,) = mistakes_of(document, config)

    assert why in mistake.text
    assert mistake.line == 11


def test_a_display_of_digits_may_leave_the_letter_out(judge: Judge) -> None:
    digits = "display: {faces: [{counter: '1', charset: digits}]}"
    document, config = judge(bus("{address: 1, counter: '1', kind: dm56-int}") + "\n" + digits)

    assert mistakes_of(document, config) == []


@pytest.mark.parametrize(
    ("bridges", "why"),
    [
        (bus("{address: 1, counter: '1'}, {address: 1, counter: '2'}"), "địa chỉ dùng hai lần"),
        (bus("{address: 40, counter: '1'}"), "từ 1 đến 32"),
        (bus("{address: 1, counter: '1', kye: {}}"), "không có khoá này"),
        (bus("{address: 1, counter: '1', keys: {N: call-nxet}}"), "ý bạn là 'call-next'"),
        (bus("{address: 1, counter: '1'}", "baud: 1,"), "không dùng được"),
        ("bridges: [{id: bridge-1, keypads: [{counter: '1', layout: ['12']}]}]", "layout"),
        ("bridges: [{id: cau-1}]", "không đúng dạng"),
    ],
)
def test_a_wrong_section_is_refused(judge: Judge, bridges: str, why: str) -> None:
    with pytest.raises(settings.ConfigError) as caught:
        judge(bridges)

    assert why in str(caught.value)


def test_a_keypad_that_may_not_call_is_warned_about(judge: Judge) -> None:
    document, config = judge(bus("{address: 1, counter: '3'}"))

    (warning,) = warnings_of(document, config)

    assert "thêm bridge-1 vào counters.clients" in warning.text


def test_a_bus_that_is_too_slow_for_its_units_is_warned_about(judge: Judge) -> None:
    units = ", ".join(f"{{address: {a}, counter: '1'}}" for a in range(1, 33))
    slow = judge(bus(units, "baud: 9600,"))
    fast = judge(bus(units))

    assert "sát giới hạn 1500 ms" in warnings_of(*slow)[0].text
    assert warnings_of(*fast) == []


def test_the_table_of_latencies_is_reproduced() -> None:
    table = {(9600, 32): 978, (19200, 32): 565, (57600, 32): 364, (115200, 32): 318, (9600, 8): 314}

    found = {key: round(worst_s(key[1], key[0]) * 1000) for key in table}

    assert {key: abs(found[key] - wanted) <= 2 for key, wanted in table.items()} == dict.fromkeys(
        table, True
    )
    assert round(slot_s(15, 115200) * 1000, 1) == 8.8
    assert round(cycle_s(32, 115200) * 1000) == 282


def test_a_port_may_be_a_converter_on_the_network() -> None:
    bus = TypeAdapter[BusSection](BUSES.union())
    units = [{"address": 1, "counter": "1"}]

    found = bus.validate_python({"port": "socket://10.0.0.9:4196", "units": units})
    place = BusSurroundings("bus 1", {1: None}, time.monotonic, None)

    assert isinstance(found.connect(place).line, TcpLine)
    with pytest.raises(ValueError, match="port phải viết như một trong: /dev/hall/bus1"):
        bus.validate_python({"port": "COM3", "units": units})


@pytest.fixture
def running(judge: Judge, tmp_path: Path) -> Iterator[tuple[Daemon, MemoryBroker, Path]]:
    """The bridge as `motcua run bridge` builds it, its bus thread running in real time."""
    document, _ = judge(SMALL)
    broker, clock, pictures = MemoryBroker(), SystemClock(), tmp_path / "pictures"
    ground = Ground("thu", clock, tmp_path, lambda c: broker.bus(c, "thu", clock), pictures)
    (daemon,) = build(document, ground, None)
    daemon.service.start()
    daemon.open()
    yield daemon, broker, pictures
    daemon.close()


def test_a_face_on_the_bus_becomes_a_picture_of_the_lit_digits(
    running: tuple[Daemon, MemoryBroker, Path],
) -> None:
    daemon, broker, pictures = running
    display = broker.bus("display", "thu", daemon.context.clock)
    display.open(Inbox(), [], [])
    display.publish(FACE, Face(text="A001", style="steady"), counter="1")
    wanted, picture = drawn("A001", dimmed=False), pictures / "face-1.png"
    deadline = time.monotonic() + 10
    while not (picture.exists() and picture.read_bytes() == wanted):
        assert time.monotonic() < deadline
        daemon.turn(daemon.context.clock.monotonic(), 0.02)

    with Image.open(io.BytesIO(wanted)) as image:
        assert image.size == (324, 94)


EVERYTHING = """
bridges:
  - id: bridge-1
    keys: {B: counter-pause}
    keypads: [{counter: "3", driver: simulated, keys: {T: {do: transfer, service: dat-dai}}}]
    buses:
      - {port: /dev/hall/bus1, baud: 57600, units: [{address: 1, counter: "1", keypad: false}]}
      - port: socket://127.0.0.1:1
        baud: 9600
        units:
          - {address: 2, counter: "1"}
          - {address: 3, counter: "1", kind: dm56}
      - {port: simulated, faults: 0.05, units: [{address: 3, counter: "1", kind: dm56}]}
"""


def test_buses_of_every_kind_become_one_bridge(judge: Judge, tmp_path: Path) -> None:
    document, _ = judge(EVERYTHING)
    broker, clock = MemoryBroker(), SystemClock()
    ground = Ground("thu", clock, tmp_path, lambda c: broker.bus(c, "thu", clock))

    (daemon,) = build(document, ground, None)
    service = daemon.service
    assert isinstance(service, BridgeService)
    seats = service.seats

    assert [(seat.bus, seat.address) for seat in seats] == [
        (0, 1),
        (1, 2),
        (1, 3),
        (2, 3),
        (None, 0),
    ]
    assert [len(seat.keys) for seat in seats] == [0, 6, 0, 0, 6]
    assert seats[4].keys["T"].service == "dat-dai"
    assert [bus.steer(Steer("bus-off")) for bus in service.buses] == [False, False, True]


def test_only_the_wanted_bridge_is_built(judge: Judge, tmp_path: Path) -> None:
    document, _ = judge(SMALL)
    broker, clock = MemoryBroker(), SystemClock()
    ground = Ground("thu", clock, tmp_path, lambda c: broker.bus(c, "thu", clock))

    assert build(document, ground, "bridge-2") == []
    assert [daemon.name for daemon in build(document, ground, "bridge-1")] == ["bridge-1"]


def test_a_bridge_of_a_wrong_hall_is_not_built(judge: Judge, tmp_path: Path) -> None:
    document, _ = judge(bus("{address: 1, counter: '7'}"))
    ground = Ground(
        "thu", SystemClock(), tmp_path, lambda _: MemoryBroker().bus("x", "thu", SystemClock())
    )

    with pytest.raises(settings.ConfigError, match="không có quầy '7'"):
        build(document, ground, None)


def test_a_fault_of_the_software_leaves_the_thread_running() -> None:
    told: list[object] = []

    class Planted(TcpLine):
        opened = 0

        def open(self) -> None:
            self.opened += 1
            raise RuntimeError("planted")

    line = Planted("127.0.0.1", 1)
    master = Master(line, (), 115200, time.monotonic)
    thread = BusThread("bus", converter("bus_down", "bus 1", "x"), master, time.monotonic)
    assert not thread.steer(Steer("bus-off"))
    thread.start(lambda event, _: told.append(event))
    thread.want_face(1, UnitFace("1"))
    deadline = time.monotonic() + 20
    while line.opened < 3:
        assert time.monotonic() < deadline
    thread.stop()

    [lost] = told
    assert isinstance(lost, BusLost)
    assert "planted" in lost.cause.text


@pytest.mark.parametrize("missing", ["serial"])
def test_a_package_that_is_missing_is_the_loss_of_its_bus(
    missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    line = SerialLine("/dev/hall/bus1", 115200, rs485=False)

    with pytest.raises(LinkLost) as lost:
        line.open()

    assert lost.value.why is Why.NO_LIBRARY


def test_an_adapter_that_takes_no_more_is_named_as_such() -> None:
    far, near = os.openpty()
    line = SerialLine(os.ttyname(near), 115200, rs485=False)
    line.open()
    try:
        with pytest.raises(LinkLost, match="không gửi được dữ liệu") as lost:
            # Nobody reads at the other end: more than a terminal's buffer holds.
            line.write(bytes(1 << 20))
    finally:
        line.close()
        os.close(far)
        os.close(near)

    assert lost.value.why is Why.BROKEN
