"""What has happened. Events are the journal; nothing else is the truth.

Each has `at` (ms, hall clock), `wall` (ms since 1970) and `by` (the client who asked).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DayOpened:
    at: int
    wall: int
    by: str
    day: int
    date: str


@dataclass(frozen=True, slots=True)
class DayDated:
    """The clock had been unsure: the day that is going on has this date."""

    at: int
    wall: int
    by: str
    date: str


@dataclass(frozen=True, slots=True)
class Recovered:
    """The journal had lost its end; from here on the epoch is a new one."""

    at: int
    wall: int
    by: str


@dataclass(frozen=True, slots=True)
class NumbersSkipped:
    """Numbers up to `n` were seen elsewhere: they are not issued again today."""

    at: int
    wall: int
    by: str
    service: str
    n: int


@dataclass(frozen=True, slots=True)
class Appointed:
    """`booking`: a keyed hash of the code, never the code; `slot`: ms since 1970."""

    at: int
    wall: int
    by: str
    booking: str
    service: str
    slot: int
    due: str
    priority: str | None = None


@dataclass(frozen=True, slots=True)
class Issued:
    """`booking`: the appointment it was checked in for; `unsure`: 1 when the date was not sure."""

    at: int
    wall: int
    by: str
    ticket: str
    serial: int
    number: str
    n: int
    service: str
    channel: str
    lang: str
    rank: int
    priority: str | None = None
    booking: str | None = None
    unsure: int | None = None


@dataclass(frozen=True, slots=True)
class Printed:
    at: int
    wall: int
    by: str
    serial: int


@dataclass(frozen=True, slots=True)
class PrintUnknown:
    at: int
    wall: int
    by: str
    serial: int


@dataclass(frozen=True, slots=True)
class Voided:
    at: int
    wall: int
    by: str
    serial: int
    counter: str | None = None


@dataclass(frozen=True, slots=True)
class Called:
    at: int
    wall: int
    by: str
    serial: int
    counter: str


@dataclass(frozen=True, slots=True)
class Recalled:
    at: int
    wall: int
    by: str
    serial: int
    counter: str


@dataclass(frozen=True, slots=True)
class Started:
    at: int
    wall: int
    by: str
    serial: int
    counter: str


@dataclass(frozen=True, slots=True)
class Finished:
    """`cause`: "next" when the next call ended it; `outcome`: in the clerk's words."""

    at: int
    wall: int
    by: str
    serial: int
    counter: str
    cause: str | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class NoShow:
    at: int
    wall: int
    by: str
    serial: int
    counter: str


@dataclass(frozen=True, slots=True)
class Returned:
    """Back to its place: the counter closed or paused before the person came."""

    at: int
    wall: int
    by: str
    serial: int
    counter: str


@dataclass(frozen=True, slots=True)
class Transferred:
    at: int
    wall: int
    by: str
    serial: int
    counter: str
    service: str
    rank: int
    bound: str | None = None


@dataclass(frozen=True, slots=True)
class Parked:
    at: int
    wall: int
    by: str
    serial: int
    counter: str
    until: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Resumed:
    """`cause`: "timer" when the time of a parked ticket was up."""

    at: int
    wall: int
    by: str
    serial: int
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class Cancelled:
    at: int
    wall: int
    by: str
    serial: int


@dataclass(frozen=True, slots=True)
class Expired:
    """Left over at the end of its day."""

    at: int
    wall: int
    by: str
    serial: int
    counter: str | None = None


@dataclass(frozen=True, slots=True)
class Rated:
    at: int
    wall: int
    by: str
    score: int
    serial: int | None = None
    counter: str | None = None


@dataclass(frozen=True, slots=True)
class CounterOpened:
    at: int
    wall: int
    by: str
    counter: str
    staff: str | None = None


@dataclass(frozen=True, slots=True)
class CounterPaused:
    at: int
    wall: int
    by: str
    counter: str
    staff: str | None = None


@dataclass(frozen=True, slots=True)
class CounterClosed:
    at: int
    wall: int
    by: str
    counter: str
    staff: str | None = None


Event = (
    DayOpened
    | DayDated
    | Recovered
    | NumbersSkipped
    | Appointed
    | Issued
    | Printed
    | PrintUnknown
    | Voided
    | Called
    | Recalled
    | Started
    | Finished
    | NoShow
    | Returned
    | Transferred
    | Parked
    | Resumed
    | Cancelled
    | Expired
    | Rated
    | CounterOpened
    | CounterPaused
    | CounterClosed
)
