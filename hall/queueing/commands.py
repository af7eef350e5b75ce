"""What may be asked of the queue. `by` is the client; `expect_ver` the counter version it saw."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Result(Enum):
    PRINTED = "printed"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Position(Enum):
    ARRIVAL = "arrival"
    FRONT = "front"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Issue:
    by: str
    service: str
    channel: str
    priority: str | None = None
    lang: str = "vi"


@dataclass(frozen=True, slots=True)
class Appoint:
    """`code`: a keyed hash of it; `slot`: ms since 1970; `date`: the business day of the slot."""

    by: str
    code: str
    service: str
    slot: int
    date: str
    priority: str | None = None


@dataclass(frozen=True, slots=True)
class CheckIn:
    """`code`: a keyed hash of it."""

    by: str
    code: str
    channel: str
    lang: str = "vi"


@dataclass(frozen=True, slots=True)
class PrintResult:
    by: str
    ticket: str
    result: Result


@dataclass(frozen=True, slots=True)
class CallNext:
    by: str
    counter: str
    services: tuple[str, ...] | None = None
    expect_ver: int | None = None


@dataclass(frozen=True, slots=True)
class CallTicket:
    by: str
    counter: str
    number: str | None = None
    ticket: str | None = None
    expect_ver: int | None = None


@dataclass(frozen=True, slots=True)
class Recall:
    by: str
    counter: str
    expect_ver: int | None = None


@dataclass(frozen=True, slots=True)
class Start:
    by: str
    counter: str
    expect_ver: int | None = None


@dataclass(frozen=True, slots=True)
class Finish:
    by: str
    counter: str
    outcome: str | None = None
    expect_ver: int | None = None


@dataclass(frozen=True, slots=True)
class MarkNoShow:
    by: str
    counter: str
    expect_ver: int | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    by: str
    counter: str
    to_service: str | None = None
    to_counter: str | None = None
    position: Position = Position.ARRIVAL
    expect_ver: int | None = None


@dataclass(frozen=True, slots=True)
class Park:
    by: str
    counter: str
    minutes: int | None = None
    reason: str | None = None
    expect_ver: int | None = None


@dataclass(frozen=True, slots=True)
class Resume:
    by: str
    ticket: str


@dataclass(frozen=True, slots=True)
class Cancel:
    by: str
    ticket: str


@dataclass(frozen=True, slots=True)
class OpenCounter:
    by: str
    counter: str
    staff: str | None = None
    expect_ver: int | None = None


@dataclass(frozen=True, slots=True)
class PauseCounter:
    by: str
    counter: str
    staff: str | None = None
    expect_ver: int | None = None


@dataclass(frozen=True, slots=True)
class CloseCounter:
    by: str
    counter: str
    staff: str | None = None
    expect_ver: int | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    by: str
    score: int
    ticket: str | None = None
    counter: str | None = None


@dataclass(frozen=True, slots=True)
class PassTime:
    """Nobody asked: the day may have turned, a parked ticket may be due."""

    by: str


@dataclass(frozen=True, slots=True)
class Recover:
    """The journal had lost its end: `tops` are the last numbers others have seen on `date`."""

    by: str
    date: str
    tops: Mapping[str, int]


CounterCommand = (
    CallNext
    | CallTicket
    | Recall
    | Start
    | Finish
    | MarkNoShow
    | Transfer
    | Park
    | OpenCounter
    | PauseCounter
    | CloseCounter
)
Command = (
    CounterCommand
    | Issue
    | Appoint
    | CheckIn
    | PrintResult
    | Resume
    | Cancel
    | Rate
    | PassTime
    | Recover
)
