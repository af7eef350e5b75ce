"""A technician alone with a bus: finding, watching, moving and testing units."""

import argparse
import io
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from firmware_bridge import tools
from firmware_bridge.decoding import decoded
from firmware_bridge.lines.simulated_devices import SimulatedDisplay, SimulatedUnit
from firmware_bridge.lines.tcp import TcpLine
from firmware_bridge.ports import LinkLost
from firmware_bridge.protocols import rtu
from firmware_bridge.protocols.crc import sealed
from firmware_bridge.protocols.profile import load_profile

Wire = Any
WireOf = Callable[..., Any]


@pytest.fixture
def wire(wire_of: WireOf) -> Wire:
    return wire_of()


def run(wire: Wire, *argv: str) -> tuple[int, str]:
    """The command on the simulated bus: exit status and all it said."""
    parser = argparse.ArgumentParser()
    tools.arguments(parser)
    out = io.StringIO()
    status = tools.run(parser.parse_args(argv), out, lambda *_: wire.bus.line, wire.bus.line.pace)
    return status, out.getvalue()


def test_an_unknown_kind_of_display_is_named_with_those_there_are(wire: Wire) -> None:
    status, said = run(wire, "test", "--port", "x", "--kind", "dm65")

    assert status == 2
    assert "không có loại 'dm65'; có: motcua-unit, " in said
    assert "dm56" in said


def test_a_scan_finds_every_unit_and_says_what_it_is(wire: Wire) -> None:
    display = SimulatedDisplay(9, load_profile("dm56"))
    wire.bus.line.devices = {**wire.units, 9: display}

    status, said = run(wire, "scan", "--port", "x", "--baud", "115200")

    assert status == 0
    assert "115200 baud, địa chỉ 2: bộ motcua, firmware 1, khởi động do cấp điện" in said
    assert "địa chỉ 9: thiết bị Modbus của hãng khác" in said
    assert said.endswith("Tìm thấy 4 thiết bị.\n")


def test_a_scan_names_the_address_that_two_units_share(wire: Wire) -> None:
    twin = SimulatedUnit(2, wire.clock.monotonic(), boot=0x0F0F)
    wire.bus.line.devices = {**wire.units, 99: twin}

    _, said = run(wire, "scan", "--port", "x", "--baud", "115200")

    assert "địa chỉ 2: trả lời hỏng: có thể hai bộ cùng địa chỉ này" in said


def test_a_scan_of_an_empty_bus_is_a_fault(wire: Wire) -> None:
    wire.bus.line.devices = {}

    assert run(wire, "scan", "--port", "x") == (1, "Không có thiết bị nào trả lời.\n")


def test_a_port_in_use_is_told_with_what_to_do(wire: Wire) -> None:
    wire.bus.line.plugged = False

    status, said = run(wire, "scan", "--port", "/dev/hall/bus1")

    assert status == 1
    assert "Không mở được cổng /dev/hall/bus1" in said
    assert "systemctl stop" in said


def test_a_unit_moves_to_another_address(wire: Wire) -> None:
    wire.units[7] = wire.units.pop(3)

    status, said = run(wire, "set-address", "--port", "x", "3", "7")

    assert (status, wire.units[7].unit.address) == (0, 7)
    assert "Bộ 3 nay ở địa chỉ 7" in said


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("3", "2", "địa chỉ 2 đã có bộ khác"),
        ("8", "9", "không có bộ nào trả lời ở địa chỉ 8"),
        ("3", "33", "địa chỉ mới phải từ 1 đến 32"),
    ],
)
def test_a_move_that_would_do_harm_is_refused(wire: Wire, old: str, new: str, why: str) -> None:
    status, said = run(wire, "set-address", "--port", "x", old, new)

    assert (status, said.strip()) == (2, why)
    assert [u.unit.address for u in wire.units.values()] == [1, 2, 3]


def test_a_display_test_lights_everything_and_ends_dark(wire: Wire) -> None:
    seen: list[str] = []
    unit = wire.units[2]
    hear = wire.bus.line.write

    def write(data: bytes) -> None:
        hear(data)
        seen.append(unit.unit.text.decode())

    wire.bus.line = Spied(wire.bus.line, write)

    status, said = run(wire, "test", "--port", "x", "--address", "2")

    assert status == 0
    assert said == "Địa chỉ 2: đã hiện đủ các số.\n"
    assert {"888888", "000000", "999999", "012345"} <= set(seen)
    assert unit.unit.text == b"      "


class Spied:
    def __init__(self, line: Any, write: Callable[[bytes], None]) -> None:
        self.line, self.write = line, write
        self.open, self.read, self.close, self.pace = line.open, line.read, line.close, line.pace


def test_a_display_test_of_an_absent_unit_says_so(wire: Wire) -> None:
    assert run(wire, "test", "--port", "x", "--address", "9") == (
        1,
        "Địa chỉ 9: không trả lời.\n",
    )


def test_a_display_of_another_maker_is_tested_by_its_profile(wire: Wire) -> None:
    display = SimulatedDisplay(9, load_profile("dm56"))
    wire.bus.line.devices = {9: display}

    status, _ = run(wire, "test", "--port", "x", "--address", "9", "--kind", "dm56")

    assert status == 0
    assert display.shown(0.0) == ""


def test_watching_tells_keys_and_frames_in_words(wire: Wire) -> None:
    bus = wire.bus.line
    pressed: list[float] = []

    def write(data: bytes) -> None:
        if not pressed and wire.clock.monotonic() > 1000.5:
            pressed.append(wire.clock.monotonic())
            wire.units[1].press("N", pressed[0])
        bus.write(data)

    wire.bus.line = Spied(bus, write)

    status, said = run(wire, "watch", "--port", "x", "--address", "1", "--seconds", "1")

    assert status == 0
    assert "địa chỉ 1: phím N (0.0 s trước)" in said
    assert "← địa chỉ 1: đọc thanh ghi vào, trả lời phím thứ 1" in said


def test_listening_decodes_what_passes_by(wire: Wire) -> None:
    bus = wire.bus.line

    def opened() -> None:
        bus.open()
        bus.babble(rtu.write(1, 0, (8, 0x3031, 0x3035, 0x2020, 0)).request, 0.1)

    spied = Spied(bus, bus.write)
    spied.open = opened
    wire.bus.line = spied

    _, said = run(wire, "watch", "--port", "x", "--listen", "--seconds", "1")

    assert said == "địa chỉ 1: ghi, hiện “0105” (lần 8, cờ 0000)\n"


TWO_KEYS = (
    "địa chỉ 1: đọc thanh ghi vào, trả lời phím thứ 5, đang hiện lần 7; "
    "phím: N 0.4 s trước, R 25.5 s trước"
)


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (rtu.read(5, 4, 0, 1).request, "địa chỉ 5: đọc thanh ghi vào, 1 thanh ghi từ 0"),
        (bytes.fromhex("01 84 02 C2 C1"), "địa chỉ 1: từ chối, không có thanh ghi này"),
        (sealed(b"\x00\x10\x00\x00\x00\x05"), "mọi bộ: ghi, 5 thanh ghi từ 0"),
        (
            bytes.fromhex("01 04 0A 05 07 4E 04 52 FF 00 00 00 00 3E 87"),
            TWO_KEYS,
        ),
        (b"\x01\x02", "hỏng hoặc không phải Modbus: 01 02"),
        (b"", "hỏng hoặc không phải Modbus: "),
    ],
)
def test_frames_are_told_in_words(frame: bytes, words: str) -> None:
    assert decoded(frame) == words


def test_the_files_of_a_new_unit_carry_its_address_and_speed(tmp_path: Path, wire: Wire) -> None:
    status, said = run(
        wire, "flash-unit", str(tmp_path / "unit"), "--address", "7", "--baud", "9600"
    )
    settings = (tmp_path / "unit" / "settings.py").read_text(encoding="utf-8")

    assert status == 0
    assert "ADDRESS = 7 " in settings
    assert "BAUD = 9600\n" in settings
    assert "mpremote cp counter_unit.py main.py settings.py" in said


def test_a_line_over_the_network_carries_both_ways_and_tells_its_end() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        line = tools.line_of(f"socket://127.0.0.1:{server.getsockname()[1]}", 9600)
        assert isinstance(line, TcpLine)
        line.open()
        peer, _ = server.accept()
        try:
            line.write(b"ask")
            peer.sendall(b"old")
            assert peer.recv(10)
            assert line.read(5) == b"old"
            peer.sendall(b"stale")
            line.read(5)
            line.write(b"again")
            peer.sendall(b"fresh")
            assert line.read(5) == b"fresh"
        finally:
            peer.close()
        with pytest.raises(LinkLost):
            line.read(5)
        line.close()


def test_a_converter_that_is_not_there_is_a_lost_link() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    line = TcpLine("127.0.0.1", port)

    with pytest.raises(LinkLost):
        line.open()
    with pytest.raises(LinkLost):
        line.write(b"x")
