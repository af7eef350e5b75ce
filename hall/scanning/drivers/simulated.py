"""A scanner without hardware: it reads what it is shown, and can be unplugged."""

from dataclasses import dataclass
from typing import Literal

from hall.runtime.causes import Cause, Why
from hall.runtime.devices import Device, DeviceLost, DeviceWell
from hall.scanning.ports import SCANNER_OFFLINE, Post, Scan
from hall.scanning.section import Clock, ScannerSection

UNPLUGGED = Cause(Why.ABSENT, "đã rút cáp")
_SCANNER = Device(SCANNER_OFFLINE, "máy quét mô phỏng", "Cắm lại cáp máy quét.")


class SimulatedScannerSection(ScannerSection):
    driver: Literal["simulated"]

    def connect(self, clock: Clock) -> "SimulatedScanner":
        return SimulatedScanner()


@dataclass(slots=True)
class SimulatedScanner:
    device: Device = _SCANNER
    _post: Post | None = None

    def start(self, post: Post) -> None:
        self._post = post
        post(DeviceWell(self.device))

    def show_code(self, text: str) -> None:
        """Hold a code before it."""
        if self._post is not None:
            self._post(Scan(text))

    def unplug(self) -> None:
        if self._post is not None:
            self._post(DeviceLost(self.device, UNPLUGGED))

    def plug(self) -> None:
        if self._post is not None:
            self._post(DeviceWell(self.device))

    def close(self) -> None:
        self._post = None
