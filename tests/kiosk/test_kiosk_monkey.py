"""Random fingers, scans, keys and faults on the whole kiosk: in the end home, nothing kept.

The service runs on a bus in memory, with its real loop, glass, requester and cache on disk; only
time, fingers and the other side of the bus are played. `--faults full`: 100,000 touches.
"""

import base64
import json
import logging
import os
import random
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hall.contract import catalogue, codec
from hall.contract.catalogue import CatalogueContent, CatalogueProcedure
from hall.runtime.bus_memory import MemoryBroker
from hall.runtime.clock import SetClock
from hall.runtime.daemon import Daemon, DaemonContext, Fatal
from hall.runtime.health import Health
from hall.runtime.inbox import Inbox
from hall.runtime.requester import Requester
from hall.scanning.drivers.simulated import SimulatedScanner
from hall.screen.tree import targets
from hall.screen.window import Contact, Input, Key, Typed, Window
from kiosk.model.pages import Home, Maintenance
from kiosk.model.state import KioskModel
from kiosk.service import Extras, KioskService
from kiosk.speakers.simulated import SimulatedSpeaker

FULL = os.environ.get("MOTCUA_FAULTS") == "full"
TOUCHES = 100_000 if FULL else 1_200
pytestmark = pytest.mark.timeout(7200 if FULL else 600)

TOPIC = "motcua/1/thu"
PIN = "7"
# The citizens' matters of this test: each holds one of these, and no public text does.
SECRETS = re.compile(r"181129|250801|099046|999000002|THỬ|Thôn Mẫu|22111946")
SCANS = (
    "H38.12-181129-0001",
    "https://dvc.example.vn/q?ma=H55.242-250801-0123",
    "099046000002|999000002|TRẦN VĂN THỬ|22111946|Nam|Thôn Mẫu|15042021",
    "\x00\x1b[2J",
    "A017",
    "x" * 3000,
)
CODE = "H38.12-181129-0001"


@dataclass
class Glass:
    """A headless window whose fingers are played: each look at it takes one batch."""

    window: Window
    batches: deque[tuple[Input, ...]] = field(default_factory=deque)

    def inputs(self) -> tuple[Input, ...]:
        return self.batches.popleft() if self.batches else ()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.window, name)


class Monkey:
    def __init__(self, kit: Any, folder: Path, seed: int) -> None:
        self.kit, self.folder = kit, folder
        self.chance = random.Random(seed)
        self.clock, self.broker = SetClock(), MemoryBroker()
        self.pages: set[str] = set()
        self.asked: list[dict[str, Any]] = []
        self.leaks: list[str] = []
        self.errors = self.restarts = self.read = 0
        self.packed = catalogue.pack(
            CatalogueContent(
                procedures=tuple(
                    CatalogueProcedure(code=f"1.{n:06d}", name=f"Khai sinh {n}", field="Hộ tịch")
                    for n in range(400)
                )
            )
        )
        self.begin()

    # --- the kiosk ------------------------------------------------------------------------------

    def begin(self) -> None:
        """Start the kiosk, as systemd does after a technician's restart."""
        bus = self.broker.bus("kiosk-1", "thu", self.clock)
        health, requester = Health(bus, self.clock), Requester(bus)
        context = DaemonContext("kiosk-1", "thu", bus, Inbox(), self.clock, health, requester)
        self.bus, self.scanner = bus, SimulatedScanner()
        self.stage = self.kit.stage("coarse", private=True)
        self.glass = Glass(self.stage.window)
        self.stage.window = self.glass
        extras = Extras(
            ZoneInfo("Asia/Ho_Chi_Minh"), SimulatedSpeaker(), self.kit.lexicons, (self.scanner,)
        )
        model = KioskModel(replace(self.kit.setup, pin=PIN))
        self.service = KioskService(context, model, self.stage, extras, self.folder / "catalogue")
        self.daemon = Daemon(context, self.service, chosen={"printer": ("printer-1",)})
        self.service.start()
        self.daemon.open()
        self.turn()

    def turn(self, seconds: float = 0.0) -> None:
        self.clock.advance(seconds)
        for _ in range(4):
            try:
                self.daemon.turn(self.clock.monotonic(), 0.0)
            except Fatal:
                self.end()
                self.restarts += 1
                self.begin()
        self.pages.add(type(self.service.model.page).__name__)
        self.overhear()

    def end(self) -> None:
        self.errors += self.daemon.context.health.errors
        self.daemon.close()

    def overhear(self) -> None:
        """Everything said on the bus: a code may stand in what asks for it and its answer alone."""
        for topic, raw in self.broker.log[self.read :]:
            if "/req/" in topic and "/kiosk-1" in topic:
                self.asked.append({"topic": topic, **json.loads(raw)})
            private = any(f"/{part}/" in topic for part in ("dossier-lookup", "check-in", "rsp"))
            if SECRETS.search(topic) or (not private and SECRETS.search(raw.decode())):
                self.leaks.append(topic)
        self.broker.log.clear()
        self.read = 0

    # --- people ---------------------------------------------------------------------------------

    def touch(self) -> None:
        """Mostly where something is, sometimes anywhere; sometimes a drag, a rest or a palm."""
        x, y = self.place()
        finger, end = self.chance.randint(1, 3), (x, y)
        batch = [Contact("down", finger, x, y)]
        kind = self.chance.random()
        if kind < 0.12:
            end = (x, y - self.chance.uniform(-300, 300))
            batch.append(Contact("move", finger, *end))
        if kind > 0.98:
            batch += [Contact("down", 7, x + 30, y), Contact("down", 8, x, y + 30)]
        up = [Contact("up", each, *end) for each in {c.finger for c in batch}]
        self.glass.batches.append(tuple(batch))
        if kind > 0.97:
            self.turn(0.1)
            self.turn(5.5)
        self.glass.batches.append(tuple(up))

    def place(self) -> tuple[float, float]:
        placed = targets(self.stage.scene) if self.stage.scene is not None else ()
        if placed and self.chance.random() < 0.7:
            return self.chance.choice(placed).rect.centre
        area = self.stage.panel.area
        return self.chance.uniform(0, area.w), self.chance.uniform(0, area.h)

    def type(self) -> None:
        texts = (Typed("H38"), Typed("dang ky"), Key("backspace"), Key("return"), Typed(CODE))
        self.glass.batches.append((self.chance.choice(texts),))

    def press(self, key: str, held_s: float = 0.0) -> None:
        """A deliberate finger on one target, if it is there."""
        self.turn(1.0)
        spots = [p.rect.centre for p in targets(self.stage.scene) if p.target.key == key]
        for spot in spots[:1]:
            self.glass.batches.append((Contact("down", 1, *spot),))
            self.turn(0.1)
            self.turn(held_s)
            self.glass.batches.append((Contact("up", 1, *spot),))
            self.turn(0.1)

    def corners(self) -> None:
        """What a technician does; then the keys of the PIN are there for the monkey too."""
        self.beat()
        for key in ("corner.left", "corner.right"):
            self.press(key, 5.2)

    def visit(self) -> None:
        """A technician, who sometimes knows the PIN."""
        self.corners()
        if self.chance.random() < 0.5:
            self.press(f"key.{PIN}.go")

    def reopen(self) -> None:
        """A technician puts the kiosk back into service; after wrong PINs that takes patience."""
        self.turn(130.0)
        self.corners()
        for key in (f"key.{PIN}.go", "chore.maintenance"):
            self.press(key)

    # --- the other side of the bus ----------------------------------------------------------------

    def publish(self, topic: str, src: str, content: dict[str, Any]) -> None:
        stamp = self.clock.now().isoformat()
        body = {"schema": 1, "hall": "thu", "src": src, "ts": stamp, **content}
        retain = topic.startswith(("state", "ext", "dev"))
        self.broker.publish(f"{TOPIC}/{topic}", json.dumps(body).encode(), retain=retain)

    def beat(self) -> None:
        self.publish("state/hall", "controller", {
            "epoch": 1, "ver": 1, "day": "2026-11-23", "open": True, "clock": "trusted",
            "board_ver": 1, "evt_seq": 1, "waiting": 0, "served_today": 0,
        })  # fmt: skip

    def fault(self) -> None:
        match self.chance.randrange(8):
            case 0:
                self.bus.drop()
                self.turn(self.chance.uniform(0, 30))
                self.bus.connect()
            case 1:
                self.turn(25.0)
            case 2:
                self.publish("ext/onestop/status", "onestop", {"state": "lost", "conn": "c"})
            case 3:
                self.publish("ext/onestop/status", "onestop", {"state": "ready", "conn": "c"})
            case 4:
                self.publish("dev/printer-1/alert/paper_out", "printer-1", {
                    "code": "paper_out", "text": "Hết giấy", "since": self.clock.now().isoformat(),
                })  # fmt: skip
            case 5:
                self.broker.publish(f"{TOPIC}/dev/printer-1/alert/paper_out", b"", retain=True)
            case 6:
                told = catalogue.announce(self.packed, 400).model_dump()
                self.publish("ext/onestop/catalogue", "onestop", told)
            case _:
                self.scanner.unplug()
                self.turn()
                self.scanner.plug()

    def answer(self) -> None:
        """With what was asked for, a refusal, something torn, or never."""
        if not self.asked:
            return
        asked = self.asked.pop(self.chance.randrange(len(self.asked)))
        match asked["topic"].split("/")[-2]:
            case "dispense" | "issue" | "check-in":
                ticket = codec.plain(self.kit.ticket("A025"))
                data = {"ticket": ticket, "ahead": 1, "counters": ["1"]}
            case "dossier-lookup":
                data = codec.plain(self.kit.dossier(self.chance.randint(1, 10), asked["code"]))
            case "catalogue-chunk":
                piece = catalogue.chunk(self.packed, asked["index"]) or ""
                data = {"ver": asked["ver"], "index": asked["index"], "data": piece}
            case _:
                data = {}
        refused = self.chance.choice(("unknown", "busy", "unavailable", "limit", "not_now"))
        kinds = (
            {"status": "ok", "data": data},
            {"status": "ok", "data": data},
            {"status": "ok", "data": {"code": 5}},
            {"status": "error", "error": {"code": refused, "text": "…"}},
        )
        content = self.chance.choice(kinds)
        if self.chance.random() < 0.03:
            spoilt = base64.b64encode(b"{}").decode()
            content = {"status": "ok", "data": {**data, "data": spoilt}}
        self.publish("rsp/kiosk-1", "printer-1", {"id": asked["id"], **content})

    def fate(self) -> None:
        """What became of a paper."""
        fate = self.chance.choice(("printed", "print_unknown", "voided"))
        self.publish("evt/ticket", "controller", {
            "seq": 1, "epoch": 1, "type": fate, "by": "printer-1",
            "ticket": codec.plain(self.kit.ticket("A025")), "at": self.clock.now().isoformat(),
        })  # fmt: skip

    def play(self, touches: int) -> None:
        for n in range(touches):
            if n % 8 == 0:
                self.beat()
            self.touch()
            if self.chance.random() < 0.03:
                self.scanner.show_code(self.chance.choice(SCANS))
            if self.chance.random() < 0.02:
                self.type()
            self.turn(self.chance.choice((0.05, 0.4, 0.4, 0.5, 1.0, 3.0)))
            if self.chance.random() < 0.4:
                self.answer()
            if self.chance.random() < 0.02:
                self.fault()
                self.fate()
            if self.chance.random() < 0.005:
                self.turn(40.0)
            if self.chance.random() < 0.004:
                self.visit()
            if isinstance(self.service.model.page, Maintenance) and self.chance.random() < 0.1:
                self.reopen()


def kept(monkey: Monkey) -> Iterator[tuple[str, str]]:
    """Every place where something of a citizen could have stayed."""
    yield "memory", "\n".join(monkey.kit.texts_within(monkey.service))
    yield "retained", " ".join(monkey.broker.retained) + repr(list(monkey.broker.retained.values()))
    for path in monkey.folder.rglob("*"):
        if path.is_file():
            yield f"disk: {path.name}", path.read_bytes().decode(errors="replace")


def test_a_monkey_finds_no_way_to_break_the_kiosk_or_to_leave_anything(
    kit: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    monkey = Monkey(kit, tmp_path, seed=20261123)
    monkey.play(TOUCHES)
    if monkey.service.model.maintenance:
        monkey.turn(70.0)
        monkey.reopen()
    while monkey.asked:
        monkey.answer()
    for _ in range(30):
        monkey.turn(60.0)
    monkey.end()

    assert monkey.errors == 0
    assert not [r for r in caplog.records if r.exc_info or r.levelno >= logging.ERROR]
    assert monkey.service.model.page == Home()
    assert monkey.service.model.trail == ()
    assert monkey.service.model.age is None
    assert len(monkey.pages) >= 18, sorted(monkey.pages)
    assert monkey.leaks == []
    assert [place for place, text in kept(monkey) if SECRETS.search(text)] == []
    assert not SECRETS.search(caplog.text)


def test_the_search_for_what_was_kept_would_find_it(kit: Any, tmp_path: Path) -> None:
    """While a dossier is asked for its code is in memory; a card's number never is."""
    monkey = Monkey(kit, tmp_path, seed=1)
    monkey.publish("ext/onestop/status", "onestop", {"state": "ready", "conn": "c"})
    monkey.beat()
    monkey.turn(1.0)
    monkey.scanner.show_code(CODE)
    monkey.turn(0.1)

    assert "181129" in dict(kept(monkey))["memory"]
    assert [asked["code"] for asked in monkey.asked] == [CODE]
    monkey.end()
