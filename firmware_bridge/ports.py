"""What the bridge needs: a line that carries bytes, a bus of displays and keypads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from firmware_bridge.protocols.session import UnitEvent
from firmware_bridge.protocols.unit_face import UnitFace
from hall.runtime.causes import Cause, DeviceError, Why
from hall.runtime.devices import Device

# Codes of alerts.
BUS_DOWN = "bus_down"
KEYPAD_LOST = "keypad_lost"


class LinkLost(DeviceError):
    """The adapter is gone or does not open; only opening it again can help."""

    def __init__(self, text: str, why: Why = Why.BROKEN) -> None:
        super().__init__(text)
        self.why = why


class BusLine(Protocol):
    """One serial line. Raises LinkLost and nothing else."""

    def open(self) -> None:
        """Find the adapter (again) and open it."""

    def write(self, data: bytes) -> None:
        """Forget what was heard until now and send."""

    def read(self, timeout_s: float) -> bytes:
        """What was heard, as soon as there is any; empty when the time is over."""

    def close(self) -> None:
        """Idempotent."""


class WireClock(Protocol):
    """Time as the wire knows it."""

    def now(self) -> float:
        """Monotonic seconds."""

    def wait(self, seconds: float) -> None:
        """Let time pass."""


@dataclass(frozen=True, slots=True)
class UnitLost:
    address: int


@dataclass(frozen=True, slots=True)
class UnitBack:
    address: int


@dataclass(frozen=True, slots=True)
class BusLost:
    """`adapter`: the adapter itself is away, else it is there and no unit answers."""

    adapter: bool
    cause: Cause


@dataclass(frozen=True, slots=True)
class BusBack:
    pass


BusEvent = UnitEvent | UnitLost | UnitBack | BusLost | BusBack


@dataclass(frozen=True, slots=True)
class FromBus:
    """What a bus's thread posts to the inbox. `at`: when it was heard, monotonic seconds."""

    bus: int
    event: BusEvent
    at: float


@dataclass(frozen=True, slots=True)
class Steer:
    """What a trainer does to simulated hardware."""

    action: str
    address: int = 0
    key: str = ""
    value: float = 0.0


@dataclass(frozen=True, slots=True)
class UnitCounts:
    """What a master has counted of one unit since it started. `seen_at`: monotonic seconds."""

    address: int
    alive: bool
    exchanges: int
    timeouts: int
    damaged: int
    refused: int
    retries: int
    keys_lost: int
    reboots: int
    wrong_shown: int
    round_trip_ms: float
    seen_at: float | None


class FieldBus(Protocol):
    """One bus of the hall; posts FromBus to whoever started it."""

    @property
    def device(self) -> Device: ...

    def start(self, post: Callable[[BusEvent, float], None]) -> None:
        """Begin; a missing adapter is told as BusLost."""

    def want_face(self, address: int, look: UnitFace) -> None:
        """What a unit shall show from now on; any thread."""

    def steer(self, what: Steer) -> bool:
        """Carry out a trainer's action; False where the hardware is real."""

    def counts(self) -> tuple[UnitCounts, ...]:
        """A recent picture; any thread."""

    def stop(self) -> None:
        """End and close; idempotent."""


@dataclass(frozen=True, slots=True)
class KeypadPressed:
    """A key of a keypad without a bus. `at`: monotonic seconds."""

    counter: str
    key: str
    at: float


class Keypads(Protocol):
    """Keypads that are wired to this machine; post KeypadPressed and DeviceNews."""

    @property
    def devices(self) -> Sequence[Device]: ...

    def start(self, post: Callable[[object], None]) -> None:
        """Begin to listen, and to look for what is not there."""

    def press(self, counter: str, key: str) -> bool:
        """Carry out a trainer's action; False where the hardware is real or not this counter's."""

    def stop(self) -> None:
        """Idempotent."""
