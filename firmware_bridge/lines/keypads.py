"""Matrix keypads on the Pi's own pins, and simulated ones: for halls without a bus."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from firmware_bridge.ports import KEYPAD_LOST, KeypadPressed
from firmware_bridge.settings import KeypadSection
from hall.runtime.attachments import gpio_pins
from hall.runtime.devices import Care, Device
from hall.runtime.keeping import Rounds

if TYPE_CHECKING:
    from gpiozero import DigitalInputDevice, DigitalOutputDevice
    from gpiozero.pins import Factory

    from hall.runtime.gpio.factory import OpenPins

_BOUNCE_S = 0.02
# Looking for the row makes edges of its own; nobody presses two keys within this time.
_OWN_EDGES_S = 0.06


@dataclass(slots=True)
class GpioKeypads:
    """Waits for edges, does not poll.

    All rows rest low, so that any key pulls its column low; then the rows are let go one by one
    to see which of them it was. Never driven high: two keys would short two rows.
    """

    section: KeypadSection
    clock: Callable[[], float]
    open_pins: "OpenPins"
    _factory: "Factory | None" = None
    _rows: "list[DigitalOutputDevice]" = field(default_factory=list)
    _columns: "list[DigitalInputDevice]" = field(default_factory=list)
    _deaf_until: float = 0.0
    _post: Callable[[object], None] = lambda _: None
    _rounds: Rounds | None = None

    @property
    def devices(self) -> Sequence[Device]:
        section = self.section
        pins = f"chân GPIO hàng {_listed(section.rows)}, cột {_listed(section.columns)}"
        return (gpio_pins(KEYPAD_LOST, f"bàn phím quầy {section.counter}", pins),)

    def start(self, post: Callable[[object], None]) -> None:
        self._post = post
        care = Care(self.devices[0], post, self.clock)
        self._rounds = Rounds("keypad", [(care, self)], self.clock)
        self._rounds.start()

    def open(self) -> None:
        pins = self._factory = self.open_pins(self._lost)
        from gpiozero import DigitalInputDevice, DigitalOutputDevice  # noqa: PLC0415 - heavy

        for pin in self.section.rows:
            row = DigitalOutputDevice(pin, initial_value=False, pin_factory=pins)
            self._rows.append(row)
        for pin in self.section.columns:
            column = DigitalInputDevice(pin, pull_up=True, bounce_time=_BOUNCE_S, pin_factory=pins)
            self._columns.append(column)
        for at, column in enumerate(self._columns):
            column.when_activated = self._pressed(at)

    def look(self) -> None:
        for column in self._columns:
            _ = column.value

    def _lost(self, _why: Exception) -> None:
        """On any thread: looking at the pins will say what."""
        if self._rounds is not None:
            self._rounds.hurry()

    def press(self, counter: str, key: str) -> bool:  # noqa: ARG002 - real hardware obeys nobody
        return False

    def stop(self) -> None:
        rounds, self._rounds = self._rounds, None
        if rounds is not None:
            rounds.stop()

    def close(self) -> None:
        # The pins' thread ends first: no callback meets a closed device.
        if self._factory is not None:
            self._factory.close()
            self._factory = None
        for device in (*self._columns, *self._rows):
            device.close()
        self._columns, self._rows = [], []

    def _pressed(self, column: int) -> Callable[[], None]:
        def posted() -> None:
            if self.clock() < self._deaf_until:
                return
            self._deaf_until = self.clock() + _OWN_EDGES_S
            row = self._row_of(column)
            if row is not None:
                key = self.section.layout[row][column]
                self._post(KeypadPressed(self.section.counter, key, self.clock()))

        return posted

    def _row_of(self, column: int) -> int | None:
        """The row whose release releases the column."""
        for at, row in enumerate(self._rows):
            row.pin.function = "input"
            released = self._columns[column].pin.state != 0
            row.pin.output_with_state(0)
            if released:
                return at
        return None


def _listed(pins: Sequence[int]) -> str:
    return " ".join(map(str, pins))


@dataclass(slots=True)
class SimulatedKeypads:
    """Pressed by a trainer."""

    counters: Sequence[str]
    clock: Callable[[], float]
    devices: Sequence[Device] = ()
    _post: Callable[[object], None] | None = None

    def start(self, post: Callable[[object], None]) -> None:
        self._post = post

    def press(self, counter: str, key: str) -> bool:
        if self._post is None or counter not in self.counters:
            return False
        self._post(KeypadPressed(counter, key, self.clock()))
        return True

    def stop(self) -> None:
        self._post = None
