"""Who sits on the simulated bus: the reference firmware itself, and displays of other makers."""

from dataclasses import dataclass, field

from firmware_bridge.firmware.counter_unit import Unit
from firmware_bridge.protocols.crc import crc16, sealed
from firmware_bridge.protocols.encodings import SEGMENTS
from firmware_bridge.protocols.profile import DisplayProfile

_PRINTABLE = range(32, 127)


@dataclass(slots=True)
class SimulatedUnit:
    """The firmware core with a power switch, on the line's clock."""

    address: int
    now: float
    boot: int = 0x5EED
    powered: bool = True
    deaf: bool = False
    unit: Unit = field(init=False)

    def __post_init__(self) -> None:
        self.unit = Unit(self.address, self.boot, cause=1)

    @property
    def answers_to(self) -> int:
        return self.unit.address

    def answer_bytes(self, data: bytes, now: float) -> bytes | None:
        if not self.powered or self.deaf:
            return None
        self.live(now)
        return self.unit.receive(data)

    def falls_silent(self) -> None:
        self.unit.silence()

    def press(self, key: str, now: float) -> None:
        if self.powered:
            self.live(now)
            self.unit.press(ord(key))

    def live(self, now: float) -> None:
        """Let the unit's own time catch up, in whole milliseconds."""
        elapsed = int((now - self.now) * 1000)
        if elapsed > 0:
            self.now += elapsed / 1000
            self.unit.tick(elapsed)

    def switch_off(self) -> None:
        self.powered = False

    def switch_on(self, now: float) -> None:
        """Power comes back: another boot, nothing remembered."""
        if self.powered:
            return
        self.boot = self.boot % 0xFFFF + 1
        self.now, self.powered = now, True
        self.unit = Unit(self.address, self.boot, cause=1)

    def shown(self, now: float) -> str:
        """What is lit at this moment."""
        if not self.powered:
            return ""
        self.live(now)
        return self.unit.shown().decode("ascii").rstrip()


@dataclass(slots=True)
class SimulatedDisplay:
    """A foreign display, Modbus or ASCII, as its profile describes it."""

    address: int
    profile: DisplayProfile
    powered: bool = True
    registers: dict[int, int] = field(default_factory=dict)
    last: bytes = b""

    @property
    def answers_to(self) -> None:
        """ASCII frames carry no address."""
        return

    def answer_bytes(self, data: bytes, now: float) -> bytes | None:  # noqa: ARG002 - it has no clock
        if not self.powered:
            return None
        if self.profile.transport == "ascii_template":
            return self._ascii(data)
        if len(data) < 8 or data[0] != self.address or crc16(data):  # noqa: PLR2004
            return None
        return self._modbus(data)

    def falls_silent(self) -> None:
        pass

    def shown(self, now: float) -> str:  # noqa: ARG002 - it has no clock
        if not self.powered:
            return ""
        if self.profile.write is None:
            return "".join(chr(c) for c in self.last if c in _PRINTABLE)
        start, width = self.profile.write.start, self.profile.width
        values = [self.registers.get(start + at, 0) for at in range(width)]
        return _decoded(values, self.profile).rstrip()

    def _modbus(self, frame: bytes) -> bytes | None:
        start = int.from_bytes(frame[2:4], "big")
        value = int.from_bytes(frame[4:6], "big")
        match frame[1]:
            case 3 | 4:
                values = [self.registers.get(at, 0) for at in range(start, start + value)]
                body = b"".join(v.to_bytes(2, "big") for v in values)
                return sealed(frame[:2] + bytes((len(body),)) + body)
            case 6:
                self.registers[start] = value
                return frame
            case 16 if len(frame) == 9 + 2 * value:
                words = frame[7:-2]
                for at in range(value):
                    word = words[2 * at : 2 * at + 2]
                    self.registers[start + at] = int.from_bytes(word, "big")
                return sealed(frame[:6])
            case 16:
                return None
            case _:
                return sealed(bytes((frame[0], frame[1] | 0x80, 1)))

    def _ascii(self, data: bytes) -> bytes | None:
        back = self.profile.read_back
        if back and back.command.encode() in data:
            return self.last
        self.last = data
        return None


def _decoded(values: list[int], profile: DisplayProfile) -> str:
    encoding = profile.write.encoding if profile.write else "int"
    match encoding:
        case "ascii_per_reg":
            return "".join(chr(v) for v in values if v in _PRINTABLE)
        case "ascii_2_per_reg":
            raw = b"".join(v.to_bytes(2, "big") for v in values)
            return "".join(chr(v) for v in raw[: profile.width] if v in _PRINTABLE)
        case "segment":
            names = {bits: name for name, bits in SEGMENTS.items()}
            return "".join(names.get(v, "?") for v in values)
        case "bcd":
            digits = "".join(f"{v:04X}" for v in values[: -(-profile.width // 4)])
            return digits.replace("F", " ")[-profile.width :]
        case _:
            return str(values[0])


SimulatedThing = SimulatedUnit | SimulatedDisplay


def thing(address: int, profile: DisplayProfile | None, now: float) -> SimulatedThing:
    """No profile: the project's own unit, which starts at `now`, monotonic seconds."""
    if profile is None:
        return SimulatedUnit(address, now)
    return SimulatedDisplay(address, profile)
