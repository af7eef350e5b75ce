"""A scanner on a USB-COM (CDC) or serial port; it may be unplugged and come back."""

import logging
import threading

import serial

from kiosk.ports import Post, Scan, ScannerState
from kiosk.scanners.lines import LineCutter

log = logging.getLogger(__name__)

_POLL_S = 0.2
_AGAIN_S = 2.0


class SerialScanner:
    def __init__(self, device: str, baud: int = 9600) -> None:
        self._device = device
        self._baud = baud
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, post: Post) -> None:
        name = f"scanner {self._device}"
        self._thread = threading.Thread(target=self._run, args=(post,), name=name, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=2.0)
            self._thread = None

    def _run(self, post: Post) -> None:
        """Open, read, and open again after a loss; told once each way."""
        known: bool | None = None
        while not self._stopping.is_set():
            try:
                with serial.Serial(self._device, self._baud, timeout=_POLL_S) as port:
                    if known is not True:
                        post(ScannerState(self._device, present=True))
                    known = True
                    self._read(port, post)
            except (OSError, serial.SerialException) as err:
                if known is not False:
                    post(ScannerState(self._device, present=False, why=str(err)))
                known = False
                self._stopping.wait(_AGAIN_S)

    def _read(self, port: serial.Serial, post: Post) -> None:
        cutter = LineCutter()
        while not self._stopping.is_set():
            received = port.read(max(1, port.in_waiting))
            for text in cutter.feed(received) if received else cutter.pause():
                post(Scan(text))
