"""How large the picture in a file is and how it is turned, read from its first bytes.

A camera's picture is tens of megabytes once it is decoded: what is too large, torn off or of
another kind is named before anything is decoded. JPEG (ITU-T T.81; Exif 2.3 for the turn) and PNG.
"""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

# The picture of a 12 megapixel camera: 37 MB while it is scaled, then given back.
MOST_PIXELS = 12_500_000
_PNG, _PNG_END = b"\x89PNG\r\n\x1a\n", b"IEND"
_JPEG, _JPEG_END = b"\xff\xd8", b"\xff\xd9"
# SOF0 to SOF15 but for the tables among them.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_APP1 = 0xE1
_ORIENTATION = 0x0112
_TURNS = {3: 180, 6: 90, 8: 270}
# Some cameras write a little after the end.
_TAIL = 65_536


class UnusablePicture(OSError):
    """No picture that can be shown; the text says why, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class PictureFile:
    """`width`, `height`: pixels as stored; `turn`: degrees clockwise until it stands upright."""

    width: int
    height: int
    turn: int = 0


def examined(file: Path) -> PictureFile:
    """Raises OSError for a file that cannot be opened, UnusablePicture for what is in it."""
    with file.open("rb") as opened:
        start = opened.read(8)
        if start == _PNG:
            found, end = _png(opened), _PNG_END
        elif start.startswith(_JPEG):
            opened.seek(len(_JPEG))
            found, end = _jpeg(opened), _JPEG_END
        else:
            raise UnusablePicture("không phải ảnh JPEG hay PNG")
        opened.seek(max(0, file.stat().st_size - _TAIL))
        if end not in opened.read():
            raise UnusablePicture("ảnh bị cụt, chép lại tệp")
    if not found.width or not found.height:
        raise UnusablePicture("ảnh hỏng")
    if found.width * found.height > MOST_PIXELS:
        size = f"{found.width} x {found.height}"
        raise UnusablePicture(f"ảnh {size} điểm quá lớn, thu nhỏ còn dưới 4000 x 3000 điểm")
    return found


def _png(opened: BinaryIO) -> PictureFile:
    header = opened.read(16)
    if len(header) < 16 or header[4:8] != b"IHDR":  # noqa: PLR2004 - length, name, two sizes
        raise UnusablePicture("ảnh hỏng")
    return PictureFile(*struct.unpack(">II", header[8:]))


def _jpeg(opened: BinaryIO) -> PictureFile:
    """Segment by segment up to the frame's."""
    turn = 0
    while len(head := opened.read(4)) == 4 and head[0] == 0xFF:  # noqa: PLR2004
        marker, length = head[1], struct.unpack(">H", head[2:])[0] - 2
        if marker in _FRAMES:
            frame = opened.read(5)
            if len(frame) < 5:  # noqa: PLR2004 - precision, height, width
                break
            height, width = struct.unpack(">HH", frame[1:])
            return PictureFile(width, height, turn)
        body = opened.read(length) if length > 0 else b""
        if marker == _APP1 and body.startswith(b"Exif\0\0"):
            turn = _turn(body[6:])
    raise UnusablePicture("ảnh hỏng")


def _turn(tiff: bytes) -> int:
    """Degrees clockwise by the orientation among the first entries; 0 where none is told."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    try:
        if order is None:
            return 0
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        for n in range(count):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * n)
            if tag == _ORIENTATION:
                return _TURNS.get(value, 0)
    except struct.error:
        pass
    return 0
