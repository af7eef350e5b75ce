"""A whole hall as separate processes on a real broker, and what a test can do in it."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hall.contract import requests as req
from hall.contract.messages import CounterState, Face, HallState, PublicTicket, Reply, TicketEvent
from hall.contract.roles import CONFIG_WRONG, PROGRAMS
from hall.contract.topics import (
    DEV_STATUS,
    EXT_FIGURES,
    FACE,
    REQ_DEV,
    REQ_QUEUE,
    STATE_COUNTER,
    STATE_HALL,
    STATE_SERVICE,
)
from hall.demo.staging import ApartRun, Props, environment
from hall.runtime import broker, settings
from hall.runtime.bus import Subscription
from hall.runtime.bus_mqtt import MqttBus
from hall.runtime.clock import SystemClock
from hall.runtime.daemon import Ground
from hall.runtime.requester import new_id
from hall.runtime.terminal import Terminal

DEMO = Path(__file__).parents[2] / "config" / "demo.yaml"
CLIENTS = ("controller", "printer-1", "kiosk-1", "display", "board", "bridge-1", "counters")
WATCHED = (FACE, STATE_COUNTER, STATE_SERVICE, STATE_HALL, EXT_FIGURES, DEV_STATUS)


@dataclass(slots=True)
class RunningHall:
    stage: ApartRun
    broker: broker.PrivateBroker
    terminal: Terminal
    pictures: Path
    issued: list[PublicTicket]
    port: int

    def issue(self, service: str = "ho-tich") -> PublicTicket:
        """One ticket whose reply was `ok`: from here on it must never be lost."""
        request = req.Issue(id=new_id(), service=service, channel="counter")
        reply = self.ask("issue", request)
        ticket = req.IssueData.model_validate(reply.data).ticket
        self.issued.append(ticket)
        return ticket

    def call(self, counter: str) -> CounterState:
        reply = self.ask("call-next", req.CallNext(id=new_id(), counter=counter))
        return req.CallData.model_validate(reply.data).counter

    def press(self, service: str) -> None:
        request = req.Simulate(id=new_id(), action="press", args={"service": service})
        self.terminal.ask_hall(REQ_DEV, "simulate", request, target="printer-1")

    def ask(self, verb: str, request: req.Request) -> Reply:
        """Keep asking until the hall accepts, as a person would.

        With the same id, but for what came too late: that had no effect, and never will have.
        """
        for _ in range(10):
            reply = self.terminal.ask_hall(REQ_QUEUE, verb, request)
            if reply.status == "ok":
                return reply
            if reply.error is not None and reply.error.code == "expired":
                request = request.model_copy(update={"id": new_id()})
        raise AssertionError(f"{verb}: {reply.error}")

    def until(self, condition: Callable[[], bool], seconds: float = 400.0) -> bool:
        return self.terminal.until(condition, seconds)

    def hears(self, client: str) -> bool:
        status = self.terminal.states(DEV_STATUS).get(client)
        return getattr(status, "state", "") in ("ready", "degraded")

    def tells_of_the_file(self, client: str) -> bool:
        status = self.terminal.states(DEV_STATUS).get(client)
        return CONFIG_WRONG in getattr(status, "alerts", ())

    def heartbeat(self) -> HallState | None:
        return self.terminal.state(STATE_HALL, HallState)

    def faces_are_right(self) -> bool:
        """Every display shows the number that its counter holds."""
        faces = self.terminal.states(FACE)
        for counter, state in self.terminal.states(STATE_COUNTER).items():
            face = faces.get(counter)
            if not isinstance(state, CounterState) or not isinstance(face, Face):
                return False
            if state.ticket is not None and (
                face.text.strip() != state.ticket.number or face.style != "steady"
            ):
                return False
        return bool(faces)

    def journal(self) -> list[TicketEvent]:
        """Every event of the day, page by page."""
        events: list[TicketEvent] = []
        board = self.board()
        while not events or events[-1].seq < board.hall.evt_seq:
            first = events[-1].seq + 1 if events else 1
            request = req.Replay(id=new_id(), from_seq=first, epoch=board.hall.epoch)
            events += req.ReplayData.model_validate(self.ask("replay", request).data).events
        return events

    def assert_nothing_lost_and_nothing_twice(self) -> None:
        told = [e for e in self.journal() if e.ticket is not None]
        issued = [e.ticket for e in told if e.type == "issued" and e.ticket is not None]
        numbers = [ticket.number for ticket in issued]
        assert {t.id for t in self.issued} <= {t.id for t in issued}
        assert len(numbers) == len(set(numbers))
        called = [e.ticket.id for e in told if e.type == "called" and e.ticket is not None]
        assert len(called) == len(set(called))

    def board(self) -> req.BoardData:
        return req.BoardData.model_validate(self.ask("board", req.Board(id=new_id())).data)


@contextmanager
def running(folder: Path) -> Iterator[RunningHall]:
    """Start every role of the demo hall, wait until all are there, end them."""
    state, out = folder / "state", folder / "out"
    state.mkdir()
    values = dict(settings.read(DEMO).values)
    values["counter"] = {**values["counter"], "port": 0}
    values["printers"] = [{**values["printers"][0], "speed": 0}]
    config = state / "hall.yaml"
    config.write_text(json.dumps(values), encoding="utf-8")
    shutil.copytree(DEMO.parent / "pictures", state / "pictures")
    private = broker.PrivateBroker(state, broker.hall_ids(values))
    where = private.start()
    url = f"mqtt://127.0.0.1:{where.port}"
    stage = ApartRun(Props(config, state, out, out / "logs", url), environment())
    clock = SystemClock()

    def bus(client: str) -> MqttBus:
        server = broker.server_for(client, where, state, "", "mqtt-password")
        return MqttBus(client, "demo", server, clock)

    terminal = Terminal(Ground("demo", clock, state, bus).context_of("tech-demo"))
    try:
        terminal.open([Subscription(channel) for channel in WATCHED])
        stage.start(tuple(PROGRAMS))
        hall = RunningHall(stage, private, terminal, out, [], where.port)
        assert hall.until(lambda: all(map(hall.hears, CLIENTS))), stage.failed()
        yield hall
    finally:
        terminal.close()
        stage.close()
        private.close()
