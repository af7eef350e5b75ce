"""A score on the kiosk, from the finger to the journal: a real queue, five faces, five seconds."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from hall.controller import __main__ as controller
from hall.runtime import settings
from hall.runtime.bus_memory import MemoryBroker
from hall.runtime.clock import SetClock
from hall.runtime.daemon import Daemon, Ground
from kiosk import __main__ as kiosk
from kiosk.model.pages import Home, Rating, RatingFaces, RatingSent, Thanks
from kiosk.model.state import KioskModel
from kiosk.service import KioskService

YAML = """version: 1
hall: {id: thu, name: Thử, hours: ["00:00-24:00"], days: [mon, tue, wed, thu, fri, sat, sun]}
services: [{id: ho-tich, name: Hộ tịch, prefix: A}]
counters:
  - {id: "1", name: Quầy 1, serves: [ho-tich], clients: [counters]}
  - {id: "2", name: Quầy 2, serves: [ho-tich], clients: [counters]}
kiosks: [{id: kiosk-1, screen: {width: 480, height: 854, diagonal_inch: 32}}]
ratings: RATINGS
"""
PLAIN = "{}"
ASKING = "{questions: [{id: thai-do, name: Thái độ}, {id: nhanh, name: Thời gian chờ}]}"
WHY = "{reasons: [{id: cho-lau, name: Chờ lâu}]}"
TOPIC = "motcua/1/thu"


@dataclass
class Hall:
    """Controller and kiosk on one bus; a clerk and a finger are played."""

    clock: SetClock
    broker: MemoryBroker
    daemons: list[Daemon]
    acts: int = 0
    told: list[dict[str, Any]] = field(default_factory=list)
    read: int = 0

    @property
    def model(self) -> KioskModel:
        service = self.daemons[-1].service
        assert isinstance(service, KioskService)
        return service.model

    def turn(self, seconds: float = 0.1) -> None:
        self.clock.advance(seconds)
        for _ in range(4):
            for daemon in self.daemons:
                daemon.turn(self.clock.monotonic(), 0.0)
        for topic, raw in self.broker.log[self.read :]:
            if topic == f"{TOPIC}/evt/ticket":
                self.told.append(json.loads(raw))
        self.read = len(self.broker.log)

    def rest(self, seconds: float) -> None:
        for _ in range(round(seconds / 0.5)):
            self.turn(0.5)

    def ask(self, topic: str, client: str, **fields: Any) -> None:
        self.acts += 1
        stamp = self.clock.now().isoformat()
        body = {"schema": 1, "hall": "thu", "src": client, "ts": stamp, "id": f"r{self.acts}"}
        self.broker.publish(f"{TOPIC}/req/{topic}/{client}", json.dumps(body | fields).encode())
        self.turn()

    def clerk(self, verb: str, counter: str = "1") -> None:
        self.ask(f"queue/{verb}", "counters", counter=counter)

    def serve(self, counter: str = "1") -> None:
        """One person from the ticket to the end at that counter."""
        self.ask("queue/issue", "tech", service="ho-tich", channel="counter")
        for verb in ("call-next", "start", "finish"):
            self.clerk(verb, counter)

    def tap(self, key: str) -> None:
        self.rest(1.0)
        self.ask("dev/kiosk-1/simulate", "tech", action="tap", args={"key": key})
        self.rest(1.0)

    def ratings(self) -> list[tuple[str, str | None, int | None, str | None]]:
        """What was said of whom, in the journal's own words: kind, number, score, question."""
        said = [each for each in self.told if each["type"] in {"rated", "unrated"}]
        return [
            (
                each["type"],
                (each.get("ticket") or {}).get("number"),
                each.get("score"),
                each.get("question"),
            )
            for each in said
        ]


@pytest.fixture(name="hall")
def running_hall(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Hall]:
    told = getattr(request, "param", PLAIN)
    file = tmp_path / "hall.yaml"
    file.write_text(YAML.replace("RATINGS", told), encoding="utf-8")
    clock, broker = SetClock(), MemoryBroker()
    ground = Ground("thu", clock, tmp_path, lambda c: broker.bus(c, "thu", clock), headless=True)
    document = settings.read(file)
    daemons = [*controller.build(document, ground, None), *kiosk.build(document, ground, None)]
    for daemon in daemons:
        daemon.service.start()
        daemon.open()
    made = Hall(clock, broker, daemons)
    made.rest(2.0)
    yield made
    for daemon in daemons:
        daemon.close()


@pytest.mark.parametrize("score", [1, 2, 3, 4, 5])
def test_each_face_is_the_score_of_whom_the_counter_served_last(hall: Hall, score: int) -> None:
    hall.serve()
    hall.serve()
    hall.ask("queue/issue", "tech", service="ho-tich", channel="counter")
    hall.clerk("call-next")
    hall.tap("rating")
    assert hall.model.page == Rating()
    hall.tap("rate.1.go")
    hall.tap(f"score.{score}.go")

    assert isinstance(hall.model.page, RatingSent)
    assert hall.ratings() == [("rated", "A002", score, None)]


def test_a_slip_is_taken_back_for_five_seconds_and_no_longer(hall: Hall) -> None:
    hall.serve()
    for key in ("rating", "rate.1.go", "score.1.go"):
        hall.tap(key)
    hall.rest(2.0)
    hall.tap("again")
    assert isinstance(hall.model.page, RatingFaces)
    hall.tap("score.4.go")
    hall.rest(3.5)
    assert isinstance(hall.model.page, RatingSent)
    hall.rest(1.0)
    assert isinstance(hall.model.page, Thanks)
    hall.rest(4.0)

    assert hall.model.page == Home()
    assert hall.ratings() == [
        ("rated", "A001", 1, None),
        ("unrated", "A001", None, None),
        ("rated", "A001", 4, None),
    ]


def test_who_is_served_meanwhile_is_not_rated_for_the_one_before(hall: Hall) -> None:
    hall.serve()
    hall.tap("rating")
    hall.tap("rate.1.go")
    hall.serve()
    hall.tap("score.2.go")

    assert hall.ratings() == [("rated", "A001", 2, None)]


def test_each_counter_has_its_own_last_one_and_an_undone_end_is_none(hall: Hall) -> None:
    hall.serve("1")
    hall.serve("2")
    hall.ask("queue/undo", "counters", counter="2")
    hall.tap("rating")

    assert [each.counter for each in _offered(hall)] == ["1"]
    hall.tap("rate.hall")
    hall.tap("score.5.go")
    assert hall.ratings() == [("rated", None, 5, None)]


@pytest.mark.parametrize("hall", [ASKING], indirect=True)
def test_the_questions_of_the_hall_are_asked_as_on_a_counters_tablet(hall: Hall) -> None:
    hall.serve()
    for key in ("rating", "rate.1.go", "score.5.go"):
        hall.tap(key)
    hall.rest(5.0)
    assert hall.model.page == RatingFaces(_offered(hall)[0], 1)
    hall.tap("score.2.go")
    hall.tap("again")
    hall.tap("score.3.go")
    hall.rest(5.0)

    assert isinstance(hall.model.page, Thanks)
    assert hall.ratings() == [
        ("rated", "A001", 5, "thai-do"),
        ("rated", "A001", 2, "nhanh"),
        ("unrated", "A001", None, "nhanh"),
        ("rated", "A001", 3, "nhanh"),
    ]


@pytest.mark.parametrize("hall", [WHY], indirect=True)
def test_a_reason_takes_the_place_of_the_score_without_one(hall: Hall) -> None:
    hall.serve()
    for key in ("rating", "rate.1.go", "score.2.go", "why.cho-lau"):
        hall.tap(key)

    assert [kind for kind, *_ in hall.ratings()] == ["rated", "unrated", "rated"]
    assert hall.told[-1]["reason"] == "cho-lau"


def _offered(hall: Hall) -> list[Any]:
    served = hall.model.world.served
    return [last for counter in ("1", "2") if (last := served.last(counter)) is not None]
