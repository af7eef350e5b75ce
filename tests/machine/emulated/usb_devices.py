"""The hall's USB devices: a receipt printer, a touch screen, a box of buttons."""

import socket
import struct
import threading
from dataclasses import dataclass, field

from emulated.cables import Paper
from emulated.usb import Device, Identity, Shape, endpoint
from emulated.waiting import pause

_BULK, _INTERRUPT = 2, 3
_HELD_S = 0.12
_CHUNK = 4096

# --- printer: USB Printing Devices 1.1, 4.2 -------------------------------------------------------

READY, NO_PAPER = 0x18, 0x38
_PRINTER_ID = b"MFG:EPSON;CMD:ESC/POS;MDL:TM-T20III;CLS:PRINTER;"


@dataclass(slots=True)
class UsbPrinter:
    """`status`: the class's own byte, beside the printer's own language."""

    paper: Paper
    status: int = READY
    device: Device = field(init=False)

    def __post_init__(self) -> None:
        ways = (endpoint(0x01, _BULK, 512, 0), endpoint(0x82, _BULK, 512, 0))
        self.device = Device(
            Identity(0x04B8, 0x0E15, "EPSON", "TM-T20III", "TM0001"),
            Shape((7, 1, 2), b"", ways),
            self._control,
            self.paper.line.sendall,
        )
        threading.Thread(target=self._speak, name="usb-printer", daemon=True).start()

    def serve(self, line: socket.socket) -> None:
        self.device.serve(line)

    def _control(self, kind: int, request: int, _value: int) -> bytes | None:
        match kind, request:
            case (0xA1, 0):
                return struct.pack(">H", 2 + len(_PRINTER_ID)) + _PRINTER_ID
            case (0xA1, 1):
                return bytes([self.status])
            case (0x21, 2):
                return b""
            case _:
                return None

    def _speak(self) -> None:
        while answer := self.paper.line.recv(_CHUNK):
            self.device.say(answer)


# --- human interface devices: HID 1.11 ------------------------------------------------------------

_REPORT_DESCRIPTOR = 0x2200

# One finger: tip, contact id, x and y of 0..32767, contact count.
_TOUCH = bytes.fromhex(
    "050d 0904 a101 8501"
    "0922 a102 0942 1500 2501 7501 9501 8102"
    "9507 8103 0951 257f 7508 9501 8102"
    "0501 0930 160000 26ff7f 7510 8102"
    "0931 8102 c0"
    "050d 0954 257f 7508 9501 8102 c0"
)
# A keyboard of the boot protocol.
_BOX = bytes.fromhex(
    "0501 0906 a101 0507 19e0 29e7 1500 2501"
    "7501 9508 8102 9501 7508 8103"
    "9506 7508 1500 2565 1900 2965 8100 c0"
)


def _hid(identity: Identity, protocol: int, report: bytes) -> Device:
    own = struct.pack("<BBHBBBH", 9, 0x21, 0x0111, 0, 1, 0x22, len(report))
    shape = Shape((3, int(protocol > 0), protocol), own, (endpoint(0x81, _INTERRUPT, 16, 4),))

    def control(kind: int, request: int, value: int) -> bytes | None:
        match kind, request:
            case (0x81, 6):
                return report if value == _REPORT_DESCRIPTOR else None
            case (0x21, _):
                # Idle, protocol, lamps of a keyboard.
                return b""
            case _:
                return None

    return Device(identity, shape, control, lambda _data: None)


@dataclass(slots=True)
class TouchScreen:
    device: Device = field(
        default_factory=lambda: _hid(
            Identity(0x0EEF, 0x0001, "motcua-test", "Touch screen", "TS0001"), 0, _TOUCH
        )
    )

    def touch(self, x: float, y: float) -> None:
        """A finger, down and up again; in shares of the glass."""
        place = (int(x * 32767), int(y * 32767))
        for tip in (1, 0):
            self.device.say(struct.pack("<BBBHHB", 1, tip, 0, *place, 1))
            pause(_HELD_S)


@dataclass(slots=True)
class ButtonBox:
    device: Device = field(
        default_factory=lambda: _hid(
            Identity(0x1209, 0x0001, "motcua-test", "Button box", "BX0001"), 1, _BOX
        )
    )

    def press(self, key: int) -> None:
        """As the USB usage tables number it; 30 is the 1."""
        self.device.say(bytes((0, 0, key, 0, 0, 0, 0, 0)))
        pause(_HELD_S)
        self.device.say(bytes(8))
