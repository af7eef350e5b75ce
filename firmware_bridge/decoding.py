"""Frames of a bus in words, for a technician who looks at the wire."""

from firmware_bridge.firmware import counter_unit as unit
from firmware_bridge.protocols.crc import crc16

_SHORTEST = 4
_NAMES = {3: "đọc thanh ghi giữ", 4: "đọc thanh ghi vào", 6: "ghi một", 16: "ghi", 23: "ghi và đọc"}
_ERRORS = {1: "không có hàm này", 2: "không có thanh ghi này", 3: "giá trị không được"}


def decoded(frame: bytes) -> str:
    """One line about a frame; what it cannot read it shows as bytes."""
    if len(frame) < _SHORTEST or crc16(frame):
        return f"hỏng hoặc không phải Modbus: {frame.hex(' ')}"
    who = "mọi bộ" if frame[0] == 0 else f"địa chỉ {frame[0]}"
    if frame[1] & 0x80:
        why = _ERRORS.get(frame[2], f"lỗi {frame[2]}")
        return f"{who}: từ chối, {why}"
    name = _NAMES.get(frame[1], f"hàm {frame[1]}")
    return f"{who}: {name}, {_content(frame)}"


def _content(frame: bytes) -> str:
    function, body = frame[1], frame[2:-2]
    start, count = int.from_bytes(body[:2], "big"), int.from_bytes(body[2:4], "big")
    if function == unit.WRITE and len(body) > 4:  # noqa: PLR2004 - more than an acknowledgement
        return _face(body[5:]) if start == 0 else f"từ {start}: {body[5:].hex(' ')}"
    if function in (unit.READ_INPUT, unit.READ_HOLDING) and len(body) == body[0] + 1:
        return f"trả lời {_heartbeat(body[1:])}" if function == unit.READ_INPUT else body[1:].hex()
    return f"{count} thanh ghi từ {start}"


def _face(values: bytes) -> str:
    if len(values) != 2 * unit.FACE_REGISTERS:
        return values.hex(" ")
    text = values[2:8].decode("latin-1")
    return f"hiện “{text.rstrip()}” (lần {values[1]}, cờ {values[8:].hex()})"


def _heartbeat(values: bytes) -> str:
    said = f"phím thứ {values[0]}, đang hiện lần {values[1]}"
    keys = [(values[at], values[at + 1]) for at in range(2, min(len(values), 10), 2)]
    shown = ", ".join(f"{chr(key)} {age / 10:.1f} s trước" for key, age in keys if key)
    return f"{said}; phím: {shown}" if shown else said
