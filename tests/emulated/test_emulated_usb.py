"""The emulated hall's USB devices, met by a host that speaks what the kernel speaks."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from emulated.cables import Paper
from emulated.usb import Device
from emulated.usb_devices import ButtonBox, TouchScreen, UsbPrinter

DEADLINE_S = 10.0
GET_DESCRIPTOR = (0x80, 6)


class Host:
    """Asks as vhci_hcd does."""

    def __init__(self, line: socket.socket) -> None:
        self.line = line
        self.number = 0

    def submit(self, endpoint: int, *, inward: bool, setup: bytes, length: int, data: bytes) -> int:
        self.number += 1
        head = struct.pack(">IIIII", 1, self.number, 65537, int(inward), endpoint)
        self.line.sendall(head + struct.pack(">IiiiI8s", 0, length, 0, 0, 0, setup) + data)
        return self.number

    def answer(self, *, inward: bool = True) -> tuple[int, int, bytes]:
        """Number, status and data of the next reply."""
        kind, number, *_ = struct.unpack(">IIIII", self._exactly(20))
        status, length, *_ = struct.unpack(">iiiii8x", self._exactly(28))
        data = self._exactly(length) if kind == 3 and inward else b""
        return number, status, data

    def control(self, kind: int, request: int, value: int, length: int) -> bytes | None:
        """The answer on endpoint 0, or None for a stall."""
        setup = struct.pack("<BBHHH", kind, request, value, 0, length)
        inward = bool(kind & 0x80)
        self.submit(0, inward=inward, setup=setup, length=length, data=b"")
        _, status, data = self.answer(inward=inward)
        return None if status == -32 else data

    def read(self, endpoint: int, length: int = 64) -> int:
        return self.submit(endpoint, inward=True, setup=bytes(8), length=length, data=b"")

    def take_back(self, number: int) -> int:
        self.number += 1
        head = struct.pack(">IIIII", 2, self.number, 65537, 0, 0)
        self.line.sendall(head + struct.pack(">I24x", number))
        _, status, _ = self.answer()
        return status

    def _exactly(self, length: int) -> bytes:
        data = b""
        while len(data) < length:
            received = self.line.recv(length - len(data))
            assert received, "the device hung up"
            data += received
        return data


@contextmanager
def plugged(device: Device) -> Iterator[Host]:
    ours, theirs = socket.socketpair()
    ours.settimeout(DEADLINE_S)
    thread = threading.Thread(target=device.serve, args=(theirs,), daemon=True)
    thread.start()
    try:
        yield Host(ours)
    finally:
        ours.close()
        thread.join(DEADLINE_S)
        theirs.close()


@pytest.fixture
def paper() -> Iterator[Paper]:
    paper = Paper()
    yield paper
    paper.close()


def test_a_device_tells_who_it_is() -> None:
    with plugged(ButtonBox().device) as host:
        device = host.control(*GET_DESCRIPTOR, 1 << 8, 64)
        name = host.control(*GET_DESCRIPTOR, 3 << 8 | 2, 255)

    assert device is not None
    assert struct.unpack_from("<HH", device, 8) == (0x1209, 0x0001)
    assert name is not None
    assert name[2:].decode("utf-16-le") == "Button box"


def test_a_configuration_is_as_long_as_it_says_and_cut_where_less_is_asked_for() -> None:
    with plugged(TouchScreen().device) as host:
        short = host.control(*GET_DESCRIPTOR, 2 << 8, 9)
        whole = host.control(*GET_DESCRIPTOR, 2 << 8, 255)

    assert short is not None
    assert whole is not None
    assert struct.unpack_from("<H", short, 2) == (len(whole),)
    assert whole[:9] == short


def test_what_a_device_does_not_know_stalls() -> None:
    with plugged(ButtonBox().device) as host:
        assert host.control(*GET_DESCRIPTOR, 6 << 8, 10) is None


def test_a_finger_is_reported_only_once_it_is_there() -> None:
    screen = TouchScreen()
    with plugged(screen.device) as host:
        first, second = host.read(1), host.read(1)
        screen.touch(0.5, 1.0)

        assert host.answer() == (first, 0, struct.pack("<BBBHHB", 1, 1, 0, 16383, 32767, 1))
        assert host.answer() == (second, 0, struct.pack("<BBBHHB", 1, 0, 0, 16383, 32767, 1))


def test_a_read_that_was_taken_back_gets_nothing() -> None:
    box = ButtonBox()
    with plugged(box.device) as host:
        assert host.take_back(host.read(1)) == -104
        kept = host.read(1)
        box.press(30)

        number, _, report = host.answer()
        assert (number, report[2]) == (kept, 30)


def test_a_printer_answers_by_its_class_and_in_its_own_language(paper: Paper) -> None:
    printer = UsbPrinter(paper)
    with plugged(printer.device) as host:
        identity = host.control(0xA1, 0, 0, 255)
        assert identity is not None
        assert b"MDL:TM-T20III" in identity
        assert host.control(0xA1, 1, 0, 1) == b"\x18"
        printer.status = 0x38
        assert host.control(0xA1, 1, 0, 1) == b"\x38"

        asked = host.submit(1, inward=False, setup=bytes(8), length=3, data=b"\x10\x04\x01")
        assert host.answer(inward=False)[:2] == (asked, 0)
        host.read(2)
        _, status, answer = host.answer()
        assert (status, len(answer)) == (0, 1)
