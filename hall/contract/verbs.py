"""The verbs of every request branch: who may use them, what they carry, what the reply holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from hall.contract import requests as req
from hall.contract.words import Part

COUNTER_CALLERS = frozenset({"bridge", "counters", "onestop", "tech"})
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
        "uplink",
        "tech",
    }
)


@dataclass(frozen=True, slots=True)
class Verb:
    """`callers` are kinds of client ("printer" for printer-1); `effect` is for the documents."""

    name: str
    request: type[req.Request]
    data: type[Part]
    callers: frozenset[str]
    effect: str


def _table(*verbs: Verb) -> Mapping[str, Verb]:
    return MappingProxyType({verb.name: verb for verb in verbs})


def _counter(name: str, request: type[req.Request], data: type[Part], effect: str) -> Verb:
    return Verb(name, request, data, COUNTER_CALLERS, effect)


QUEUE = _table(
    Verb(
        "issue",
        req.Issue,
        req.IssueData,
        frozenset({"printer", "kiosk", "counters", "onestop", "tech"}),
        "a new ticket; on disk before the reply leaves",
    ),
    Verb(
        "appoint",
        req.Appoint,
        req.Nothing,
        frozenset({"onestop", "tech"}),
        "books a slot; the same code moves it",
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
    _counter("call-next", req.CallNext, req.CallData, "finishes, then calls by the policy"),
    _counter("call-ticket", req.CallTicket, req.CallData, "calls that one"),
    _counter("recall", req.Recall, req.CounterData, "announces again"),
    _counter("start", req.Start, req.CounterData, "called to serving"),
    _counter("finish", req.Finish, req.CounterData, "done; the counter is open"),
    _counter("no-show", req.NoShow, req.CounterData, "did not come"),
    _counter("transfer", req.Transfer, req.CallData, "to a service or counter, same number"),
    _counter("park", req.Park, req.CallData, "steps aside"),
    _counter("resume", req.Resume, req.TicketData, "parked or no_show to waiting"),
    _counter("cancel", req.Cancel, req.TicketData, "waiting to cancelled"),
    _counter("counter-open", req.CounterOpen, req.CounterData, "opens the counter"),
    _counter("counter-pause", req.CounterPause, req.CounterData, "pauses the counter"),
    _counter("counter-close", req.CounterClose, req.CounterData, "closes; a called one returns"),
    Verb(
        "rate",
        req.Rate,
        req.Nothing,
        COUNTER_CALLERS | {"kiosk"},
        "satisfaction, journalled",
    ),
    Verb("board", req.Board, req.BoardData, EVERYONE, "for a client that fell behind"),
    Verb(
        "replay",
        req.Replay,
        req.ReplayData,
        frozenset({"counters", "onestop", "uplink", "tech"}),
        "events again, by sequence number",
    ),
    Verb("ping", req.Ping, req.Nothing, EVERYONE, "proves credentials and ACL"),
)

ONESTOP = _table(
    Verb(
        "dossier-lookup",
        req.DossierLookup,
        req.DossierData,
        frozenset({"kiosk", "tech"}),
        "a dossier's degree of completion",
    ),
    Verb(
        "catalogue-chunk",
        req.CatalogueChunk,
        req.CatalogueChunkData,
        frozenset({"kiosk", "counters", "tech"}),
        "a piece of the catalogue of procedures",
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
        "reprint",
        req.Reprint,
        req.Nothing,
        frozenset({"counters", "tech"}),
        "the same number again, labelled",
    ),
    Verb(
        "test-print",
        req.TestPrint,
        req.Nothing,
        frozenset({"kiosk", "counters", "tech"}),
        "a page of tests",
    ),
    Verb(
        "identify", req.Identify, req.Nothing, frozenset({"counters", "tech"}), "shows which it is"
    ),
    Verb("say", req.Say, req.Nothing, frozenset({"counters", "onestop", "tech"}), "speaks"),
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
        frozenset({"kiosk", "counters", "onestop", "tech"}),
        "is the daemon there",
    ),
)

LOOKUPS = frozenset({"dossier-lookup", "catalogue-chunk"})
READING = frozenset({"board", "replay", "ping"})
