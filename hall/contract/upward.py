"""What a hall tells its province: each field named here goes up, any other stays in the hall.

    hall's bus                 model of the hall        goes up as
    state/hall                 HallState                UpHall
    state/service/{service}    ServiceState             ServiceState
    state/counter/{counter}    CounterState             UpCounter
    dev/{client}/status        DeviceStatus             UpStatus
    dev/{client}/alert/{code}  Alert                    UpAlert
    ext/onestop/status         OnestopStatus            OnestopStatus
    ext/onestop/figures        Figures                  Figures
    replay                     TicketEvent              UpEvent

Left behind: the class of priority of a person and the language that they chose, what somebody
typed beside an act, who of the staff did it, and words of an alert that quote a file or a message
of others.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal

from pydantic import Field

from hall.contract.events import EVENTS, EventType
from hall.contract.messages import (
    Alert,
    Channel,
    ClosedBy,
    CounterState,
    CounterStatus,
    DeviceStatus,
    HallState,
    Lean,
    PublicTicket,
    ServiceState,
    TicketEvent,
)
from hall.contract.onestop_messages import Figures, OnestopStatus
from hall.contract.topics import (
    DEV_ALERT,
    DEV_STATUS,
    EXT_FIGURES,
    EXT_STATUS,
    STATE_COUNTER,
    STATE_HALL,
    STATE_SERVICE,
)
from hall.contract.topics import Channel as Topic
from hall.contract.words import (
    ClientId,
    Code,
    Count,
    Day,
    Flag,
    Mark,
    Name,
    Number,
    Serial,
    ShortText,
    Text,
    TicketId,
    Time,
    WireModel,
)

# What the controller itself writes as the cause of an event, beside the types of events that
# `undone` takes back. Anything else was typed by a person.
_CAUSES = frozenset({"next", "day", "removed", "timer", "call"}) | EVENTS.keys()
_DATED = ("day_opened", "day_dated")
# Alerts whose words quote a file, a message of another program or the YAML.
QUOTING = frozenset(
    {
        *("held_other", "held_dossiers", "held_procedures", "held_figures"),
        *("bad_other", "bad_dossiers", "bad_procedures", "bad_figures", "bad_notice", "bad_status"),
        *("figures_doubt", "config_wrong", "files_unusable", "journal_damaged"),
    }
)


class UpTicket(Lean):
    """As PublicTicket. `preferred`: it has a head start, whatever the reason; absent: none."""

    id: TicketId
    number: Number
    service: Name
    day: Day
    issued_at: Time
    channel: Channel
    preferred: Literal[True] | None = None


class UpCounter(Lean):
    epoch: Serial
    ver: Count
    counter: Name
    name: ShortText
    status: CounterStatus
    ticket: UpTicket | None = None
    called_at: Time | None = None
    recalls: Count = 0


class UpStatus(WireModel):
    """As DeviceStatus, without the counts of each unit on a bus. `source`: as in UpEvents."""

    state: Literal["init", "ready", "degraded", "disconnected", "lost"]
    conn: Mark
    host: ShortText = ""
    sw: ShortText
    alerts: tuple[Code, ...] = ()
    source: Mark = ""


class UpHall(Lean):
    """As HallState, without what only the hall's own displays need."""

    epoch: Serial
    ver: Count
    day: Day
    open: Flag
    closed_by: ClosedBy | None = None
    clock: Literal["trusted", "unsure"]
    evt_seq: Count
    waiting: Count
    served_today: Count
    opens_next: Time | None = None
    notice: ShortText | None = None


class UpAlert(Lean):
    """`text`, `advice`: absent where they would quote what others wrote."""

    code: Code
    text: Text | None = None
    advice: Text | None = None
    since: Time


class UpEvent(Lean):
    """As TicketEvent, of the epoch of its batch. `cause`: of the words that the controller has."""

    seq: Serial
    type: EventType
    at: Time
    by: ClientId
    ticket: UpTicket | None = None
    counter: Name | None = None
    wait_s: Count | None = None
    serve_s: Count | None = None
    cause: ShortText | None = None
    how: Literal["served", "left_open", "unclear"] | None = None
    of: Serial | None = None
    service: Name | None = None
    score: Serial | None = Field(default=None, le=5)
    question: Name | None = None
    reason: Name | None = None


def event_up(event: TicketEvent) -> UpEvent:
    return UpEvent(
        seq=event.seq,
        type=event.type,
        at=event.at,
        by=event.by,
        ticket=None if event.ticket is None else _ticket(event.ticket),
        counter=event.counter,
        wait_s=event.wait_s,
        serve_s=event.serve_s,
        cause=_cause(event),
        how=event.how,
        of=event.of,
        service=event.service,
        score=event.score,
        question=event.question,
        reason=event.reason,
    )


def _cause(event: TicketEvent) -> str | None:
    """A date, a score, or a word of ours."""
    if event.type in _DATED:
        return event.cause
    return event.cause if event.cause in _CAUSES else None


def _ticket(ticket: PublicTicket) -> UpTicket:
    return UpTicket(
        id=ticket.id,
        number=ticket.number,
        service=ticket.service,
        day=ticket.day,
        issued_at=ticket.issued_at,
        channel=ticket.channel,
        preferred=None if ticket.priority is None else True,
    )


def _hall(told: WireModel) -> WireModel | None:
    return _fields(told, UpHall) if isinstance(told, HallState) else None


def _counter(told: WireModel) -> WireModel | None:
    if not isinstance(told, CounterState):
        return None
    return UpCounter(
        epoch=told.epoch,
        ver=told.ver,
        counter=told.counter,
        name=told.name,
        status=told.status,
        ticket=None if told.ticket is None else _ticket(told.ticket),
        called_at=told.called_at,
        recalls=told.recalls,
    )


def _service(told: WireModel) -> WireModel | None:
    return told if isinstance(told, ServiceState) else None


def _status(told: WireModel) -> WireModel | None:
    return _fields(told, UpStatus) if isinstance(told, DeviceStatus) else None


def _alert(told: WireModel) -> WireModel | None:
    if not isinstance(told, Alert):
        return None
    if told.code in QUOTING:
        return UpAlert(code=told.code, since=told.since)
    return _fields(told, UpAlert)


def _onestop(told: WireModel) -> WireModel | None:
    return told if isinstance(told, OnestopStatus) else None


def _figures(told: WireModel) -> WireModel | None:
    return told if isinstance(told, Figures) else None


def _fields(told: WireModel, model: type[WireModel]) -> WireModel:
    """The fields that both have."""
    shared = model.model_fields.keys() & type(told).model_fields.keys()
    return model.model_validate({name: getattr(told, name) for name in shared})


# By the channel: what a hall may say there at its province, and how it comes from its own message.
STATES: Mapping[Topic, tuple[type[WireModel], Callable[[WireModel], WireModel | None]]] = (
    MappingProxyType(
        {
            STATE_HALL: (UpHall, _hall),
            STATE_SERVICE: (ServiceState, _service),
            STATE_COUNTER: (UpCounter, _counter),
            DEV_STATUS: (UpStatus, _status),
            DEV_ALERT: (UpAlert, _alert),
            EXT_STATUS: (OnestopStatus, _onestop),
            EXT_FIGURES: (Figures, _figures),
        }
    )
)


def state_up(channel: Topic, told: WireModel) -> WireModel | None:
    """What of a hall's state goes up; None: nothing."""
    row = STATES.get(channel)
    return None if row is None else row[1](told)
