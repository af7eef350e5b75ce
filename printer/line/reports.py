"""What passes between the thread at the printer and the dispenser: jobs and their fates."""

from dataclasses import dataclass
from enum import Enum

from printer.line.status import FINE, PrinterFaults


class Confirm(Enum):
    """How a printed ticket is known: `NONE` = by the computed time of the paper alone."""

    AUTO = "auto"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SessionTimeouts:
    """Seconds. `answer`: for a real-time question; `beat`: between questions to an idle printer.

    `tries`: questions without an answer until the printer counts as mute.
    `stall`: without one byte accepted; `grace`: beyond the computed paper time; `silent`: with
    answers in real time, without a fault and without an answer in order.
    """

    answer: float = 1.0
    tries: int = 4
    beat: float = 5.0
    stall: float = 5.0
    grace: float = 2.0
    silent: float = 60.0
    settle: float = 0.3


@dataclass(frozen=True, slots=True)
class PrintJob:
    """`id` names the attempt in the journal; `paper_s` is what mechanics and wire need."""

    id: str
    data: bytes
    paper_s: float = 1.0
    tag: bytes | None = None


# --- reports --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Up:
    """The printer answers in order: jobs may be sent."""


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What the printer says of itself; `None`: it has not said anything yet."""

    faults: PrinterFaults | None


@dataclass(frozen=True, slots=True)
class Identified:
    name: str


@dataclass(frozen=True, slots=True)
class Keys:
    """The graphics that the printer keeps in its memory, as it lists them."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JobSent:
    """The kernel took the last byte."""

    job: str


@dataclass(frozen=True, slots=True)
class JobConfirmed:
    """`by_printer`: it said so itself; else the computed time has passed."""

    job: str
    by_printer: bool


@dataclass(frozen=True, slots=True)
class JobHeld:
    """Sent, and a fault keeps it inside the printer; it goes on by itself."""

    job: str


@dataclass(frozen=True, slots=True)
class JobDropped:
    """What became of the job is unknown; `accepted` 0: nothing of it reached the printer."""

    job: str
    accepted: int


Report = Up | StatusReport | Identified | Keys | JobSent | JobConfirmed | JobHeld | JobDropped


@dataclass(slots=True)
class Statement:
    """What the printer last said of itself; told on when it changes.

    `faults`: None while it has said nothing. `reports`: where a change is told.
    """

    reports: list[Report]
    faults: PrinterFaults | None = None

    def forget(self) -> None:
        """Another line: it has said nothing on it."""
        self.faults = None

    @property
    def assumed(self) -> PrinterFaults:
        """A printer that has said nothing is taken to be well."""
        return self.faults or FINE

    @property
    def blocked(self) -> bool:
        return self.assumed.blocked

    def report_faults(self, faults: PrinterFaults | None) -> None:
        if faults != self.faults:
            self.faults = faults
            self.reports.append(StatusReport(faults))


class Breach(Enum):
    """Why the line must be opened afresh."""

    MUTE = "mute"
    STALLED = "stalled"
    SILENT = "silent"
    RESTARTED = "restarted"
    NOISE = "noise"
