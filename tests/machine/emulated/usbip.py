"""USB over a TCP connection, as the kernel's vhci_hcd speaks it: the device's side.

    guest: usblp, hid-multitouch … ── vhci_hcd ── TCP ── this ── a device of emulated.usb_devices

Every frame is 48 bytes, big endian, and data behind it on the way out (request) or in (reply):

    0      4        8        12          16          20
    | kind | number | device | direction | endpoint | as the kind has it                          |
      1 request                                     | flags length start packets interval setup 8 |
      3 its reply                                   | status length start packets errors, 8 × 0   |
      2 taking it back                              | number of the request, 24 × 0               |
      4 the reply to that                           | status, 24 × 0                              |

A request that has no answer yet stays unanswered: that is how a device has nothing to say, and
nobody polls. (Linux, Documentation/usb/usbip_protocol.rst)
"""

import socket
import struct
from dataclasses import dataclass

SUBMIT, UNLINK, SUBMITTED, UNLINKED = 1, 2, 3, 4
OUT, IN = 0, 1
# Negative errno values, as the kernel has them.
OK, STALL, TAKEN_BACK = 0, -32, -104

_HEAD = struct.Struct(">IIIII")
_REQUEST = struct.Struct(">IiiiI8s")
_REPLY = struct.Struct(">iiiii8x")
_TAKE_BACK = struct.Struct(">I24x")
_TAKEN_BACK = struct.Struct(">i24x")


@dataclass(frozen=True, slots=True)
class Request:
    """`setup`: the eight bytes of a control request. `data`: what comes with an outward one."""

    number: int
    endpoint: int
    inward: bool
    length: int
    setup: bytes
    data: bytes


@dataclass(frozen=True, slots=True)
class TakeBack:
    """The host waits no longer for the request `wanted`."""

    number: int
    wanted: int


def receive(line: socket.socket) -> Request | TakeBack:
    """The next frame. Raises EOFError once the cable is out."""
    kind, number, _device, direction, endpoint = _HEAD.unpack(_exactly(line, _HEAD.size))
    body = _exactly(line, _REQUEST.size)
    if kind == UNLINK:
        return TakeBack(number, _TAKE_BACK.unpack(body)[0])
    _flags, length, _start, _packets, _interval, setup = _REQUEST.unpack(body)
    data = _exactly(line, length) if direction == OUT else b""
    return Request(number, endpoint, direction == IN, length, setup, data)


def reply(request: Request, status: int, data: bytes = b"") -> bytes:
    """`data`: of an inward request; an outward one counts as taken whole."""
    length = len(data) if request.inward else len(request.data)
    head = _HEAD.pack(SUBMITTED, request.number, 0, 0, 0)
    return head + _REPLY.pack(status, length if status == OK else 0, 0, 0, 0) + data


def taken_back(frame: TakeBack, status: int) -> bytes:
    return _HEAD.pack(UNLINKED, frame.number, 0, 0, 0) + _TAKEN_BACK.pack(status)


def _exactly(line: socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length:
        received = line.recv(length - len(data))
        if not received:
            raise EOFError
        data += received
    return data
