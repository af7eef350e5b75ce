"""The verbs of every request branch, one row a verb; everything else about it is derived."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from hall.contract import following, onestop_requests, staff_marks, turns
from hall.contract import requests as req
from hall.contract.messages import CounterStatus
from hall.contract.words import WireModel

COUNTER_CALLERS = frozenset({"bridge", "counters", "onestop", "tech"})
RATERS = COUNTER_CALLERS | {"kiosk"}
BOOKERS = frozenset({"onestop", "counters", "tech"})
# onestop-feed alone sends no requests.
EVERYONE = frozenset(
    {
        "controller",
        "printer",
        "kiosk",
        "display",
        "board",
        "voice",
        "bridge",
        "counters",
        "onestop",
        "gateway",
        "uplink",
        "tech",
    }
)


@dataclass(frozen=True, slots=True)
class Offer:
    """How a clerk asks for a verb at a counter.

    `words`: in Vietnamese, on a button. `when`: what the counter may be doing. `key`: on the
    keyboard of the call page, none that types (WCAG 2.1.4) or that a browser keeps for itself.
    `keypad`: its key on a keypad; "": the YAML may give it one; None: a
    keypad cannot ask for it. `asks_more`: the clerk has to say more than the verb.
    `of_counter`: it is about the counter, not about the number that the counter holds.
    """

    words: str
    when: frozenset[CounterStatus]
    key: str
    keypad: str | None = None
    asks_more: bool = False
    of_counter: bool = False


@dataclass(frozen=True, slots=True)
class Verb:
    """`callers` are kinds of client ("printer" for printer-1); `effect` is for the documents.

    `reads`: it changes nothing, so that nothing of it is kept. `qos`: 0 leaves nothing in the
    broker's file. `on_paper`: a printer prints, and only it knows that it did; whoever is given a
    number is known to the queue.
    """

    name: str
    request: type[req.Request]
    data: type[WireModel]
    callers: frozenset[str]
    effect: str
    offer: Offer | None = None
    reads: bool = False
    qos: int = 1
    on_paper: bool = False


def _table(*verbs: Verb) -> Mapping[str, Verb]:
    return MappingProxyType({verb.name: verb for verb in verbs})


def _counter(
    name: str,
    request: type[req.Request],
    data: type[WireModel],
    effect: str,
    offer: Offer | None = None,
) -> Verb:
    return Verb(name, request, data, COUNTER_CALLERS, effect, offer)


def _when(*statuses: CounterStatus) -> frozenset[CounterStatus]:
    return frozenset(statuses)


QUEUE = _table(
    Verb(
        "issue",
        req.Issue,
        req.IssueData,
        frozenset({"printer", "kiosk", "counters", "onestop", "tech"}),
        "a new ticket; on disk before the reply leaves",
    ),
    Verb(
        "slots",
        req.Slots,
        req.SlotsData,
        BOOKERS,
        "appointments that can be had",
        reads=True,
    ),
    Verb(
        "appoint",
        req.Appoint,
        req.AppointData,
        BOOKERS,
        "books a slot; the same code moves it",
    ),
    Verb(
        "cancel-appointment",
        req.CancelAppointment,
        req.Nothing,
        BOOKERS,
        "gives the slot back",
    ),
    Verb(
        "check-in",
        req.CheckIn,
        req.IssueData,
        frozenset({"printer", "kiosk", "counters", "onestop", "tech"}),
        "a ticket for who has an appointment",
    ),
    Verb(
        "print-result",
        req.PrintOutcome,
        req.TicketData,
        frozenset({"printer", "tech"}),
        "what became of the paper; failed voids the ticket",
    ),
    _counter(
        "call-next",
        req.CallNext,
        req.CallData,
        "finishes, then calls by the policy",
        Offer("Gọi tiếp", _when("closed", "open", "paused", "called", "serving"), "F2", "N"),
    ),
    _counter(
        "call-ticket",
        req.CallTicket,
        req.CallData,
        "calls that one",
        Offer(
            "Gọi số",
            _when("closed", "open", "paused", "serving"),
            "Ctrl+G",
            asks_more=True,
            of_counter=True,
        ),
    ),
    _counter(
        "recall",
        req.Recall,
        req.CounterData,
        "announces again",
        Offer("Gọi lại", _when("called"), "F4", "R"),
    ),
    _counter(
        "start",
        req.Start,
        req.CounterData,
        "called to serving",
        Offer("Bắt đầu", _when("called"), "F7", ""),
    ),
    _counter(
        "finish",
        req.Finish,
        req.CounterData,
        "done; the counter is open",
        Offer("Kết thúc", _when("called", "serving"), "F8", "F"),
    ),
    _counter(
        "no-show",
        req.NoShow,
        req.CounterData,
        "did not come",
        Offer("Vắng mặt", _when("called"), "F9", "X"),
    ),
    _counter(
        "transfer",
        req.Transfer,
        req.TransferData,
        "to a service or counter, same number; `warning`: it is closed or paused now",
        Offer("Chuyển", _when("called", "serving"), "Ctrl+E", "T", asks_more=True),
    ),
    _counter(
        "park",
        req.Park,
        req.CallData,
        "steps aside",
        Offer("Tạm gác", _when("called", "serving"), "F10", "", asks_more=True),
    ),
    _counter(
        "undo",
        req.Undo,
        req.UndoData,
        "takes back the counter's last act, within 10 s",
        Offer(
            "Hoàn tác",
            _when("closed", "open", "paused", "called", "serving"),
            "Ctrl+Z",
            "",
            of_counter=True,
        ),
    ),
    _counter("resume", req.Resume, req.TicketData, "parked or no_show to waiting"),
    _counter("cancel", req.Cancel, req.TicketData, "waiting to cancelled"),
    _counter(
        "counter-open",
        req.CounterOpen,
        req.CounterData,
        "opens the counter",
        Offer("Mở quầy", _when("closed", "paused"), "Ctrl+M", "", of_counter=True),
    ),
    _counter(
        "counter-pause",
        req.CounterPause,
        req.CounterData,
        "pauses the counter",
        Offer("Tạm nghỉ", _when("open", "called"), "Ctrl+P", "", of_counter=True),
    ),
    _counter(
        "counter-close",
        req.CounterClose,
        req.CounterData,
        "closes; a called one returns",
        Offer("Đóng quầy", _when("open", "paused", "called"), "Ctrl+D", "", of_counter=True),
    ),
    Verb(
        "service-close",
        req.ServiceClose,
        req.ServiceData,
        frozenset({"counters", "tech"}),
        "no new tickets of the service today; who waits is still called",
    ),
    Verb(
        "service-open",
        req.ServiceOpen,
        req.ServiceData,
        frozenset({"counters", "tech"}),
        "tickets of the service again",
    ),
    Verb(
        "hall-close",
        req.HallClose,
        req.HallData,
        frozenset({"counters", "tech"}),
        "no new tickets from `at` until the hall opens again; asked again, the later one holds",
    ),
    Verb("rate", req.Rate, req.Nothing, RATERS, "satisfaction, journalled"),
    Verb(
        "unrate",
        req.Unrate,
        req.Nothing,
        RATERS,
        "takes back the sender's own last rating, within 10 s; an earlier one stands again",
    ),
    Verb("board", req.Board, req.BoardData, EVERYONE, "for a client that fell behind", reads=True),
    Verb(
        "turns",
        turns.Turns,
        turns.TurnsData,
        frozenset({"counters", "onestop", "tech"}),
        "who waits for a counter, in the order in which it would call them, and why",
        reads=True,
    ),
    Verb(
        "follow",
        following.Follow,
        following.FollowData,
        frozenset({"counters", "tech"}),
        "where tickets stand, by the tokens on their papers",
        reads=True,
    ),
    Verb(
        "replay",
        req.Replay,
        req.ReplayData,
        frozenset({"counters", "onestop", "uplink", "tech"}),
        "events again, by sequence number",
        reads=True,
    ),
    Verb(
        "replay-staff",
        staff_marks.ReplayStaff,
        staff_marks.ReplayStaffData,
        frozenset({"counters", "tech"}),
        "who of the staff did what, beside the events of `replay`; nobody else is told",
        reads=True,
    ),
    Verb("ping", req.Ping, req.Nothing, EVERYONE, "proves credentials and ACL", reads=True),
)

ONESTOP = _table(
    Verb(
        "dossier-lookup",
        onestop_requests.DossierLookup,
        onestop_requests.DossierData,
        frozenset({"kiosk", "tech"}),
        "a dossier's degree of completion",
        qos=0,
    ),
    Verb(
        "catalogue-chunk",
        onestop_requests.CatalogueChunk,
        onestop_requests.CatalogueChunkData,
        frozenset({"kiosk", "counters", "gateway", "tech"}),
        "a piece of the catalogue of procedures",
        qos=0,
    ),
    Verb("ping", req.Ping, req.Nothing, EVERYONE, "is the one-stop side there"),
)

DEVICE = _table(
    Verb(
        "dispense",
        req.Dispense,
        req.IssueData,
        frozenset({"kiosk", "counters", "tech"}),
        "checks the paper, issues, prints",
    ),
    Verb(
        "check-in",
        req.DispenseBooked,
        req.IssueData,
        frozenset({"kiosk", "counters", "tech"}),
        "checks the paper, checks in who has an appointment, prints",
    ),
    Verb(
        "reprint",
        req.Reprint,
        req.Nothing,
        frozenset({"counters", "tech"}),
        "the same number again, labelled",
        on_paper=True,
    ),
    Verb(
        "test-print",
        req.TestPrint,
        req.Nothing,
        frozenset({"kiosk", "counters", "tech"}),
        "a page of tests",
        on_paper=True,
    ),
    Verb(
        "identify",
        req.Identify,
        req.Nothing,
        frozenset({"counters", "tech"}),
        "shows which it is",
        on_paper=True,
    ),
    Verb("say", req.Say, req.Nothing, frozenset({"counters", "onestop", "tech"}), "speaks"),
    Verb(
        "imports",
        onestop_requests.Imports,
        onestop_requests.ImportsData,
        frozenset({"counters", "tech"}),
        "what became of the files of the one-stop side",
        reads=True,
    ),
    Verb(
        "accept-import",
        onestop_requests.AcceptImport,
        req.Nothing,
        frozenset({"counters", "tech"}),
        "takes a file that was held back",
    ),
    Verb(
        "enter-figures",
        onestop_requests.EnterFigures,
        req.Nothing,
        frozenset({"counters", "tech"}),
        "takes figures that somebody typed",
    ),
    Verb(
        "simulate",
        req.Simulate,
        req.Nothing,
        frozenset({"counters", "tech"}),
        "steers simulated hardware; bad_request where the hardware is real",
    ),
    Verb(
        "ping",
        req.Ping,
        req.Nothing,
        frozenset({"counters", "onestop", "tech"}),
        "is the daemon there",
    ),
)

OFFERS: Mapping[str, Offer] = MappingProxyType(
    {name: verb.offer for name, verb in QUEUE.items() if verb.offer is not None}
)
