"""Buttons and their lamps on the pins of the board, through gpiozero."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from pydantic import Field

from hall.runtime.attachments import gpio_pins
from hall.runtime.devices import Device, DeviceWatch
from hall.runtime.gpio import header
from hall.runtime.gpio.sharing import SharedPins, settled_pins
from hall.runtime.keeping import Quiet, Rounds
from printer.button_section import ButtonSection, Wiring
from printer.ports import (
    BUTTONS_LOST,
    LAMPS_LOST,
    ButtonFoundDown,
    ButtonItem,
    ButtonPressed,
    ButtonReleased,
    Lamp,
)

if TYPE_CHECKING:
    from gpiozero import LED, DigitalInputDevice
    from gpiozero.pins import Factory

    from hall.runtime.gpio.factory import OpenPins

# An edge must be stable for this long: it is added latency, not a lock-out.
SETTLE_S = 0.008


@dataclass(frozen=True, slots=True)
class Pins:
    """BCM numbers; the button closes to ground."""

    button: int
    lamp: int | None = None


class GpioButton(ButtonSection):
    """A button on a pin, perhaps with a lamp on another."""

    told_by: ClassVar[str] = "gpio"

    gpio: int = Field(ge=0, le=header.MOST, description="Chân BCM của nút.")
    lamp: int | None = Field(
        default=None, ge=0, le=header.MOST, description="Chân BCM của đèn nút."
    )

    @classmethod
    def connect(cls, buttons: Sequence[Self], wiring: Wiring) -> "Sequence[GpioButtons]":
        """One source for all pins."""
        pins = {b.name: Pins(b.gpio, b.lamp) for b in buttons}
        chip = settled_pins(wiring.gpiochip, f"motcua {wiring.client}")
        return (GpioButtons(pins, chip, wiring.clock),)

    @classmethod
    def mistake(cls, buttons: Sequence[Self], gpiochip: str | None) -> str | None:
        pins = [pin for b in buttons for pin in (b.gpio, b.lamp) if pin is not None]
        return header.mistake(pins, gpiochip)


class GpioButtons:
    """Each pin is a device of its own: one that is in use elsewhere is lost alone.

    Callbacks come from the pins' thread and only post.
    """

    def __init__(
        self, pins: Mapping[str, Pins], open_pins: "OpenPins", clock: Callable[[], float]
    ) -> None:
        self._clock = clock
        self._board = SharedPins(open_pins, self._hurry)
        self._buttons = {_button(key, pin.button): (key, pin.button) for key, pin in pins.items()}
        lit = {key: pin.lamp for key, pin in pins.items() if pin.lamp is not None}
        self._lamps = {_lamp(key, lamp): LampPin(self._board, lamp) for key, lamp in lit.items()}
        self._rounds: Rounds | None = None

    @property
    def devices(self) -> tuple[Device, ...]:
        return (*self._buttons, *self._lamps)

    def start(self, post: Callable[[ButtonItem], None]) -> None:
        kept: list[tuple[Device, Quiet]] = [
            (device, ButtonPin(self._board, key, pin, post))
            for device, (key, pin) in self._buttons.items()
        ]
        kept += self._lamps.items()
        cared = [(DeviceWatch(device, post, self._clock), pin) for device, pin in kept]
        self._rounds = Rounds("gpio-pins", cared, self._clock)
        self._rounds.start()

    def lamps(self, lamp: Lamp) -> None:
        """Steady: ready. Quick blinking: printing. A short flash every two seconds: fault."""
        for pin in self._lamps.values():
            pin.wanted = lamp
        self._hurry()

    def stop(self) -> None:
        rounds, self._rounds = self._rounds, None
        if rounds is not None:
            rounds.stop()
            self._board.close()

    def _hurry(self) -> None:
        rounds = self._rounds
        if rounds is not None:
            rounds.hurry()


def _button(key: str, pin: int) -> Device:
    return gpio_pins(BUTTONS_LOST, f"nút {key}", f"chân GPIO {pin}")


def _lamp(key: str, pin: int) -> Device:
    return gpio_pins(LAMPS_LOST, f"đèn của nút {key}", f"chân GPIO {pin}")


@dataclass(slots=True)
class ButtonPin:
    board: SharedPins
    key: str
    pin: int
    post: Callable[[ButtonItem], None]
    _pins: "Factory | None" = None
    _button: "DigitalInputDevice | None" = None
    _is_down: bool = False

    def open(self) -> None:
        pins = self._pins = self.board.pins()
        from gpiozero import DigitalInputDevice  # noqa: PLC0415 - 19 MiB, for pins only

        # A gpiozero Button wakes ten times a second to see whether it is held down.
        button = self._button = DigitalInputDevice(
            self.pin, pull_up=True, bounce_time=SETTLE_S, pin_factory=pins
        )
        button.when_activated = self._pressed
        button.when_deactivated = self._released
        if button.is_active:
            self._is_down = True
            self.post(ButtonFoundDown(self.key))

    def look(self) -> None:
        self.board.check(self._pins)
        if self._button is not None:
            _ = self._button.value

    def close(self) -> None:
        button, self._button = self._button, None
        if self._is_down:
            # Its release would not be seen any more.
            self._released()
        if button is not None:
            button.close()

    def _pressed(self) -> None:
        self._is_down = True
        self.post(ButtonPressed(self.key))

    def _released(self) -> None:
        self._is_down = False
        self.post(ButtonReleased(self.key))


@dataclass(slots=True)
class LampPin:
    """`wanted` may be set from any thread; it is lit by the one that keeps the pin."""

    board: SharedPins
    pin: int
    wanted: Lamp | None = None
    _pins: "Factory | None" = None
    _led: "LED | None" = None
    _lit: Lamp | None = None

    def open(self) -> None:
        pins = self._pins = self.board.pins()
        from gpiozero import LED  # noqa: PLC0415 - 19 MiB, for pins only

        self._led, self._lit = LED(self.pin, pin_factory=pins), None

    def look(self) -> None:
        self.board.check(self._pins)
        wanted = self.wanted
        if self._led is None or wanted is self._lit:
            return
        match wanted:
            case Lamp.READY:
                self._led.on()
            case Lamp.PRINTING:
                self._led.blink(on_time=0.1, off_time=0.1)
            case Lamp.FAULT:
                self._led.blink(on_time=0.15, off_time=1.85)
            case None:
                self._led.off()
        self._lit = wanted

    def close(self) -> None:
        led, self._led = self._led, None
        if led is not None:
            led.close()
