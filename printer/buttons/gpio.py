"""Buttons and their lamps on the pins of the board, through gpiozero (lgpio on a Raspberry Pi)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import gpiozero

from printer.ports import ButtonItem, ButtonsLost, FoundDown, Lamp, Pressed, Released

# On lgpio an edge must be stable for this long: it is added latency, not a lock-out.
SETTLE_S = 0.008


@dataclass(frozen=True, slots=True)
class Pins:
    """BCM numbers; the button closes to ground."""

    button: int
    lamp: int | None = None


class GpioButtons:
    """Callbacks come from the pin library's thread and only post."""

    def __init__(self, pins: Mapping[str, Pins]) -> None:
        self._pins = pins
        self._buttons: list[gpiozero.Button] = []
        self._lamps: list[gpiozero.PWMLED] = []

    def start(self, post: Callable[[ButtonItem], None]) -> None:
        try:
            for key, pins in self._pins.items():
                self._open(key, pins, post)
        except (gpiozero.GPIOZeroError, OSError, RuntimeError) as err:
            self.stop()
            post(ButtonsLost(f"GPIO: {err}"))

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
        for device in (*self._buttons, *self._lamps):
            device.close()
        self._buttons.clear()
        self._lamps.clear()

    def _open(self, key: str, pins: Pins, post: Callable[[ButtonItem], None]) -> None:
        button = gpiozero.Button(pins.button, pull_up=True, bounce_time=SETTLE_S)
        self._buttons.append(button)
        button.when_pressed = lambda: post(Pressed(key))
        button.when_released = lambda: post(Released(key))
        if button.is_pressed:
            post(FoundDown(key))
        if pins.lamp is not None:
            self._lamps.append(gpiozero.PWMLED(pins.lamp))
