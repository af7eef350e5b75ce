"""A dispenser on a hall's bus in one process: real link, simulated printer, played controller."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hall.contract import codec
from hall.contract.messages import HallState, PublicTicket, Refusal, Reply
from hall.contract.requests import (
    CheckIn,
    Dispense,
    DispenseBooked,
    Issue,
    IssueData,
    PrintOutcome,
    Request,
    Simulate,
)
from hall.contract.topics import DEV_ALERT, REQ_DEV, REQ_QUEUE, RSP, STATE_HALL
from hall.runtime.answered import AnsweredRequests, KeptFile
from hall.runtime.bus import Received, Subscription
from hall.runtime.bus_memory import MemoryBroker
from hall.runtime.clock import SystemClock
from hall.runtime.daemon import Daemon, DaemonContext
from hall.runtime.health import Health
from hall.runtime.inbox import Inbox
from hall.runtime.limits import Limits
from hall.runtime.requester import Requester
from hall.scanning.drivers.simulated import SimulatedScanner
from printer.drivers.simulated import SimulatedDriver
from printer.jobs.composing import Composer, Composers, PaperNames, plain_rows
from printer.jobs.dispensing import Button
from printer.jobs.store import Store
from printer.line.link import Link
from printer.line.reports import Confirm, SessionTimeouts
from printer.line.session import PrinterSession
from printer.models import MODELS
from printer.paper.drawing import Studio
from printer.paper.encoder import Encoder
from printer.paper.layout import Dress
from printer.plan import Attached, PaperOut, PrinterSetup
from printer.ports import Driver
from printer.service import PrinterService
from printer.simulator.bench import Bench
from printer.simulator.machine import Make
from printer.simulator.paper import CutPaper
from printer.simulator.steering import SimulatorSteering

HALL = "thu"
# Quick, yet patient with a machine that has other work to do.
QUICK = SessionTimeouts(answer=0.6, beat=0.25, stall=0.8, grace=0.15, silent=5.0, settle=0.02)
SERVICES = {"ho-tich": "Hộ tịch – Chứng thực", "dat-dai": "Đất đai – Xây dựng"}
COUNTERS = {"1": "Quầy 1", "3": "Quầy 3"}
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def until(true: Callable[[], Any], turn: Callable[[], None], seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        turn()


@dataclass
class Controller:
    """Gives numbers, one an id, and keeps what it is told about papers."""

    context: DaemonContext
    silent: bool = False
    refusal: str | None = None
    code: str = "closed"
    early: dict[str, object] | None = None
    numbers: dict[str, IssueData] = field(default_factory=dict)
    results: list[tuple[str, str]] = field(default_factory=list)
    heard: set[str] = field(default_factory=set)
    questions: int = 0

    def open(self) -> None:
        self.context.bus.open(self.context.inbox, [Subscription(REQ_QUEUE)], ())

    def turn(self) -> None:
        while (item := self.context.inbox.take_item(0)) is not None:
            match item:
                case Received(_, levels, Issue() as issue):
                    self._issue(levels["client"], issue)
                case Received(_, levels, CheckIn() as check_in):
                    self._check_in(levels["client"], check_in)
                case Received(_, levels, PrintOutcome() as outcome):
                    if outcome.id not in self.heard:
                        self.results.append((outcome.ticket, outcome.result))
                    self.heard.add(outcome.id)
                    if not self.silent:
                        self.context.reply(levels["client"], outcome.id)
                case _:
                    pass

    def beat(self, clock: str = "trusted") -> None:
        state = {"epoch": 1, "ver": 1, "day": "2026-11-23", "open": True, "clock": clock}
        counts = {"board_ver": 1, "evt_seq": 1, "waiting": 0, "served_today": 0}
        self.context.bus.publish(STATE_HALL, HallState.model_validate({**state, **counts}))

    def _issue(self, client: str, issue: Issue) -> None:
        self.questions += 1
        if self.silent:
            return
        if self.refusal is not None:
            self.context.refuse(client, issue.id, self.code, self.refusal)
            return
        data = self.numbers.setdefault(issue.id, self._next(issue))
        self.context.reply(client, issue.id, data)

    def _check_in(self, client: str, check_in: CheckIn) -> None:
        """Everybody has an appointment for the first service, if not at this time."""
        if self.early is not None:
            refusal = Refusal(code="not_now", text="Chưa đến giờ hẹn.", current=self.early)
            self.context.pass_on(client, check_in.id, refusal)
            return
        issue = Issue(
            id=check_in.id, service="ho-tich", channel=check_in.channel, lang=check_in.lang
        )
        self._issue(client, issue)

    def _next(self, issue: Issue) -> IssueData:
        n = len(self.numbers) + 1
        ticket = PublicTicket(
            id=f"t{n}",
            number=f"A{n:03}",
            service=issue.service,
            priority=issue.priority,
            day="2026-11-23",
            issued_at=datetime(2026, 11, 23, 0, 42, tzinfo=UTC),
            channel=issue.channel,
            lang=issue.lang,
        )
        return IssueData(ticket=ticket, ahead=n - 1, counters=("1", "3"))


@dataclass
class Dispensary:
    """The world of one dispenser. `sheets`: papers in the tray, in order."""

    folder: Path
    broker: MemoryBroker
    controller: Controller
    kiosk: DaemonContext
    profile: str = "TM-T20III"
    patience: SessionTimeouts = QUICK
    confirm: Confirm = Confirm.AUTO
    wait_s: float = 30.0
    tickets: Limits = field(default_factory=lambda: Limits(1000, 1000))
    speed: float = 0.0
    presses_a_minute: int = 60
    roll_tickets: int | None = None
    make: Make | None = None
    sheets: list[CutPaper] = field(default_factory=list)
    replies: dict[str, Reply] = field(default_factory=dict)
    bench: Bench | None = None
    daemon: Daemon | None = None
    driver: Driver | None = None
    composers: Composers | None = None
    journal: Callable[[Path], Store] = Store
    album: list[str] = field(default_factory=list)
    scanner: SimulatedScanner = field(default_factory=SimulatedScanner)
    _asked: int = 0

    # --- set up and take down ---

    def with_printer(self) -> "Dispensary":
        """A simulated printer on its own cable."""
        self.bench = self.new_bench()
        self.driver = SimulatedDriver(self.bench)
        return self

    def new_bench(self) -> Bench:
        model = MODELS[self.profile]
        make = self.make or Make(self.profile, model.width, process_id=model.process_id)
        self.make = replace(make, speed=self.speed)
        return Bench(self.make, self._cut_off)

    def _cut_off(self, sheet: CutPaper) -> None:
        self.sheets.append(sheet)
        if self.daemon is not None:
            self.daemon.context.inbox.post(PaperOut(b"png"))

    def start(self) -> "Dispensary":
        """Start the daemon (again): same journal, same printer."""
        assert self.driver is not None
        kept = AnsweredRequests(KeptFile(self.folder / "printer-1.answered.json"))
        context = replace(context_of(self.broker, "printer-1"), answered=kept)
        model = MODELS[self.profile]
        session = PrinterSession(model, self.confirm, self.patience)
        link = Link(self.driver, session, context.inbox.post, time.monotonic)
        link.reopen_s = (0.05, 0.1)
        service = PrinterService(
            context,
            self._plan(),
            self.journal(self.folder / "printer-1.sqlite"),
            self.composers or self.composers_for(self.driver.bytes_a_second),
            Attached(link, (), self.scanner, Steer(self.bench) if self.bench else None),
        )
        self.daemon = Daemon(context, service)
        service.start()
        self.daemon.open()
        return self

    def composers_for(self, bytes_a_second: float = 1e6) -> Composers:
        return Composers(composer(self.profile, bytes_a_second))

    def _plan(self) -> PrinterSetup:
        return PrinterSetup(
            device="thử",
            model=self.profile,
            width=MODELS[self.profile].width,
            services=frozenset(SERVICES),
            buttons={"ho-tich": Button("ho-tich")},
            presses_a_minute=self.presses_a_minute,
            wait_s=self.wait_s,
            tickets=self.tickets,
            roll_tickets=self.roll_tickets,
            warn_left=2,
            album=lambda name, _png: self.album.append(name),
        )

    def stop(self) -> None:
        if self.daemon is not None:
            self.daemon.close()
            self.daemon = None

    # --- the loop ---

    def turn(self) -> None:
        self.controller.turn()
        while (item := self.kiosk.inbox.take_item(0)) is not None:
            if isinstance(item, Received) and isinstance(item.message, Reply):
                self.replies[item.message.id] = item.message
        assert self.daemon is not None
        self.daemon.turn(time.clock_gettime(time.CLOCK_BOOTTIME), 0.01)

    def until(self, true: Callable[[], Any], seconds: float = 120.0) -> None:
        until(true, self.turn, seconds)

    def ready(self) -> "Dispensary":
        self.until(lambda: self.service._watch.takes_jobs)
        return self

    @property
    def service(self) -> PrinterService:
        assert self.daemon is not None
        service = self.daemon.service
        assert isinstance(service, PrinterService)
        return service

    # --- what a hall does ---

    def ask(self, verb: str, request: Request) -> str:
        client = "kiosk-1" if verb in ("dispense", "check-in") else "tech"
        levels = {"target": "printer-1", "verb": verb, "client": client}
        topic = REQ_DEV.topic(HALL, **levels)
        payload = codec.pack(request, hall=HALL, src=client, ts=datetime.now(UTC))
        self.broker.publish(topic, payload)
        return request.id

    def dispense(self, service: str = "ho-tich", **what: Any) -> str:
        self._asked += 1
        what.setdefault("id", f"d{self._asked}")
        return self.ask("dispense", Dispense(service=service, **what))

    def check_in(self, code: str = "H38-1") -> str:
        self._asked += 1
        return self.ask("check-in", DispenseBooked(id=f"d{self._asked}", code=code))

    def answer(self, request_id: str) -> Reply:
        self.until(lambda: request_id in self.replies)
        return self.replies[request_id]

    def simulate(self, action: str, **args: Any) -> None:
        self._asked += 1
        request = Simulate(id=f"s{self._asked}", action=action, args=args)
        assert self.answer_as_tech(request).status == "ok"

    def answer_as_tech(self, request: Request) -> Reply:
        self.ask("simulate", request)
        return self.answer(request.id)

    @property
    def alerts(self) -> set[str]:
        prefix = DEV_ALERT.topic(HALL, client="printer-1", code="")
        return {t.removeprefix(prefix) for t in self.broker.retained if t.startswith(prefix)}

    @property
    def results(self) -> list[tuple[str, str]]:
        return self.controller.results

    def lasting(self) -> list[tuple[str, str]]:
        """(number, stage) of every attempt in the journal, oldest first."""
        self.stop()
        store = Store(self.folder / "printer-1.sqlite")
        rows = store._db.execute("SELECT data, stage FROM attempt ORDER BY n").fetchall()
        store.close()
        return [(IssueData.model_validate_json(d).ticket.number, str(s)) for d, s in rows]


class Steer:
    """A simulator whose bench outlives the daemon."""

    def __init__(self, bench: Bench) -> None:
        self._hands = SimulatorSteering(bench)

    def start(self) -> None:
        pass

    def stop(self) -> None:
        pass

    def act_on(self, action: str, args: Any) -> bool:
        return self._hands.act_on(action, args)


@cache
def composer(profile: str = "TM-T20III", bytes_a_second: float = 1e6) -> Composer:
    model = MODELS[profile]
    encoder = Encoder(model, Studio())
    dress = Dress("Trung tâm Phục vụ hành chính công xã Mù Cang Chải")
    names = PaperNames(SERVICES, COUNTERS)
    return Composer(
        model, encoder, dress, names, ZONE, bytes_a_second, to_rows=plain_rows(encoder.studio)
    )


def context_of(broker: MemoryBroker, client: str) -> DaemonContext:
    clock = SystemClock()
    bus = broker.bus(client, HALL, clock)
    return DaemonContext(client, HALL, bus, Inbox(), clock, Health(bus, clock), Requester(bus))


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Dispensary]:
    """A hall whose dispenser has not been started yet."""
    broker = MemoryBroker()
    kiosk = context_of(broker, "kiosk-1")
    for asker in (kiosk, context_of(broker, "tech")):
        asker.bus.open(kiosk.inbox, [Subscription(RSP, {"client": asker.client})], ())
    controller = Controller(context_of(broker, "controller"))
    controller.open()
    world = Dispensary(tmp_path, broker, controller, kiosk)
    yield world
    world.stop()
    if world.bench is not None:
        with suppress(OSError):
            world.bench.stop()


@pytest.fixture
def dispenser(hall: Dispensary) -> Dispensary:
    """A dispenser with a simulated printer that prints in no time, ready."""
    world = hall.with_printer()
    assert world.bench is not None
    world.bench.start()
    return world.start().ready()


@pytest.fixture
def studio() -> Studio:
    return Studio()
