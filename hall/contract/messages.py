"""The content of every message on the bus, as contract.md states it; the envelope is apart.

States of the controller carry `(epoch, ver)`: a receiver keeps the greatest and ignores the rest.
"""

from typing import Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from hall.contract.events import EventType
from hall.contract.words import (
    ClientId,
    Code,
    Count,
    Day,
    FaceText,
    Flag,
    Lang,
    Mark,
    Name,
    Number,
    RequestId,
    Serial,
    ShortText,
    Text,
    TicketId,
    Time,
    WireModel,
)

Channel = Literal["button", "kiosk", "counter", "onestop"]
CounterStatus = Literal["closed", "open", "paused", "called", "serving"]
ClosedBy = Literal["hours", "order"]
FaceStyle = Literal["steady", "message", "stale", "off"]
PrintResult = Literal["printed", "failed", "unknown"]
ErrorCode = Literal[
    "bad_request",
    "unauthorized",
    "unknown",
    "conflict",
    "not_now",
    "expired",
    "id_reused",
    "closed",
    "limit",
    "busy",
    "unavailable",
    "internal",
]


def is_absent(value: object) -> bool:
    """For a field that is not written where it has no value."""
    return value is None


class Lean(WireModel):
    """What is absent is not written."""

    @model_serializer(mode="wrap")
    def _without_absent(self, written: SerializerFunctionWrapHandler) -> dict[str, object]:
        return {name: value for name, value in written(self).items() if value is not None}


class PublicTicket(WireModel):
    """A citizen's turn; `id` is opaque and unique for ever, `number` is what people see."""

    id: TicketId
    number: Number
    service: Name
    priority: Name | None = None
    day: Day
    issued_at: Time
    channel: Channel
    lang: Lang = "vi"


# --- states of the controller -------------------------------------------------------------------


class Versioned(WireModel):
    epoch: Serial
    ver: Count


class HallState(Versioned):
    """`waiting`: all services' `waiting` and all counters' `sent.count`.

    `owner`: an opaque mark of the controller that leads the queue; another mark is another one.

    `open`: whether the hall gives tickets now; who has one is called all the same. `closed_by`:
    why it gives none, the hours of the calendar or a person's order within them; null while it
    does. `opens_next`: when it does again; null while it does, or nobody knows.

    `notice`: what people are told of a closing that a person ordered, from the order on.
    """

    day: Day
    open: Flag
    closed_by: ClosedBy | None = None
    clock: Literal["trusted", "unsure"]
    board_ver: Count
    evt_seq: Count
    waiting: Count
    served_today: Count
    opens_next: Time | None = None
    notice: ShortText | None = None
    owner: Mark = ""


class Sent(WireModel):
    """People sent to one counter; `next`: the first five, in the order of their turn."""

    count: Count = 0
    next: tuple[Number, ...] = ()


class CounterState(Versioned):
    """`sent`: who waits for this counter alone. An arrival there leaves `ver` as it is.

    `undo_until`: until when the last act can be taken back; null when it cannot,
    at the latest from the first heartbeat after that time on.
    """

    counter: Name
    name: ShortText
    status: CounterStatus
    ticket: PublicTicket | None = None
    called_at: Time | None = None
    recalls: Count = 0
    sent: Sent = Sent()
    undo_until: Time | None = None


class ServiceState(Versioned):
    """`wait_min`: (lo, hi) minutes a ticket taken now would wait; null until there is data.

    `left`: how many tickets can still be issued today; null where nothing limits them.
    """

    service: Name
    name: ShortText
    open: Flag
    waiting: Count
    last_issued: Number | None = None
    wait_min: tuple[Count, Count] | None = None
    left: Count | None = None


class RecentCall(WireModel):
    number: Number
    counter: Name
    at: Time


class WaitingRow(Lean):
    """Who waits for a service, or for one counter alone: one of the two stands in the row."""

    service: Name | None = None
    counter: Name | None = None
    count: Count
    next: tuple[Number, ...] = ()


class BoardState(Versioned):
    """The whole hall at a glance: `recent` holds ten calls, newest first; `next` five numbers."""

    counters: tuple[CounterState, ...]
    recent: tuple[RecentCall, ...] = ()
    waiting: tuple[WaitingRow, ...] = ()


# --- events -------------------------------------------------------------------------------------


class TicketEvent(WireModel):
    """One line of the journal; `seq` rises by exactly 1. Durations are whole seconds.

    `service`: which one was closed or opened by a person. `of`: the `seq` of the event that an
    `undone` takes back, its type is the `cause`; or of the rating that a `rated` replaces or an
    `unrated` takes back. `how`: of `finished` alone; `unclear` is a person who was called and
    passed over unrecorded. `score`, `reason`: of `rated` alone; `question`: of both.
    """

    epoch: Serial
    seq: Serial
    type: EventType
    ticket: PublicTicket | None = None
    counter: Name | None = None
    by: ClientId
    at: Time
    wait_s: Count | None = None
    serve_s: Count | None = None
    cause: ShortText | None = None
    how: Literal["served", "left_open", "unclear"] | None = None
    of: Serial | None = None
    service: Name | None = None
    score: Serial | None = Field(default=None, le=5, exclude_if=is_absent)
    question: Name | None = Field(default=None, exclude_if=is_absent)
    reason: Name | None = Field(default=None, exclude_if=is_absent)


class CallEvent(WireModel):
    """For chime and voice; transient. `call` is unique per call or recall."""

    call: TicketId
    number: Number
    counter: Name
    counter_name: ShortText
    service: Name
    lang: Lang = "vi"
    recall: Flag = False


# --- displays and devices -----------------------------------------------------------------------


class Face(WireModel):
    """What one counter's display shows. A display blinks when `call` changes in a live message."""

    text: FaceText
    style: FaceStyle
    call: TicketId | None = None


class UnitHealth(WireModel):
    """One unit on a serial bus, as its master has counted since it started; buses count from 1.

    `damaged`: answers that could not be read; `round_trip_ms` is of the last one.
    """

    bus: int = Field(ge=1)
    address: Count
    counter: Name
    alive: bool
    seen_at: Time | None = None
    round_trip_ms: float = 0
    exchanges: Count = 0
    timeouts: Count = 0
    damaged: Count = 0
    retries: Count = 0
    keys_lost: Count = 0
    reboots: Count = 0
    wrong_shown: Count = 0


class DeviceStatus(WireModel):
    """`units` is of a bridge alone: what hangs on its buses. `host`: the machine it runs on."""

    state: Literal["init", "ready", "degraded", "disconnected", "lost"]
    conn: Mark
    host: ShortText = ""
    sw: ShortText
    alerts: tuple[Code, ...] = ()
    units: tuple[UnitHealth, ...] = ()


class Alert(WireModel):
    """Something a person must mend: what is wrong and what to do, in Vietnamese."""

    code: Code
    text: Text
    advice: Text = ""
    since: Time


# --- replies ------------------------------------------------------------------------------------


class Refusal(Lean):
    """`text` is Vietnamese, for a person; `current` is the state that made the refusal."""

    code: ErrorCode
    text: Text
    current: dict[str, object] | None = None


class Reply(Lean):
    """Has `data` or `error`, never both."""

    id: RequestId
    status: Literal["ok", "error"]
    data: dict[str, object] | None = None
    error: Refusal | None = None
