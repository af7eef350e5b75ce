"""The whole uplink beside a real controller and its journal; the province is simulated."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hall.contract import codec
from hall.contract import requests as req
from hall.contract.messages import Reply
from hall.contract.province import JournalPlace
from hall.contract.topics import REQ_DEV, REQ_QUEUE, RSP
from hall.contract.upward import UpStatus
from hall.controller import __main__ as controller
from hall.runtime import settings
from hall.runtime.bus import Received, Subscription
from hall.runtime.bus_memory import MemoryBroker
from hall.runtime.clock import SetClock
from hall.runtime.daemon import Daemon, DaemonContext, Ground
from hall.runtime.link_faults import LinkFault
from hall.uplink import __main__ as uplink
from hall.uplink.drivers.simulated import SimulatedProvince
from hall.uplink.service import PATIENCE_S, TWIN_PAUSE_S, TWIN_S, UplinkService

HALL = """\
version: 1
hall: {id: thu, name: "Xã Thử", hours: ["00:00-24:00"], days: [mon, tue, wed, thu, fri, sat, sun]}
services: [{id: ho-tich, name: "Hộ tịch", prefix: A}]
counters: [{id: "1", serves: [ho-tich]}]
queue: {issues_per_s: 1000, issue_burst: 1000, requests_per_s: 1000, burst: 1000}
uplink: {url: simulated, kbit_s: 1000}
"""


@dataclass
class World:
    clock: SetClock
    daemons: list[Daemon]
    tech: DaemonContext
    asked: int = 0

    @property
    def service(self) -> UplinkService:
        found = self.daemons[-1].service
        assert isinstance(found, UplinkService)
        return found

    @property
    def province(self) -> SimulatedProvince:
        found = self.service.connected.link
        assert isinstance(found, SimulatedProvince)
        return found

    def turn(self, seconds: float = 0.0, turns: int = 60) -> None:
        self.clock.advance(seconds)
        for _ in range(turns):
            for daemon in self.daemons:
                daemon.turn(self.clock.monotonic(), 0.0)

    def issue(self) -> None:
        self.asked += 1
        request = req.Issue(id=f"i{self.asked}", service="ho-tich", channel="counter")
        self.tech.bus.publish(REQ_QUEUE, request, verb="issue", client="tech")
        self.turn()

    def steer(self, action: str) -> Reply:
        self.asked += 1
        request = req.Simulate(id=f"s{self.asked}", action=action)
        self.tech.bus.publish(REQ_DEV, request, verb="simulate", client="tech", target="uplink")
        self.turn()
        while True:
            item = self.tech.inbox.take_item(0.0)
            assert item is not None, "no reply"
            match item:
                case Received(message=Reply(id=request.id) as reply):
                    return reply
                case _:
                    continue

    def settle(self) -> None:
        for _ in range(20):
            self.turn(1.5)

    @property
    def end(self) -> int:
        return self.service.events.upload.end

    def alerts(self) -> set[str]:
        return set(self.service.context.health.alerts)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    file = tmp_path / "hall.yaml"
    file.write_text(HALL, encoding="utf-8")
    clock, memory = SetClock(), MemoryBroker()
    ground = Ground("thu", clock, tmp_path, lambda c: memory.bus(c, "thu", clock))
    document = settings.read(file)
    daemons = [*controller.build(document, ground, None), *uplink.build(document, ground, None)]
    tech = ground.context_of("tech")
    tech.bus.open(tech.inbox, [Subscription(RSP, {"client": "tech"})], ())
    for daemon in daemons:
        daemon.service.start()
        daemon.open()
    made = World(clock, daemons, tech)
    made.settle()
    yield made
    for daemon in daemons:
        daemon.close()


def test_what_happens_in_the_hall_is_held_by_the_province(world: World) -> None:
    for _ in range(5):
        world.issue()
    world.settle()

    assert world.end >= 5
    assert world.province.held == JournalPlace(epoch=1, seq=world.end)
    assert "motcua/1/thu/state/hall" in world.province.states
    assert b'"state":"ready"' in world.province.states["motcua/1/thu/dev/uplink/status"]


def test_days_without_a_province_are_caught_up(world: World) -> None:
    assert world.steer("away").status == "ok"
    world.turn(PATIENCE_S + 1)
    world.turn(1.0)
    assert world.alerts() == {"province_down"}
    for _ in range(30):
        world.issue()
    world.turn(3 * 86_400)
    assert world.steer("back").status == "ok"
    world.settle()

    assert world.alerts() == set()
    assert world.province.held == JournalPlace(epoch=1, seq=world.end)
    assert world.end >= 30


def test_a_province_that_lost_everything_gets_everything_again(world: World) -> None:
    for _ in range(3):
        world.issue()
    world.settle()
    before = world.service.events.batches
    world.steer("forget")
    world.settle()

    assert world.service.events.batches > before
    assert world.province.held == JournalPlace(epoch=1, seq=world.end)


def test_nobody_steers_what_is_not_there(world: World) -> None:
    assert world.steer("dance").status == "error"


def test_a_province_that_was_never_there_is_told_after_a_minute(world: World) -> None:
    world.province.steer("away", {})
    world.turn()
    world.service._lost(LinkFault("không có broker nào ở tinh:8883", "Xem broker."), 0.0)
    world.turn(PATIENCE_S + 1)
    world.turn(1.0)

    alert = world.service.context.health.alerts["province_down"]
    assert "không có broker nào ở tinh:8883" in alert.text
    assert "Hội trường vẫn chạy" in alert.advice


def test_another_machine_under_our_id_is_named_and_made_way_for(world: World) -> None:
    topic = "motcua/1/thu/dev/uplink/status"
    world.steer("away")
    other = UpStatus(state="ready", conn="x", host="pi-hai (10.0.0.6)", sw="motcua", source="khac")
    payload = codec.pack(other, hall="thu", src="uplink", ts=world.clock.now())
    world.province.states[topic] = payload
    world.steer("back")
    world.turn(1.0)

    alert = world.service.context.health.alerts["province_twin"]
    assert "pi-hai (10.0.0.6)" in alert.text
    assert world.province.publish(topic, b"", retain=True) is None
    world.province.states.pop(topic)
    world.turn(TWIN_PAUSE_S)
    world.settle()
    assert b'"state":' in world.province.states[topic]
    world.turn(TWIN_S)
    world.turn(1.0)
    assert world.alerts() == set()


def test_a_machine_that_takes_another_s_place_is_no_twin(world: World) -> None:
    world.service._links = 0
    other = UpStatus(state="lost", conn="x", host="pi-cu", sw="motcua", source="khac")
    payload = codec.pack(other, hall="thu", src="uplink", ts=world.clock.now())
    world.steer("away")
    world.province.states["motcua/1/thu/dev/uplink/status"] = payload
    world.steer("back")
    world.turn(1.0)

    assert world.alerts() == set()


def test_the_place_is_kept_for_people(world: World) -> None:
    world.issue()
    world.settle()

    assert world.service.events.store.place == (1, world.end)
