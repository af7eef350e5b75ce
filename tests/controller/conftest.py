"""A controller on a bus in one process, with a real journal in a folder of its own."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from hall.contract import codec
from hall.contract.messages import Reply
from hall.contract.topics import DEV_ALERT, REQ_QUEUE, RSP
from hall.controller import __main__ as wiring
from hall.controller.service import ControllerService
from hall.runtime import settings
from hall.runtime.bus import Bus
from hall.runtime.bus_memory import MemoryBroker, MemoryBus
from hall.runtime.clock import SetClock
from hall.runtime.daemon import Daemon, Ground

HALL = "thu"
YAML = """
version: 1
hall: {id: thu, name: Thử, hours: ["00:00-24:00"], days: [mon, tue, wed, thu, fri, sat, sun]}
services:
  - {id: a, name: Hộ tịch, prefix: A, first: 1, last: 499}
  - {id: b, name: Đất đai, prefix: B, first: 1, last: 499}
counters:
  - {id: "1", serves: [a]}
  - {id: "2", serves: [b], helps: [a], clients: [bridge-2]}
  - {id: "3", serves: [a, b]}
queue: {requests_per_s: 1000, burst: 1000, issues_per_s: 1000, issue_burst: 10000}
"""


@dataclass
class World:
    """`broker` outlives the controller, as the folder does; `home` holds the YAML."""

    home: Path
    folder: Path
    broker: MemoryBroker = field(default_factory=MemoryBroker)
    clock: SetClock = field(default_factory=SetClock)
    text: str = YAML
    daemon: Daemon | None = None
    acts: int = 0

    @property
    def service(self) -> ControllerService:
        assert self.daemon is not None
        assert isinstance(self.daemon.service, ControllerService)
        return self.daemon.service

    @property
    def books(self) -> Any:
        answering = self.service._answering
        assert answering is not None
        return answering.books

    def _bus(self, client: str) -> Bus:
        return MemoryBus(client, HALL, self.clock, self.broker)

    def build(self) -> Daemon:
        path = self.home / "hall.yaml"
        path.write_text(self.text, encoding="utf-8")
        ground = Ground(HALL, self.clock, self.folder, self._bus)
        [daemon] = wiring.build(settings.read(path), ground, None)
        return daemon

    def start(self) -> "World":
        self.daemon = self.build()
        self.daemon.service.start()
        self.daemon.open()
        return self.settle()

    def settle(self) -> "World":
        """Let the controller do all it has to do at this moment."""
        assert self.daemon is not None
        for _ in range(10_000):
            self.daemon.turn(self.clock.monotonic(), 0.0)
            if self.daemon.context.inbox._items.empty():
                break
        self.daemon.turn(self.clock.monotonic(), 0.0)
        return self

    def stop(self) -> None:
        if self.daemon is not None:
            self.daemon.close()
            self.daemon = None

    def crash(self) -> None:
        """The process is gone: nothing is written, nothing is said, the lock is free."""
        assert self.daemon is not None
        answering = self.service._answering
        bus = self.daemon.context.bus
        assert isinstance(bus, MemoryBus)
        bus.drop()
        if answering is not None:
            answering.books.journal.close()
        self.daemon = None

    def wait(self, seconds: float) -> "World":
        self.clock.advance(seconds)
        return self.settle()

    def send(self, verb: str, client: str, body: dict[str, Any], *, retain: bool = False) -> None:
        """What any client can put on the bus."""
        envelope = {"schema": 1, "hall": HALL, "src": client, "ts": "2026-11-23T08:00:00+07:00"}
        topic = REQ_QUEUE.topic(HALL, verb=verb, client=client)
        payload = json.dumps(envelope | body).encode()
        self.broker.publish(topic, payload, retain=retain)
        self.settle()

    def ask(self, verb: str, client: str = "tech-cli", **body: Any) -> Reply:
        """One act of a person, answered."""
        self.acts += 1
        body = {"id": f"act-{self.acts}"} | body
        before = len(self.broker.log)
        self.send(verb, client, body)
        topic = RSP.topic(HALL, client=client)
        found = [p for t, p in self.broker.log[before:] if t == topic]
        assert len(found) == 1, f"{len(found)} replies to {verb}"
        return codec.read(Reply, codec.open_payload(found[0], hall=HALL).content)

    def issue(self, service: str = "a", **more: Any) -> str:
        reply = self.ask("issue", service=service, channel="button", **more)
        assert reply.data is not None, reply.error
        number: str = reply.data["ticket"]["number"]
        return number

    def call(self, counter: str = "1") -> str | None:
        reply = self.ask("call-next", counter=counter)
        assert reply.data is not None, reply.error
        ticket = reply.data["ticket"]
        return None if ticket is None else str(ticket["number"])

    def said(self, rest: str) -> list[dict[str, Any]]:
        """All that was published on a topic below the hall, oldest first."""
        topic = f"motcua/1/{HALL}/{rest}"
        return [json.loads(p) for t, p in self.broker.log if t == topic and p]

    def state(self, rest: str) -> dict[str, Any]:
        """A retained state."""
        found: dict[str, Any] = json.loads(self.broker.retained[f"motcua/1/{HALL}/{rest}"])
        return found

    def alerts(self) -> set[str]:
        start = DEV_ALERT.topic(HALL, client="controller", code="")
        return {t.removeprefix(start) for t in self.broker.retained if t.startswith(start)}


def error(reply: Reply) -> str:
    assert reply.error is not None, reply.data
    return reply.error.code


@pytest.fixture
def refusal() -> Callable[[Reply], str]:
    return error


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, tmp_path)
    yield made
    with suppress(OSError):
        made.stop()


@pytest.fixture
def hall(world: World) -> World:
    return world.start()
