"""Drawn strips as raster commands: small bands, blank rows as feeds, no real-time command."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from PIL import Image

from printer import commands

# 24 rows of 72 bytes: what a cut-off band can swallow is refilled with 1,736 NULs.
BAND_ROWS = 24
# GS L and its two numbers; a margin that was set has to be taken back in the end.
MARGIN_BYTES = 4
# Printers execute these pairs even inside image data: status, clear, drawer, power off.
_REAL_TIME = re.compile(rb"\x10(?=[\x04\x05\x14])")
_INVERT = bytes(255 - i for i in range(256))


@dataclass(frozen=True, slots=True)
class Piece:
    """Commands; `longest`: bytes of the longest that announces its own length."""

    data: bytes
    longest: int = 0


def joined(pieces: Iterable[Piece]) -> Piece:
    """One after the other."""
    each = tuple(pieces)
    longest = max((piece.longest for piece in each), default=0)
    return Piece(b"".join(piece.data for piece in each), longest)


def digest(image: Image.Image) -> str:
    """The identity of a drawn strip, size included."""
    return sha256(f"{image.width}x{image.height}:".encode() + image.tobytes()).hexdigest()


def raster(image: Image.Image, *, trim: bool = True) -> Piece:
    """Bands of GS v 0 for the ink and feeds for the blank rows between; the margin ends at 0.

    Untrimmed, each band is python-escpos' bitImageRaster, eighteen times as fast.
    """
    stride = image.width // 8
    data = image.tobytes().translate(_INVERT)
    lines = [data[at : at + stride] for at in range(0, len(data), stride)]
    out = bytearray()
    longest = margin = 0
    for band in _bands(lines):
        if isinstance(band, int):
            out += commands.feed(band)
            continue
        edge = _left_edge(band, margin) if trim else 0
        if edge != margin:
            out += commands.left_margin(8 * edge)
            margin = edge
        right = _right_edge(band) if trim else stride
        piece = _band([line[edge:right] for line in band])
        longest = max(longest, len(piece))
        out += piece
    if margin:
        out += commands.left_margin(0)
    return Piece(bytes(out), longest)


def _bands(lines: list[bytes]) -> Iterator[int | list[bytes]]:
    """From the top: a count of blank lines, or the lines of a band."""
    for blank, count, start in _stretches(lines):
        if blank:
            yield count
            continue
        for at in range(start, start + count, BAND_ROWS):
            yield lines[at : min(at + BAND_ROWS, start + count)]


def _stretches(lines: list[bytes]) -> Iterator[tuple[bool, int, int]]:
    """(blank, count, start) of every run of blank or inked lines."""
    start = 0
    for at in range(1, len(lines) + 1):
        if at == len(lines) or any(lines[at]) != any(lines[start]):
            yield not any(lines[start]), at - start, start
            start = at


def _left_edge(lines: list[bytes], margin: int) -> int:
    """Where the band shall begin, in bytes: at its ink, if that saves more than a margin costs."""
    ink = min(len(line) - len(line.lstrip(b"\x00")) for line in lines)
    cost = MARGIN_BYTES if margin else 2 * MARGIN_BYTES
    return margin if 0 <= (ink - margin) * len(lines) <= cost else ink


def _right_edge(lines: list[bytes]) -> int:
    return max(len(line.rstrip(b"\x00")) for line in lines)


def _band(lines: list[bytes]) -> bytes:
    payload = disarm(b"".join(lines))
    return commands.raster_header(len(lines[0]), len(lines)) + payload


def disarm(payload: bytes) -> bytes:
    """Blacken one dot wherever image data would read as a real-time command."""
    return _REAL_TIME.sub(b"\x18", payload)
