"""A simulated bus: real firmware at the speed of a real wire, with faults from a seed.

It runs in virtual time (tests, benchmarks) or in real time (demo, training).
"""

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Protocol

from firmware_bridge import timing
from firmware_bridge.ports import LinkLost, WireClock
from hall.runtime.causes import Why

# How long a unit thinks before it answers (MicroPython, unverified on hardware).
TURNAROUND_S = 0.002
_FUNCTIONS = frozenset((1, 2, 3, 4, 5, 6, 15, 16, 23))


@dataclass(slots=True)
class VirtualPace:
    """Time that passes only by waiting."""

    at: float = 1000.0

    def now(self) -> float:
        return self.at

    def wait(self, seconds: float) -> None:
        self.at += seconds


@dataclass(frozen=True, slots=True)
class RealPace:
    clock: Callable[[], float]
    _never: threading.Event = field(default_factory=threading.Event)

    def now(self) -> float:
        return self.clock()

    def wait(self, seconds: float) -> None:
        self._never.wait(seconds)


class SimulatedDevice(Protocol):
    """Anything on the wire."""

    @property
    def answers_to(self) -> int | None:
        """The one Modbus address it answers; None: it is given every frame."""

    def answer_bytes(self, data: bytes, now: float) -> bytes | None:
        """Take what went over the wire until `now`; the answer, if it is asked."""

    def falls_silent(self) -> None:
        """Nothing was said for longer than a frame's end."""


@dataclass(slots=True)
class InjectedFaults:
    """`rate`: the share of frames that something happens to; the kind is drawn from the seed."""

    rate: float = 0.0
    seed: int = 1
    done: dict[str, int] = field(default_factory=dict)
    _chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)  # noqa: S311 - faults, not secrets

    def spoil(self, frame: bytes) -> bytes:
        """The frame as it arrives."""
        if not frame or self._chance.random() >= self.rate:
            return frame
        kind = self._chance.choice(("flip", "drop", "cut", "lost", "noise", "burst"))
        self.done[kind] = self.done.get(kind, 0) + 1
        return self._spoilt(kind, frame)

    def _spoilt(self, kind: str, frame: bytes) -> bytes:
        at = self._chance.randrange(len(frame))
        match kind:
            case "flip":
                flipped = frame[at] ^ 1 << self._chance.randrange(8)
                return frame[:at] + bytes((flipped,)) + frame[at + 1 :]
            case "drop":
                return frame[:at] + frame[at + 1 :]
            case "cut":
                return frame[:at]
            case "noise":
                return self._chance.randbytes(self._chance.randint(1, 4)) + frame
            case "burst":
                return frame[:at] + self._chance.randbytes(len(frame) - at)
            case _:
                return b""


@dataclass(slots=True)
class SimulatedLine:
    """`echo`: the adapter hears itself. `plugged`: False while someone holds the plug."""

    devices: Mapping[int, SimulatedDevice]
    baud: int
    pace: WireClock
    faults: InjectedFaults = field(default_factory=InjectedFaults)
    turnaround_s: float = TURNAROUND_S
    echo: bool = False
    plugged: bool = True
    cut: bool = False
    _open: bool = False
    _arriving: list[tuple[float, bytes]] = field(default_factory=list)

    def open(self) -> None:
        if not self.plugged:
            raise LinkLost("không thấy cổng mô phỏng", Why.ABSENT)
        self._open = True
        self._arriving = []

    def close(self) -> None:
        self._open = False

    def write(self, data: bytes) -> None:
        self._check()
        sent = self.pace.now() + timing.wire_s(len(data), self.baud)
        self._arriving = [(sent, data)] if self.echo else []
        if self.cut:
            return
        heard = self.faults.spoil(data)
        told = self._concerned(heard)
        said = [(d, reply) for d in told if (reply := d.answer_bytes(heard, sent))]
        if said:
            arrives = self.faults.spoil(_collide([reply for _, reply in said]))
            begins = sent + timing.t35_s(self.baud) + self.turnaround_s
            ends = begins + timing.wire_s(len(arrives), self.baud)
            self._arriving.append((ends, arrives))
            told += self._overheard(arrives, ends, {id(device) for device, _ in said})
        for device in told:
            device.falls_silent()

    def babble(self, data: bytes, after_s: float) -> None:
        """Bytes that no request asked for."""
        self._arriving.append((self.pace.now() + after_s, data))

    def read(self, timeout_s: float) -> bytes:
        """A frame whole, at the moment its last character has come."""
        self._check()
        until = self.pace.now() + timeout_s
        if not self._arriving or self._arriving[0][0] > until:
            self.pace.wait(max(0.0, until - self.pace.now()))
            self._check()
            return b""
        at, data = self._arriving.pop(0)
        self.pace.wait(max(0.0, at - self.pace.now()))
        return data or self.read(until - self.pace.now())

    def _check(self) -> None:
        if not self.plugged or not self._open:
            raise LinkLost("cổng mô phỏng đã bị rút")

    def _overheard(self, data: bytes, now: float, speakers: set[int]) -> list[SimulatedDevice]:
        """Everybody but those whose own driver was on."""
        told = [device for device in self._concerned(data) if id(device) not in speakers]
        for device in told:
            device.answer_bytes(data, now)
        return told

    def _concerned(self, data: bytes) -> list[SimulatedDevice]:
        """Who could find a request in it: the others would only wait for silence."""
        named = {a for a, function in pairwise(data) if function in _FUNCTIONS}
        if b"\x00\x10" in data:
            return list(self.devices.values())
        return [d for d in self.devices.values() if (a := d.answers_to) is None or a in named]


def _collide(replies: list[bytes]) -> bytes:
    """Two drivers on one pair: a bit is low where either pulls it low."""
    joined = bytearray(replies[0])
    for other in replies[1:]:
        for at, byte in enumerate(other[: len(joined)]):
            joined[at] &= byte
        joined += other[len(joined) :]
    return bytes(joined)
