"""Buttons and their lamps on the pins of the board, through gpiozero."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gpiozero import LED, DigitalInputDevice, GPIOZeroError
from gpiozero.pins import Factory

from hall.runtime.gpio.errors import GpioError
from hall.runtime.gpio.factory import OpenPins
from printer.ports import ButtonItem, ButtonsLost, FoundDown, Lamp, Pressed, Released

# An edge must be stable for this long: it is added latency, not a lock-out.
SETTLE_S = 0.008


@dataclass(frozen=True, slots=True)
class Pins:
    """BCM numbers; the button closes to ground."""

    button: int
    lamp: int | None = None


class GpioButtons:
    """Callbacks come from the pins' thread and only post."""

    def __init__(self, pins: Mapping[str, Pins], open_pins: OpenPins) -> None:
        self._pins = pins
        self._open_pins = open_pins
        self._factory: Factory | None = None
        self._buttons: list[DigitalInputDevice] = []
        self._lamps: list[LED] = []

    def start(self, post: Callable[[ButtonItem], None]) -> None:
        try:
            factory = self._factory = self._open_pins(lambda gone: post(ButtonsLost(str(gone))))
            for key, pins in self._pins.items():
                self._open(factory, key, pins, post)
        except (GpioError, GPIOZeroError) as err:
            self.stop()
            post(ButtonsLost(str(err)))

    def lamps(self, lamp: Lamp) -> None:
        """Steady: ready. Quick blinking: printing. A short flash every two seconds: fault."""
        for led in self._lamps:
            match lamp:
                case Lamp.READY:
                    led.on()
                case Lamp.PRINTING:
                    led.blink(on_time=0.1, off_time=0.1)
                case Lamp.FAULT:
                    led.blink(on_time=0.15, off_time=1.85)

    def stop(self) -> None:
        # The pins' thread ends first: no callback meets a closed device.
        if self._factory is not None:
            self._factory.close()
            self._factory = None
        for device in (*self._buttons, *self._lamps):
            device.close()
        self._buttons.clear()
        self._lamps.clear()

    def _open(
        self, factory: Factory, key: str, pins: Pins, post: Callable[[ButtonItem], None]
    ) -> None:
        # A gpiozero Button wakes ten times a second to see whether it is held down.
        button = DigitalInputDevice(
            pins.button, pull_up=True, bounce_time=SETTLE_S, pin_factory=factory
        )
        self._buttons.append(button)
        button.when_activated = lambda: post(Pressed(key))
        button.when_deactivated = lambda: post(Released(key))
        if button.is_active:
            post(FoundDown(key))
        if pins.lamp is not None:
            self._lamps.append(LED(pins.lamp, pin_factory=factory))
