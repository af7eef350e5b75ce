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
from pathlib import Path
from typing import Any

import pytest

from hall.contract.acl import HallIds
from hall.contract.messages import Reply
from hall.contract.requests import Issue, Request
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
pytestmark = pytest.mark.timeout(3600 if FULL else 120)
CLIENTS = 8
ACTS = 60 if FULL else 15
ROUNDS = 10 if FULL else 2
PATIENCE_S = 20.0
YAML = """
version: 1
hall: {id: thu, name: Thử, hours: ["00:00-24:00"], days: [mon, tue, wed, thu, fri, sat, sun]}
services: [{id: a, name: Hộ tịch, prefix: A, first: 1, last: 9999, digits: 4}]
counters:
  - {id: "1", serves: [a]}
  - {id: "2", serves: [a]}
  - {id: "3", serves: [a]}
queue: {requests_per_s: 1000, burst: 10000}
"""


COUNTERS = ("1", "2", "3")
# What a clerk does about the person they hold.
ENDINGS = ("finish", "no-show", "park")


@dataclass(frozen=True)
class Act:
    """`result`: a number, "" for nobody waiting, "ok" or a code; None when no reply ever came.

    `seen`: the number that the counter was believed to hold, "" for none; None: not said.
    """

    client: int
    verb: str
    counter: str
    result: str | None
    begun: float
    ended: float
    seen: str | None = None


@dataclass(frozen=True)
class Queue:
    """The whole specification: numbers go up, and people are called in the order of arrival.

    `held`, `last`: by counter, its person and what it did last (verb, person, who was there).
    """

    issued: int = 0
    open: bool = True
    line: tuple[int, ...] = ()
    held: tuple[int, ...] = (0, 0, 0)
    last: tuple[tuple[str, int, int] | None, ...] = (None, None, None)

    def after(self, act: Act) -> "Queue | None":
        """The queue after an act, or None when the act's result cannot be."""
        if act.verb in ("service-close", "service-open"):
            return self._if(act, "ok", replace(self, open=act.verb == "service-open"))
        if act.verb == "issue" and not self.open:
            return self._if(act, "closed", self)
        if act.verb == "issue":
            one = self.issued + 1
            return self._if(act, label(one), replace(self, issued=one, line=(*self.line, one)))
        if act.seen not in (None, label(self._here(act))):
            return self._if(act, "conflict", self)
        return self._at_counter(act)

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
                line = tuple(sorted((*self.line, here)))
                return self._if(act, "ok", self._then(act, 0, (act.verb, here, 0), line))
            case _:
                return self._if(act, "ok", self._then(act, 0, (act.verb, here, 0)))

    def _undone(self, act: Act) -> "Queue | None":
        """Too late, or passed by: it may be refused; if not, it must be possible."""
        last = self.last[COUNTERS.index(act.counter)]
        if act.result == "not_now":
            return self
        if last is None or act.result != "ok":
            return None
        verb, one, before = last
        if verb == "call-next":
            return self._then(act, before, None, tuple(sorted((*self.line, one))))
        if verb == "transfer" and one not in self.line:
            return None
        return self._then(act, one, None, tuple(each for each in self.line if each != one))

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
            last=(*self.last[:place], last, *self.last[place + 1 :]),
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


def played(seed: int, unknown: float = 0.0) -> list[Act]:
    """A correct history: each act takes effect somewhere inside its span."""
    chance, queue, acts = random.Random(seed), Queue(), []
    verbs = ["issue", "issue", "issue", "call-next", "call-next", *ENDINGS, "transfer", "undo"]
    for at in sorted(chance.uniform(0, 20) for _ in range(60)):
        counter, lost = chance.choice(COUNTERS), chance.random() < unknown
        begun, ended = at - chance.uniform(0, 1), at + chance.uniform(0, 1)
        tried = Act(0, chance.choice(verbs), counter, None, begun, math.inf if lost else ended)
        results = ("ok", "", "not_now", label(queue.issued + 1), *map(label, queue.line[:1]))
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


def act(verb: str, result: str | None, begun: float, ended: float, seen: str | None = None) -> Act:
    return Act(0, verb, "1", result, begun, ended, seen)


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
            item = self.inbox.take(left)
            if item is not None and wanted(item):
                return item
        return None


class RealHall:
    """A controller in a thread of its own, on a real mosquitto, and its clients."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = SystemClock()
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


def work(client: Client, number: int, acts: int, history: list[Act], seed: int) -> None:
    """Some messages are sent twice, some replies not waited for."""
    chance = random.Random(seed * 100 + number)
    seen: dict[str, Any] = {}
    for _ in range(acts):
        counter = chance.choice(COUNTERS)
        verb, request = _wish(client.name, counter, seen.get(counter), chance)
        told = seen[counter] if verb in BOUND and counter in seen else None
        begun = time.monotonic()
        if chance.random() < 0.2:
            client.bus.publish(REQ_QUEUE, request, verb=verb, client=client.name)
        reply = client.ask(verb, request)
        ended = time.monotonic() if reply else math.inf
        believed = None if told is None else told["number"]
        history.append(Act(number, verb, counter, _result(verb, reply), begun, ended, believed))
        held = _counter_in(reply)
        if held is not None:
            seen[counter] = held


BOUND = (*ENDINGS, "transfer")


def _wish(name: str, counter: str, seen: Any, chance: random.Random) -> tuple[str, Request]:
    """Printers press, the head of the hall stops and starts, clerks do all the rest."""
    ident = new_id()
    if name.startswith("printer"):
        return "issue", Issue(id=ident, service="a", channel="button")
    if name == "tech":
        verb = chance.choice(("service-close", "service-open", "service-open"))
        return verb, QUEUE[verb].request.model_validate({"id": ident, "service": "a"})
    verb = chance.choice(("call-next", "call-next", "call-next", *BOUND, "undo"))
    body: dict[str, Any] = {"id": ident, "counter": counter}
    if verb in BOUND and seen is not None:
        body["expect_ticket"] = seen["id"]
    if verb == "transfer":
        body["to"] = {"service": "a"}
    return verb, QUEUE[verb].request.model_validate(body)


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
    if verb not in ("issue", "call-next"):
        return "ok"
    ticket: Any = (reply.data or {}).get("ticket")
    return "" if ticket is None else str(ticket["number"])


def record(hall: RealHall, acts: int, seed: int, *, restarts: int = 0) -> list[Act]:
    clients = [hall.client(name) for name in hall.names]
    history: list[Act] = []
    threads = [
        threading.Thread(target=work, args=(client, n, acts, history, seed))
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
    return history


@pytest.mark.broker
def test_what_eight_clients_saw_at_once_has_one_explanation(real_hall: RealHall) -> None:
    history = record(real_hall, ACTS * ROUNDS, seed=1)

    assert len(history) == CLIENTS * ACTS * ROUNDS
    assert all(a.result is not None for a in history)
    numbers = [a.result for a in history if a.verb == "issue" and a.result != "closed"]
    assert len(set(numbers)) == len(numbers)
    assert {a.result for a in history} >= {"ok", "not_now"}
    assert is_linearizable(history)


@pytest.mark.broker
def test_a_controller_that_starts_again_in_between_changes_nothing(real_hall: RealHall) -> None:
    history = record(real_hall, ACTS, seed=2, restarts=3 if FULL else 1)

    assert all(a.result is not None for a in history)
    assert is_linearizable(history)
