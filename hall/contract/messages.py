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
    Excerpt,
    FaceText,
    Flag,
    Lang,
    Mark,
    Name,
    Number,
    Part,
    RequestId,
    Serial,
    ShortText,
    Text,
    TicketId,
    Time,
    Whole,
)

Channel = Literal["button", "kiosk", "counter", "onestop"]
CounterStatus = Literal["closed", "open", "paused", "called", "serving"]
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


class Lean(Part):
    """What is absent is not written."""

    @model_serializer(mode="wrap")
    def _without_absent(self, written: SerializerFunctionWrapHandler) -> dict[str, object]:
        return {name: value for name, value in written(self).items() if value is not None}


class Ticket(Part):
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


class Versioned(Part):
    epoch: Serial
    ver: Count


class HallState(Versioned):
    """`waiting`: all services' `waiting` and all counters' `sent.count`.

    `notice`: what people are told of a closing that a person ordered. `opens_next`: when a closed
    hall opens; null while it is open or that is not known.
    """

    day: Day
    open: Flag
    clock: Literal["trusted", "unsure"]
    board_ver: Count
    evt_seq: Count
    waiting: Count
    served_today: Count
    opens_next: Time | None = None
    notice: ShortText | None = None


class Sent(Part):
    """People sent to one counter; `next`: the first five, in the order of their turn."""

    count: Count = 0
    next: tuple[Number, ...] = ()


class CounterState(Versioned):
    """`sent`: who waits for this counter alone. An arrival there leaves `ver` as it is.

    `undo_until`: until when the last act can be taken back; null when it cannot.
    """

    counter: Name
    name: ShortText
    status: CounterStatus
    ticket: Ticket | None = None
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


class RecentCall(Part):
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


class TicketEvent(Part):
    """One line of the journal; `seq` rises by exactly 1. Durations are whole seconds.

    `service`: which one was closed or opened by a person. `of`: the `seq` of the event that an
    `undone` takes back; its type is the `cause`. `how`: of `finished` alone; `unclear` is a
    person who was called and passed over unrecorded.
    """

    epoch: Serial
    seq: Serial
    type: EventType
    ticket: Ticket | None = None
    counter: Name | None = None
    by: ClientId
    at: Time
    wait_s: Count | None = None
    serve_s: Count | None = None
    cause: ShortText | None = None
    how: Literal["served", "left_open", "unclear"] | None = None
    of: Serial | None = None
    service: Name | None = None


class CallEvent(Part):
    """For chime and voice; transient. `call` is unique per call or recall."""

    call: TicketId
    number: Number
    counter: Name
    counter_name: ShortText
    service: Name
    lang: Lang = "vi"
    recall: Flag = False


# --- displays and devices -----------------------------------------------------------------------


class Face(Part):
    """What one counter's display shows. A display blinks when `call` changes in a live message."""

    text: FaceText
    style: FaceStyle
    call: TicketId | None = None


class UnitHealth(Part):
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


class DeviceStatus(Part):
    """`units` is of a bridge alone: what hangs on its buses."""

    state: Literal["init", "ready", "degraded", "disconnected", "lost"]
    conn: Mark
    sw: ShortText
    alerts: tuple[Code, ...] = ()
    units: tuple[UnitHealth, ...] = ()


class Alert(Part):
    """Something a person must mend: what is wrong and what to do, in Vietnamese."""

    code: Code
    text: Text
    advice: Text = ""
    since: Time


# --- from the one-stop software -----------------------------------------------------------------


class OnestopStatus(Part):
    state: Literal["ready", "lost"]
    source: ShortText = ""
    conn: Mark


class Received(Part):
    """`direct_or_postal`: both together, where a supplier does not tell them apart."""

    total: Count | None = None
    carried_over: Count | None = None
    online: Count | None = None
    direct: Count | None = None
    postal: Count | None = None
    direct_or_postal: Count | None = None


class Resolved(Part):
    total: Count | None = None
    early: Count | None = None
    on_time: Count | None = None
    early_or_on_time: Count | None = None
    overdue: Count | None = None


class Pending(Part):
    total: Count | None = None
    in_time: Count | None = None
    overdue: Count | None = None


class Postal(Part):
    received: Count | None = None
    returned: Count | None = None


class Stated(Part):
    """A supplier's own percentage ("99,55"), only to be compared with ours."""

    name: ShortText
    percent: ShortText


class FieldFigures(Part):
    field: ShortText
    received: Received | None = None
    resolved: Resolved | None = None
    pending: Pending | None = None


class Portion(Part):
    """How many of how many; the total names what it is a part of."""

    done: Count | None = None
    total: Count | None = None


class Indicators(Part):
    """The groups of QĐ 766/QĐ-TTg beside progress and digitisation, where a supplier has them.

    `public`: procedures published of all; `online`: dossiers filed online; `paid_online`: payments
    made online; `satisfied`: people satisfied of those asked.
    """

    public: Portion | None = None
    online: Portion | None = None
    paid_online: Portion | None = None
    satisfied: Portion | None = None


class Period(Part):
    """`kind`: a period of the calendar. `reappointed`: dossiers that were given another day.

    `unclear`: dossiers whose state or days were not understood; they are in no other count.
    """

    id: ShortText
    kind: Literal["day", "month", "quarter", "year"] | None = None
    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None
    received: Received | None = None
    to_resolve: Count | None = None
    resolved: Resolved | None = None
    pending: Pending | None = None
    paused: Pending | None = None
    postal: Postal | None = None
    digitised: Portion | None = None
    unclear: Count | None = None
    reappointed: Count | None = None
    indicators: Indicators | None = None
    stated: tuple[Stated, ...] = ()
    fields: tuple[FieldFigures, ...] = ()


class Figures(Part):
    """Integers only, never percentages; null or absent = not known, never 0.

    `unit`: the body whose figures they are; it may have several halls.
    """

    as_of: Time
    source: ShortText = ""
    unit: ShortText = ""
    periods: tuple[Period, ...] = ()


class Catalogue(Part):
    """Announces the procedures; the content comes by `catalogue-chunk`, `sha256` over all of it."""

    ver: Whole | ShortText
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    count: Count
    chunks: Count
    chunk_size: Serial = Field(le=32 * 1024)


class Notice(Part):
    lines: tuple[Text, ...] = ()


class FeedRefusal(Part):
    """What the gateway refused of the one-stop software's last message on `topic`, and why.

    `topic` is below the hall; `field` a path as `periods[0].resolved.total`. `text` is Vietnamese,
    `text_en` the same in English.
    """

    topic: ShortText
    field: ShortText
    expected: ShortText
    got: Excerpt
    text: Text
    text_en: Text
    at: Time


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
