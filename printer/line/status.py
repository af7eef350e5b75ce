# ruff: noqa: PLR2004, PLR0911 - the bytes of a protocol are their own names
"""What a printer says, byte by byte: replies told apart by their fixed bits. Pure.

    0..1 ..10   real time, the answer to DLE EOT n: one byte
    0..1 ..00   automatic status (ASB): this byte and three of the form 0..0 ....
    0..0 ....   without an ASB before it: in order, the answer to GS r, one byte
    a start     a block: 0x35 0x37 0x3B 0x3D or 0x5F, printable ASCII, NUL
    0x11 0x13   XON, XOFF: no reply, also in the middle of one

Bits from the highest to the lowest; a point is either.
"""

from dataclasses import dataclass, field, replace

ASB_GAP_S = 0.5
LONGEST_BLOCK = 96
_XON, _XOFF = 0x11, 0x13
_BLOCK_STARTS = (0x35, 0x37, 0x3B, 0x3D, 0x5F)
# Kinds of blocks. POWER_ON: Epson's notice (a memory switch); a serial line tells nothing else of
# a restart.
PROCESS_ID, POWER_ON, IDENTITY = 0x37, 0x3B, 0x5F
_MORE_FOLLOWS = b"\x41"


@dataclass(frozen=True, slots=True)
class Asb:
    """Automatic status, pushed by the printer: four bytes."""

    data: bytes


@dataclass(frozen=True, slots=True)
class RealTime:
    """Answer to DLE EOT n; which n was asked only the asker knows."""

    byte: int


@dataclass(frozen=True, slots=True)
class InOrder:
    """Answer to GS r: everything sent before it has been processed."""

    byte: int


@dataclass(frozen=True, slots=True)
class Block:
    """`kind` is the first byte (0x37 process id, 0x5F identity); the NUL at the end is left out."""

    kind: int
    data: bytes


Reply = Asb | RealTime | InOrder | Block


@dataclass(frozen=True, slots=True)
class PartialReply:
    """Bytes of a reply that has not ended yet."""

    asb: bytes = b""
    block: bytes = b""
    since: float = 0.0


@dataclass(frozen=True, slots=True)
class ParsedReplies:
    reader: PartialReply
    replies: tuple[Reply, ...] = field(default=())


def parse_bytes(reader: PartialReply, data: bytes, now: float) -> ParsedReplies:
    """Feed bytes that arrived at `now` (monotonic seconds); noise is skipped."""
    if now - reader.since > ASB_GAP_S:
        reader = PartialReply()
    replies: list[Reply] = []
    for byte in data:
        reader = _parse_byte(reader, byte, replies)
    return ParsedReplies(replace(reader, since=now), tuple(replies))


def _parse_byte(reader: PartialReply, byte: int, replies: list[Reply]) -> PartialReply:
    if reader.block:
        return _in_block(reader, byte, replies)
    if byte in (_XON, _XOFF):
        return reader
    if byte & 0x93 == 0x12:
        replies.append(RealTime(byte))
        return reader
    if byte & 0x93 == 0x10:
        return replace(reader, asb=bytes((byte,)))
    if byte & 0x90 == 0:
        return _plain(reader, byte, replies)
    if byte in _BLOCK_STARTS:
        return replace(reader, block=bytes((byte,)))
    return replace(reader, asb=b"")


def _in_block(reader: PartialReply, byte: int, replies: list[Reply]) -> PartialReply:
    """Blocks are printable to their NUL: anything else shows that noise began this one."""
    if byte == 0:
        replies.append(Block(reader.block[0], reader.block[1:]))
        return replace(reader, block=b"")
    if byte in (_XON, _XOFF):
        return reader
    if not 0x20 <= byte <= 0x7E:
        reader = replace(reader, block=b"")
        # Such a byte may begin a status; an answer in order it is too weak to be.
        return reader if byte & 0x90 == 0 else _parse_byte(reader, byte, replies)
    longer = reader.block + bytes((byte,))
    return replace(reader, block=longer if len(longer) <= LONGEST_BLOCK else b"")


def _plain(reader: PartialReply, byte: int, replies: list[Reply]) -> PartialReply:
    """GS r answers and bytes 2-4 of an ASB group look alike: position decides."""
    if not reader.asb:
        replies.append(InOrder(byte))
        return reader
    group = reader.asb + bytes((byte,))
    if len(group) < 4:
        return replace(reader, asb=group)
    replies.append(Asb(group))
    return replace(reader, asb=b"")


@dataclass(slots=True)
class KeyListing:
    """A printer's list of its graphics: it comes in blocks of forty keys."""

    keys: tuple[str, ...] = ()

    def add_block(self, block: bytes) -> tuple[str, ...] | None:
        """All keys after the last block; None: the printer waits for our ACK to go on."""
        flag, text = block[:1], block[1:].decode("ascii", "replace")
        self.keys += tuple(text[at : at + 2] for at in range(0, len(text), 2))
        if flag == _MORE_FOLLOWS:
            return None
        keys, self.keys = self.keys, ()
        return keys


# --- meaning ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PrinterFaults:
    """What keeps a printer from printing, or soon will."""

    offline: bool = False
    cover_open: bool = False
    paper_out: bool = False
    paper_low: bool = False
    cutter: bool = False
    broken: bool = False

    @property
    def blocked(self) -> bool:
        return self.offline or self.cover_open or self.paper_out or self.cutter or self.broken


FINE = PrinterFaults()


def of_asb(asb: Asb) -> PrinterFaults:
    first, second, third, _ = asb.data
    return PrinterFaults(
        offline=bool(first & 0x08),
        cover_open=bool(first & 0x20),
        cutter=bool(second & 0x08),
        broken=bool(second & 0x60),
        paper_out=bool(third & 0x0C),
        paper_low=bool(third & 0x03),
    )


def of_real_time(faults: PrinterFaults, asked: int, answer: RealTime) -> PrinterFaults:
    """`faults` as corrected by the answer to DLE EOT `asked`; each question tells a part only."""
    byte = answer.byte
    match asked:
        case 1:
            return replace(faults, offline=bool(byte & 0x08))
        case 2:
            return replace(faults, cover_open=bool(byte & 0x04))
        case 3:
            return replace(faults, cutter=bool(byte & 0x08), broken=bool(byte & 0x60))
        case 4:
            # Other bits than in ASB and GS r: near-end is 0x0C here, end is 0x60.
            return replace(faults, paper_low=bool(byte & 0x0C), paper_out=bool(byte & 0x60))
        case _:
            return faults


def of_in_order(faults: PrinterFaults, answer: InOrder) -> PrinterFaults:
    byte = answer.byte
    return replace(faults, paper_low=bool(byte & 0x03), paper_out=bool(byte & 0x0C))
