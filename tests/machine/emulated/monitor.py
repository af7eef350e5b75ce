"""QEMU's monitor (QMP): the glass as a picture, keys of a keyboard, resets and the watchdog."""

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from emulated.lines import Dialogue, Line
from PIL import Image

_KEYS = {"\n": "ret", "-": "minus", ".": "dot", " ": "spc", "/": "slash"}
_KEY_MS = 12


@dataclass(slots=True)
class Monitor:
    path: Path
    _qmp: Dialogue = field(init=False)

    def __post_init__(self) -> None:
        self._qmp = Dialogue(Line(self.path))
        self._qmp.hear(self._qmp.seconds)
        self._qmp.ask("qmp_capabilities")

    def ask(self, execute: str, **arguments: object) -> Any:
        return self._qmp.ask(execute, **arguments)

    def picture(self, path: Path) -> Image.Image:
        """What the display controller scans out at this moment, as .ppm or .png.

        The machine stands still while QEMU packs a .png.
        """
        path.unlink(missing_ok=True)
        self.ask("screendump", filename=str(path), format=path.suffix.removeprefix("."))
        return Image.open(path).convert("RGB")

    def type(self, text: str) -> None:
        """As a scanner that plays keyboard does, one key after another."""
        for letter in text:
            names = [_KEYS.get(letter, letter.lower())]
            if letter.isupper():
                names.insert(0, "shift")
            keys = [{"type": "qcode", "data": name} for name in names]
            self.ask("send-key", keys=keys, **{"hold-time": _KEY_MS})
            # QEMU drops what comes before the key is up again.
            self._qmp.listen(2 * _KEY_MS / 1000)

    def add(self, driver: str, name: str, **properties: object) -> None:
        """Plug a device in."""
        self.ask("device_add", driver=driver, id=name, **properties)

    def remove(self, name: str) -> None:
        """Pull a device out."""
        self.ask("device_del", id=name)

    def happened(self, event: str, seconds: float) -> bool:
        """Wait for an event such as RESET or WATCHDOG, unless it is already among the told."""
        end = time.monotonic() + seconds
        while True:
            if any(said.get("event") == event for said in self._qmp.told):
                return True
            left = end - time.monotonic()
            if left <= 0:
                return False
            self._qmp.listen(min(0.5, left))

    def forget(self) -> None:
        """Events of the past count no more."""
        self._qmp.told.clear()

    def close(self) -> None:
        self._qmp.line.close()
