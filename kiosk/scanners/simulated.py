"""A scanner without hardware: it reads what it is shown, and can be unplugged."""

from dataclasses import dataclass

from kiosk.ports import Post, Scan, ScannerState


@dataclass(slots=True)
class SimulatedScanner:
    device: str = "simulated"
    _post: Post | None = None

    def start(self, post: Post) -> None:
        self._post = post
        post(ScannerState(self.device, present=True))

    def show(self, text: str) -> None:
        """Hold a code before it."""
        if self._post is not None:
            self._post(Scan(text))

    def unplug(self) -> None:
        if self._post is not None:
            self._post(ScannerState(self.device, present=False, why="đã rút cáp"))

    def plug(self) -> None:
        if self._post is not None:
            self._post(ScannerState(self.device, present=True))

    def close(self) -> None:
        self._post = None
