"""One chip's pins for several devices, each of which may be lost by itself.

The chip is opened by the first device that needs it, and anew after it has gone. Everything but
`_lost` is called by the thread that keeps the devices.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from hall.runtime.gpio.errors import ChipLost, GpioError

if TYPE_CHECKING:
    from gpiozero.pins import Factory

    from hall.runtime.gpio.factory import OpenPins


class SharedPins:
    """`hurry` is called, on any thread, when the chip has gone: who uses it should look now."""

    def __init__(self, open_pins: "OpenPins", hurry: Callable[[], None]) -> None:
        self._open_pins = open_pins
        self._hurry = hurry
        self._factory: Factory | None = None
        self._gone: GpioError | None = None

    def pins(self) -> "Factory":
        """Raises GpioError, or ImportError where the library is missing."""
        if self._factory is None or self._gone is not None:
            self.close()
            self._factory = self._open_pins(self._lost)
        return self._factory

    def check(self, pins: "Factory | None") -> None:
        """Raises GpioError when these pins are those of a chip that has gone."""
        if self._gone is not None:
            raise self._gone
        if pins is not self._factory:
            raise ChipLost("GPIO", "đã mở lại")

    def close(self) -> None:
        """May be called twice."""
        factory, self._factory, self._gone = self._factory, None, None
        if factory is not None:
            factory.close()

    def _lost(self, why: GpioError) -> None:
        self._gone = why
        self._hurry()


def settled_pins(chip: str | None, consumer: str) -> "OpenPins":
    """Pins whose bounces the kernel waits out. The libraries load with the first pin: 19 MiB."""

    def opened(lost: Callable[[GpioError], None]) -> "Factory":
        from hall.runtime.gpio.factory import OnChip  # noqa: PLC0415

        return OnChip(chip, consumer)(lost)

    return opened


def bare_pins(chip: str | None, consumer: str) -> "OpenPins":
    """Pins that read as the wire is now, as a key matrix needs."""

    def opened(lost: Callable[[GpioError], None]) -> "Factory":
        from hall.runtime.gpio.factory import OnChip  # noqa: PLC0415
        from hall.runtime.gpio.lines import Settling  # noqa: PLC0415

        return OnChip(chip, consumer, Settling.OURS)(lost)

    return opened
