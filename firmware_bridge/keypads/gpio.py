"""Matrix keypads on the Pi's own pins, for halls without a bus."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from firmware_bridge.keypad_section import KeypadSection
from firmware_bridge.ports import KEYPAD_LOST, KeypadPressed
from hall.runtime.attachments import gpio_pins
from hall.runtime.devices import Device, DeviceWatch
from hall.runtime.gpio import header
from hall.runtime.gpio.sharing import bare_pins
from hall.runtime.keeping import Rounds
from hall.runtime.sections import GpioChip

if TYPE_CHECKING:
    from gpiozero import DigitalInputDevice, DigitalOutputDevice
    from gpiozero.pins import Factory

    from hall.runtime.gpio.factory import OpenPins

_BOUNCE_S = 0.02
# Looking for the row makes edges of its own; two presses are further apart than this.
_OWN_EDGES_S = 0.06


_Pin = Annotated[int, Field(ge=0, le=header.MOST)]


class GpioKeypad(KeypadSection):
    """A matrix keypad on the Pi's own pins."""

    driver: Literal["gpio"] = "gpio"
    gpiochip: GpioChip = None
    rows: tuple[_Pin, ...] = Field(
        default=(5, 6, 13, 19), min_length=1, max_length=8, description="Chân BCM của các hàng."
    )
    columns: tuple[_Pin, ...] = Field(
        default=(12, 16, 20, 21), min_length=1, max_length=8, description="Chân BCM của các cột."
    )
    layout: tuple[Annotated[str, Field(pattern=r"^[!-~]+$")], ...] = Field(
        default=("123N", "456R", "789F", "T0#X"), description="Phím từng hàng, trái sang phải."
    )

    @model_validator(mode="after")
    def _square(self) -> Self:
        if len(self.layout) != len(self.rows) or any(
            len(row) != len(self.columns) for row in self.layout
        ):
            raise ValueError("layout phải có số hàng bằng rows và số phím mỗi hàng bằng columns")
        if (wrong := header.mistake(self.pins, self.gpiochip)) is not None:
            raise ValueError(wrong)
        return self

    @property
    def pins(self) -> tuple[int, ...]:
        return (*self.rows, *self.columns)

    def connect(self, bridge: str, clock: Callable[[], float]) -> "GpioKeypads":
        """Keys are told apart by the wire's own levels, so the bounces are waited out here."""
        chip = bare_pins(self.gpiochip, f"motcua {bridge} {self.counter}")
        return GpioKeypads(self, clock, chip)

    @classmethod
    def mistake(cls, pads: Sequence[Self]) -> str | None:
        """All keypads of one bridge are wired to one machine."""
        for chip in {pad.gpiochip for pad in pads}:
            pins = [pin for pad in pads if pad.gpiochip == chip for pin in pad.pins]
            if (wrong := header.mistake(pins, chip)) is not None:
                return wrong
        return None


@dataclass(slots=True)
class GpioKeypads:
    """Waits for edges, does not poll.

    All rows rest low, so that any key pulls its column low; then the rows are let go one by one
    to see which of them it was. Never driven high: two keys would short two rows.
    """

    section: GpioKeypad
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
        care = DeviceWatch(self.devices[0], post, self.clock)
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
