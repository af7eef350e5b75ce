"""What has happened. Events are the journal; nothing else is the truth.

Each has `at` (ms, hall clock), `wall` (ms since 1970) and `by` (the client who asked). `kind` is
its name in the journal: it stays, whatever the class is called.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, Literal, get_args

# How a ticket's time at a counter ended: the person was served; was being served when the day
# turned or the counter was taken away; or was called and passed over with no word of what became
# of them.
How = Literal["served", "left_open", "unclear"]


@dataclass(frozen=True, slots=True)
class DayOpened:
    kind: ClassVar[str] = "day_opened"

    at: int
    wall: int
    by: str
    day: int
    date: str


@dataclass(frozen=True, slots=True)
class DayDated:
    """The clock had been unsure: the day that is going on has this date."""

    kind: ClassVar[str] = "day_dated"

    at: int
    wall: int
    by: str
    date: str


@dataclass(frozen=True, slots=True)
class Recovered:
    """The journal had lost its end; from here on the epoch is a new one."""

    kind: ClassVar[str] = "recovered"

    at: int
    wall: int
    by: str


@dataclass(frozen=True, slots=True)
class NumbersSkipped:
    """Numbers up to `n` were seen elsewhere: they are not issued again today."""

    kind: ClassVar[str] = "numbers_skipped"

    at: int
    wall: int
    by: str
    service: str
    n: int


@dataclass(frozen=True, slots=True)
class Appointed:
    """`booking`, `person`: keyed hashes, never code or key; `slot`: ms since 1970."""

    kind: ClassVar[str] = "appointed"

    at: int
    wall: int
    by: str
    booking: str
    service: str
    slot: int
    due: str
    priority: str | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Unbooked:
    """An appointment was given back. `booking`: the hash it was made under."""

    kind: ClassVar[str] = "unbooked"

    at: int
    wall: int
    by: str
    booking: str


@dataclass(frozen=True, slots=True)
class Issued:
    """`booking`: the appointment it was checked in for; `unsure`: 1 when the date was not sure."""

    kind: ClassVar[str] = "issued"

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
    kind: ClassVar[str] = "printed"

    at: int
    wall: int
    by: str
    serial: int


@dataclass(frozen=True, slots=True)
class PrintUnknown:
    kind: ClassVar[str] = "print_unknown"

    at: int
    wall: int
    by: str
    serial: int


@dataclass(frozen=True, slots=True)
class Voided:
    kind: ClassVar[str] = "voided"

    at: int
    wall: int
    by: str
    serial: int
    counter: str | None = None


@dataclass(frozen=True, slots=True)
class Called:
    """`follows`: 1 when it is of the same act as the event before it."""

    kind: ClassVar[str] = "called"

    at: int
    wall: int
    by: str
    serial: int
    counter: str
    follows: int | None = None


@dataclass(frozen=True, slots=True)
class Recalled:
    kind: ClassVar[str] = "recalled"

    at: int
    wall: int
    by: str
    serial: int
    counter: str


@dataclass(frozen=True, slots=True)
class Started:
    kind: ClassVar[str] = "started"

    at: int
    wall: int
    by: str
    serial: int
    counter: str


@dataclass(frozen=True, slots=True)
class Finished:
    """`cause`: "next", "day" or "removed" when a call, the day's end or the YAML ended it.

    `outcome`: in the clerk's words.
    """

    kind: ClassVar[str] = "finished"

    at: int
    wall: int
    by: str
    serial: int
    counter: str
    cause: str | None = None
    outcome: str | None = None
    how: How = "served"


@dataclass(frozen=True, slots=True)
class NoShow:
    kind: ClassVar[str] = "no_show"

    at: int
    wall: int
    by: str
    serial: int
    counter: str


@dataclass(frozen=True, slots=True)
class Returned:
    """Back to its place: the counter closed or paused before the person came."""

    kind: ClassVar[str] = "returned"

    at: int
    wall: int
    by: str
    serial: int
    counter: str


@dataclass(frozen=True, slots=True)
class Transferred:
    kind: ClassVar[str] = "transferred"

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
    kind: ClassVar[str] = "parked"

    at: int
    wall: int
    by: str
    serial: int
    counter: str
    until: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Resumed:
    kind: ClassVar[str] = "resumed"

    """`cause`: "timer" when the time of a parked ticket was up."""

    at: int
    wall: int
    by: str
    serial: int
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class Cancelled:
    """`counter`: where it was asked for, when that was said."""

    kind: ClassVar[str] = "cancelled"

    at: int
    wall: int
    by: str
    serial: int
    counter: str | None = None


@dataclass(frozen=True, slots=True)
class Undone:
    """The event `of` is taken back; `cause`: its kind."""

    kind: ClassVar[str] = "undone"

    at: int
    wall: int
    by: str
    counter: str
    cause: str
    of: int
    serial: int | None = None


@dataclass(frozen=True, slots=True)
class Expired:
    """Left over at the end of its day."""

    kind: ClassVar[str] = "expired"

    at: int
    wall: int
    by: str
    serial: int
    counter: str | None = None


@dataclass(frozen=True, slots=True)
class Rated:
    kind: ClassVar[str] = "rated"

    at: int
    wall: int
    by: str
    score: int
    serial: int | None = None
    counter: str | None = None


@dataclass(frozen=True, slots=True)
class CounterOpened:
    """`cause`: "call" when a call opened it."""

    kind: ClassVar[str] = "counter_opened"

    at: int
    wall: int
    by: str
    counter: str
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class CounterPaused:
    kind: ClassVar[str] = "counter_paused"

    at: int
    wall: int
    by: str
    counter: str


@dataclass(frozen=True, slots=True)
class CounterClosed:
    kind: ClassVar[str] = "counter_closed"

    at: int
    wall: int
    by: str
    counter: str


@dataclass(frozen=True, slots=True)
class ServiceClosed:
    """A person has stopped its tickets for today."""

    kind: ClassVar[str] = "service_closed"

    at: int
    wall: int
    by: str
    service: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ServiceOpened:
    kind: ClassVar[str] = "service_opened"

    at: int
    wall: int
    by: str
    service: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class IntakeClosed:
    """A person has stopped all tickets from `closes` until `reopens` (ms since 1970)."""

    kind: ClassVar[str] = "intake_closed"

    at: int
    wall: int
    by: str
    closes: int
    reopens: int | None = None
    notice: str | None = None


Event = (
    DayOpened
    | DayDated
    | Recovered
    | NumbersSkipped
    | Appointed
    | Unbooked
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
    | Undone
    | Expired
    | Rated
    | CounterOpened
    | CounterPaused
    | CounterClosed
    | ServiceClosed
    | ServiceOpened
    | IntakeClosed
)
KINDS: Mapping[str, type[Event]] = MappingProxyType(
    {event.kind: event for event in get_args(Event)}
)
