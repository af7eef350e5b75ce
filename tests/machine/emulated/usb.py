"""One USB device at the end of its cable: descriptors, endpoint 0, and what waits on the others."""

import contextlib
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from emulated import usbip
from emulated.usbip import Request, TakeBack

_STANDARD, _KIND_OF_REQUEST = 0, 0x60
_US_ENGLISH = 0x0409


class Standard(IntEnum):
    """bRequest. (USB 2.0, table 9-4)"""

    GET_STATUS = 0
    GET_DESCRIPTOR = 6


class Descriptor(IntEnum):
    DEVICE = 1
    CONFIGURATION = 2
    STRING = 3


# bmRequestType, bRequest, wValue → the answer, or None: not understood.
Control = Callable[[int, int, int], bytes | None]


@dataclass(frozen=True, slots=True)
class Setup:
    """The eight bytes of a control request. (USB 2.0, 9.3)"""

    kind: int
    request: int
    value: int
    length: int


def setup(raw: bytes) -> Setup:
    kind, request, value, _index, length = struct.unpack("<BBHHH", raw)
    return Setup(kind, request, value, length)


@dataclass(frozen=True, slots=True)
class Identity:
    vendor: int
    product: int
    maker: str
    name: str
    serial: str

    @property
    def strings(self) -> Mapping[int, str]:
        return {1: self.maker, 2: self.name, 3: self.serial}


@dataclass(frozen=True, slots=True)
class Shape:
    """One interface: its class triple, what its class puts behind it, and its endpoints."""

    kind: tuple[int, int, int]
    own: bytes
    endpoints: tuple[bytes, ...]


def endpoint(address: int, attributes: int, size: int, interval: int) -> bytes:
    return struct.pack("<BBBBHB", 7, 5, address, attributes, size, interval)


@dataclass(slots=True)
class Device:
    """`control`: requests of its class. `take`: what the host sends to an endpoint of its own."""

    identity: Identity
    shape: Shape
    control: Control
    take: Callable[[bytes], None]
    _line: socket.socket | None = None
    _waiting: deque[Request] = field(default_factory=deque)
    _said: deque[bytes] = field(default_factory=deque)
    _hands: threading.Lock = field(default_factory=threading.Lock)

    def serve(self, line: socket.socket) -> None:
        """For as long as the cable is in."""
        with self._hands:
            self._line = line
            self._waiting.clear()
            self._said.clear()
        with contextlib.suppress(EOFError):
            while True:
                self._heard(usbip.receive(line))

    def say(self, data: bytes) -> None:
        """To the host, as soon as it asks."""
        with self._hands:
            self._said.append(data)
            self._answer()

    def _heard(self, frame: Request | TakeBack) -> None:
        match frame:
            case TakeBack():
                with self._hands:
                    self._send(usbip.taken_back(frame, self._forget(frame.wanted)))
            case Request(endpoint=0):
                answer = self._controlled(setup(frame.setup))
                with self._hands:
                    status = usbip.STALL if answer is None else usbip.OK
                    self._send(usbip.reply(frame, status, (answer or b"")[: frame.length]))
            case Request(inward=True):
                with self._hands:
                    self._waiting.append(frame)
                    self._answer()
            case Request():
                self.take(frame.data)
                with self._hands:
                    self._send(usbip.reply(frame, usbip.OK))

    def _forget(self, number: int) -> int:
        for request in self._waiting:
            if request.number == number:
                self._waiting.remove(request)
                return usbip.TAKEN_BACK
        return usbip.OK

    def _answer(self) -> None:
        while self._waiting and self._said:
            request, data = self._waiting.popleft(), self._said.popleft()
            if rest := data[request.length :]:
                self._said.appendleft(rest)
            self._send(usbip.reply(request, usbip.OK, data[: request.length]))

    def _send(self, frame: bytes) -> None:
        if self._line is not None:
            with contextlib.suppress(OSError):
                self._line.sendall(frame)

    def _controlled(self, asked: Setup) -> bytes | None:
        if asked.kind & _KIND_OF_REQUEST != _STANDARD:
            return self.control(asked.kind, asked.request, asked.value)
        match asked.request:
            case Standard.GET_DESCRIPTOR:
                return self._descriptor(asked.value >> 8, asked.value & 0xFF)
            case Standard.GET_STATUS:
                return bytes(2)
            case _:
                # Configuration, interface, halt: there is but one way to be.
                return b""

    def _descriptor(self, kind: int, index: int) -> bytes | None:
        match kind:
            case Descriptor.DEVICE:
                ids = (self.identity.vendor, self.identity.product, 0x0100, 1, 2, 3, 1)
                return struct.pack("<BBHBBBBHHHBBBB", 18, 1, 0x0200, 0, 0, 0, 64, *ids)
            case Descriptor.CONFIGURATION:
                return self._configuration()
            case Descriptor.STRING:
                return self._string(index)
            case _:
                return self.control(0x81, Standard.GET_DESCRIPTOR, kind << 8 | index)

    def _configuration(self) -> bytes:
        shape = self.shape
        interface = struct.pack("<BBBBBBBBB", 9, 4, 0, 0, len(shape.endpoints), *shape.kind, 0)
        body = interface + shape.own + b"".join(shape.endpoints)
        return struct.pack("<BBHBBBBB", 9, 2, 9 + len(body), 1, 1, 0, 0xC0, 0) + body

    def _string(self, index: int) -> bytes | None:
        if index == 0:
            return struct.pack("<BBH", 4, Descriptor.STRING, _US_ENGLISH)
        text = self.identity.strings.get(index)
        if text is None:
            return None
        raw = text.encode("utf-16-le")
        return struct.pack("<BB", 2 + len(raw), Descriptor.STRING) + raw
