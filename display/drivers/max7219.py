"""Seven-segment modules with a MAX7219 on this machine's SPI, through luma.led_matrix."""

import functools
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Literal, Protocol, Self

from pydantic import Field

from display.blinking import BlinkingFace, take_face
from display.face_section import FaceSection, FaceSurroundings
from display.ports import DISPLAY_LOST, FaceDriver
from hall.contract.messages import Face
from hall.runtime.attachments import spi_bus
from hall.runtime.devices import Device

_LEVELS = 17
# A dip of its supply leaves the chip shut down, testing or decoding, and nothing tells of it.
SET_UP_EVERY_S = 5.0
# Register and value (the chip's data sheet): no decoding, all eight digits, no test, on.
_SET_UP = ((0x09, 0x00), (0x0B, 0x07), (0x0F, 0x00), (0x0C, 0x01))
_PER_MODULE = 8


class Segments(Protocol):
    """What luma's `sevensegment` offers: text in, transfers out."""

    text: str


class LumaDevice(Protocol):
    """What luma's `max7219` offers beside its text."""

    cascaded: int

    def data(self, data: Sequence[int]) -> None: ...

    def contrast(self, value: int) -> None: ...

    def cleanup(self) -> None: ...


# What seven segments can say; luma replaces anything else without a word, so we never send it.
_SPELLABLE = frozenset("0123456789-_ ABCDEFGHIJLNOPQRSTUYZ")


Chain = tuple[LumaDevice, Segments]


class Max7219Face(FaceSection):
    driver: Literal["max7219"]
    spi: tuple[int, int] = Field(
        default=(0, 0), description="max7219: cổng và chân chọn của SPI.", examples=[[0, 0]]
    )
    intensity: int = Field(default=8, ge=0, le=15, description="max7219: độ sáng.")

    @classmethod
    def connect(cls, faces: Sequence[Self], where: FaceSurroundings) -> Mapping[str, FaceDriver]:  # noqa: ARG003
        return {face.counter: face.chain() for face in faces}

    def chain(self) -> "Max7219Faces":
        opened = functools.partial(open_spi, *self.spi, self.width)
        device = spi_bus(DISPLAY_LOST, f"bảng số của quầy {self.counter}", *self.spi)
        return Max7219Faces(device, opened, self.width, self.intensity)


class Max7219Faces:
    """One module chain for one counter; it is opened when it is first used.

    `intensity`: 0–15.
    """

    def __init__(
        self, device: Device, open_chain: Callable[[], Chain], width: int, intensity: int
    ) -> None:
        self.device = device
        self._open_chain = open_chain
        self._chain: Chain | None = None
        self._width = width
        self._intensity = intensity
        self._shown: BlinkingFace | None = None
        self._last: tuple[str, int] | None = None
        self._set_up_at = 0.0

    def show_face(self, counter: str, face: Face, now: float) -> None:  # noqa: ARG002
        self._shown = take_face(self._shown, face, now)
        self._write(now)

    def tick(self, now: float) -> float:
        self._opened()
        if now >= self._set_up_at:
            self._set_up(now)
        self._write(now)
        due = self._shown.due(now) if self._shown else None
        return min(due if due is not None else self._set_up_at, self._set_up_at)

    def close(self) -> None:
        chain, self._chain = self._chain, None
        if chain is not None:
            # It writes to go dark, which a bus that is lost refuses.
            with suppress(OSError):
                chain[0].cleanup()

    def _set_up(self, now: float) -> None:
        """Everything anew, what stands on it as well: nobody can ask the chip what it lost."""
        self._set_up_at = now + SET_UP_EVERY_S
        self._last = None
        chip, _ = self._opened()
        try:
            for register in _SET_UP:
                chip.data([*register] * chip.cascaded)
        except OSError:
            self.close()
            raise

    def _write(self, now: float) -> None:
        if self._shown is None:
            return
        wanted = written(self._shown, self._width, now), brightness(self._shown, self._intensity)
        if wanted == self._last:
            return
        chip, segments = self._opened()
        self._last = None
        try:
            segments.text = wanted[0]
            chip.contrast(wanted[1] * _LEVELS)
        except OSError:
            self.close()
            raise
        self._last = wanted

    def _opened(self) -> Chain:
        if self._chain is None:
            self._chain = self._open_chain()
        return self._chain


def written(shown: BlinkingFace, width: int, now: float) -> str:
    """The characters of the whole chain now: a module of four digits has the last four."""
    digits = modules(width) * _PER_MODULE
    if shown.face.style == "off" or not shown.lit(now):
        return " " * digits
    spelt = "".join(c if c in _SPELLABLE else "-" for c in shown.face.text.upper())
    return spelt[-width:].rjust(digits)


def modules(width: int) -> int:
    """How many chips a display of this width has, of eight digits each."""
    return -(-width // _PER_MODULE)


def brightness(shown: BlinkingFace, intensity: int) -> int:
    """A stale number stays, but dimmed as far as the chip can."""
    return 0 if shown.face.style == "stale" else intensity


def open_spi(port: int, device: int, width: int) -> Chain:
    """Open the real thing. Raises what luma and spidev like, ImportError without them."""
    # 0.1 s, on a Pi only.
    from luma.core.interface.serial import noop, spi  # noqa: PLC0415
    from luma.core.virtual import sevensegment  # noqa: PLC0415
    from luma.led_matrix.device import max7219  # noqa: PLC0415

    chip = max7219(spi(port=port, device=device, gpio=noop()), cascaded=modules(width))
    return chip, sevensegment(chip)
