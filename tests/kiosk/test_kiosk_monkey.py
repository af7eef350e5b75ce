"""Random fingers, scans and faults: no exception, and in the end home with nothing kept."""

import os
import random
from dataclasses import replace
from typing import Any

from hall.contract import codec
from hall.contract.messages import Refusal, Reply
from hall.contract.requests import IssueData
from hall.screen.pointer import Scrolled, Tapped
from hall.screen.window import Contact
from kiosk import screens
from kiosk.actions import (
    Acted,
    Answered,
    AskDossier,
    AskTicket,
    Effect,
    Learned,
    Moved,
    Read,
    Ticked,
    Touched,
    Wipe,
)
from kiosk.model import Model
from kiosk.pages import Home
from kiosk.stage import Stage
from kiosk.step import step

TOUCHES = int(os.environ.get("MOTCUA_MONKEY", "1500"))
SCANS = (
    "H38.12-181129-0001",
    "https://dvc.example.vn/q?ma=H55.242-250801-0123",
    "099046000002|999000002|TRẦN VĂN THỬ|22111946|Nam|Thôn Mẫu|15042021",
    "\x00\x1b[2J",
    "A017",
    "x" * 3000,
)


class Monkey:
    """Paints seldom (it is the model that is tried) but always builds the page it touches."""

    def __init__(self, kit: Any, seed: int) -> None:
        self.kit = kit
        self.chance = random.Random(seed)
        self.stage: Stage = kit.stage("coarse", private=True)
        self.model: Model = replace(kit.model, setup=replace(kit.setup, pin="1"))
        self.asked: list[Effect] = []
        self.pages: set[str] = set()
        self.painted = 0

    def feed(self, event: Any) -> None:
        self.model, effects = step(self.model, event)
        self.asked += [each for each in effects if isinstance(each, AskTicket | AskDossier)]
        if any(isinstance(each, Wipe) for each in effects):
            self.stage.wipe()
        self.pages.add(type(self.model.page).__name__)

    def see(self) -> None:
        if self.stage.scene is None or self.chance.random() < 0.02:
            self.stage.show(self.model)
            self.painted += 1
        self.stage.scene = screens.scene(self.model, self.stage.look(self.model.modes))

    def touch(self) -> None:
        """Mostly where something is, sometimes anywhere, sometimes a drag."""
        self.see()
        now, area = self.model.now, self.stage.panel.area
        x, y = self.chance.uniform(0, area.w), self.chance.uniform(0, area.h)
        self.feed(Touched(x, y))
        assert self.stage.scene is not None
        contacts = [Contact("down", 1, x, y)]
        if self.chance.random() < 0.2:
            contacts.append(Contact("move", 1, x, y - self.chance.uniform(-300, 300)))
        last = contacts[-1]
        contacts.append(Contact("up", 1, last.x, last.y))
        for place, contact in enumerate(contacts):
            for act in self.stage.pointer.handle(contact, self.stage.scene, now + 0.1 * place):
                match act:
                    case Tapped(action=action):
                        self.feed(Acted(action, f"id{self.chance.random()}"))
                    case Scrolled(offset=offset):
                        self.feed(Moved(offset))

    def fault(self) -> None:
        world = self.chance.choice(
            (
                self.kit.world,
                replace(self.kit.world, linked=False),
                replace(self.kit.world, onestop=None, figures=None),
                replace(self.kit.world, printer_alerts=frozenset({"paper_out"})),
                replace(self.kit.world, counters={}, services={}, hall=None, hall_at=None),
            )
        )
        at = None if world.hall_at is None else self.model.now
        self.feed(Learned(replace(world, hall_at=at)))

    def answer(self) -> None:
        """Sometimes with what was asked for, sometimes with a refusal, sometimes never."""
        if not self.asked:
            return
        match self.asked.pop(self.chance.randrange(len(self.asked))):
            case AskTicket(id=ask_id):
                data = codec.plain(IssueData(ticket=self.kit.ticket("A025"), ahead=1))
            case AskDossier(id=ask_id, code=code):
                data = codec.plain(self.kit.dossier(self.chance.randint(1, 10), code))
            case _:
                return
        refused = Refusal(code=self.chance.choice(("unknown", "busy", "unavailable")), text="…")
        good = Reply(id="x", status="ok", data=data)
        bad = Reply(id="x", status="error", error=refused)
        torn = Reply(id="x", status="ok", data={"code": 5})
        kinds = [good, good, bad, torn] if "code" in data else [good, good, bad]
        self.feed(Answered(ask_id, self.chance.choice(kinds)))

    def play(self, touches: int) -> None:
        for _ in range(touches):
            pause = self.chance.choice((0.05, 0.4, 0.4, 1.0, 3.0, 40.0 if self.chance.random() < 0.1
                                        else 0.5))  # fmt: skip
            self.feed(Ticked(self.model.now + pause, self.model.wall))
            self.touch()
            if self.chance.random() < 0.3:
                self.answer()
            if self.chance.random() < 0.02:
                self.fault()
            if self.chance.random() < 0.02:
                self.feed(Read(self.chance.choice(SCANS), f"s{self.chance.random()}"))


def test_a_monkey_finds_no_way_to_break_the_kiosk_or_to_leave_anything(kit: Any) -> None:
    monkey = Monkey(kit, seed=20261123)
    monkey.play(TOUCHES)
    while monkey.asked:
        monkey.answer()
    for _ in range(3):
        monkey.feed(Ticked(monkey.model.now + 700, monkey.model.wall))
    monkey.stage.show(monkey.model)

    assert monkey.model.page == Home()
    assert monkey.model.trail == ()
    assert monkey.model.age is None
    assert len(monkey.pages) >= 12
    left = repr(monkey.model) + " ".join(monkey.stage.painter.typesetter.remembered())
    assert "181129" not in left
    assert "250801" not in left
