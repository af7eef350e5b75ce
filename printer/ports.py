"""What the dispenser needs of the world: a line to its printer, buttons, lamps and a journal."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from hall.runtime.causes import Why, cause_of
from hall.runtime.devices import Device, DeviceNews

# Codes of alerts.
BUTTONS_LOST = "buttons_lost"
LAMPS_LOST = "lamps_lost"


class WireError(Exception):
    """The line to the printer cannot be used; the class says why."""


class Absent(WireError):
    """No device, no such host, connection refused: unplugged, switched off or wrongly named."""


class Busy(WireError):
    """Another program holds the device."""


class AccessDenied(WireError):
    """Our user may not open the device."""


class NoLibrary(WireError):
    """A package that this kind of line needs is not installed."""


class Lost(WireError):
    """The line worked and broke."""


class HungUp(Lost):
    """The other end closed the line in good order."""


class Reset(Lost):
    """The other end was closed while we still said something; what it had said last may be lost."""


_KINDS: Mapping[Why, type[WireError]] = {
    Why.BUSY: Busy,
    Why.DENIED: AccessDenied,
    Why.NO_LIBRARY: NoLibrary,
}


@contextmanager
def opening(device: str) -> Iterator[None]:
    """Any exception of any library as the WireError it means.

    What cannot be told apart is a printer that is not there.
    """
    try:
        yield
    except Exception as err:
        cause = cause_of(err)
        raise _KINDS.get(cause.why, Absent)(f"{device}: {cause.text} ({err})") from err


class PaperEnd(Exception):
    """The kernel itself was told by the printer that there is no paper; nothing was taken."""


class Wire(Protocol):
    """One open line, used by one thread. Nothing blocks."""

    def fileno(self) -> int: ...

    def write(self, data: bytes) -> int:
        """Bytes the kernel took, 0 = none now. Raises Lost or PaperEnd."""
        ...

    def read(self) -> bytes:
        """What has arrived, b"" = nothing. Raises Lost."""
        ...

    def close(self) -> None: ...


class Driver(Protocol):
    """`bytes_a_second`: how fast the wire is at best; `chunk`: the largest single write.

    `nudge_s`: see `printer.line.outgoing`.
    """

    bytes_a_second: float
    chunk: int
    nudge_s: float

    def open(self) -> Wire:
        """Raises WireError; may take up to two seconds."""
        ...


class Lamp(Enum):
    READY = "ready"
    PRINTING = "printing"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class ButtonPressed:
    """A button went down; `key` names it within its source."""

    key: str


@dataclass(frozen=True, slots=True)
class ButtonFoundDown:
    """A button was already down at the start: no press, perhaps a stuck button."""

    key: str


@dataclass(frozen=True, slots=True)
class ButtonReleased:
    key: str


ButtonItem = ButtonPressed | ButtonFoundDown | ButtonReleased | DeviceNews


class Buttons(Protocol):
    @property
    def devices(self) -> tuple[Device, ...]:
        """What may be lost by itself."""
        ...

    def start(self, post: Callable[[ButtonItem], None]) -> None:
        """Begin to post presses from a thread of its own; a missing device is posted too."""
        ...

    def lamps(self, lamp: Lamp) -> None:
        """Light every lamp there is."""
        ...

    def stop(self) -> None: ...
