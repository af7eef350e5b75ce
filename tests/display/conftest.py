"""A hall in one process for the displays: a broker in memory, a clock that is set by hand."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hall.contract import codec
from hall.contract.messages import (
    BoardState,
    CallEvent,
    CounterState,
    DeviceStatus,
    Face,
    HallState,
    PublicTicket,
    Reply,
)
from hall.contract.topics import (
    DEV_STATUS,
    EVT_CALL,
    FACE,
    REQ_DEV,
    RSP,
    STATE_BOARD,
    STATE_COUNTER,
    STATE_HALL,
    Channel,
)
from hall.contract.words import WireModel
from hall.runtime.bus_memory import MemoryBroker, MemoryBus
from hall.runtime.clock import SetClock
from hall.runtime.daemon import Daemon, DaemonContext, Ground

HALL = "thu-nghiem"


@dataclass
class Stage:
    """Plays the controller and the staff; runs the daemons under test turn by turn."""

    folder: Path
    clock: SetClock = field(default_factory=SetClock)
    broker: MemoryBroker = field(default_factory=MemoryBroker)
    daemons: list[Daemon] = field(default_factory=list)
    buses: list[MemoryBus] = field(default_factory=list)
    ver: int = 0

    @property
    def ground(self) -> Ground:
        return Ground(HALL, self.clock, self.folder, self._bus, self.folder, headless=True)

    def _bus(self, client: str) -> MemoryBus:
        bus = self.broker.bus(client, HALL, self.clock)
        self.buses.append(bus)
        return bus

    def context_of(self, client: str) -> DaemonContext:
        return self.ground.context_of(client)

    def run(self, daemon: Daemon) -> Daemon:
        daemon.service.start()
        daemon.open()
        self.daemons.append(daemon)
        self.settle()
        return daemon

    def settle(self) -> None:
        """Let every daemon take all that is in its inbox and do what is due now."""
        for daemon in self.daemons:
            while not daemon.context.inbox._items.empty():
                daemon.turn(self.clock.monotonic(), 0)
            daemon.service.tick(self.clock.monotonic())

    def advance(self, seconds: float, step: float = 1.0) -> None:
        """Time passes; the daemons live through it."""
        while seconds > 1e-9:
            self.clock.advance(min(step, seconds))
            seconds -= step
            self.settle()

    def advance_with_beats(self, seconds: float) -> None:
        while seconds > 0:
            self.advance(min(5.0, seconds))
            seconds -= 5.0
            self.beat()

    # --- the controller ---

    def say(
        self, channel: Channel, message: WireModel, *, src: str = "controller", **levels: str
    ) -> None:
        payload = codec.pack(message, hall=HALL, src=src, ts=self.clock.now())
        topic = channel.topic(HALL, **levels)
        self.broker.publish(topic, payload, retain=channel.retained)
        self.settle()

    def beat(self, *, open_: bool = True) -> None:
        told = {
            "epoch": 1, "ver": self.ver, "day": "2026-11-23", "open": open_, "clock": "trusted",
            "board_ver": self.ver, "evt_seq": self.ver, "waiting": 0, "served_today": 0,
        }  # fmt: skip
        self.say(STATE_HALL, HallState.model_validate(told))

    def counter(self, counter: str, status: str, number: str | None = None, **told: Any) -> None:
        self.say(STATE_COUNTER, self.state(counter, status, number, **told), counter=counter)

    def state(
        self, counter: str, status: str, number: str | None = None, **told: Any
    ) -> CounterState:
        self.ver += 1
        given = {
            "epoch": 1, "ver": self.ver, "counter": counter, "name": f"Quầy {counter}",
            "status": status, "ticket": number and self.ticket(number),
            "called_at": self.clock.now() if status == "called" else None,
        }  # fmt: skip
        return CounterState.model_validate(given | told)

    def ticket(self, number: str, **told: Any) -> PublicTicket:
        given = {
            "id": f"t-{number}", "number": number, "service": "ho-tich", "day": "2026-11-23",
            "issued_at": self.clock.now() - timedelta(minutes=9), "channel": "button",
        }  # fmt: skip
        return PublicTicket.model_validate(given | told)

    def call(self, number: str, counter: str, **told: Any) -> None:
        self.ver += 1
        given = {
            "call": f"c{self.ver}", "number": number, "counter": counter,
            "counter_name": f"Quầy {counter}", "service": "ho-tich",
        }  # fmt: skip
        self.say(EVT_CALL, CallEvent.model_validate(given | told))

    def board(self, *counters: CounterState, **told: Any) -> None:
        self.ver += 1
        given = {"epoch": 1, "ver": self.ver, "counters": counters}
        self.say(STATE_BOARD, BoardState.model_validate(given | told))

    def lose_controller(self, conn: str = "c1") -> None:
        lost = DeviceStatus.model_validate({"state": "lost", "conn": conn, "sw": "motcua"})
        self.say(DEV_STATUS, lost, client="controller")

    def controller_ready(self, conn: str = "c1") -> None:
        ready = DeviceStatus.model_validate({"state": "ready", "conn": conn, "sw": "motcua"})
        self.say(DEV_STATUS, ready, client="controller")

    def ask(self, target: str, verb: str, request: WireModel) -> None:
        self.say(REQ_DEV, request, src="tech", target=target, verb=verb, client="tech")

    # --- what can be seen ---

    def heard(self, channel: Channel, model: type[WireModel], **levels: str) -> list[Any]:
        """Everything published on a channel, in order."""
        topic = channel.topic(HALL, **levels)
        return [
            codec.read(model, codec.open_payload(payload, hall=HALL).content)
            for name, payload in self.broker.log
            if name == topic and payload
        ]

    def faces(self, counter: str) -> list[Face]:
        return self.heard(FACE, Face, counter=counter)

    def face(self, counter: str) -> Face:
        return self.faces(counter)[-1]

    def replies(self) -> list[Reply]:
        return self.heard(RSP, Reply, client="tech")

    def alerts(self, client: str) -> set[str]:
        """Codes of the alerts that stand now."""
        prefix = f"motcua/1/{HALL}/dev/{client}/alert/"
        return {topic.removeprefix(prefix) for topic in self.broker.retained if prefix in topic}


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    for daemon in made.daemons:
        daemon.close()


@pytest.fixture
def hall_yaml(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a configuration around a `display:` section."""

    def write(display: str) -> Path:
        path = tmp_path / "hall.yaml"
        path.write_text(
            "version: 1\n"
            f"hall: {{id: {HALL}, name: Trung tâm thử nghiệm}}\n"
            "services: [{id: ho-tich, name: Hộ tịch, prefix: A}]\n"
            "counters:\n"
            '  - {id: "1", serves: [ho-tich]}\n'
            '  - {id: "3", serves: [ho-tich]}\n'
            '  - {id: "5A", serves: [ho-tich]}\n' + display,
            encoding="utf-8",
        )
        return path

    return write
