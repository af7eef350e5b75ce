"""MQTT 5 properties of a publish as bytes.

paho builds and packs its own anew for every message, in more time than the message itself takes.

    length │ 01 01 UTF-8 │ 02 expiry, 4 bytes │ 03 content type │ 08 reply topic │ 09 correlation
    varint │             │ seconds, big-end.  │ text            │ text           │ data, bytes

Texts and data have a length of 2 bytes before them, big-endian.
"""

import struct
from dataclasses import dataclass
from functools import lru_cache

_UTF_8, _JSON = b"\x01\x01", b"\x03\x00\x10application/json"
_EXPIRY, _RESPONSE_TOPIC, _CORRELATION = b"\x02", b"\x08", b"\x09"


@dataclass(frozen=True, slots=True)
class PackedProperties:
    """What paho asks of properties that go out."""

    packed: bytes

    def pack(self) -> bytes:
        return self.packed


# All messages of a channel have the same, but for requests and some replies.
@lru_cache(maxsize=64)
def pack(
    expiry_s: int | None = None, response_topic: str = "", correlation: bytes | None = None
) -> PackedProperties:
    """`correlation`: at most 64 KiB."""
    found = _UTF_8
    if expiry_s is not None:
        found += _EXPIRY + struct.pack(">I", expiry_s)
    found += _JSON
    if response_topic:
        found += _RESPONSE_TOPIC + _with_length(response_topic.encode())
    if correlation is not None:
        found += _CORRELATION + _with_length(correlation)
    return PackedProperties(_variable(len(found)) + found)


def _with_length(data: bytes) -> bytes:
    return struct.pack(">H", len(data)) + data


def _variable(number: int) -> bytes:
    """Seven bits a byte, the lowest first; the eighth says that more follow."""
    digits = bytearray()
    while True:
        number, digit = divmod(number, 128)
        digits.append(digit | (128 if number else 0))
        if not number:
            return bytes(digits)
