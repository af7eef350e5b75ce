"""A vendor's software written by hand against the wire, and its mutants: each breaks one rule."""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from hall.contract.requests import Request
from hall.contract.topics import REQ_ONESTOP, REQ_QUEUE
from hall.onestop.check.trial_bench import TrialBench
from hall.runtime.bus import Subscription
from hall.runtime.bus_memory import MemoryBroker
from hall.runtime.clock import SetClock
from hall.runtime.daemon import Ground

H = "motcua/1/demo"
PIECE_S = 0.1
KNOWN = "H38.12-261120-0005"
PROCEDURES = [
    {"code": "1.001193", "name": "Thủ tục đăng ký khai sinh", "field": "Hộ tịch", "fee_vnd": 0},
    {"code": "1.000894", "name": "Thủ tục đăng ký kết hôn", "field": "Hộ tịch"},
]
Body = dict[str, Any]


@dataclass
class Vendor:
    """Says and answers what the contract asks for; a mutant overrides one method."""

    broker: MemoryBroker
    clock: SetClock
    connections: int = 0
    heard: int = 0
    due: list[tuple[float, Callable[[], None]]] = field(default_factory=list)
    stored: dict[str, Body] = field(default_factory=dict)
    asked: list[float] = field(default_factory=list)
    listening: bool = True
    repeat_s: float = 45.0
    delay_s: float = 0.2

    def __post_init__(self) -> None:
        self.connect()

    def turn(self) -> None:
        """A moment passes; what is due happens, what was asked is heard."""
        self.clock.advance(PIECE_S)
        now = self.clock.monotonic()
        ready = [act for at, act in self.due if at <= now]
        self.due = [each for each in self.due if each[0] > now]
        for act in ready:
            act()
        log, begun = self.broker.log, self.heard
        self.heard = len(log)
        for topic, payload in log[begun : self.heard]:
            if topic.startswith(f"{H}/req/onestop/") and self.listening:
                verb, client = topic.split("/")[-2:]
                self.requested(verb, client, json.loads(payload))

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        self.due.append((self.clock.monotonic() + seconds, act))

    # --- presence ---

    def connect(self) -> None:
        self.connections += 1
        self.listening = True
        self.beat()
        self.tell()
        self.book()

    def book(self) -> None:
        """Asks the hall for the appointments that can be had, twice: nobody answered."""
        wanted = {
            "id": f"s{self.connections}",
            "service": "ho-tich",
            "from": "2026-11-24",
            "days": 2,
        }
        self.want("slots", wanted)
        self.after(1.0, lambda: self.want("slots", wanted))

    def want(self, verb: str, body: Body) -> None:
        self.send(f"{H}/req/queue/{verb}/onestop", body)

    @property
    def conn(self) -> str:
        return f"c{self.connections}"

    def beat(self) -> None:
        self.status("ready")
        number = self.connections
        self.after(self.repeat_s, lambda: self.beat() if number == self.connections else None)

    def status(self, state: str) -> None:
        self.say("status", {"state": state, "source": "Xã", "conn": self.conn})

    def cut(self) -> bool:
        """Somebody connects under its name: the broker speaks its will."""
        self.listening = False
        self.will()
        self.after(1.0, self.connect)
        return True

    def will(self) -> None:
        self.status("lost")

    # --- states ---

    def tell(self) -> None:
        self.say("figures", self.figures())
        self.say("catalogue", self.catalogue())
        self.say("notice", {"lines": ["Sáng thứ bảy có nhận hồ sơ."]})

    def figures(self) -> Body:
        counts = {"total": 884, "early": 500, "on_time": 380, "overdue": 4}
        as_of = (self.clock.now() - timedelta(minutes=1)).isoformat()
        return {"as_of": as_of, "source": "Xã", "periods": [{"id": "T11", "resolved": counts}]}

    def content(self) -> bytes:
        return json.dumps({"procedures": PROCEDURES}, ensure_ascii=False).encode()

    def catalogue(self) -> Body:
        digest = hashlib.sha256(self.content()).hexdigest()
        return {"ver": "v1", "sha256": digest, "count": 2, "chunks": 1, "chunk_size": 32768}

    def say(self, topic: str, body: Body) -> None:
        self.send(f"{H}/ext/onestop/{topic}", body, retain=True)

    def send(self, topic: str, body: Body, *, retain: bool = False) -> None:
        head = {"schema": 1, "hall": "demo", "src": "onestop", "ts": self.clock.now().isoformat()}
        self.broker.publish(topic, json.dumps(head | body).encode(), retain=retain)

    # --- answers ---

    def requested(self, verb: str, client: str, request: Body) -> None:
        answer = self.stored.get(request["id"])
        if answer is None:
            answer = self.stored[request["id"]] = self.answer(verb, request)
        self.after(self.delay_s, lambda: self.reply(client, {"id": request["id"]} | answer))

    def reply(self, client: str, body: Body) -> None:
        self.send(f"{H}/rsp/{client}", body)

    def answer(self, verb: str, request: Body) -> Body:
        match verb:
            case "ping":
                return self.ok({})
            case "catalogue-chunk":
                return self.chunk(request["ver"], request["index"])
            case _:
                return self.limited() or self.look_up(request["code"])

    def limited(self) -> Body | None:
        now = self.clock.monotonic()
        self.asked = [at for at in self.asked if at > now - 60]
        if len(self.asked) >= 10:
            return self.error("limit")
        self.asked.append(now)
        return None

    def chunk(self, ver: str, index: int) -> Body:
        if ver != "v1":
            return self.error("conflict")
        if index:
            return self.error("unknown")
        return self.ok({"ver": ver, "index": 0, "data": base64.b64encode(self.content()).decode()})

    def look_up(self, code: str) -> Body:
        return self.ok(self.dossier(code)) if code == KNOWN else self.error("unknown")

    def dossier(self, code: str) -> Body:
        return {
            "code": code,
            "status": 4,
            "procedure": {"code": "1.001193", "name": "Thủ tục đăng ký khai sinh"},
            "received_on": "2026-11-20",
            "due_on": "2026-11-25",
            "steps": [{"at": "2026-11-20T08:12:00+07:00", "text": "Đã tiếp nhận hồ sơ"}],
        }

    def ok(self, data: Body) -> Body:
        return {"status": "ok", "data": data}

    def error(self, code: str) -> Body:
        return {"status": "error", "error": {"code": code, "text": "Không có."}}


def stage(vendor: Vendor, code: str = KNOWN, *, beside_a_hall: bool = False) -> TrialBench:
    """The hall on one side, the vendor on the other, and a clock that both go by."""
    broker, clock = vendor.broker, vendor.clock
    ground = Ground("demo", clock, None, lambda client: broker.bus(client, "demo", clock))
    bus = broker.bus("tech-cli", "demo", clock)
    context = replace(ground, bus=lambda _client: bus).context_of("tech-cli")
    queue = None if beside_a_hall else ground.context_of("controller")

    def plant(verb: str, request: Request) -> bool:
        return bus.plant(REQ_ONESTOP, request, verb=verb, client="tech-cli")

    made = TrialBench(context, lambda: None, vendor.cut, plant, queue, code)

    def turn() -> None:
        vendor.turn()
        while (item := context.inbox.take_item(0)) is not None:
            made.take_item(item)
        while queue is not None and (item := queue.inbox.take_item(0)) is not None:
            made.take_wanted(item)

    made.turn = turn
    if queue is not None:
        queue.bus.open(queue.inbox, (Subscription(REQ_QUEUE),), ())
    return made
