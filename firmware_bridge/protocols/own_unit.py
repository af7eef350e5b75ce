"""The project's own counter unit, seen from the master: state, not messages.

The heartbeat tells whether a key was pressed, whether the face still stands and whether the unit
was rebooted; a write repeats the whole wanted state, so that a lost one needs no special case.

    register 0, the heartbeat    serial of the newest key << 8 | gen of the face shown (0: none)
    registers 1-4, the events    character of the key << 8 | its age in tenths of a second, newest
                                 first
    register 5, the boot         differs after every start of the unit

    boot unknown or a doubt -> CHECK (registers 0-8) -> a new key -> EVENTS (0-4)
    the gen shown is not ours -> WRITE gen, text, flags -> CHECK
    nothing of these -> POLL (0), and a CHECK every 30 s

A gen goes from 1 to 255 and begins again at 1; a serial goes through 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from firmware_bridge.firmware import counter_unit as unit
from firmware_bridge.protocols import rtu
from firmware_bridge.protocols.crc import crc16
from firmware_bridge.protocols.rtu import (
    Ask,
    NoRtuResponse,
    Outcome,
    RtuExceptionResponse,
    RtuResponse,
)
from firmware_bridge.protocols.session import KeyPressed, KeysLost, Rebooted, UnitEvent, WrongShown
from firmware_bridge.protocols.unit_face import UnitFace

# Nobody presses more often between two polls: such a leap is damage or another boot.
_LEAP = 64
_CHECK_EVERY_S = 30.0


class _OwnUnitStep(Enum):
    CHECK = "check"
    EVENTS = "events"
    WRITE = "write"
    POLL = "poll"


@dataclass(slots=True)
class OwnUnit:
    address: int
    _look: UnitFace | None = None
    _gen: int = 0
    _shown: int = -1
    _boot: int | None = None
    _serial: int = 0
    _unread: bool = False
    _check: bool = True
    _checked_at: float = 0.0
    _lasting: bool = False
    _step: _OwnUnitStep = field(default=_OwnUnitStep.POLL)

    @property
    def hidden(self) -> bool:
        return False

    @property
    def shown(self) -> bool:
        """Whether the unit is known to show what is wanted."""
        return self._look is not None and self._shown == self._gen and not self._check

    def want_face(self, look: UnitFace) -> None:
        if look == self._look:
            return
        self._look = look
        self._lasting = False
        if self._shown >= 0:
            self._gen = _after(self._gen or self._shown)

    @property
    def urgent(self) -> bool:
        open_ = self._unread or self._stands_open() or self._doubt()
        return self._boot is not None and open_

    @property
    def due_at(self) -> float:
        return float("-inf")

    def next(self, now: float) -> Ask:
        self._step = self._choose(now)
        if self._step is _OwnUnitStep.CHECK:
            # Not all units of a bus in one round: a check is twice as long as a poll.
            early_s = 0.0 if self._boot else self.address * 7 % _CHECK_EVERY_S
            self._checked_at = now - early_s
        match self._step:
            case _OwnUnitStep.CHECK:
                return rtu.read(self.address, rtu.READ_INPUT, 0, unit.STATUS + 1)
            case _OwnUnitStep.EVENTS:
                return rtu.read(self.address, rtu.READ_INPUT, 0, unit.BOOT)
            case _OwnUnitStep.WRITE:
                return self._write()
            case _OwnUnitStep.POLL:
                return rtu.read(self.address, rtu.READ_INPUT, unit.HEARTBEAT, 1)

    def settle(self, ask: Ask, heard: bytes) -> Outcome:
        return rtu.find_reply(ask, heard)

    def take_outcome(self, outcome: Outcome) -> Sequence[UnitEvent]:
        match outcome:
            case RtuResponse():
                return self._answered(outcome.registers)
            case RtuExceptionResponse():
                # Go on as if it were written: the check that follows reads keys too, and tells.
                self._shown, self._check = self._gen, True
                return ()
            case NoRtuResponse():
                return ()

    def _choose(self, now: float) -> _OwnUnitStep:
        if self._boot is None or (self._check and not self._stands_open()):
            return _OwnUnitStep.CHECK
        if self._unread:
            return _OwnUnitStep.EVENTS
        if self._stands_open():
            return _OwnUnitStep.WRITE
        return _OwnUnitStep.CHECK if now - self._checked_at >= _CHECK_EVERY_S else _OwnUnitStep.POLL

    def _stands_open(self) -> bool:
        """The face is known not to be there. A unit found blank is checked for a boot first."""
        return self._look is not None and self._shown != self._gen and not self._doubt()

    def _doubt(self) -> bool:
        return self._check and self._shown == 0

    def _write(self) -> Ask:
        look = self._look or UnitFace("")
        text = _characters(look)
        words = [unit.word(text, at) for at in range(0, unit.CHARACTERS, 2)]
        flags = look.lasting_flags if self._lasting else look.flags
        return rtu.write(self.address, 0, (self._gen, *words, flags))

    def _answered(self, registers: tuple[int, ...]) -> Sequence[UnitEvent]:
        match self._step:
            case _OwnUnitStep.WRITE:
                self._shown, self._check = self._gen, True
                return ()
            case _OwnUnitStep.POLL:
                self._polled(registers[0])
                return ()
            case _OwnUnitStep.EVENTS:
                return self._read_events(registers)
            case _OwnUnitStep.CHECK:
                return self._checked(registers)

    def _polled(self, heartbeat: int) -> None:
        seq, gen = heartbeat >> 8, heartbeat & 0xFF
        news = (seq - self._serial) % 256
        blank = gen == 0 and (news > 0 or self._shown != 0)
        self._check = self._check or blank or news >= _LEAP
        self._unread = news > 0 and not self._check
        self._shown = gen

    def _read_events(self, registers: tuple[int, ...]) -> Sequence[UnitEvent]:
        self._polled(registers[0])
        return () if self._check else self._count(registers)

    def _count(self, registers: tuple[int, ...]) -> Sequence[UnitEvent]:
        """Take the events that are new, oldest first."""
        self._unread = False
        news = ((registers[0] >> 8) - self._serial) % 256
        kept = registers[unit.EVENTS : unit.EVENTS + min(news, unit.EVENT_ROOM)]
        lost = news - len(kept)
        first = self._serial + lost + 1
        self._serial += news
        found: list[UnitEvent] = [KeysLost(self.address, lost)] if lost else []
        for serial, event in enumerate(reversed(kept), start=first):
            found.append(self._pressed(event, serial))
        return found

    def _pressed(self, event: int, serial: int) -> UnitEvent:
        key, age = event >> 8, event & 0xFF
        if not 32 < key < 127:  # noqa: PLR2004 - printable ASCII
            return KeysLost(self.address, 1)
        return KeyPressed(self.address, chr(key), age / 10, serial)

    def _checked(self, registers: tuple[int, ...]) -> Sequence[UnitEvent]:
        """The boot is known before any event is counted."""
        before, self._boot = self._boot, registers[unit.BOOT]
        self._check = False
        seq, self._shown = registers[0] >> 8, registers[0] & 0xFF
        if before is None:
            self._serial = seq
            self._gen = _after(self._shown)
            return ()
        if before != self._boot:
            self._serial, self._lasting = 0, True
            reboot = Rebooted(self.address, registers[unit.CAUSE])
            return (reboot, *self._count(registers))
        self._lasting = self._lasting or self._shown == 0
        wrong = self._verify(registers[unit.TEXT_CRC])
        return (*wrong, *self._count(registers))

    def _verify(self, latched: int) -> Sequence[UnitEvent]:
        """An equal gen may stand for another text: CRC-16 lets one damaged write in 65,536 by."""
        if self._look is None or self._shown != self._gen:
            return ()
        if crc16(_characters(self._look)) == latched:
            return ()
        self._gen = _after(self._gen)
        return (WrongShown(self.address),)


def _characters(look: UnitFace) -> bytes:
    return look.text.ljust(unit.CHARACTERS).encode("ascii", "replace")


def _after(gen: int) -> int:
    """The next of 1-255."""
    return gen % 255 + 1
