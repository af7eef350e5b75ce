"""What may be asked of the queue. `by` is the client.

`verb` is the name under which the hall asks for it; what has none, the hall asks of itself. A field
has the name of the request's field that it is filled from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import ClassVar, get_args


class PaperResult(Enum):
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
    """`code`, `person`: keyed hashes; `slot`: ms since 1970; `date`: the slot's business day."""

    verb: ClassVar[str] = "appoint"

    by: str
    code: str
    service: str
    slot: int
    date: str
    priority: str | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class CancelAppointment:
    """`code`: a keyed hash of it."""

    verb: ClassVar[str] = "cancel-appointment"

    by: str
    code: str


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
    result: PaperResult


@dataclass(frozen=True, slots=True)
class AtCounter:
    """What the clerk saw: the counter's version, and the id of its ticket ("": it held none).

    None: not said. When either is another by now, the command is refused.
    """

    by: str
    counter: str
    expect_ver: int | None = field(default=None, kw_only=True)
    expect_ticket: str | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class CallNext(AtCounter):
    verb: ClassVar[str] = "call-next"

    services: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class CallTicket(AtCounter):
    verb: ClassVar[str] = "call-ticket"

    number: str | None = None
    ticket: str | None = None


@dataclass(frozen=True, slots=True)
class Recall(AtCounter):
    verb: ClassVar[str] = "recall"


@dataclass(frozen=True, slots=True)
class Start(AtCounter):
    verb: ClassVar[str] = "start"


@dataclass(frozen=True, slots=True)
class Finish(AtCounter):
    verb: ClassVar[str] = "finish"

    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class MarkNoShow(AtCounter):
    verb: ClassVar[str] = "no-show"


@dataclass(frozen=True, slots=True)
class Transfer(AtCounter):
    verb: ClassVar[str] = "transfer"

    to_service: str | None = None
    to_counter: str | None = None
    position: Position = Position.ARRIVAL


@dataclass(frozen=True, slots=True)
class Park(AtCounter):
    verb: ClassVar[str] = "park"

    minutes: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Undo(AtCounter):
    verb: ClassVar[str] = "undo"


@dataclass(frozen=True, slots=True)
class Resume:
    """`counter`: whose clerk asks."""

    verb: ClassVar[str] = "resume"

    by: str
    ticket: str
    counter: str | None = None


@dataclass(frozen=True, slots=True)
class Cancel:
    """`counter`: whose clerk asks."""

    verb: ClassVar[str] = "cancel"

    by: str
    ticket: str
    counter: str | None = None


@dataclass(frozen=True, slots=True)
class OpenCounter(AtCounter):
    verb: ClassVar[str] = "counter-open"


@dataclass(frozen=True, slots=True)
class PauseCounter(AtCounter):
    verb: ClassVar[str] = "counter-pause"


@dataclass(frozen=True, slots=True)
class CloseCounter(AtCounter):
    verb: ClassVar[str] = "counter-close"


@dataclass(frozen=True, slots=True)
class CloseService:
    verb: ClassVar[str] = "service-close"

    by: str
    service: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class OpenService:
    verb: ClassVar[str] = "service-open"

    by: str
    service: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class CloseHall:
    """`closes`, `reopens`: ms since 1970, None where no opening is in sight; `on`: its day."""

    verb: ClassVar[str] = "hall-close"

    by: str
    closes: int
    on: str
    reopens: int | None = None
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    verb: ClassVar[str] = "rate"

    by: str
    score: int
    ticket: str | None = None
    counter: str | None = None
    question: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Unrate:
    verb: ClassVar[str] = "unrate"

    by: str
    ticket: str | None = None
    counter: str | None = None
    question: str | None = None


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
    | Undo
    | OpenCounter
    | PauseCounter
    | CloseCounter
)
Command = (
    CounterCommand
    | Issue
    | Appoint
    | CancelAppointment
    | CheckIn
    | PrintResult
    | Resume
    | Cancel
    | CloseService
    | OpenService
    | CloseHall
    | Rate
    | Unrate
    | PassTime
    | Recover
)
COMMANDS: Mapping[str, type[Command]] = MappingProxyType(
    {command.verb: command for command in get_args(Command) if hasattr(command, "verb")}
)
