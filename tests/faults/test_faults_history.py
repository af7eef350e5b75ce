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
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from hall.contract.acl import HallIds
from hall.contract.messages import Reply
from hall.contract.requests import CallNext, Finish, Issue, Request
from hall.contract.topics import REQ_QUEUE, RSP
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


@dataclass(frozen=True)
class Act:
    """`result`: a number, "" for nobody waiting, None when no reply ever came."""

    client: int
    verb: str
    counter: str
    result: str | None
    begun: float
    ended: float


@dataclass(frozen=True)
class Queue:
    """The whole specification: numbers go up, and people are called in the order of arrival."""

    issued: int = 0
    called: int = 0

    def after(self, act: Act) -> "Queue | None":
        """The queue after an act, or None when the act's result cannot be."""
        match act.verb:
            case "issue":
                number = f"A{self.issued + 1:04d}"
                return self._if(act, number, Queue(self.issued + 1, self.called))
            case "call-next" if self.called < self.issued:
                number = f"A{self.called + 1:04d}"
                return self._if(act, number, Queue(self.issued, self.called + 1))
            case _:
                return self._if(act, "", self)

    def _if(self, act: Act, result: str, then: "Queue") -> "Queue | None":
        return then if act.result in (None, result) else None


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
    spans = sorted(
        (chance.uniform(0, 20), chance.choice(["issue", "call-next"])) for _ in range(60)
    )
    for at, verb in spans:
        if verb == "issue":
            queue, result = Queue(queue.issued + 1, queue.called), f"A{queue.issued + 1:04d}"
        elif queue.called < queue.issued:
            queue, result = Queue(queue.issued, queue.called + 1), f"A{queue.called + 1:04d}"
        else:
            result = ""
        lost = chance.random() < unknown
        begun, ended = at - chance.uniform(0, 1), at + chance.uniform(0, 1)
        acts.append(Act(0, verb, "1", None if lost else result, begun, math.inf if lost else ended))
    return acts


@pytest.mark.parametrize("seed", range(10))
def test_the_checker_accepts_what_can_be_explained(seed: int) -> None:
    assert is_linearizable(played(seed))
    assert is_linearizable(played(seed, unknown=0.05))


def act(verb: str, result: str | None, begun: float, ended: float) -> Act:
    return Act(0, verb, "1", result, begun, ended)


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
    ],
    ids=[
        "one number twice",
        "a number that goes back",
        "nobody waiting while someone waits",
        "one person at two counters",
        "called before issued",
        "called out of order",
        "a number from nowhere",
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
        self.names = tuple(f"printer-{n}" for n in range(1, 6)) + tuple(
            f"bridge-{n}" for n in range(1, 4)
        )
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
    """Printers press, bridges call; some messages are sent twice, some replies not waited for."""
    chance = random.Random(seed * 100 + number)
    counter = str(number % 3 + 1)
    for _ in range(acts):
        if client.name.startswith("printer"):
            verb, request = "issue", Issue(id=new_id(), service="a", channel="button")
        else:
            verb, request = "call-next", CallNext(id=new_id(), counter=counter)
        begun = time.monotonic()
        if chance.random() < 0.2:
            client.bus.publish(REQ_QUEUE, request, verb=verb, client=client.name)
        reply = client.ask(verb, request)
        ended = time.monotonic()
        history.append(
            Act(number, verb, counter, _result(reply), begun, ended if reply else math.inf)
        )


def _result(reply: Reply | None) -> str | None:
    if reply is None or reply.data is None:
        return None
    ticket = reply.data["ticket"]
    return "" if ticket is None else str(ticket["number"])


def record(hall: RealHall, acts: int, seed: int, *, restarts: int = 0) -> list[Act]:
    clients = [hall.client(name) for name in hall.names]
    history: list[Act] = []
    threads = [
        threading.Thread(target=work, args=(client, n, acts, history, seed))
        for n, client in enumerate(clients)
    ]
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
    numbers = [a.result for a in history if a.verb == "issue"]
    calls = [a.result for a in history if a.verb == "call-next" and a.result]
    assert len(set(numbers)) == len(numbers)
    assert len(set(calls)) == len(calls)
    assert is_linearizable(history)


@pytest.mark.broker
def test_a_controller_that_starts_again_in_between_changes_nothing(real_hall: RealHall) -> None:
    history = record(real_hall, ACTS, seed=2, restarts=3 if FULL else 1)

    assert all(a.result is not None for a in history)
    assert is_linearizable(history)
    assert not Finish(id="x", counter="1").expect_ver
