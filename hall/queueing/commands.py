"""What may be asked of the queue. `by` is the client; `expect_ver` the counter version it saw.

`verb` is the name under which the hall asks for it; what has none, the hall asks of itself. A field
has the name of the request's field that it is filled from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import ClassVar, get_args


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
    verb: ClassVar[str] = "issue"

    by: str
    service: str
    channel: str
    priority: str | None = None
    lang: str = "vi"


@dataclass(frozen=True, slots=True)
class Appoint:
    """`code`: a keyed hash of it; `slot`: ms since 1970; `date`: the business day of the slot."""

    verb: ClassVar[str] = "appoint"

    by: str
    code: str
    service: str
    slot: int
    date: str
    priority: str | None = None


@dataclass(frozen=True, slots=True)
class CheckIn:
    """`code`: a keyed hash of it."""

    verb: ClassVar[str] = "check-in"

    by: str
    code: str
    channel: str
    lang: str = "vi"


@dataclass(frozen=True, slots=True)
class PrintResult:
    verb: ClassVar[str] = "print-result"

    by: str
    ticket: str
    result: Result


@dataclass(frozen=True, slots=True)
class CallNext:
    verb: ClassVar[str] = "call-next"

    by: str
    counter: str
    services: tuple[str, ...] | None = None
    expect_ver: int | None = None


@dataclass(frozen=True, slots=True)
class CallTicket:
    verb: ClassVar[str] = "call-ticket"

    by: str
    counter: str
    number: str | None = None
    ticket: str | None = None
    expect_ver: int | None = None


@dataclass(frozen=True, slots=True)
class Recall:
    verb: ClassVar[str] = "recall"

    by: str
    counter: str
    expect_ver: int | None = None


@dataclass(frozen=True, slots=True)
class Start:
    verb: ClassVar[str] = "start"

    by: str
    counter: str
    expect_ver: int | None = None


@dataclass(frozen=True, slots=True)
class Finish:
    verb: ClassVar[str] = "finish"

    by: str
    counter: str
    outcome: str | None = None
    expect_ver: int | None = None


@dataclass(frozen=True, slots=True)
class MarkNoShow:
    verb: ClassVar[str] = "no-show"

    by: str
    counter: str
    expect_ver: int | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    verb: ClassVar[str] = "transfer"

    by: str
    counter: str
    to_service: str | None = None
    to_counter: str | None = None
    position: Position = Position.ARRIVAL
    expect_ver: int | None = None


@dataclass(frozen=True, slots=True)
class Park:
    verb: ClassVar[str] = "park"

    by: str
    counter: str
    minutes: int | None = None
    reason: str | None = None
    expect_ver: int | None = None


@dataclass(frozen=True, slots=True)
class Resume:
    verb: ClassVar[str] = "resume"

    by: str
    ticket: str


@dataclass(frozen=True, slots=True)
class Cancel:
    verb: ClassVar[str] = "cancel"

    by: str
    ticket: str


@dataclass(frozen=True, slots=True)
class OpenCounter:
    verb: ClassVar[str] = "counter-open"

    by: str
    counter: str
    staff: str | None = None
    expect_ver: int | None = None


@dataclass(frozen=True, slots=True)
class PauseCounter:
    verb: ClassVar[str] = "counter-pause"

    by: str
    counter: str
    staff: str | None = None
    expect_ver: int | None = None


@dataclass(frozen=True, slots=True)
class CloseCounter:
    verb: ClassVar[str] = "counter-close"

    by: str
    counter: str
    staff: str | None = None
    expect_ver: int | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    verb: ClassVar[str] = "rate"

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
COMMANDS: Mapping[str, type[Command]] = MappingProxyType(
    {command.verb: command for command in get_args(Command) if hasattr(command, "verb")}
)
