"""CRC-16/MODBUS: polynomial 0xA001 reflected, start 0xFFFF, low byte first on the wire."""

from functools import cache


@cache
def _table() -> tuple[int, ...]:
    return tuple(_of_byte(byte) for byte in range(256))


def _of_byte(value: int) -> int:
    for _ in range(8):
        value = value >> 1 ^ 0xA001 if value & 1 else value >> 1
    return value


def crc16(frame: bytes) -> int:
    """0 over a frame that ends in its own right CRC."""
    crc, table = 0xFFFF, _table()
    for byte in frame:
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return crc


def sealed(body: bytes) -> bytes:
    """The body with its CRC behind it."""
    return body + crc16(body).to_bytes(2, "little")
