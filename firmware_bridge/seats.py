"""One counter as the bridge sees it: the face it was given, and what its clerk is to feel."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from firmware_bridge.firmware import counter_unit as unit
from firmware_bridge.keypad_section import KeyAction
from firmware_bridge.keys import KeypadEntry
from firmware_bridge.protocols.unit_face import STALE_BRIGHTNESS, UnitFace
from hall.contract.messages import Face
from hall.runtime.sections import ServiceSection

BLINK_S = 3
# How long an accepted press waits for the face it brings, so that one write carries both.
MERGE_S = 0.15


class Sign(Enum):
    """What a clerk is told by the keypad."""

    DONE = unit.BEEP_DONE
    REFUSED = unit.BEEP_REFUSED
    LATE = unit.BEEP_LATE
    TYPED = unit.BEEP_TICK
    NOBODY = unit.BEEP_NOBODY
    HERE = 6


@dataclass(frozen=True, slots=True)
class _Lasting:
    """What stays on the display, whatever happened a moment ago."""

    text: str
    blink: int = 0
    brightness: int = 0
    lamp: int = unit.KEYPAD_ON


@dataclass(slots=True)
class Seat:
    """`bus` is None for a keypad without a display. `fits`: what the display can show.

    `unfit` stands in for a text that it cannot: a part of a number would be another number.
    """

    counter: str
    bus: int | None
    address: int
    keys: Mapping[str, KeyAction]
    services: Sequence[ServiceSection]
    fits: Callable[[Face], bool]
    unfit: str = ""
    entry: KeypadEntry = field(default_factory=KeypadEntry)
    sign_due: float | None = None
    told: UnitFace | None = None
    _face: Face | None = None
    _called: bool = False
    _sign: Sign | None = None
    _lasting: _Lasting | None = None
    _look: UnitFace | None = None

    def take_face(self, face: Face, *, live: bool) -> bool:
        """A new face; whether the display can show it. A call blinks once, and only when new."""
        known = self._face.call if self._face else None
        if live and face.call is not None and face.call != known:
            self._called = True
        self._face = face
        return self.fits(face) or face.style == "message"

    def feel(self, sign: Sign, now: float) -> None:
        self._sign = sign
        self.sign_due = now + MERGE_S if sign is Sign.DONE else now

    def look(self, *, stale: bool) -> UnitFace | None:
        """What to show now, the same object while nothing changed; takes a waiting sign along."""
        if self._face is None and self._sign is None:
            return None
        lasting = self._lasts(self._face or Face(text="", style="off"), stale=stale)
        if self._look and lasting == self._lasting and not self._called and not self._sign:
            return self._look
        self._lasting = lasting
        self._look = self._momentary(lasting)
        self._called, self._sign, self.sign_due = False, None, None
        return self._look

    def _momentary(self, lasting: _Lasting) -> UnitFace:
        blinks = self._called or self._sign is Sign.HERE
        beep = self._sign.value if self._sign else 0
        return UnitFace(
            text=lasting.text,
            blink=lasting.blink or (BLINK_S if blinks else 0),
            brightness=lasting.brightness,
            beep=beep,
            lamp=lasting.lamp,
            turn=self._look.turn + 1 if self._look else 1,
        )

    def _lasts(self, face: Face, *, stale: bool) -> _Lasting:
        text = face.text.strip()
        text = text if self.fits(face) else self.unfit
        lamp = unit.KEYPAD_ENTRY if self.entry.typed else unit.KEYPAD_ON
        if face.style == "off":
            return _Lasting("", lamp=lamp)
        if stale or face.style == "stale":
            return _Lasting(text, unit.BLINK_FOR_EVER, STALE_BRIGHTNESS, lamp)
        return _Lasting(text, lamp=lamp)
