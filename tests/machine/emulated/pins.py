"""The board's GPIO chip (PL061) through QEMU's qtest protocol: its inputs are set, outputs told.

test ── "set_irq_in CHIP unnamed-gpio-in 2 0" ──▶ qtest.sock ──▶ line 2 low = button pressed
test ◀── "IRQ raise 5" ─────────────────────────  qtest.sock ◀── line 5 driven high = lamp on
"""

import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from emulated.lines import Line, Refused
from emulated.monitor import Monitor

LINES = range(8)
_ANSWER_S = 30.0
# Where the virt board has its PL061; each line of its data has an address of its own.
_DATA = 0x0903_0000


@dataclass(slots=True)
class Pins:
    """Buttons are active low, and every reset leaves all lines low: let go of them first."""

    path: Path
    monitor: Monitor
    told: deque[tuple[float, int, bool]] = field(default_factory=lambda: deque(maxlen=1000))
    _chip: str = ""
    _qtest: Line = field(init=False)

    def __post_init__(self) -> None:
        devices = self.monitor.ask("qom-list", path="/machine/unattached")
        name = next(each["name"] for each in devices if each["type"] == "child<pl061>")
        self._chip = f"/machine/unattached/{name}"
        self._qtest = Line(self.path)
        self._asked(f"irq_intercept_out {self._chip}")

    def release_all(self) -> None:
        for line in LINES:
            self.set(line, high=True)

    def set(self, line: int, *, high: bool) -> None:
        self._asked(f"set_irq_in {self._chip} unnamed-gpio-in {line} {int(high)}")

    def press(self, line: int, seconds: float = 0.15) -> None:
        """A finger on a button for this long."""
        self.set(line, high=False)
        self.listen(seconds)
        self.set(line, high=True)

    def level(self, line: int) -> bool:
        """Whether the line is high now, whoever drives it."""
        said = self._asked(f"readb {_DATA + (4 << line):#x}")
        return int(said.split()[1], 0) != 0

    def listen(self, seconds: float) -> None:
        """Take in what the outputs do within this time."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                self._heard(self._qtest.hear(left))
            except TimeoutError:
                return

    def changes(self, line: int, seconds: float) -> list[bool]:
        """The levels that this output changes to, from now on, within this time."""
        # What was told before the answer to a question is of before.
        self.level(line)
        since = time.monotonic()
        self.listen(seconds)
        return [high for at, which, high in self.told if which == line and at > since]

    def close(self) -> None:
        self._qtest.close()

    def _asked(self, command: str) -> str:
        self._qtest.say(command.encode())
        while not (said := self._qtest.hear(_ANSWER_S)).startswith(b"OK"):
            self._heard(said)
        return said.decode()

    def _heard(self, said: bytes) -> None:
        match said.split():
            case [b"IRQ", level, line]:
                self.told.append((time.monotonic(), int(line), level == b"raise"))
            case _:
                raise Refused(said.decode())
