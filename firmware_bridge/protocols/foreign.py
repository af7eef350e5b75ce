"""A display of another maker: written on change, written again, read back where it can be.

It has no heartbeat; what it shows is known only as far as its maker lets it be read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from firmware_bridge.protocols import ascii_template, encodings, rtu
from firmware_bridge.protocols.profile import DisplayProfile, Effect
from firmware_bridge.protocols.rtu import Ask, NoRtuResponse, Outcome, RtuResponse
from firmware_bridge.protocols.session import UnitEvent, WrongShown
from firmware_bridge.protocols.unit_face import UnitFace

_READ_ROOM = 64
# A display that will not show it is told again now, and then in the pace of the refresh alone.
_WRONG_AT_ONCE = 2


class _ForeignStep(Enum):
    WRITE = "write"
    READ = "read"


@dataclass(slots=True)
class ForeignDisplay:
    address: int
    profile: DisplayProfile
    _look: UnitFace | None = None
    _written_at: float = -1e9
    _to_write: list[Ask] = field(default_factory=list)
    _urgent: bool = False
    _to_read: bool = False
    _wrong: int = 0
    _step: _ForeignStep = _ForeignStep.WRITE

    @property
    def hidden(self) -> bool:
        return self.profile.transport == "ascii_template" and self.profile.read_back is None

    def want_face(self, look: UnitFace) -> None:
        if look == self._look:
            return
        self._look = look
        self._to_write = self._writes(look)
        self._urgent, self._wrong = True, 0

    @property
    def urgent(self) -> bool:
        return self._urgent

    @property
    def due_at(self) -> float:
        if self._look is None:
            return float("inf")
        if self._wrong < _WRONG_AT_ONCE and (self._to_write or self._to_read):
            return float("-inf")
        return self._written_at + self.profile.refresh_s

    def next(self, now: float) -> Ask:
        """A probe of a unit that nothing is wanted of is a blank face: it shows nothing anyway."""
        self._urgent = False
        if self._to_read and not self._to_write:
            self._step = _ForeignStep.READ
            return self._read()
        self._step = _ForeignStep.WRITE
        self._to_write = self._to_write or self._writes(self._look or UnitFace(""))
        self._written_at = now
        return self._to_write[0]

    def settle(self, ask: Ask, heard: bytes) -> Outcome:
        if self.profile.transport == "rtu":
            return rtu.find_reply(ask, heard)
        # An adapter that hears itself gives the question back, which ends like an answer.
        heard = heard.removeprefix(ask.request)
        if not ask.reply_length:
            return NoRtuResponse(len(heard))
        return (
            RtuResponse(heard)
            if b"\r" in heard or len(heard) >= _READ_ROOM
            else NoRtuResponse(len(heard))
        )

    def take_outcome(self, outcome: Outcome) -> Sequence[UnitEvent]:
        match self._step:
            case _ForeignStep.READ:
                return self._compare(outcome)
            case _ForeignStep.WRITE:
                self._written(outcome)
                return ()

    def _written(self, outcome: Outcome) -> None:
        if self.profile.transport == "rtu" and not isinstance(outcome, RtuResponse):
            return
        self._to_write = self._to_write[1:]
        self._urgent = bool(self._to_write)
        self._to_read = not self._to_write and self.profile.read_back is not None

    def _compare(self, outcome: Outcome) -> Sequence[UnitEvent]:
        if not isinstance(outcome, RtuResponse):
            return ()
        self._to_read = False
        self._wrong = 0 if self._same(outcome) else self._wrong + 1
        if not self._wrong:
            return ()
        self._to_write = self._writes(self._look or UnitFace(""))
        return (WrongShown(self.address),)

    def _same(self, answer: RtuResponse) -> bool:
        text = self._text(self._look or UnitFace(""))
        if self.profile.write is None:
            return text.strip().encode("latin-1") in answer.frame
        return answer.registers == encodings.registers(text, self.profile.write.encoding)

    def _text(self, look: UnitFace) -> str:
        if not look.text:
            return self.profile.blank * self.profile.width
        return encodings.padded(look.text, self.profile.width, self.profile.pad)

    def _writes(self, look: UnitFace) -> list[Ask]:
        text = self._text(look)
        write = self.profile.write
        if write is None:
            return [self._ascii(self.profile.command, text, 0)]
        values = encodings.registers(text, write.encoding)
        return [*self._effects(look), *_asks(self.address, write.function, write.start, values)]

    def _effects(self, look: UnitFace) -> list[Ask]:
        wanted = ((self.profile.blink, look.blink > 0), (self.profile.dim, look.brightness > 0))
        return [_effect(self.address, effect, on=on) for effect, on in wanted if effect]

    def _ascii(self, command: str, data: str, reply_length: int) -> Ask:
        profile = self.profile
        raw = ascii_template.frame(profile.frame, self.address, command, data, profile.checksum)
        return Ask(raw, reply_length)

    def _read(self) -> Ask:
        back, write = self.profile.read_back, self.profile.write
        if back is None or write is None:
            return self._ascii(back.command if back else "", "", _READ_ROOM)
        text = self._text(self._look or UnitFace(""))
        count = len(encodings.registers(text, write.encoding))
        return rtu.read(self.address, back.function, back.start, count)


def _asks(address: int, function: int, start: int, values: Sequence[int]) -> list[Ask]:
    if function == rtu.WRITE:
        return [rtu.write(address, start, values)]
    return [rtu.write_one(address, start + at, value) for at, value in enumerate(values)]


def _effect(address: int, effect: Effect, *, on: bool) -> Ask:
    return rtu.write_one(address, effect.register_, effect.on if on else effect.off)
