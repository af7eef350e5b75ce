"""Every request and the data of its reply. `id` is made once per human act, reused on retries."""

from typing import Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from hall.contract.messages import (
    BoardState,
    Channel,
    CounterState,
    HallState,
    Lean,
    PrintResult,
    PublicTicket,
    ServiceState,
    TicketEvent,
    is_absent,
)
from hall.contract.words import (
    AppointmentCode,
    Count,
    Day,
    DossierCode,
    Flag,
    Lang,
    Name,
    Number,
    PersonKey,
    RequestId,
    SaidNumber,
    Serial,
    ShortText,
    Staff,
    Text,
    TicketId,
    Time,
    TurnToken,
    Whole,
    WireModel,
)


class Request(WireModel):
    id: RequestId


class QueueRequest(Request):
    """`staff`: who asks, in the journal alone: in no event and in nothing that leaves the hall."""

    staff: Staff | None = None


class CounterRequest(QueueRequest):
    """What the clerk saw: the counter's `ver`, and the id of its ticket, null where it held none.

    Another one by now is a conflict; what is left out is not compared.
    """

    counter: Name
    expect_ver: Whole | None = None
    expect_ticket: TicketId | None = None

    @model_serializer(mode="wrap")
    def _as_said(self, written: SerializerFunctionWrapHandler) -> dict[str, object]:
        """Null says that the counter held nobody: it must not be written for what is left out."""
        found: dict[str, object] = written(self)
        if "expect_ticket" not in self.model_fields_set:
            found.pop("expect_ticket", None)
        return found


class Issue(QueueRequest):
    service: Name
    priority: Name | None = None
    channel: Channel
    lang: Lang = "vi"


class Slots(Request):
    service: Name
    from_: Day = Field(alias="from")
    days: Serial = Field(le=14)


class Appoint(QueueRequest):
    """From the one-stop side; the same code again moves the slot. The code is never kept.

    `person` counts for the quota a person and day: an opaque key, never an identity number.
    """

    code: AppointmentCode
    service: Name
    slot: Time
    priority: Name | None = None
    person: PersonKey | None = None


class CancelAppointment(QueueRequest):
    code: AppointmentCode


class CheckIn(QueueRequest):
    """The booked person is here: a ticket that ranks by its slot. Of `code` any case will do."""

    code: AppointmentCode
    channel: Channel
    lang: Lang = "vi"


class PrintOutcome(QueueRequest):
    ticket: TicketId
    result: PrintResult


class CallNext(CounterRequest):
    services: tuple[Name, ...] | None = Field(default=None, min_length=1, max_length=64)


class CallTicket(CounterRequest):
    """`number`: as people say it: "A006", "a 6", or "6" where only one service fits."""

    number: SaidNumber | None = None
    ticket: TicketId | None = None


class Recall(CounterRequest):
    pass


class Start(CounterRequest):
    pass


class Finish(CounterRequest):
    outcome: ShortText | None = None


class NoShow(CounterRequest):
    pass


class Destination(WireModel):
    service: Name | None = None
    counter: Name | None = None


class Transfer(CounterRequest):
    to: Destination
    position: Literal["arrival", "front", "back"] = "arrival"


class Park(CounterRequest):
    minutes: Serial | None = Field(default=None, le=24 * 60)
    reason: ShortText | None = None


class Undo(CounterRequest):
    pass


class Resume(QueueRequest):
    """`counter`: whose clerk asks; only tickets of its services may be brought back then."""

    ticket: TicketId
    counter: Name | None = None


class Cancel(QueueRequest):
    """`counter`: whose clerk asks; only tickets of its services may be cancelled then."""

    ticket: TicketId
    counter: Name | None = None


class CounterOpen(CounterRequest):
    pass


class CounterPause(CounterRequest):
    pass


class CounterClose(CounterRequest):
    pass


class ServiceClose(QueueRequest):
    """No new tickets of this service today; who waits is still called."""

    service: Name
    reason: ShortText | None = None


class ServiceOpen(QueueRequest):
    service: Name
    reason: ShortText | None = None


class HallClose(QueueRequest):
    """No new tickets from `at`, a time of today, until the hall opens again."""

    at: Time
    notice: ShortText | None = None


class Rate(QueueRequest):
    """Of a ticket, or of whoever a counter serves or has served last, or of the hall as a whole.

    `question`, `reason`: ids of the YAML's `ratings`. A ticket has one rating a question: a later
    one of its day replaces it.
    """

    score: Serial = Field(le=5)
    ticket: TicketId | None = None
    counter: Name | None = None
    question: Name | None = None
    reason: Name | None = None


class Unrate(QueueRequest):
    """Takes back the sender's own last rating of that ticket or counter, or of the hall."""

    ticket: TicketId | None = None
    counter: Name | None = None
    question: Name | None = None


class Board(Request):
    pass


class Replay(Request):
    from_seq: Serial
    limit: Serial = Field(default=200, le=200)
    epoch: Serial


class Ping(Request):
    pass


# --- to devices ---------------------------------------------------------------------------------


class Dispense(Request):
    service: Name
    priority: Name | None = None
    lang: Lang = "vi"


class DispenseBooked(Request):
    """`code`: of an appointment, as at the queue's own `check-in`."""

    code: AppointmentCode
    lang: Lang = "vi"


class Reprint(Request):
    """Without a ticket: the last one printed."""

    ticket: TicketId | None = None


class TestPrint(Request):
    __test__ = False


class Identify(Request):
    pass


class Say(Request):
    text: Text | None = None
    number: Number | None = None
    counter: Name | None = None
    lang: Lang = "vi"


class Simulate(Request):
    """Steers simulated hardware (training, demo); refused by a daemon with a real driver."""

    action: str = Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")
    args: dict[str, str | int | float | bool] = Field(default_factory=dict, max_length=16)


# --- data of the replies ------------------------------------------------------------------------


class Nothing(WireModel):
    pass


class Promised(WireModel):
    """`kept`: the ticket ranks by its slot; else its holder came too late, and it ranks by that."""

    slot: Time
    kept: Flag


class IssueData(WireModel):
    """`ahead`: tickets called before this one as things stand.

    `counters`: those at work that serve it; while none is, all that could, closed or paused.

    `promised`: the appointment behind it, where there is one. `token`: what its holder follows the
    turn with, in a hall that has a page for it.
    """

    ticket: PublicTicket
    ahead: Count
    wait_min: tuple[Count, Count] | None = None
    counters: tuple[Name, ...] = ()
    promised: Promised | None = None
    token: TurnToken | None = Field(default=None, exclude_if=is_absent)


class Appointment(Lean):
    """Why no ticket can be had by a code just now: it is for another time, or was used.

    `from`: the first moment to check in, where not all day will do; `ticket`: what the code has
    brought already.
    """

    slot: Time
    service: Name
    from_: Time | None = Field(default=None, alias="from")
    ticket: PublicTicket | None = None


class Slot(WireModel):
    """`at`: when it begins; `left`: how many people it can still take."""

    at: Time
    left: Count


class SlotsData(WireModel):
    """What can be booked, at most 500 slots: the rest is asked for from a later day."""

    slots: tuple[Slot, ...] = ()


class AppointData(WireModel):
    """`place`: how many people were booked for this slot before."""

    code: DossierCode
    slot: Time
    service: Name
    place: Count


class TicketData(WireModel):
    ticket: PublicTicket


class CounterData(WireModel):
    counter: CounterState


class CallData(WireModel):
    ticket: PublicTicket | None = None
    counter: CounterState


class TransferData(Lean):
    """`warning`: what the place sent to is now: nobody calls there, or a person closed it."""

    ticket: PublicTicket
    counter: CounterState
    warning: Literal["closed", "paused"] | None = None


class UndoData(Lean):
    """`ticket`: the one whose last event was taken back."""

    ticket: PublicTicket | None = None
    counter: CounterState


class ServiceData(WireModel):
    service: ServiceState


class HallData(WireModel):
    hall: HallState


class BoardData(WireModel):
    hall: HallState
    board: BoardState
    counters: dict[str, CounterState]
    services: dict[str, ServiceState]


class ReplayData(WireModel):
    """`last_seq` is the page's last, `end_seq` the journal's."""

    events: tuple[TicketEvent, ...]
    last_seq: Count
    end_seq: Count
