"""A bridge on a hall's bus in one process and in virtual time: real firmware on a paced wire."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from earlier_run import leave_alert

from firmware_bridge.checking import DisplayKind
from firmware_bridge.keypads.simulated import SimulatedKeypads
from firmware_bridge.lines.simulated import InjectedFaults, SimulatedLine
from firmware_bridge.lines.simulated_bus import BusSteering
from firmware_bridge.lines.simulated_devices import SimulatedUnit
from firmware_bridge.master import Master, Station
from firmware_bridge.ports import BusEvent, Steer, UnitCounts
from firmware_bridge.protocols.own_unit import OwnUnit
from firmware_bridge.protocols.unit_face import UnitFace
from firmware_bridge.seats import Seat
from firmware_bridge.service import BridgeService
from firmware_bridge.settings import DEFAULT_KEYS, KeyAction
from hall.contract import codec
from hall.contract.messages import DeviceStatus, Face, HallState, Reply
from hall.contract.requests import Request, Simulate
from hall.contract.topics import DEV_STATUS, FACE, REQ_DEV, REQ_QUEUE, RSP, STATE_HALL
from hall.runtime.attachments import rs485_bus
from hall.runtime.bus import Received, Subscription
from hall.runtime.bus_memory import MemoryBroker, MemoryBus
from hall.runtime.clock import SetClock
from hall.runtime.daemon import Daemon, DaemonContext
from hall.runtime.devices import Device
from hall.runtime.health import Health
from hall.runtime.inbox import Inbox
from hall.runtime.requester import Requester
from hall.runtime.sections import ServiceSection

HALL = "thu"


@dataclass
class ClockPace:
    clock: SetClock

    def now(self) -> float:
        return self.clock.monotonic()

    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)


BUS = rs485_bus("bus_down", "bus 1", "/dev/hall/bus1")


@dataclass
class InlineBus:
    """A bus without its thread: the test takes the turns."""

    master: Master
    line: SimulatedLine
    units: dict[int, SimulatedUnit]
    due: float = 0.0
    post: Callable[[BusEvent, float], None] | None = None
    device: Device = BUS

    def start(self, post: Callable[[BusEvent, float], None]) -> None:
        self.post = post

    def want_face(self, address: int, look: UnitFace) -> None:
        self.master.want_face(address, look)
        self.due = 0.0

    def steer(self, what: Steer) -> bool:
        BusSteering(self.line, self.units)(what)
        return True

    def counts(self) -> tuple[UnitCounts, ...]:
        return tuple(station.counts() for station in self.master.stations)

    def stop(self) -> None:
        self.master.close()

    def turn(self) -> None:
        turn = self.master.turn()
        self.due = turn.due
        for event in turn.events:
            if self.post is not None:
                self.post(event, self.line.pace.now())


@dataclass
class Wire:
    """One bus in virtual time, without a hall around it."""

    units: dict[int, SimulatedUnit]
    bus: InlineBus
    clock: SetClock
    events: list[BusEvent] = field(default_factory=list)

    def run(self, seconds: float, each: Callable[[], None] = lambda: None) -> None:
        end = self.clock.monotonic() + seconds
        while (now := self.clock.monotonic()) < end:
            if self.bus.due > now:
                self.clock.advance(min(self.bus.due, end) - now)
            else:
                self.bus.turn()
            each()

    def shown(self, address: int) -> str:
        return self.units[address].unit.text.decode().rstrip()

    def events_of(self, kind: type) -> list[BusEvent]:
        return [event for event in self.events if isinstance(event, kind)]


def make_wire(count: int = 3, baud: int = 115200, rate: float = 0.0, seed: int = 1) -> Wire:
    clock = SetClock()
    pace = ClockPace(clock)
    units = {a: SimulatedUnit(a, pace.now(), boot=1000 + a) for a in range(1, count + 1)}
    line = SimulatedLine(units, baud, pace, InjectedFaults(rate, seed))
    stations = [Station(OwnUnit(address)) for address in units]
    wire = Wire(units, InlineBus(Master(line, stations, baud, pace.now), line, units), clock)
    wire.bus.start(lambda event, _: wire.events.append(event))
    return wire


@dataclass
class Hall:
    """`asked`: verb and request of all that the controller was asked; `answer` answers."""

    clock: SetClock
    broker: MemoryBroker
    daemon: Daemon
    service: BridgeService
    wire: Wire
    controller: MemoryBus
    display: MemoryBus
    tech: MemoryBus
    inboxes: dict[str, Inbox]
    asked: list[tuple[str, Request]] = field(default_factory=list)
    answers: list[Reply] = field(default_factory=list)
    answer: Callable[[str, Request], Reply | None] = lambda _, request: Reply(
        id=request.id, status="ok", data={}
    )

    def face(self, text: str, counter: str = "1", call: str | None = None) -> None:
        self.display.publish(FACE, Face(text=text, style="steady", call=call), counter=counter)

    def status(self, client: str, state: str) -> None:
        bus = {"controller": self.controller, "display": self.display}[client]
        message = DeviceStatus.model_validate({"state": state, "conn": "c", "sw": "x"})
        bus.publish(DEV_STATUS, message, client=client)

    def beat(self) -> None:
        told = {
            "epoch": 1, "ver": 1, "day": "2026-11-23", "open": True, "clock": "trusted",
            "board_ver": 1, "evt_seq": 1, "waiting": 0, "served_today": 0,
        }  # fmt: skip
        self.controller.publish(STATE_HALL, HallState.model_validate(told))

    def simulate(self, action: str, **args: str | float) -> None:
        self.ask(
            "simulate", Simulate(id=f"s{len(self.broker.log)}", action=action, args=dict(args))
        )

    def ask(self, verb: str, request: Request) -> None:
        """As on a broker without an ACL: any verb comes through."""
        topic = REQ_DEV.topic(HALL, target="bridge-1", verb=verb, client="tech")
        payload = codec.pack(request, hall=HALL, src="tech", ts=self.clock.now())
        self.broker.publish(topic, payload)

    def press(self, key: str, counter: int = 1) -> None:
        self.wire.units[counter].press(key, self.clock.monotonic())

    def shown(self, address: int = 1) -> str:
        return self.wire.shown(address)

    def beep(self, address: int = 1) -> int:
        return self.wire.units[address].unit.flags >> 4 & 15

    def run(self, seconds: float) -> None:
        self.work()
        self.wire.run(seconds, self.work)

    def work(self) -> None:
        for _ in range(2):
            self._turns(self.daemon)
            self._control()
        while (item := self.inboxes["tech"].take_item(0)) is not None:
            if isinstance(item, Received) and isinstance(item.message, Reply):
                self.answers.append(item.message)

    def _turns(self, daemon: Daemon) -> None:
        daemon.turn(self.clock.monotonic(), 0)
        while not daemon.context.inbox._items.empty():
            daemon.turn(self.clock.monotonic(), 0)

    def _control(self) -> None:
        while (item := self.inboxes["controller"].take_item(0)) is not None:
            if isinstance(item, Received) and isinstance(item.message, Request):
                self.asked.append((item.levels["verb"], item.message))
                reply = self.answer(item.levels["verb"], item.message)
                if reply is not None:
                    self.controller.publish(RSP, reply, client=item.levels["client"])

    def alerts(self) -> dict[str, str]:
        return {code: alert.text for code, alert in self.daemon.context.health.alerts.items()}


def services() -> list[ServiceSection]:
    return [
        ServiceSection(id="ho-tich", name="Hộ tịch", prefix="A"),
        ServiceSection(id="dat-dai", name="Đất đai", prefix="B"),
    ]


def make_hall(
    units: int = 2,
    width: int = 6,
    keys: dict[str, KeyAction] | None = None,
    leaving: Sequence[str] = (),
    silent: Sequence[int] = (),
) -> Hall:
    """`leaving`: alerts of an earlier run; `silent`: units without power."""
    wire = make_wire(units)
    clock, broker = wire.clock, MemoryBroker()
    for code in leaving:
        leave_alert(broker, HALL, "bridge-1", code)
    for address in silent:
        wire.bus.steer(Steer("unit-off", address))
    bus = broker.bus("bridge-1", HALL, clock)
    context = DaemonContext(
        "bridge-1", HALL, bus, Inbox(), clock, Health(bus, clock), Requester(bus)
    )
    kind = DisplayKind(None, width)
    mapping = {**DEFAULT_KEYS, **(keys or {})}
    seats = [Seat(str(a), 0, a, mapping, services(), kind.fits, kind.unfit) for a in wire.units]
    seats.append(Seat("9", None, 0, mapping, services(), fits=lambda _: True))
    keypads = (SimulatedKeypads(["9"], clock.monotonic),)
    service = BridgeService(context, [wire.bus], seats, keypads)
    daemon = Daemon(context, service)
    others: dict[str, MemoryBus] = {}
    inboxes: dict[str, Inbox] = {}
    heard_by: dict[str, list[Subscription]] = {
        "controller": [Subscription(REQ_QUEUE)],
        "display": [],
        "tech": [Subscription(RSP, {"client": "tech"})],
    }
    for name, heard in heard_by.items():
        others[name], inboxes[name] = broker.bus(name, HALL, clock), Inbox()
        others[name].open(inboxes[name], heard, [])
    trio = (others["controller"], others["display"], others["tech"])
    hall = Hall(clock, broker, daemon, service, wire, *trio, inboxes)
    service.start()
    posts = wire.bus.post

    def post(event: BusEvent, at: float) -> None:
        wire.events.append(event)
        if posts is not None:
            posts(event, at)

    wire.bus.post = post
    daemon.open()
    hall.run(0.2)
    return hall


@pytest.fixture
def wire_of() -> Callable[..., Wire]:
    return make_wire


@pytest.fixture
def hall_of() -> Callable[..., Hall]:
    return make_hall


@pytest.fixture
def hall() -> Iterator[Hall]:
    made = make_hall()
    yield made
    made.daemon.close()
