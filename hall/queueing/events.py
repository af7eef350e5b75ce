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
class Happened:
    kind: ClassVar[str]

    at: int
    wall: int
    by: str


@dataclass(frozen=True, slots=True)
class DayOpened(Happened):
    kind: ClassVar[str] = "day_opened"

    day: int
    date: str


@dataclass(frozen=True, slots=True)
class DayDated(Happened):
    """The clock had been unsure: the day that is going on has this date."""

    kind: ClassVar[str] = "day_dated"

    date: str


@dataclass(frozen=True, slots=True)
class Recovered(Happened):
    """The journal had lost its end; from here on the epoch is a new one."""

    kind: ClassVar[str] = "recovered"


@dataclass(frozen=True, slots=True)
class NumbersSkipped(Happened):
    """Numbers up to `n` were seen elsewhere: they are not issued again today."""

    kind: ClassVar[str] = "numbers_skipped"

    service: str
    n: int


@dataclass(frozen=True, slots=True)
class Appointed(Happened):
    """`booking`, `person`: keyed hashes, never code or key; `slot`: ms since 1970."""

    kind: ClassVar[str] = "appointed"

    booking: str
    service: str
    slot: int
    due: str
    priority: str | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Unbooked(Happened):
    """An appointment was given back. `booking`: the hash it was made under."""

    kind: ClassVar[str] = "unbooked"

    booking: str


@dataclass(frozen=True, slots=True)
class Issued(Happened):
    """`booking`: the appointment it was checked in for; `unsure`: 1 when the date was not sure."""

    kind: ClassVar[str] = "issued"

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
class Printed(Happened):
    kind: ClassVar[str] = "printed"

    serial: int


@dataclass(frozen=True, slots=True)
class PrintUnknown(Happened):
    kind: ClassVar[str] = "print_unknown"

    serial: int


@dataclass(frozen=True, slots=True)
class Voided(Happened):
    kind: ClassVar[str] = "voided"

    serial: int
    counter: str | None = None


@dataclass(frozen=True, slots=True)
class Called(Happened):
    """`follows`: 1 when it is of the same act as the event before it."""

    kind: ClassVar[str] = "called"

    serial: int
    counter: str
    follows: int | None = None


@dataclass(frozen=True, slots=True)
class Recalled(Happened):
    kind: ClassVar[str] = "recalled"

    serial: int
    counter: str


@dataclass(frozen=True, slots=True)
class Started(Happened):
    kind: ClassVar[str] = "started"

    serial: int
    counter: str


@dataclass(frozen=True, slots=True)
class Finished(Happened):
    """`cause`: "next", "day" or "removed" when a call, the day's end or the YAML ended it.

    `outcome`: in the clerk's words.
    """

    kind: ClassVar[str] = "finished"

    serial: int
    counter: str
    cause: str | None = None
    outcome: str | None = None
    how: How = "served"


@dataclass(frozen=True, slots=True)
class Missed(Happened):
    kind: ClassVar[str] = "no_show"

    serial: int
    counter: str


@dataclass(frozen=True, slots=True)
class Returned(Happened):
    """Back to its place: the counter closed or paused before the person came."""

    kind: ClassVar[str] = "returned"

    serial: int
    counter: str


@dataclass(frozen=True, slots=True)
class Transferred(Happened):
    kind: ClassVar[str] = "transferred"

    serial: int
    counter: str
    service: str
    rank: int
    bound: str | None = None


@dataclass(frozen=True, slots=True)
class Parked(Happened):
    kind: ClassVar[str] = "parked"

    serial: int
    counter: str
    until: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Resumed(Happened):
    kind: ClassVar[str] = "resumed"

    """`cause`: "timer" when the time of a parked ticket was up."""

    serial: int
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class Cancelled(Happened):
    """`counter`: where it was asked for, when that was said."""

    kind: ClassVar[str] = "cancelled"

    serial: int
    counter: str | None = None


@dataclass(frozen=True, slots=True)
class Undone(Happened):
    """The event `of` is taken back; `cause`: its kind."""

    kind: ClassVar[str] = "undone"

    counter: str
    cause: str
    of: int
    serial: int | None = None


@dataclass(frozen=True, slots=True)
class Expired(Happened):
    """Left over at the end of its day."""

    kind: ClassVar[str] = "expired"

    serial: int
    counter: str | None = None


@dataclass(frozen=True, slots=True)
class Rated(Happened):
    """`of`: the sequence number of the ticket's earlier rating of this question, now replaced."""

    kind: ClassVar[str] = "rated"

    score: int
    serial: int | None = None
    counter: str | None = None
    question: str | None = None
    reason: str | None = None
    of: int | None = None


@dataclass(frozen=True, slots=True)
class Unrated(Happened):
    """`of`: the sequence number of the rating taken back."""

    kind: ClassVar[str] = "unrated"

    of: int
    serial: int | None = None
    counter: str | None = None
    question: str | None = None


@dataclass(frozen=True, slots=True)
class CounterOpened(Happened):
    """`cause`: "call" when a call opened it."""

    kind: ClassVar[str] = "counter_opened"

    counter: str
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class CounterPaused(Happened):
    kind: ClassVar[str] = "counter_paused"

    counter: str


@dataclass(frozen=True, slots=True)
class CounterClosed(Happened):
    kind: ClassVar[str] = "counter_closed"

    counter: str


@dataclass(frozen=True, slots=True)
class ServiceClosed(Happened):
    """A person has stopped its tickets for today."""

    kind: ClassVar[str] = "service_closed"

    service: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ServiceOpened(Happened):
    kind: ClassVar[str] = "service_opened"

    service: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class IntakeClosed(Happened):
    """A person has stopped all tickets from `closes` until `reopens` (ms since 1970)."""

    kind: ClassVar[str] = "intake_closed"

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
    | Missed
    | Returned
    | Transferred
    | Parked
    | Resumed
    | Cancelled
    | Undone
    | Expired
    | Rated
    | Unrated
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
