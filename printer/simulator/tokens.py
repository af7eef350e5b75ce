# ruff: noqa: PLR2004, PLR0911 - the bytes of a protocol are their own names
"""ESC/POS as a printer reads it: an incremental parser from bytes to commands. Pure.

Raster data is handed on row by row, as a printer with a small buffer must take it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Init:
    pass


@dataclass(frozen=True, slots=True)
class SetAsb:
    on: bool


@dataclass(frozen=True, slots=True)
class Feed:
    rows: int


@dataclass(frozen=True, slots=True)
class FeedLines:
    lines: int


@dataclass(frozen=True, slots=True)
class Align:
    where: int


@dataclass(frozen=True, slots=True)
class Size:
    """Character magnification, 1-8 each way."""

    across: int
    down: int


@dataclass(frozen=True, slots=True)
class Margin:
    dots: int


@dataclass(frozen=True, slots=True)
class RasterStart:
    stride: int
    rows: int


@dataclass(frozen=True, slots=True)
class RasterRow:
    data: bytes


@dataclass(frozen=True, slots=True)
class Cut:
    full: bool
    feed: int


@dataclass(frozen=True, slots=True)
class AskInOrder:
    what: int


@dataclass(frozen=True, slots=True)
class AskIdentity:
    what: int


@dataclass(frozen=True, slots=True)
class ProcessId:
    tag: bytes


@dataclass(frozen=True, slots=True)
class Graphics:
    """GS ( L, function `fn`, its parameters untouched."""

    fn: int
    body: bytes


@dataclass(frozen=True, slots=True)
class QrCommand:
    fn: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Text:
    byte: int


@dataclass(frozen=True, slots=True)
class LineEnd:
    pass


@dataclass(frozen=True, slots=True)
class Unknown:
    data: bytes


Token = (
    Init
    | SetAsb
    | Feed
    | FeedLines
    | Align
    | Size
    | Margin
    | RasterStart
    | RasterRow
    | Cut
    | AskInOrder
    | AskIdentity
    | ProcessId
    | Graphics
    | QrCommand
    | Text
    | LineEnd
    | Unknown
)


class TokenParser:
    """Feed it bytes, take tokens. What is half read stays inside until the rest comes."""

    def __init__(self) -> None:
        self._pending = bytearray()
        self._rows_left = 0
        self._stride = 0
        self._eaten = bytearray()

    def feed(self, data: bytes) -> None:
        self._pending += data

    @property
    def waiting(self) -> int:
        """Bytes received and not yet turned into a token."""
        return len(self._pending)

    def reset(self) -> None:
        """As after the mains were away."""
        self._pending.clear()
        self._eaten.clear()
        self._rows_left = 0

    def drop_last(self, count: int) -> None:
        """Take back bytes that were a real-time command."""
        del self._pending[max(0, len(self._pending) - count) :]

    def eaten(self) -> bytes:
        """The exact bytes of every token taken since last asked."""
        data = bytes(self._eaten)
        self._eaten.clear()
        return data

    def take_token(self) -> Token | None:
        """The next whole token, or None while the bytes do not make one."""
        if self._rows_left:
            return self._raster_row()
        blank = len(self._pending) - len(self._pending.lstrip(b"\x00\r"))
        self._eat(blank)
        if not self._pending:
            return None
        match self._pending[0]:
            case 0x1B:
                return self._escape()
            case 0x1D:
                return self._group()
            case 0x0A:
                return self._cut(1, LineEnd())
            case byte if byte >= 0x20:
                return self._cut(1, Text(byte))
            case byte:
                return self._cut(1, Unknown(bytes((byte,))))

    def _raster_row(self) -> Token | None:
        if len(self._pending) < self._stride:
            return None
        self._rows_left -= 1
        return self._cut(self._stride, RasterRow(bytes(self._pending[: self._stride])))

    def _cut(self, count: int, token: Token) -> Token:
        self._eat(count)
        return token

    def _eat(self, count: int) -> None:
        self._eaten += self._pending[:count]
        del self._pending[:count]

    def _have(self, count: int) -> bool:
        return len(self._pending) >= count

    def _escape(self) -> Token | None:
        if not self._have(2):
            return None
        letter = self._pending[1]
        if letter == ord("@"):
            return self._cut(2, Init())
        if not self._have(3):
            return None
        value = self._pending[2]
        match chr(letter):
            case "J":
                return self._cut(3, Feed(value))
            case "d":
                return self._cut(3, FeedLines(value))
            case "a":
                return self._cut(3, Align(value % 48))
            case _:
                return self._cut(2, Unknown(bytes(self._pending[:2])))

    def _group(self) -> Token | None:
        if not self._have(3):
            return None
        letter, value = chr(self._pending[1]), self._pending[2]
        match letter:
            case "a":
                return self._cut(3, SetAsb(bool(value)))
            case "r":
                return self._cut(3, AskInOrder(value))
            case "I":
                return self._cut(3, AskIdentity(value))
            case "!":
                return self._cut(3, Size((value >> 4) + 1, (value & 0x0F) + 1))
            case "V":
                return self._cutter(value)
            case "L":
                return self._margin()
            case "v":
                return self._raster_start()
            case "(" | "8":
                return self._long(letter)
            case _:
                return self._cut(2, Unknown(bytes(self._pending[:2])))

    def _cutter(self, mode: int) -> Token | None:
        if mode in (0, 1, 48, 49):
            return self._cut(3, Cut(full=mode in (0, 48), feed=0))
        if not self._have(4):
            return None
        return self._cut(4, Cut(full=mode == 65, feed=self._pending[3]))

    def _margin(self) -> Token | None:
        if not self._have(4):
            return None
        return self._cut(4, Margin(int.from_bytes(self._pending[2:4], "little")))

    def _raster_start(self) -> Token | None:
        if not self._have(8):
            return None
        self._stride = int.from_bytes(self._pending[4:6], "little")
        self._rows_left = int.from_bytes(self._pending[6:8], "little") if self._stride else 0
        rows = int.from_bytes(self._pending[6:8], "little")
        return self._cut(8, RasterStart(self._stride, rows))

    def _long(self, letter: str) -> Token | None:
        """Length-prefixed commands: GS ( X pL pH …, GS 8 L p1 p2 p3 p4 …."""
        head = 5 if letter == "(" else 7
        if not self._have(head):
            return None
        length = int.from_bytes(self._pending[3:head], "little")
        if not self._have(head + length):
            return None
        family = chr(self._pending[2])
        body = bytes(self._pending[head : head + length])
        return self._cut(head + length, _long_token(family, body))


def _long_token(family: str, body: bytes) -> Token:
    match family:
        case "H" if body[:2] == b"\x30\x30" and len(body) == 6:
            return ProcessId(body[2:])
        case "L" if len(body) >= 2:
            return Graphics(body[1], body[2:])
        case "k" if len(body) >= 2:
            return QrCommand(body[1], body[2:])
        case _:
            return Unknown(family.encode("latin-1") + body)
