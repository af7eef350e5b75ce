"""The simulated bus as a whole: what a trainer does to it, and pictures of what it shows."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from firmware_bridge.firmware import counter_unit
from firmware_bridge.lines.simulated import SimulatedLine
from firmware_bridge.lines.simulated_devices import SimulatedThing, SimulatedUnit
from firmware_bridge.ports import Steer
from firmware_bridge.protocols.encodings import SEGMENTS
from hall.runtime import pictures

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw


@dataclass(frozen=True, slots=True)
class BusSteering:
    """What a trainer may do to the bus; called in the bus's own thread."""

    line: SimulatedLine
    things: Mapping[int, SimulatedThing]

    def __call__(self, what: Steer) -> None:
        match what.action:
            case "key":
                self._press(what)
            case "unit-off" | "unit-on":
                self._power(self.things[what.address], on=what.action == "unit-on")
            case "bus-off" | "bus-on":
                self.line.plugged = what.action == "bus-on"
            case "faults":
                self.line.faults.rate = what.value
            case _:
                pass

    def _press(self, what: Steer) -> None:
        thing = self.things[what.address]
        if isinstance(thing, SimulatedUnit):
            thing.press(what.key, self.line.pace.now())

    def _power(self, thing: SimulatedThing, *, on: bool) -> None:
        match thing:
            case SimulatedUnit() if on:
                thing.switch_on(self.line.pace.now())
            case SimulatedUnit():
                thing.switch_off()
            case _:
                thing.powered = on


# Polygons of the segments a-g in a digit of 40 by 70 points.
_BARS = (
    (6, 2, 34, 9),
    (31, 6, 38, 34),
    (31, 37, 38, 64),
    (6, 61, 34, 68),
    (2, 37, 9, 64),
    (2, 6, 9, 34),
    (6, 32, 34, 38),
)
_PITCH, _HEIGHT = 52, 94
_LIT, _DIM, _DARK, _BACK = (255, 54, 32), (120, 30, 20), (44, 14, 12), (18, 8, 8)


@dataclass(slots=True)
class LedPictures:
    """Writes face-{counter}.png whenever what a unit shows has changed; blinking is not drawn."""

    folder: Path
    things: Mapping[str, SimulatedThing]
    now: Callable[[], float]
    _last: dict[str, tuple[str, bool]] = field(default_factory=dict)

    def __call__(self) -> None:
        for counter, thing in self.things.items():
            shown = steady(thing, self.now())
            if self._last.get(counter) != shown:
                self._last[counter] = shown
                pictures.put(self.folder, f"face-{counter}.png", drawn(shown[0], dimmed=shown[1]))


def steady(thing: SimulatedThing, now: float) -> tuple[str, bool]:
    """What is shown but for blinking, and whether it is dimmed."""
    if not isinstance(thing, SimulatedUnit):
        return thing.shown(now), False
    if not thing.powered:
        return "", False
    thing.live(now)
    if thing.unit.status & counter_unit.COMMS_LOST:
        return "- -", False
    brightness = thing.unit.flags >> counter_unit.BRIGHTNESS_AT & 15
    return thing.unit.text.decode("ascii").rstrip(), brightness > 0


def drawn(text: str, *, dimmed: bool, width: int = 6) -> bytes:
    """A PNG of the digits."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - 8 MB only where pictures are wanted

    image = Image.new("RGB", (max(width, len(text)) * _PITCH + 12, _HEIGHT), _BACK)
    draw = ImageDraw.Draw(image)
    lit = _DIM if dimmed else _LIT
    for at, character in enumerate(text.ljust(width)):
        _digit(draw, at * _PITCH + 12, SEGMENTS.get(character, 0), lit)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _digit(draw: "ImageDraw", left: int, bits: int, lit: tuple[int, int, int]) -> None:
    for segment, (x0, y0, x1, y1) in enumerate(_BARS):
        colour = lit if bits >> segment & 1 else _DARK
        draw.rounded_rectangle((left + x0, y0 + 12, left + x1, y1 + 12), radius=3, fill=colour)
