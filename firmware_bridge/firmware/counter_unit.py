"""The counter unit as a Modbus RTU server, register map 1: the whole protocol, no hardware.

Runs unchanged on CPython, the MicroPython unix port, RP2040 and a Cortex-M0 under QEMU: written
for MicroPython 1.9.2 (no f-strings, no typing). Bytes come in by receive(), time by tick().
"""

MAP_VERSION = 1
FIRMWARE_VERSION = 1

BROADCAST = 0
FIRST_ADDRESS = 1
LAST_ADDRESS = 32

# Modbus functions.
READ_HOLDING = 3
READ_INPUT = 4
WRITE = 16
READ_WRITE = 23

# Modbus exceptions.
BAD_FUNCTION = 1
BAD_ADDRESS = 2
BAD_VALUE = 3

# Input registers.
HEARTBEAT = 0
EVENTS = 1
BOOT = 5
CAUSE = 6
TEXT_CRC = 7
STATUS = 8
CRC_ERRORS = 9
INPUTS = 13

# Holding registers: gen, three of text and flags are written together, or not at all.
FACE_REGISTERS = 5
ADDRESS_REGISTER = 16

CHARACTERS = 6
EVENT_ROOM = 4
OLDEST = 255

# Reset causes.
UNKNOWN, POWER, WATCHDOG, BROWN_OUT = 0, 1, 2, 3

# Status bits.
LED_FAULT = 1
STUCK_KEY = 2
COMMS_LOST = 4

# Flags, four nibbles from the top: blink, brightness, beep, keypad LED.
BLINK_AT = 12
BRIGHTNESS_AT = 8
BEEP_AT = 4
BLINK_FOR_EVER = 15  # 1-14: so many seconds
BEEP_DONE, BEEP_REFUSED, BEEP_LATE, BEEP_TICK, BEEP_NOBODY = 1, 2, 3, 4, 5
KEYPAD_OFF, KEYPAD_ON, KEYPAD_ENTRY = 0, 1, 2

COMMS_MS = 5000
TAKEN_MS = 1500
FLASH_MS = 1000
_FAR_MS = 60000
_ROOM = 64

# A nibble a step: 16 entries fit where 256 would take a tenth of a micro:bit's memory.
_CRC = (0x0000, 0xCC01, 0xD801, 0x1400, 0xF001, 0x3C00, 0x2800, 0xE401,
        0xA001, 0x6C00, 0x7800, 0xB401, 0x5000, 0x9C01, 0x8801, 0x4400)


def crc16(frame: bytes) -> int:
    """CRC-16/MODBUS; 0 over a frame that carries its own right CRC."""
    crc = 0xFFFF
    for byte in frame:
        crc = (crc >> 4) ^ _CRC[(crc ^ byte) & 15]
        crc = (crc >> 4) ^ _CRC[(crc ^ (byte >> 4)) & 15]
    return crc


def word(frame: bytes, at: int) -> int:
    return frame[at] << 8 | frame[at + 1]


def pair(value: int) -> bytes:
    return bytes((value >> 8 & 255, value & 255))


def request_length(heard: bytes, at: int) -> int:
    """Length of the request that starts here; 0 when it is none, or not yet to be told."""
    left = len(heard) - at
    function = heard[at + 1] if left > 1 else 0
    if 1 <= function <= 6:
        return 8
    if function in (15, WRITE):
        return 9 + heard[at + 6] if left > 6 else 0
    if function == READ_WRITE:
        return 13 + heard[at + 10] if left > 10 else 0
    return 0


class Unit:
    """One keypad and six digits. `latches` rises with every new face, `moved` on a new address."""

    def __init__(self, address: int, boot: int, cause: int = UNKNOWN, hardware: int = 0) -> None:
        self.address = address
        self.boot = boot or 1
        self.cause = cause
        self.hardware = hardware
        self.gen = 0
        self.text = b" " * CHARACTERS
        self.flags = 0
        self.seq = 0
        self.status = 0
        self.crc_errors = 0
        self.latches = 0
        self.moved = False
        self._events = [[0, 0] for _ in range(EVENT_ROOM)]
        self._heard = b""
        self._quiet_ms = 0
        self._face_ms = 0
        self._press_ms = -1

    def receive(self, data: bytes) -> "bytes | None":
        """Take what was heard; the reply, when it ends in a whole request for this unit.

        Noise or another unit's reply may stand before the request: silence is not needed.
        """
        self._heard = (self._heard + bytes(data))[-_ROOM:]
        size = len(self._heard)
        for at in range(size - 7):
            if self._heard[at] != self.address and self._heard[at] != BROADCAST:
                continue
            if request_length(self._heard, at) == size - at:
                frame = self._heard[at:]
                if crc16(frame) == 0:
                    self._heard = b""
                    return self._answer(frame)
        return None

    def silence(self) -> None:
        """Nothing was heard for a while: what is left over was for others, or damaged."""
        heard = self._heard
        if heard and heard[0] == self.address and request_length(heard, 0) == len(heard):
            self.crc_errors = self.crc_errors + 1 & 0xFFFF
        self._heard = b""

    def press(self, key: int) -> None:
        """Keep a key (its ASCII code) until it is read. The unit itself gives no sign of it."""
        self.seq = self.seq + 1 & 255
        self._events = [[key, 0]] + self._events[: EVENT_ROOM - 1]
        self._press_ms = 0

    def tick(self, elapsed_ms: int) -> None:
        """Time passes: events age, an unheard unit goes blank, an unanswered press is shown."""
        for event in self._events:
            event[1] = min(event[1] + elapsed_ms, _FAR_MS)
        self._face_ms += elapsed_ms
        if self._face_ms >= 2 * _FAR_MS:
            self._face_ms = _FAR_MS + self._face_ms % _FAR_MS
        self._quiet_ms = min(self._quiet_ms + elapsed_ms, _FAR_MS)
        if self._quiet_ms >= COMMS_MS and not self.status & COMMS_LOST:
            self.status |= COMMS_LOST
            self.gen = 0
            self.text = b" " * CHARACTERS
        if self._press_ms >= 0:
            self._press_ms += elapsed_ms
            if self._press_ms >= TAKEN_MS + FLASH_MS:
                self._press_ms = -1

    def shown(self) -> bytes:
        """The six characters to light up at this moment."""
        if self.status & COMMS_LOST:
            return b"- -   " if self._face_ms % 1000 < 500 else b"      "
        if self._press_ms >= TAKEN_MS:
            return self.text if self._press_ms % 200 < 100 else b"------"
        return self.text if self._lit() else b"      "

    def _lit(self) -> bool:
        blink = self.flags >> BLINK_AT
        if blink == BLINK_FOR_EVER:
            return self._face_ms % 2000 < 1500
        return self._face_ms >= blink * 1000 or self._face_ms % 500 < 250

    def _answer(self, frame: bytes) -> "bytes | None":
        self._quiet_ms = 0
        function = frame[1]
        if function == READ_INPUT:
            body = self._read(frame, self._inputs())
        elif function == READ_HOLDING:
            body = self._read(frame, self._holdings())
        elif function == WRITE:
            body = self._write(frame, 2) or frame[2:6]
        elif function == READ_WRITE:
            body = self._write(frame, 6) or self._read(frame, self._holdings())
        else:
            body = bytes((BAD_FUNCTION,))
        if frame[0] == BROADCAST:
            return None
        if len(body) == 1:
            function |= 0x80
        reply = bytes((frame[0], function)) + body
        crc = crc16(reply)
        return reply + bytes((crc & 255, crc >> 8))

    def _read(self, frame: bytes, registers: "dict[int, int]") -> bytes:
        start, count = word(frame, 2), word(frame, 4)
        if not 1 <= count <= 125:
            return bytes((BAD_VALUE,))
        values = b""
        for register in range(start, start + count):
            if register not in registers:
                return bytes((BAD_ADDRESS,))
            values += pair(registers[register])
        return bytes((len(values),)) + values

    def _inputs(self) -> "dict[int, int]":
        values = [self.seq << 8 | self.gen]
        for key, age_ms in self._events:
            values.append(key << 8 | min(age_ms // 100, OLDEST) if key else 0)
        values += [self.boot, self.cause, crc16(self.text), self.status, self.crc_errors]
        values += [MAP_VERSION, FIRMWARE_VERSION, self.hardware]
        return dict(enumerate(values))

    def _holdings(self) -> "dict[int, int]":
        text = self.text
        return {0: self.gen, 1: word(text, 0), 2: word(text, 2), 3: word(text, 4),
                4: self.flags, ADDRESS_REGISTER: self.address}

    def _write(self, frame: bytes, at: int) -> bytes:
        """Obey a write; empty, or the exception's code."""
        start, count, size = word(frame, at), word(frame, at + 2), frame[at + 4]
        values = frame[at + 5 : at + 5 + size]
        if size != 2 * count:
            return bytes((BAD_VALUE,))
        if start == ADDRESS_REGISTER and count == 1 and frame[0] != BROADCAST:
            return self._move(word(values, 0))
        if start != 0 or count != FACE_REGISTERS:
            return bytes((BAD_ADDRESS,))
        return self._latch(values)

    def _move(self, address: int) -> bytes:
        if not FIRST_ADDRESS <= address <= LAST_ADDRESS:
            return bytes((BAD_VALUE,))
        self.moved = self.moved or address != self.address
        self.address = address
        return b""

    def _latch(self, values: bytes) -> bytes:
        gen, text = word(values, 0), values[2:8]
        if not 1 <= gen <= 255:
            return bytes((BAD_VALUE,))
        for character in text:
            if not 32 <= character < 127:
                return bytes((BAD_VALUE,))
        if gen != self.gen or text != self.text:
            self._face_ms = 0
            self.latches += 1
        self.gen, self.text, self.flags = gen, text, word(values, 8)
        self.status &= ~COMMS_LOST
        self._press_ms = -1
        return b""
