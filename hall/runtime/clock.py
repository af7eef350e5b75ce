"""The only place that reads a clock. Durations are monotonic, wall time is aware."""

import ctypes
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

# A wall clock before this moment cannot be right: the software did not exist.
BUILD = datetime(2026, 1, 1, tzinfo=UTC)
_TIME_ERROR = 5
_SYS = Path("/sys")


class Clock(Protocol):
    def monotonic(self) -> float:
        """Seconds that never go back and go on during suspend."""

    def now(self) -> datetime:
        """Wall time, aware (UTC). May be wrong: ask `trusted`."""

    def trusted(self) -> bool:
        """Whether the wall clock has a source beside a board without a battery."""


class SystemClock:
    def __init__(self) -> None:
        self._is_vouched = False

    def monotonic(self) -> float:
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    def now(self) -> datetime:
        return datetime.now(UTC)

    def trusted(self) -> bool:
        # Asking the chip takes its bus a millisecond, and every request asks: until it has vouched.
        self._is_vouched = self._is_vouched or _has_battery_clock()
        return self.now() >= BUILD and (self._is_vouched or _synchronised())


def monotonic_ns() -> int:
    """The clock by which the kernel stamps the edges of a GPIO line."""
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC)


def _has_battery_clock() -> bool:
    """Whether a clock that outlives the power vouches for this one.

    A Raspberry Pi has none, or (Pi 5) one whose battery is sold apart: it begins at 1970, and
    systemd moves the wall clock on to its own release. A machine whose clock is not in sysfs, and
    that is not a device-tree board, is a guest that has its host's.
    Asked in sysfs: /proc and /dev are partly hidden from a hardened unit.
    """
    try:
        seconds = int((_SYS / "class/rtc/rtc0/since_epoch").read_text())
    except FileNotFoundError:
        return not (_SYS / "firmware/devicetree/base").exists()
    except (OSError, ValueError):  # a clock chip whose battery was empty
        return False
    return seconds >= BUILD.timestamp()


def _synchronised() -> bool:
    if Path("/run/systemd/timesync/synchronized").exists():
        return True
    state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512))
    return 0 <= int(state) < _TIME_ERROR


@dataclass(slots=True)
class SetClock:
    """A clock that stands still until told: for simulation and tests."""

    at: datetime = field(default_factory=lambda: datetime(2026, 11, 23, 1, 0, tzinfo=UTC))
    elapsed_s: float = 1000.0
    is_trusted: bool = True

    def monotonic(self) -> float:
        return self.elapsed_s

    def now(self) -> datetime:
        return self.at

    def trusted(self) -> bool:
        return self.is_trusted

    def advance(self, seconds: float) -> None:
        self.elapsed_s += seconds
        self.at += timedelta(seconds=seconds)
