"""A real mosquitto with the generated files, and mosquitto's own clients to try it with."""

import os
import select
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from hall.contract.acl import HallIds
from hall.runtime.broker import Location, PrivateBroker
from hall.runtime.broker_files import write_credentials
from hall.runtime.bus_mqtt import MqttBus, Server
from hall.runtime.clock import SystemClock
from hall.runtime.inbox import Inbox

HALL = "thu"
IDS = HallIds(
    HALL,
    (
        *("controller", "printer-1", "printer-2", "kiosk-1", "display", "board", "voice"),
        *("bridge-1", "counters", "onestop", "onestop-feed", "gateway", "uplink"),
        *("tech", "tech-cli"),
    ),
    ("1", "5A"),
    ("a", "ho-tich"),
)
# Beside the hall's own: one may read, one may also write everything.
CLIENTS = (*IDS.clients, "observer", "author")
PATIENCE_S = 120.0


@dataclass(slots=True)
class Listener:
    """A running mosquitto_sub; `until` returns what it printed up to a line with the marker."""

    process: subprocess.Popen[bytes]
    seen: list[str] = field(default_factory=list)
    rest: bytes = b""

    def until(self, marker: str) -> list[str]:
        clock = SystemClock()
        deadline = clock.monotonic() + PATIENCE_S
        start = len(self.seen)
        assert self.process.stdout is not None
        while not any(marker in line for line in self.seen[start:]):
            left = deadline - clock.monotonic()
            ready, _, _ = select.select([self.process.stdout], [], [], max(0.0, left))
            assert ready, f"no {marker!r} in {self.seen}"
            chunk = os.read(self.process.stdout.fileno(), 65536)
            assert chunk, f"mosquitto_sub ended: {self.seen}"
            *lines, self.rest = (self.rest + chunk).split(b"\n")
            self.seen += [line.decode() for line in lines]
        return self.seen

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()


@dataclass(slots=True)
class Hall:
    """The broker of a test: `say` and `hear` are mosquitto_pub and mosquitto_sub."""

    broker: PrivateBroker
    place: Location
    passwords: dict[str, str]
    version: str = "mqttv5"
    listeners: list[Listener] = field(default_factory=list)
    buses: list[MqttBus] = field(default_factory=list)

    def topic(self, rest: str) -> str:
        return f"motcua/1/{HALL}/{rest}"

    def account(self, user: str, client_id: str | None = None) -> list[str]:
        return [
            *("-h", "127.0.0.1", "-p", str(self.place.port), "-V", self.version),
            *("-u", user, "-P", self.passwords.get(user, ""), "-i", client_id or user),
        ]

    def say(
        self, user: str, topic: str, text: str = "x", *more: str
    ) -> subprocess.CompletedProcess[str]:
        return self.run("mosquitto_pub", *self.account(user), "-t", topic, "-m", text, *more)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )

    def hear(self, user: str, *filters: str) -> Listener:
        asked = [part for each in filters for part in ("-t", each)]
        listener = Listener(
            subprocess.Popen(
                ["mosquitto_sub", *self.account(user), "-q", "1", "-F", "%t %p", *asked],
                stdout=subprocess.PIPE,
            )
        )
        self.listeners.append(listener)
        return listener

    def bus(self, client: str) -> MqttBus:
        bus = MqttBus(
            client,
            HALL,
            Server("127.0.0.1", self.place.port, self.passwords[client]),
            SystemClock(),
        )
        self.buses.append(bus)
        return bus

    def signal(self, number: int) -> None:
        assert self.broker.pid is not None
        os.kill(self.broker.pid, number)

    def close(self) -> None:
        for listener in self.listeners:
            listener.close()
        for bus in self.buses:
            bus.close()


def start(folder: Path) -> Hall:
    broker = PrivateBroker(folder, replace(IDS, clients=CLIENTS))
    place = broker.start()
    return Hall(broker, place, write_credentials(folder / "credentials", CLIENTS))


@pytest.fixture(scope="package", autouse=True)
def chosen_mosquitto() -> Iterator[None]:
    """MOSQUITTO=/a/path/to/mosquitto: another version than the system's."""
    with pytest.MonkeyPatch.context() as patch:
        if named := os.environ.get("MOSQUITTO"):
            patch.setenv("PATH", f"{Path(named).parent}:{os.environ['PATH']}")
        yield


@pytest.fixture(scope="package")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """For all tests that leave it alone; `observer` may read everything, `author` write it."""
    folder = tmp_path_factory.mktemp("broker")
    hall = start(folder)
    with (folder / "broker" / "acl").open("a", encoding="ascii") as acl:
        acl.write("\nuser observer\ntopic read #\n\nuser author\ntopic readwrite #\n")
    hall.signal(signal.SIGHUP)
    yield hall
    hall.broker.close()


@pytest.fixture
def ids() -> HallIds:
    return IDS


@pytest.fixture(params=["mqttv311", "mqttv5"])
def hall(standing: Hall, request: pytest.FixtureRequest) -> Iterator[Hall]:
    mine = Hall(standing.broker, standing.place, standing.passwords, request.param)
    yield mine
    mine.close()


@pytest.fixture
def calm(standing: Hall) -> Iterator[Hall]:
    """The standing broker, for a test that brings clients of its own."""
    mine = Hall(standing.broker, standing.place, standing.passwords)
    yield mine
    mine.close()


@pytest.fixture
def lone(tmp_path: Path) -> Iterator[Hall]:
    """A broker of one's own, to be killed."""
    hall = start(tmp_path)
    yield hall
    hall.close()
    hall.broker.close()


@pytest.fixture
def wait() -> Callable[..., Any]:
    """Take items until one fits, or fail after a deadline."""

    def wait_for(inbox: Inbox, fits: Callable[[Any], bool], seconds: float = PATIENCE_S) -> Any:
        clock = SystemClock()
        deadline = clock.monotonic() + seconds
        seen: list[object] = []
        while (left := deadline - clock.monotonic()) > 0:
            item = inbox.take_item(left)
            seen.append(item)
            if item is not None and fits(item):
                return item
        raise AssertionError(f"not in {seconds} s: {seen}")

    return wait_for
