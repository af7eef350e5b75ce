"""A scanner on a USB-COM (CDC) or serial port; it may be unplugged and come back."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from hall.runtime.attachments import serial_port
from hall.runtime.keeping import LOOK_S, InterruptibleWait, Keeper
from hall.scanning.lines import LineCutter
from hall.scanning.ports import PAUSE_S, SCANNER_OFFLINE, Post, Scan
from hall.scanning.section import Clock, ScannerSection

if TYPE_CHECKING:
    from serial import Serial


class SerialScannerSection(ScannerSection):
    driver: Literal["serial"]
    device: str = Field(
        min_length=1, description="Cổng USB-COM của máy quét.", examples=["/dev/hall/scanner"]
    )
    baud: int = Field(default=9600, ge=1200, le=921_600, description="Tốc độ cổng.")

    def connect(self, clock: Clock) -> "SerialScanner":
        return SerialScanner(self.device, clock, self.baud)


class SerialScanner:
    def __init__(self, path: str, clock: Callable[[], float], baud: int = 9600) -> None:
        self.device = serial_port(SCANNER_OFFLINE, "máy quét", path)
        self._path = path
        self._baud = baud
        self._keeper: Keeper[Scan] = Keeper(self.device, clock, self._serve)

    def start(self, post: Post) -> None:
        self._keeper.start(post)

    def close(self) -> None:
        self._keeper.stop()

    def _serve(self, patience: InterruptibleWait, works: Callable[[], None], post: Post) -> None:
        import serial  # noqa: PLC0415 - 3.6 MB, and its absence is the scanner's loss alone

        with serial.Serial(self._path, self._baud, timeout=0) as port:
            works()
            self._read(port, patience, post)

    def _read(self, port: "Serial", patience: InterruptibleWait, post: Post) -> None:
        cutter, received = LineCutter(), b""
        while not patience.over:
            ready = patience.wait(PAUSE_S if received else LOOK_S, port.fileno())
            # A port that is ready and has nothing was pulled out: pyserial raises.
            received = port.read(max(1, port.in_waiting)) if ready else b""
            for text in cutter.feed(received) if received else cutter.pause():
                post(Scan(text))
