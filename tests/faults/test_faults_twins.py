"""Two machines under one client id, on a real mosquitto: both are named, one goes on.

Of two controllers the one with the copied disk answers nothing, so that every ticket that was
acknowledged can be called.
"""

import os
import random
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hall.contract.acl import HallIds
from hall.contract.requests import CallData, CallNext, Issue, IssueData
from hall.contract.topics import REQ_QUEUE, STATE_HALL
from hall.controller import __main__ as wiring
from hall.runtime import settings
from hall.runtime.broker import Location, PrivateBroker, server_for
from hall.runtime.bus import Bus, Subscription
from hall.runtime.bus_mqtt import MqttBus
from hall.runtime.clock import SystemClock
from hall.runtime.daemon import Daemon, Ground
from hall.runtime.notify import Heartbeat, Notifier
from hall.runtime.requester import new_id
from hall.runtime.terminal import Terminal

pytestmark = pytest.mark.broker
PATIENCE_S = 120.0
VISITS = 12 if os.environ.get("MOTCUA_FAULTS") == "full" else 1
YAML = """
version: 1
hall: {id: thu, name: Thử, hours: ["00:00-24:00"], days: [mon, tue, wed, thu, fri, sat, sun]}
services: [{id: a, name: Hộ tịch, prefix: A, first: 1, last: 499}]
counters: [{id: "1", serves: [a]}]
queue: {requests_per_s: 1000, burst: 1000, issues_per_s: 1000, issue_burst: 10000}
"""


class Idle:
    """A device that has nothing to do: what is tried is what all of them stand on."""

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def handle(self, item: object) -> None: ...

    def tick(self, now: float) -> float:
        return now + 1.0


@dataclass
class Machine:
    """One program in a thread of its own."""

    name: str
    daemon: Daemon
    thread: threading.Thread = field(init=False)

    def start(self) -> "Machine":
        heart = Heartbeat(Notifier({}), 1)
        self.thread = threading.Thread(target=self.daemon.run, args=(heart,), name=self.name)
        self.thread.start()
        return self

    def stop(self) -> None:
        self.daemon.stop()
        self.thread.join(PATIENCE_S)
        assert not self.thread.is_alive()

    @property
    def is_away(self) -> bool:
        return self.daemon.context.bus.fault is not None

    def names(self, other: "Machine") -> bool:
        """Whether a person at this machine reads the names of both."""
        told = self.daemon.wrong
        return self.name in told and other.name in told


@dataclass
class Place:
    """A broker, and machines that come and go on it."""

    folder: Path
    where: Location
    stack: ExitStack

    def ground(self, machine: str) -> Ground:
        clock, folder = SystemClock(), self.folder / machine
        folder.mkdir(exist_ok=True)

        def bus(client: str) -> Bus:
            server = server_for(client, self.where, self.folder, "", "mqtt-password")
            return MqttBus(client, "thu", server, clock, machine)

        return Ground("thu", clock, folder, bus)

    def device(self, client: str, machine: str) -> Machine:
        return self._run(Machine(machine, Daemon(self.ground(machine).context_of(client), Idle())))

    def controller(self, machine: str) -> Machine:
        path = self.folder / "hall.yaml"
        path.write_text(YAML, encoding="utf-8")
        [daemon] = wiring.build(settings.read(path), self.ground(machine), None)
        return self._run(Machine(machine, daemon))

    def clerk(self) -> Terminal:
        terminal = Terminal(self.ground("pi-9").context_of("tech-cli"))
        terminal.open([Subscription(STATE_HALL)])
        self.stack.callback(terminal.close)
        return terminal

    def _run(self, machine: Machine) -> Machine:
        self.stack.callback(machine.stop)
        return machine.start()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    clients = ("controller", "printer-1", "kiosk-1", "tech-cli")
    broker = PrivateBroker(tmp_path, HallIds("thu", clients, ("1",), ("a",)))
    with ExitStack() as stack:
        stack.callback(broker.close)
        yield Place(tmp_path, broker.start(), stack)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.05)


def issue(clerk: Terminal) -> str:
    """One ticket, asked for with the same id until it is acknowledged."""
    request = Issue(id=new_id(), service="a", channel="counter")
    while (reply := clerk.ask_hall(REQ_QUEUE, "issue", request)).status != "ok":
        assert reply.error is not None
        assert reply.error.code == "unavailable", reply.error
    return IssueData.model_validate(reply.data).ticket.number


def call(clerk: Terminal) -> str | None:
    reply = clerk.ask_hall(REQ_QUEUE, "call-next", CallNext(id=new_id(), counter="1"))
    ticket = CallData.model_validate(reply.data).ticket
    return None if ticket is None else ticket.number


@pytest.mark.parametrize("client", ["printer-1", "kiosk-1"])
def test_of_two_devices_of_one_name_both_are_named_and_one_goes_on(
    place: Place, client: str
) -> None:
    first = place.device(client, "pi-1")
    second = place.device(client, "pi-2")

    until(lambda: first.names(second) and second.names(first))
    until(lambda: first.is_away is not second.is_away)


def test_two_new_controllers_that_start_at_once_leave_one_that_serves(place: Place) -> None:
    first, second = place.controller("pi-1"), place.controller("pi-2")
    clerk = place.clerk()

    numbers = [issue(clerk) for _ in range(5)]

    until(lambda: first.names(second) and second.names(first))
    until(lambda: first.is_away is not second.is_away)
    assert [call(clerk) for _ in numbers] == numbers


def test_a_spare_with_a_copied_card_loses_no_acknowledged_ticket(place: Place) -> None:
    first, clerk = place.controller("pi-1"), place.clerk()
    numbers = [issue(clerk) for _ in range(3)]
    first.stop()
    shutil.copytree(place.folder / "pi-1", place.folder / "copy")
    first = place.controller("pi-1")
    chance = random.Random(15)
    for visit in range(VISITS):
        numbers += [issue(clerk) for _ in range(chance.randrange(1, 5))]
        shutil.copytree(place.folder / "copy", place.folder / f"spare-{visit}")
        spare = place.controller(f"spare-{visit}")
        numbers += [issue(clerk) for _ in range(chance.randrange(1, 10))]
        until(lambda spare=spare: first.names(spare) and spare.names(first))
        until(lambda spare=spare: spare.is_away and not first.is_away)
        spare.stop()
    numbers += [issue(clerk) for _ in range(3)]

    assert len(set(numbers)) == len(numbers)
    assert [call(clerk) for _ in numbers] == numbers
    assert call(clerk) is None
