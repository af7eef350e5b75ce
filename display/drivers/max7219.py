"""Seven-segment modules with a MAX7219 on this machine's SPI, through luma.led_matrix."""

from collections.abc import Callable
from typing import Protocol

from display.blinking import Shown, take
from display.ports import FaceDriverError
from hall.contract.messages import Face

_LEVELS = 17
_PER_MODULE = 8


class Segments(Protocol):
    """What luma's `sevensegment` offers: text in, transfers out."""

    text: str


class Device(Protocol):
    """What luma's `max7219` offers beside its text."""

    def contrast(self, value: int) -> None: ...

    def cleanup(self) -> None: ...


# What seven segments can say; luma replaces anything else without a word, so we never send it.
_SPELLABLE = frozenset("0123456789-_ ABCDEFGHIJLNOPQRSTUYZ")


Chain = tuple[Device, Segments]


class Max7219Faces:
    """One module chain for one counter; `open_chain` is tried again until it succeeds.

    `intensity`: 0–15.
    """

    def __init__(self, open_chain: Callable[[], Chain], width: int, intensity: int) -> None:
        self._open_chain = open_chain
        self._chain: Chain | None = None
        self._width = width
        self._intensity = intensity
        self._shown: Shown | None = None
        self._last: tuple[str, int] | None = None

    def show(self, counter: str, face: Face, now: float) -> None:  # noqa: ARG002
        self._shown = take(self._shown, face, now)
        self._write(now)

    def tick(self, now: float) -> float:
        if self._chain is not None:
            self._write(now)
        due = self._shown.due(now) if self._shown else None
        return due if due is not None else now + 3600.0

    def close(self) -> None:
        if self._chain is not None:
            self._chain[0].cleanup()
            self._chain = None

    def _write(self, now: float) -> None:
        if self._shown is None:
            return
        wanted = written(self._shown, self._width, now), brightness(self._shown, self._intensity)
        if wanted == self._last:
            return
        if self._chain is None:
            self._chain = self._open_chain()
        device, segments = self._chain
        self._last = None
        try:
            segments.text = wanted[0]
            device.contrast(wanted[1] * _LEVELS)
        except OSError as err:
            raise FaceDriverError(f"SPI báo lỗi {err.strerror}") from err
        self._last = wanted


def written(shown: Shown, width: int, now: float) -> str:
    """The characters of the whole chain now: a module of four digits has the last four."""
    digits = modules(width) * _PER_MODULE
    if shown.face.style == "off" or not shown.lit(now):
        return " " * digits
    spelt = "".join(c if c in _SPELLABLE else "-" for c in shown.face.text.upper())
    return spelt[-width:].rjust(digits)


def modules(width: int) -> int:
    """How many chips a display of this width has, of eight digits each."""
    return -(-width // _PER_MODULE)


def brightness(shown: Shown, intensity: int) -> int:
    """A stale number stays, but dimmed as far as the chip can."""
    return 0 if shown.face.style == "stale" else intensity


def open_spi(port: int, device: int, width: int) -> Chain:
    """Open the real thing. Raises FaceDriverError: without the library, or without SPI."""
    try:
        from luma.core.error import DeviceNotFoundError  # noqa: PLC0415 - 0.1 s, on a Pi only
        from luma.core.interface.serial import noop, spi  # noqa: PLC0415
        from luma.core.virtual import sevensegment  # noqa: PLC0415
        from luma.led_matrix.device import max7219  # noqa: PLC0415
    except ImportError as err:
        raise FaceDriverError("chưa cài luma.led_matrix: pip install motcua-hall[led]") from err
    try:
        bus = spi(port=port, device=device, gpio=noop())
        chip = max7219(bus, cascaded=modules(width))
    except (ImportError, DeviceNotFoundError, OSError) as err:
        raise FaceDriverError(f"không mở được SPI {port}.{device}: bật SPI trong hệ thống") from err
    return chip, sevensegment(chip)
