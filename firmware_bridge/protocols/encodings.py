"""Text into registers, as the makers of digit displays would have it."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from firmware_bridge.protocols.profile import DisplayProfile, Encoding, Pad

# Bits of a segment byte: a=0 b=1 c=2 d=3 e=4 f=5 g=6. I, O, S and Z look like digits: for words.
SEGMENTS: Mapping[str, int] = MappingProxyType(
    {
        **dict(zip("0123456789", b"\x3f\x06\x5b\x4f\x66\x6d\x7d\x07\x7f\x6f", strict=True)),
        **dict(
            zip(
                "ABCDEFGHIJKLM",
                b"\x77\x7c\x39\x5e\x79\x71\x3d\x76\x30\x1e\x75\x38\x37",
                strict=True,
            )
        ),
        **dict(
            zip(
                "NOPQRSTUVWXYZ",
                b"\x54\x5c\x73\x67\x50\x6d\x78\x3e\x1c\x2a\x76\x6e\x5b",
                strict=True,
            )
        ),
        "-": 0x40,
        "_": 0x08,
        " ": 0x00,
    }
)


def can_show(profile: DisplayProfile, text: str) -> bool:
    """Whether the display can show this text, every character of it."""
    if len(text) > profile.width or not re.fullmatch(f"[{profile.charset}]*", text):
        return False
    try:
        wide = padded(text, profile.width, profile.pad)
        return profile.write is None or bool(registers(wide, profile.write.encoding))
    except ValueError:
        return False


def padded(text: str, width: int, pad: Pad) -> str:
    match pad:
        case "space_left":
            return text.rjust(width)
        case "space_right":
            return text.ljust(width)
        case "zero_left":
            return text.rjust(width, "0") if text.isdigit() else text.rjust(width)


def registers(text: str, encoding: Encoding) -> tuple[int, ...]:
    """The values to write; `text` is already as wide as the display. Raises ValueError."""
    match encoding:
        case "ascii_per_reg":
            return tuple(text.encode("ascii"))
        case "ascii_2_per_reg":
            return _pairs(text.encode("ascii"))
        case "int":
            return (_number(text, 10),)
        case "bcd":
            return _halves(text)
        case "segment":
            return tuple(_segments(character) for character in text)


def _pairs(raw: bytes) -> tuple[int, ...]:
    even = raw + b" " * (len(raw) % 2)
    return tuple(int.from_bytes(even[i : i + 2], "big") for i in range(0, len(even), 2))


def _number(text: str, base: int) -> int:
    value = int(text.strip() or "0", base)
    if value > 0x7FFF:  # noqa: PLR2004 - the makers' registers are signed
        raise ValueError(text)
    return value


def _halves(text: str) -> tuple[int, ...]:
    """Four digits a register, the last register last; a blank is 0xF, as BCD drivers have it."""
    digits = text.rjust(-(-len(text) // 4) * 4)
    nibbles = "".join("F" if digit == " " else str(int(digit)) for digit in digits)
    return tuple(int(nibbles[i : i + 4], 16) for i in range(0, len(nibbles), 4))


def _segments(character: str) -> int:
    try:
        return SEGMENTS[character]
    except KeyError as err:
        raise ValueError(character) from err
