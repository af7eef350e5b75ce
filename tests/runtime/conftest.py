"""Daemons on the in-memory bus with a clock that stands still."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from hall.contract.acl import HallIds
from hall.contract.messages import Reply
from hall.contract.topics import RSP
from hall.runtime.broker import PrivateBroker
from hall.runtime.broker_files import write_credentials
from hall.runtime.bus import Bus, Received, Subscription, expect
from hall.runtime.bus_memory import MemoryBroker, MemoryBus
from hall.runtime.bus_mqtt import MqttBus, Server
from hall.runtime.clock import SetClock, SystemClock
from hall.runtime.daemon import Daemon, DaemonContext
from hall.runtime.health import Health
from hall.runtime.inbox import Inbox
from hall.runtime.requester import Requester

HALL = "thu"
PATIENCE_S = 120.0


@dataclass(slots=True)
class Notebook:
    """A service that writes down what it is given, and fails where it is told to."""

    subscriptions: Sequence[Subscription] = ()
    handled: list[object] = field(default_factory=list)
    ticks: list[float] = field(default_factory=list)
    ended: int = 0
    on_start: Callable[[], None] = lambda: None
    on_handle: Callable[[object], None] = lambda _: None
    on_tick: Callable[[float], float] = lambda now: now + 3600.0
    on_stop: Callable[[], None] = lambda: None

    def start(self) -> None:
        self.on_start()

    def handle(self, item: object) -> None:
        self.handled.append(item)
        self.on_handle(item)

    def tick(self, now: float) -> float:
        self.ticks.append(now)
        return self.on_tick(now)

    def stop(self) -> None:
        self.ended += 1
        self.on_stop()


@dataclass(slots=True)
class World:
    """A hall in memory: daemons are turned by hand, members listen and ask."""

    clock: SetClock = field(default_factory=SetClock)
    broker: MemoryBroker = field(default_factory=MemoryBroker)

    def context_of(self, client: str) -> DaemonContext:
        bus = self.broker.bus(client, HALL, self.clock)
        health, requester = Health(bus, self.clock), Requester(bus)
        return DaemonContext(client, HALL, bus, Inbox(), self.clock, health, requester)

    def daemon(self, client: str, service: Any = None, *inherited: str) -> Daemon:
        daemon = Daemon(self.context_of(client), service or Notebook())
        daemon.context.health.inherit(*inherited)
        daemon.open()
        self.settle(daemon)
        return daemon

    def settle(self, *daemons: Daemon) -> None:
        """Turn the loops until nobody has anything to do."""
        for daemon in daemons * 3:
            while daemon.context.inbox._items.qsize():
                daemon.turn(self.clock.monotonic(), 0.0)
            daemon.turn(self.clock.monotonic(), 0.0)

    def member(self, client: str, *subscriptions: Subscription) -> tuple[MemoryBus, Inbox]:
        bus, inbox = self.broker.bus(client, HALL, self.clock), Inbox()
        bus.open(inbox, [Subscription(RSP, {"client": client}), *subscriptions], [])
        return bus, inbox

    def say(self, rest: str, payload: str, *, retain: bool = False) -> None:
        self.broker.publish(f"motcua/1/{HALL}/{rest}", payload.encode(), retain=retain)


def items(inbox: Inbox) -> list[Any]:
    taken = []
    while (item := inbox.take_item(0)) is not None:
        taken.append(item)
    return taken


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def notebook() -> type[Notebook]:
    return Notebook


@pytest.fixture
def drain() -> Callable[[Inbox], list[Any]]:
    return items


@pytest.fixture
def replies() -> Callable[[Inbox], list[Reply]]:
    return lambda inbox: [
        expect(item.message, Reply) for item in items(inbox) if isinstance(item, Received)
    ]


@dataclass(slots=True)
class Buses:
    """Buses of one kind that hear one another.

    `drop` cuts one off; `say` and `keep` (retained) are what the account of `tech` can send.
    `listens` returns when the broker has taken what a connected bus subscribed.
    """

    make: Callable[[str], Bus]
    drop: Callable[[Bus], None]
    say: Callable[[str, bytes], None]
    keep: Callable[[str, bytes], None]
    listens: Callable[[Bus], None]
    opened: list[Bus] = field(default_factory=list)

    def open(
        self, client: str, *subscriptions: Subscription, wills: Sequence[Any] = ()
    ) -> tuple[Bus, Inbox]:
        bus, inbox = self.make(client), Inbox()
        bus.open(inbox, subscriptions, wills)
        self.opened.append(bus)
        return bus, inbox


COUNTERS = ("1", "5", "6", "8", "9")
CLIENTS = ("controller", "printer-1", "kiosk-1", "display", "board", "onestop", "counters", "tech")


@pytest.fixture(scope="session")
def mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Server]]:
    folder = tmp_path_factory.mktemp("broker")
    broker = PrivateBroker(folder, HallIds(HALL, CLIENTS, COUNTERS))
    where = broker.start()
    passwords = write_credentials(folder / "credentials", CLIENTS)
    yield lambda client: Server(where.host, where.port, passwords[client])
    broker.close()


def memory_buses() -> Buses:
    broker, clock = MemoryBroker(), SystemClock()

    def drop(bus: Bus) -> None:
        assert isinstance(bus, MemoryBus)
        bus.drop()

    return Buses(
        lambda client: broker.bus(client, HALL, clock),
        drop,
        lambda rest, payload: broker.publish(f"motcua/1/{HALL}/{rest}", payload),
        lambda rest, payload: broker.publish(f"motcua/1/{HALL}/{rest}", payload, retain=True),
        lambda _: None,
    )


def mqtt_buses(server: Callable[[str], Server]) -> Buses:
    def drop(bus: Bus) -> None:
        assert isinstance(bus, MqttBus)
        assert bus._paho is not None
        line: Any = bus._paho.socket()
        # 2 = SHUT_RDWR: the broker sees the connection end without a farewell.
        line.raw.shutdown(2)

    def send(rest: str, payload: bytes, *, retain: bool = False) -> None:
        speaker = MqttBus("tech", HALL, server("tech"), SystemClock())
        inbox = Inbox()
        speaker.open(inbox, [], [])
        assert inbox.take_item(PATIENCE_S) is not None
        assert speaker._paho is not None
        with speaker.together():
            sent = speaker._paho.publish(f"motcua/1/{HALL}/{rest}", payload, qos=1, retain=retain)
        sent.wait_for_publish(PATIENCE_S)
        assert sent.is_published()
        speaker.close()

    def listens(bus: Bus) -> None:
        """The broker answers in order. Connected is posted before the SUBSCRIBE is sent."""
        assert isinstance(bus, MqttBus)
        assert bus._paho is not None
        answered = Event()
        bus._paho.on_unsubscribe = lambda *_: answered.set()
        with bus.together():
            bus._paho.unsubscribe(f"motcua/1/{HALL}/nothing")
        assert answered.wait(PATIENCE_S)

    return Buses(
        lambda client: MqttBus(client, HALL, server(client), SystemClock()),
        drop,
        send,
        partial(send, retain=True),
        listens,
    )


@pytest.fixture(params=["memory", pytest.param("mqtt", marks=pytest.mark.broker)])
def buses(request: pytest.FixtureRequest) -> Iterator[Buses]:
    made = (
        memory_buses()
        if request.param == "memory"
        else mqtt_buses(request.getfixturevalue("mosquitto"))
    )
    yield made
    for bus in made.opened:
        bus.close()
    if request.param == "mqtt":
        _forget(made)


def _forget(buses: Buses) -> None:
    """What a test left retained must not greet the next one."""
    for rest in ("req/dev/printer-1/ping/tech", "req/queue/ping/tech"):
        buses.keep(rest, b"")


@pytest.fixture
def package() -> Path:
    return Path(__file__).parents[2]
