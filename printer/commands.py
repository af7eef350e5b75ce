"""The exact bytes of every ESC/POS command that a ticket or its supervision needs."""

ESC, GS, DLE = b"\x1b", b"\x1d", b"\x10"
NUL, ACK = b"\x00", b"\x06"
INIT = ESC + b"@"
ASB_ON = GS + b"a\xff"
IN_ORDER = GS + b"r\x01"
FULL_CUT = GS + b"VA\x00"
PARTIAL_CUT = GS + b"VB\x00"
CENTRE, LEFT = ESC + b"a\x01", ESC + b"a\x00"
BIG, DOUBLE, NORMAL = GS + b"!\x77", GS + b"!\x11", GS + b"!\x00"
MODEL_NAME = GS + b"IC"
# Epson DLE DC4 fn 8: drop whatever is still held in the buffers.
CLEAR = DLE + b"\x14\x08\x01\x03\x14\x01\x06\x02\x08"
NV_LIST = GS + b"(L\x04\x00\x30\x40KC"
TALLEST_FEED = 255
LONGEST_SHORT_BODY = 0xFFFF


def real_time(asked: int) -> bytes:
    return DLE + bytes((0x04, asked))


def feed(rows: int) -> bytes:
    """Feed `rows` dot rows, in as many commands as that takes."""
    full, rest = divmod(rows, TALLEST_FEED)
    return (ESC + b"J\xff") * full + (ESC + b"J" + bytes((rest,)) if rest else b"")


def left_margin(dots: int) -> bytes:
    """Where raster begins; ESC @ sets it back to 0."""
    return GS + b"L" + _low_high(dots)


def raster_header(stride: int, rows: int) -> bytes:
    return GS + b"v0\x00" + stride.to_bytes(2, "little") + rows.to_bytes(2, "little")


def process_id(tag: bytes) -> bytes:
    """`tag`: four bytes of 32-126, answered as 37 22 tag 00 when the printing is completed."""
    return GS + b"(H\x06\x00\x30\x30" + tag


def nv_print(key: str) -> bytes:
    return GS + b"(L\x06\x00\x30\x45" + key.encode("ascii") + b"\x01\x01"


def nv_define(key: str, width: int, rows: int, data: bytes) -> bytes:
    body = b"\x30\x43\x30" + key.encode("ascii") + b"\x01" + _low_high(width) + _low_high(rows)
    body += b"\x31" + data
    if len(body) <= LONGEST_SHORT_BODY:
        return GS + b"(L" + _low_high(len(body)) + body
    return GS + b"8L" + len(body).to_bytes(4, "little") + body


def nv_delete(key: str) -> bytes:
    return GS + b"(L\x04\x00\x30\x42" + key.encode("ascii")


def _low_high(value: int) -> bytes:
    return value.to_bytes(2, "little")
