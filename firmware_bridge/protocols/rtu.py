"""Modbus RTU as a master speaks it: requests, and the reply found among whatever was heard.

    read     unit | 3, 4 | start  | count  | crc
    answer   unit | 3, 4 | n      | n bytes: registers, high byte first | crc
    write    unit | 16   | start  | count  | n | n bytes | crc
    answer   unit | 16   | start  | count  | crc
    write    unit | 6    | register | value | crc          (the answer is the same)
    refused  unit | 0x80 + function | code | crc

Unit, function, n and code are one byte; start, count, register and value two, high byte first; the
CRC two, low byte first. To unit 0, which is everybody, nobody answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from firmware_bridge.protocols.crc import crc16, sealed

READ_HOLDING = 3
READ_INPUT = 4
WRITE_ONE = 6
WRITE = 16
_EXCEPTION = 0x80
_EXCEPTION_LENGTH = 5


@dataclass(frozen=True, slots=True)
class Ask:
    """One request and the length of its reply; no reply at all when that is 0."""

    request: bytes
    reply_length: int


@dataclass(frozen=True, slots=True)
class RtuResponse:
    """A valid reply, CRC and all."""

    frame: bytes

    @property
    def registers(self) -> tuple[int, ...]:
        """What a read brought."""
        body = self.frame[3:-2]
        return tuple(int.from_bytes(body[i : i + 2], "big") for i in range(0, len(body), 2))


@dataclass(frozen=True, slots=True)
class RtuExceptionResponse:
    """The unit is there and answered with a Modbus exception."""

    code: int


@dataclass(frozen=True, slots=True)
class NoRtuResponse:
    """No valid reply. `noise`: how many bytes were heard instead."""

    noise: int = 0


Outcome = RtuResponse | RtuExceptionResponse | NoRtuResponse


def _words(*values: int) -> bytes:
    return b"".join(value.to_bytes(2, "big") for value in values)


def read(unit: int, function: int, start: int, count: int) -> Ask:
    return Ask(sealed(bytes((unit, function)) + _words(start, count)), 5 + 2 * count)


def write_one(unit: int, register: int, value: int) -> Ask:
    return Ask(sealed(bytes((unit, WRITE_ONE)) + _words(register, value)), 8 if unit else 0)


def is_answered_alike(ask: Ask) -> bool:
    """Whether the answer is the request itself, so that an echo of it looks like an answer."""
    return ask.request[1:2] == bytes((WRITE_ONE,)) and ask.reply_length == len(ask.request)


def write(unit: int, start: int, values: Sequence[int]) -> Ask:
    head = bytes((unit, WRITE)) + _words(start, len(values)) + bytes((2 * len(values),))
    return Ask(sealed(head + _words(*values)), 8 if unit else 0)


def find_reply(ask: Ask, heard: bytes) -> Outcome:
    """The first window of the right length, address, function and CRC; else an exception.

    Noise before the reply and the echo of our own request are stepped over.
    """
    for window in _windows(ask, heard, ask.reply_length):
        if window[1] == ask.request[1] and _fits(ask, window) and not crc16(window):
            return RtuResponse(window)
    for window in _windows(ask, heard, _EXCEPTION_LENGTH):
        if window[1] == ask.request[1] | _EXCEPTION and not crc16(window):
            return RtuExceptionResponse(window[2])
    return NoRtuResponse(len(heard))


def _windows(ask: Ask, heard: bytes, length: int) -> Sequence[bytes]:
    unit = ask.request[0]
    last = len(heard) - length
    return [heard[at : at + length] for at in range(last + 1) if heard[at] == unit]


def _fits(ask: Ask, window: bytes) -> bool:
    if ask.request[1] in (READ_HOLDING, READ_INPUT):
        return window[2] == ask.reply_length - 5
    return window[2:6] == ask.request[2:6]
