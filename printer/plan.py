"""What one dispenser was set up to be, and what hangs on it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from hall.runtime.limits import Limits
from hall.scanning.ports import Scanner
from printer.jobs.dispensing import Button
from printer.line.reports import PrintJob
from printer.ports import Buttons, Driver


class PrinterLine(Protocol):
    """The thread at the printer's cable."""

    def start(self, *, after_break: bool) -> None: ...
    def submit(self, job: PrintJob) -> None: ...
    def instruct(self, data: bytes) -> None: ...
    def stop(self) -> None: ...


class Steering(Protocol):
    """What simulates a person at the printer (paper, cover, power)."""

    def start(self) -> None: ...
    def act_on(self, action: str, args: Mapping[str, str | int | float | bool]) -> bool:
        """False: there is no such action."""
        ...

    def stop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Connection:
    """`steering`: None at a real printer."""

    driver: Driver
    steering: Steering | None = None


@dataclass(frozen=True, slots=True)
class PaperOut:
    """A simulated printer cut off a paper; its picture."""

    png: bytes


Album = Callable[[str, bytes], None]


@dataclass(frozen=True, slots=True)
class PrinterSetup:
    """What this dispenser was set up to be.

    `answers`: the printer confirms papers itself. `tickets`: how many a client may take.
    `album` keeps pictures of simulated papers.
    """

    device: str
    model: str
    width: int
    services: frozenset[str]
    buttons: Mapping[str, Button]
    presses_a_minute: int
    wait_s: float
    tickets: Limits
    answers: bool = True
    roll_tickets: int | None = None
    warn_left: int = 0
    album: Album | None = None


@dataclass(frozen=True, slots=True)
class Attached:
    """What is attached to this dispenser. `steering`: None at a real printer."""

    line: PrinterLine
    buttons: Sequence[Buttons] = ()
    scanner: Scanner | None = None
    steering: Steering | None = None
