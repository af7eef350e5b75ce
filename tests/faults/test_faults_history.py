"""Eight clients at once over a real broker: is there one order of their acts that explains all?

Wing and Gong's search, as in Porcupine: an act takes effect at one moment between its request and
its reply; one whose reply never came may have taken effect at any later moment, or never.
"""

import math
import os
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from hall.contract.acl import HallIds
from hall.contract.messages import Reply
from hall.contract.requests import Request
from hall.contract.topics import REQ_QUEUE, RSP
from hall.contract.verbs import QUEUE
from hall.controller import __main__ as wiring
from hall.runtime import settings
from hall.runtime.broker import PrivateBroker, server_for
from hall.runtime.bus import Connected, Subscription
from hall.runtime.bus_mqtt import MqttBus
from hall.runtime.clock import SystemClock
from hall.runtime.daemon import Daemon, Ground
from hall.runtime.inbox import Inbox
from hall.runtime.notify import Heartbeat, Notifier
from hall.runtime.requester import new_id

FULL = os.environ.get("MOTCUA_FAULTS") == "full"
pytestmark = pytest.mark.timeout(3600 if FULL else 600)
CLIENTS = 8
ACTS = 60 if FULL else 15
ROUNDS = 10 if FULL else 2
PATIENCE_S = 20.0
YAML = """
version: 1
hall: {id: thu, name: Thử, hours: ["00:00-24:00"], days: [mon, tue, wed, thu, fri, sat, sun]}
services:
  - id: a
    name: Hộ tịch
    prefix: A
    first: 1
    last: 9999
    digits: 4
    appointments: {per_slot: 6, early_min: 720}
counters:
  - {id: "1", serves: [a]}
  - {id: "2", serves: [a]}
  - {id: "3", serves: [a]}
queue: {requests_per_s: 1000, burst: 10000, issues_per_s: 1000, issue_burst: 10000}
"""


COUNTERS = ("1", "2", "3")
# What a clerk does about the person they hold.
ENDINGS = ("finish", "no-show", "park")
# Nine in the morning of the hall, one slot far behind everybody who walks in, and its people.
MORNING = datetime(2026, 11, 23, 2, tzinfo=UTC)
SLOT = "2026-11-23T15:00:00+07:00"
ROOM = 6
CODES = tuple(f"HEN-{n}" for n in range(14))
# Tickets end for everybody at a time that has passed, or at one that stops nothing yet.
BY_NOW, LATER = "2026-11-23T08:00:00+07:00", "2026-11-23T20:00:00+07:00"


@dataclass(frozen=True)
class Act:
    """`result`: a number, "" for nobody waiting, "ok" or a code; None when no reply ever came.

    Of `appoint` it is the place in the slot.
    `seen`: the number that the counter was believed to hold, "" for none; None: not said.
    `named`: the number to cancel, the code of an appointment, when the hall stops.
    """

    client: int
    verb: str
    counter: str
    result: str | None
    begun: float
    ended: float
    seen: str | None = None
    named: str = ""


class Last(NamedTuple):
    """What a counter did last: to whom, who was there before, and which client asked."""

    verb: str
    one: int
    before: int
    by: int


@dataclass(frozen=True)
class Queue:
    """The whole specification: numbers go up, and people are called in the order of arrival.

    Behind them come the people of the slot, in the order in which they booked.
    `held`, `last`: by counter, its person and what it did last.
    `booked`, `came`: the codes of the slot, and the number that each has brought, 0 for none yet.
    """

    issued: int = 0
    open: bool = True
    stopped: bool = False
    line: tuple[int, ...] = ()
    held: tuple[int, ...] = (0, 0, 0)
    last: tuple[Last | None, ...] = (None, None, None)
    booked: tuple[str, ...] = ()
    came: tuple[int, ...] = ()

    def after(self, act: Act) -> "Queue | None":  # noqa: PLR0911 - one arm a verb
        """The queue after an act, or None when the act's result cannot be."""
        match act.verb:
            case "service-close" | "service-open":
                return self._if(act, "ok", replace(self, open=act.verb == "service-open"))
            case "hall-close":
                return self._if(act, "ok", replace(self, stopped=act.named == BY_NOW))
            case "issue":
                return self._given(act, self) if self._takes_on() else self._if(act, "closed", self)
            case "appoint":
                return self._appointed(act)
            case "check-in":
                return self._checked_in(act)
            case "cancel-appointment":
                return self._given_back(act)
            case "cancel":
                return self._cancelled(act)
            case _ if act.seen not in (None, label(self._here(act))):
                return self._if(act, "conflict", self)
            case _:
                return self._at_counter(act)

    def _takes_on(self) -> bool:
        return self.open and not self.stopped

    def _given(self, act: Act, then: "Queue") -> "Queue | None":
        one = self.issued + 1
        return self._if(act, label(one), replace(then, issued=one, line=then.with_also(one)))

    def _appointed(self, act: Act) -> "Queue | None":
        """Who asks again keeps the place; who has come can book no more."""
        place = self._place(act)
        if place is not None and self.came[place]:
            return self._if(act, "not_now", self)
        if not self._takes_on():
            return self._if(act, "closed", self)
        if place is not None:
            return self._if(act, str(place), self)
        if len(self.booked) == ROOM:
            return self._if(act, "limit", self)
        then = replace(self, booked=(*self.booked, act.named), came=(*self.came, 0))
        return self._if(act, str(len(self.booked)), then)

    def _checked_in(self, act: Act) -> "Queue | None":
        """A service that is closed takes who is booked all the same."""
        place = self._place(act)
        if place is None:
            return self._if(act, "unknown", self)
        if self.came[place]:
            return self._if(act, "not_now", self)
        if self.stopped:
            return self._if(act, "closed", self)
        came = (*self.came[:place], self.issued + 1, *self.came[place + 1 :])
        return self._given(act, replace(self, came=came))

    def _given_back(self, act: Act) -> "Queue | None":
        """Whoever has come keeps the number; those behind move up."""
        place = self._place(act)
        if place is None:
            return self._if(act, "unknown", self)
        if self.came[place]:
            return self._if(act, "not_now", self)
        booked, came = ((*each[:place], *each[place + 1 :]) for each in (self.booked, self.came))
        return self._if(act, "ok", replace(self, booked=booked, came=came))

    def _place(self, act: Act) -> int | None:
        return self.booked.index(act.named) if act.named in self.booked else None

    def _cancelled(self, act: Act) -> "Queue | None":
        found = next((one for one in self.line if label(one) == act.named), None)
        if found is None:
            return self._if(act, "not_now" if act.named else "unknown", self)
        here = self._here(act)
        then = self._then(act, here, (act.verb, found, here), self._without(found))
        return self._if(act, "ok", then)

    def with_also(self, one: int) -> tuple[int, ...]:
        """The line when this person waits too."""
        turn = {number: place for place, number in enumerate(self.came)}
        return tuple(
            sorted((*self.line, one), key=lambda each: (each in turn, turn.get(each, each)))
        )

    def _without(self, one: int) -> tuple[int, ...]:
        return tuple(each for each in self.line if each != one)

    def _at_counter(self, act: Act) -> "Queue | None":
        here = self._here(act)
        match act.verb:
            case "undo":
                return self._undone(act)
            case "call-next" if self.line:
                one, *rest = self.line
                then = self._then(act, one, ("call-next", one, here), tuple(rest))
                return self._if(act, label(one), then)
            case "call-next":
                return self._if(act, "", self._then(act, 0, ("finish", here, 0)) if here else self)
            case _ if not here:
                return self._if(act, "not_now", self)
            case "transfer":
                then = self._then(act, 0, (act.verb, here, 0), self.with_also(here))
                return self._if(act, "ok", then)
            case _:
                return self._if(act, "ok", self._then(act, 0, (act.verb, here, 0)))

    def _undone(self, act: Act) -> "Queue | None":
        """Too late, or passed by: it may be refused; if not, it must be possible."""
        last = self.last[COUNTERS.index(act.counter)]
        if act.result == "not_now":
            return self
        if last is None or act.result != "ok":
            return None
        verb, one, before, by = last
        if (verb == "transfer" and one not in self.line) or (verb == "cancel" and by != act.client):
            return None
        if verb in ("call-next", "cancel"):
            return self._then(act, before, None, self.with_also(one))
        return self._then(act, one, None, self._without(one))

    def _here(self, act: Act) -> int:
        return self.held[COUNTERS.index(act.counter)]

    def _then(
        self,
        act: Act,
        held: int,
        last: tuple[str, int, int] | None,
        line: tuple[int, ...] | None = None,
    ) -> "Queue":
        place = COUNTERS.index(act.counter)
        return replace(
            self,
            line=self.line if line is None else line,
            held=(*self.held[:place], held, *self.held[place + 1 :]),
            last=(*self.last[:place], last and Last(*last, act.client), *self.last[place + 1 :]),
        )

    def _if(self, act: Act, result: str, then: "Queue") -> "Queue | None":
        return then if act.result in (None, result) else None


def label(number: int) -> str:
    return f"A{number:04d}" if number else ""


def is_linearizable(history: list[Act]) -> bool:
    """Depth-first over acts that may come next; each (set of done acts, queue) is tried once."""
    acts = sorted(history, key=lambda act: act.begun)
    known = sum(1 << i for i, act in enumerate(acts) if act.result is not None)
    tried: set[tuple[int, Queue]] = set()
    stack = [(0, Queue())]
    while stack:
        done, queue = stack.pop()
        if done & known == known:
            return True
        if (done, queue) in tried:
            continue
        tried.add((done, queue))
        first_end = min(a.ended for i, a in enumerate(acts) if not done >> i & 1)
        for i, act in enumerate(acts):
            if act.begun > first_end:
                break
            if not done >> i & 1 and (then := queue.after(act)) is not None:
                stack.append((done | 1 << i, then))
    return False


# --- the checker itself -------------------------------------------------------------------------


NAMED = {
    "appoint": CODES,
    "check-in": CODES,
    "cancel-appointment": CODES,
    "cancel": tuple(f"A{n:04d}" for n in range(1, 20)),
    "hall-close": (BY_NOW, LATER, LATER),
}


def played(seed: int, unknown: float = 0.0) -> list[Act]:
    """A correct history: each act takes effect somewhere inside its span."""
    chance, queue, acts = random.Random(seed), Queue(), []
    verbs = ["issue", "issue", "issue", "call-next", "call-next", *ENDINGS, "transfer", "undo"]
    verbs += ["appoint", "check-in", "cancel-appointment", "cancel", "hall-close"]
    for at in sorted(chance.uniform(0, 20) for _ in range(60)):
        counter, lost = chance.choice(COUNTERS), chance.random() < unknown
        begun, ended = at - chance.uniform(0, 1), at + chance.uniform(0, 1)
        verb = chance.choice(verbs)
        named = chance.choice(NAMED.get(verb, ("",)))
        tried = Act(0, verb, counter, None, begun, math.inf if lost else ended, named=named)
        codes = ("not_now", "closed", "unknown", "limit", *map(str, range(ROOM)))
        results = ("ok", "", label(queue.issued + 1), *map(label, queue.line[:1]), *codes)
        made, queue = next(
            (done, then)
            for done in (replace(tried, result=result) for result in results)
            if (then := queue.after(done)) is not None
        )
        acts.append(replace(made, result=None) if lost and made.verb != "undo" else made)
    return acts


@pytest.mark.parametrize("seed", range(10))
def test_the_checker_accepts_what_can_be_explained(seed: int) -> None:
    assert is_linearizable(played(seed))
    assert is_linearizable(played(seed, unknown=0.05))


def act(
    verb: str,
    result: str | None,
    begun: float,
    ended: float,
    *,
    seen: str | None = None,
    named: str = "",
) -> Act:
    return Act(0, verb, "1", result, begun, ended, seen, named)


BOOKED = (
    act("appoint", "0", 0, 1, named="HEN-0"),
    act("appoint", "1", 2, 3, named="HEN-1"),
    act("check-in", "A0001", 4, 5, named="HEN-1"),
)
CALLED = (act("issue", "A0001", 0, 1), act("call-next", "A0001", 2, 3))


@pytest.mark.parametrize(
    "history",
    [
        [act("issue", "A0001", 0, 1), act("issue", "A0001", 2, 3)],
        [act("issue", "A0002", 0, 1), act("issue", "A0001", 2, 3)],
        [act("issue", "A0001", 0, 1), act("call-next", "", 2, 3)],
        [
            act("issue", "A0001", 0, 1),
            act("call-next", "A0001", 2, 3),
            act("call-next", "A0001", 2, 3),
        ],
        [act("call-next", "A0001", 0, 1), act("issue", "A0001", 2, 3)],
        [
            act("issue", "A0001", 0, 1),
            act("issue", "A0002", 0, 1),
            act("call-next", "A0002", 2, 3),
            act("call-next", "A0001", 4, 5),
        ],
        [act("issue", "A0003", 0, 1), act("issue", None, 0, math.inf)],
        [act("service-close", "ok", 0, 1), act("issue", "A0001", 2, 3)],
        [*CALLED, act("undo", "ok", 4, 5), act("call-next", "", 6, 7)],
        [*CALLED, act("undo", "ok", 4, 5), act("undo", "ok", 6, 7)],
        [*CALLED, act("no-show", "ok", 4, 5), act("finish", "ok", 6, 7)],
        [*CALLED, act("transfer", "ok", 4, 5), act("call-next", "", 6, 7)],
        [*CALLED, act("park", "ok", 4, 5, seen="")],
        [*CALLED, act("finish", "conflict", 4, 5, seen="A0001")],
        [*CALLED, act("cancel", "ok", 4, 5, named="A0001")],
        [
            act("issue", "A0001", 0, 1),
            act("cancel", "ok", 2, 3, named="A0001"),
            act("call-next", "A0001", 4, 5),
        ],
        [act("hall-close", "ok", 0, 1, named=BY_NOW), act("issue", "A0001", 2, 3)],
        [*BOOKED, act("appoint", "1", 6, 7, named="HEN-2")],
        [*BOOKED, act("check-in", "A0002", 6, 7, named="HEN-1")],
        [
            *BOOKED,
            act("check-in", "A0002", 6, 7, named="HEN-0"),
            act("call-next", "A0001", 8, 9),
        ],
        [*BOOKED, act("issue", "A0002", 6, 7), act("call-next", "A0001", 8, 9)],
        [
            *BOOKED,
            act("cancel-appointment", "ok", 6, 7, named="HEN-0"),
            act("check-in", "A0002", 8, 9, named="HEN-0"),
        ],
        [
            *(act("appoint", str(n), n, n + 0.5, named=CODES[n]) for n in range(ROOM)),
            act("cancel-appointment", "ok", 8, 9, named="HEN-0"),
            act("appoint", "limit", 10, 11, named=CODES[ROOM]),
        ],
        [*BOOKED, act("cancel-appointment", "ok", 6, 7, named="HEN-1")],
    ],
    ids=[
        "one number twice",
        "a number that goes back",
        "nobody waiting while someone waits",
        "one person at two counters",
        "called before issued",
        "called out of order",
        "a number from nowhere",
        "a number of a closed service",
        "a call that was taken back is lost",
        "one act taken back twice",
        "one person ended twice",
        "who was sent on is lost",
        "an act on another person than the one seen",
        "a conflict that nobody made",
        "a called person is cancelled",
        "who was cancelled is called",
        "a number of a stopped hall",
        "one place of a slot twice",
        "one appointment becomes two numbers",
        "within a slot who came first is called first",
        "a later slot goes before who walks in",
        "who gave the appointment back checks in",
        "a slot that was given back is full",
        "who has come gives the appointment back",
    ],
)
def test_the_checker_rejects_what_cannot_be_explained(history: list[Act]) -> None:
    assert not is_linearizable(history)


# --- recorded from the real thing ---------------------------------------------------------------


@dataclass
class Client:
    """Asks over its own connection, with the same id until there is an answer."""

    name: str
    bus: MqttBus
    inbox: Inbox = field(default_factory=Inbox)

    def open(self) -> "Client":
        self.bus.open(self.inbox, [Subscription(RSP, {"client": self.name})], ())
        self._until(lambda item: isinstance(item, Connected), 120)
        return self

    def ask(self, verb: str, request: Request, tries: int = 4) -> Reply | None:
        for _ in range(tries):
            self.bus.publish(REQ_QUEUE, request, verb=verb, client=self.name)
            found = self._until(
                lambda item: (
                    isinstance(reply := getattr(item, "message", None), Reply)
                    and reply.id == request.id
                ),
                PATIENCE_S / tries,
            )
            if found is not None:
                reply: Reply = found.message
                return reply
        return None

    def _until(self, wanted: Any, seconds: float) -> Any:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            item = self.inbox.take_item(left)
            if item is not None and wanted(item):
                return item
        return None


class MorningClock(SystemClock):
    """The machine's clock, put to the morning of a hall: its slot lies ahead at any hour."""

    def __init__(self) -> None:
        self._away = MORNING - datetime.now(UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._away

    def trusted(self) -> bool:
        return True


class RealHall:
    """A controller in a thread of its own, on a real mosquitto, and its clients."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = MorningClock()
        printers, bridges = (f"printer-{n}" for n in range(1, 5)), ("bridge-1", "bridge-2")
        self.names = (*printers, *bridges, "counters", "tech")
        self.broker = PrivateBroker(folder, HallIds("thu", ("controller", *self.names)))
        self.where = self.broker.start()
        self.daemon: Daemon | None = None
        self.thread: threading.Thread | None = None
        (folder / "hall.yaml").write_text(YAML, encoding="utf-8")

    def bus(self, client: str) -> MqttBus:
        server = server_for(client, self.where, self.folder, "", "mqtt-password")
        return MqttBus(client, "thu", server, self.clock)

    def start(self) -> None:
        document = settings.read(self.folder / "hall.yaml")
        [self.daemon] = wiring.build(
            document, Ground("thu", self.clock, self.folder, self.bus), None
        )
        self.thread = threading.Thread(target=self.daemon.run, args=(Heartbeat(Notifier(), 1),))
        self.thread.start()

    def stop(self) -> None:
        if self.daemon is not None and self.thread is not None:
            self.daemon.stop()
            self.thread.join(10)
            assert not self.thread.is_alive()

    def client(self, name: str) -> Client:
        return Client(name, self.bus(name)).open()


@pytest.fixture
def real_hall(tmp_path: Path) -> Iterator[RealHall]:
    hall = RealHall(tmp_path)
    hall.start()
    yield hall
    hall.stop()
    hall.broker.close()


NO_PAPER = {"id": "nobody", "number": ""}


@dataclass(frozen=True)
class Recorded:
    """What all clients did, and the tickets and places given, as their replies tell them."""

    history: list[Act] = field(default_factory=list)
    papers: list[dict[str, Any]] = field(default_factory=list)
    booked: list[str] = field(default_factory=list)


def work(client: Client, number: int, acts: int, seed: int, recorded: Recorded) -> None:
    """Some messages are sent twice, some replies not waited for."""
    chance = random.Random(seed * 100 + number)
    seen: dict[str, Any] = {}
    for _ in range(acts):
        counter = chance.choice(COUNTERS)
        verb, request, named = _wish(client.name, counter, seen.get(counter), chance, recorded)
        told = seen[counter] if verb in BOUND and counter in seen else None
        begun = time.monotonic()
        if chance.random() < 0.2:
            client.bus.publish(REQ_QUEUE, request, verb=verb, client=client.name)
        reply = client.ask(verb, request)
        ended = time.monotonic() if reply else math.inf
        believed = None if told is None else told["number"]
        result = _result(verb, reply)
        recorded.history.append(Act(number, verb, counter, result, begun, ended, believed, named))
        if verb in GIVING and reply and reply.data:
            recorded.papers.append(reply.data["ticket"])
        if verb == "appoint" and reply and reply.data:
            recorded.booked.append(named)
        held = _counter_in(reply)
        if held is not None:
            seen[counter] = held


BOUND = (*ENDINGS, "transfer")
# What changes the queue, except what the specification holds for one counter alone (start, recall,
# call-ticket, opening and closing, rate) and what a printer tells: these are simulated.
ASKED = {
    *("issue", "call-next", "finish", "no-show", "park", "transfer", "undo", "cancel"),
    *("appoint", "check-in", "cancel-appointment", "service-close", "service-open", "hall-close"),
}
GIVING = ("issue", "check-in")
# Often enough that most of the time tickets are given.
OPENING = ("service-open",) * 3
BOOKING = (*("appoint",) * 6, *("cancel-appointment",) * 4)


def _wish(
    name: str, counter: str, seen: Any, chance: random.Random, recorded: Recorded
) -> tuple[str, Request, str]:
    """Printers press and check in, the head of the hall stops and starts, clerks do the rest."""
    if name.startswith("printer"):
        verb = chance.choice(("issue", "issue", "issue", "check-in"))
    elif name == "tech":
        verb = chance.choice(("service-close", *OPENING, "hall-close", *BOOKING))
    else:
        verb = chance.choice((*("call-next",) * 3, *BOUND, *("undo", "cancel") * 2))
    body, named = _body(verb, counter, seen, chance, recorded)
    return verb, QUEUE[verb].request.model_validate({"id": new_id()} | body), named


def _body(  # noqa: PLR0911 - one arm a verb
    verb: str, counter: str, seen: Any, chance: random.Random, recorded: Recorded
) -> tuple[dict[str, Any], str]:
    """What the request says, and what of it the specification has to know."""
    match verb:
        case "issue":
            return {"service": "a", "channel": "button"}, ""
        case "check-in":
            code = chance.choice(CODES)
            return {"code": chance.choice((code, code.lower())), "channel": "kiosk"}, code
        case "appoint":
            code = chance.choice(CODES)
            return {"code": code, "service": "a", "slot": SLOT}, code
        case "cancel-appointment":
            code = chance.choice(recorded.booked[-3:] or CODES)
            return {"code": code}, code
        case "hall-close":
            at = chance.choice((BY_NOW, LATER, LATER, LATER))
            return {"at": at}, at
        case "service-close" | "service-open":
            return {"service": "a"}, ""
        case "cancel":
            paper = chance.choice(recorded.papers[-9:] or [NO_PAPER])
            return {"ticket": paper["id"], "counter": counter}, paper["number"]
        case _:
            expected = {"expect_ticket": seen["id"]} if verb in BOUND and seen else {}
            to = {"to": {"service": "a"}} if verb == "transfer" else {}
            return {"counter": counter} | expected | to, ""


def _counter_in(reply: Reply | None) -> dict[str, Any] | None:
    """Whom the counter holds by this reply, where it says so: id and number."""
    told: Any = {}
    if reply is not None and reply.data is not None:
        told = reply.data.get("counter")
    elif reply is not None and reply.error is not None:
        told = reply.error.current
    if not told:
        return None
    ticket = told.get("ticket")
    return {"id": ticket["id"] if ticket else None, "number": ticket["number"] if ticket else ""}


def _result(verb: str, reply: Reply | None) -> str | None:
    if reply is None:
        return None
    if reply.error is not None:
        return reply.error.code
    if verb == "appoint":
        return str((reply.data or {})["place"])
    if verb not in (*GIVING, "call-next"):
        return "ok"
    ticket: Any = (reply.data or {}).get("ticket")
    return "" if ticket is None else str(ticket["number"])


def record(hall: RealHall, acts: int, seed: int, *, restarts: int = 0) -> list[Act]:
    clients = [hall.client(name) for name in hall.names]
    recorded = Recorded()
    threads = [
        threading.Thread(target=work, args=(client, n, acts, seed, recorded))
        for n, client in enumerate(clients)
    ]
    for counter in COUNTERS:
        opened = QUEUE["counter-open"].request.model_validate({"id": new_id(), "counter": counter})
        assert clients[-1].ask("counter-open", opened)
    for thread in threads:
        thread.start()
    for _ in range(restarts):
        hall.stop()
        hall.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()
    for client in clients:
        client.bus.close()
    return recorded.history


@pytest.mark.broker
def test_what_eight_clients_saw_at_once_has_one_explanation(real_hall: RealHall) -> None:
    history = record(real_hall, ACTS * ROUNDS, seed=1)

    assert len(history) == CLIENTS * ACTS * ROUNDS
    assert all(a.result is not None for a in history)
    numbers = [a.result for a in history if a.verb == "issue" and a.result != "closed"]
    assert len(set(numbers)) == len(numbers)
    assert {a.result for a in history} >= {"ok", "not_now"}
    assert {a.verb for a in history} >= ASKED
    assert is_linearizable(history)


@pytest.mark.broker
def test_a_controller_that_starts_again_in_between_changes_nothing(real_hall: RealHall) -> None:
    history = record(real_hall, ACTS, seed=2, restarts=3 if FULL else 1)

    assert all(a.result is not None for a in history)
    assert is_linearizable(history)
