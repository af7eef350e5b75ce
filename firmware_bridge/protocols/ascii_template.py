r"""ASCII frames from a template: {addr}, {command}, {data}, {checksum}; \r, \n, \t and \xNN."""

import re
from functools import reduce

from firmware_bridge.protocols.crc import crc16
from firmware_bridge.protocols.profile import Checksum

_ESCAPE = re.compile(r"\\(r|n|t|\\|x[0-9A-Fa-f]{2})")
_NAMED = {"r": "\r", "n": "\n", "t": "\t", "\\": "\\"}


def frame(template: str, address: int, command: str, data: str, checksum: Checksum) -> bytes:
    """The bytes on the wire; the checksum is over all that stands before it. Raises ValueError."""
    filled = unescaped(template).partition("{checksum}")
    head = _filled(filled[0], address, command, data)
    tail = _filled(filled[2], address, command, data)
    return head + (_sum(head, checksum) if filled[1] else b"") + tail


def unescaped(template: str) -> str:
    return _ESCAPE.sub(lambda found: _character(found[1]), template)


def _character(escape: str) -> str:
    return _NAMED.get(escape) or chr(int(escape[1:], 16))


def _filled(part: str, address: int, command: str, data: str) -> bytes:
    try:
        return part.format(addr=address, command=command, data=data).encode("latin-1")
    except (KeyError, IndexError) as err:
        raise ValueError(f"không dùng được {err} trong frame") from err


def _sum(head: bytes, checksum: Checksum) -> bytes:
    """Two hexadecimal characters (CRC-16: four, low byte first)."""
    match checksum:
        case "none":
            return b""
        case "xor":
            return b"%02X" % reduce(lambda a, b: a ^ b, head, 0)
        case "sum8":
            return b"%02X" % (sum(head) & 0xFF)
        case "lrc":
            return b"%02X" % (-sum(head) & 0xFF)
        case "crc16":
            return crc16(head).to_bytes(2, "little").hex().upper().encode()
