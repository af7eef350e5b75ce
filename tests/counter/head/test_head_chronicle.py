"""How the pages read the journal: newest first, all of it, at most a fifth of the time, anew."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from lived_month import Month

from hall.contract import codec
from hall.contract.messages import HallState, Refusal, Reply, TicketEvent
from hall.contract.requests import ReplayData
from hall.contract.staff_marks import ReplayStaffData
from hall.controller import records
from hall.counter.head.chronicle import BLOCK, Chronicle, DayWorked
from hall.counter.head.store import Extent, reading
from hall.runtime.bus_memory import MemoryBroker
from hall.runtime.clock import SetClock
from hall.runtime.daemon import DaemonContext
from hall.runtime.health import Health
from hall.runtime.inbox import Inbox
from hall.runtime.requester import Requester

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def hall_at(seq: int, epoch: int = 1) -> HallState:
    return HallState(
        epoch=epoch,
        ver=seq,
        day="2026-12-02",
        open=True,
        clock="trusted",
        board_ver=1,
        evt_seq=seq,
        waiting=0,
        served_today=0,
    )


@dataclass
class Reading:
    """A chronicle beside a journal; each answer takes `slow` seconds."""

    path: Path
    events: list[TicketEvent]
    slow: float = 0.01
    epoch: int = 1
    broker: MemoryBroker = field(default_factory=MemoryBroker)
    clock: SetClock = field(default_factory=SetClock)

    def __post_init__(self) -> None:
        bus = self.broker.bus("counters", "demo", self.clock)
        self.inbox = Inbox()
        bus.open(Inbox(), (), ())
        self.requester = Requester(bus)
        health = Health(bus, self.clock)
        context = DaemonContext(
            "counters", "demo", bus, self.inbox, self.clock, health, self.requester
        )
        self.chronicle = Chronicle(context, self.path, ZONE)
        self.answered = 0
        self.due = 0.0

    def asked(self) -> list[tuple[str, dict[str, Any]]]:
        return [
            (topic.split("/")[5], json.loads(payload))
            for topic, payload in self.broker.log
            if "/req/queue/replay" in topic
        ]

    def turn(self) -> bool:
        """One turn of the loop; whether a request was answered in it."""
        self.due = self.chronicle.tick(self.clock.monotonic())
        if self.chronicle._worker is not None:
            self.chronicle._worker.join()
            worked = self.inbox.take_item(0)
            assert isinstance(worked, DayWorked)
            self.chronicle.worked(worked)
        waiting = self.asked()[self.answered :]
        for verb, request in waiting:
            self.clock.advance(self.slow)
            self.answered += 1
            self.requester.take_reply(self.answer(verb, request))
        return bool(waiting)

    def answer(self, verb: str, request: dict[str, Any]) -> Reply:
        if request["epoch"] != self.epoch:
            refusal = Refusal(code="conflict", text="kỳ khác")
            return Reply(id=request["id"], status="error", error=refusal)
        found = [e for e in self.events if e.seq >= request["from_seq"]][: request["limit"]]
        last, end = (found or self.events)[-1].seq, self.events[-1].seq
        data: Any = ReplayData(events=tuple(found), last_seq=last, end_seq=end)
        if verb == "replay-staff":
            data = ReplayStaffData(marks=(), last_seq=last, end_seq=end)
        return Reply(id=request["id"], status="ok", data=codec.plain(data))

    def read_all(self) -> Extent:
        self.chronicle.heartbeat(hall_at(self.events[-1].seq, self.epoch))
        for _ in range(3000):
            self.turn()
            self.clock.advance(1)
            if self.known().whole and not self.chronicle._to_work:
                break
        return self.known()

    def known(self) -> Extent:
        if not self.path.exists():
            return Extent()
        with reading(self.path) as kept:
            return kept.extent()


@pytest.fixture(scope="module")
def events() -> list[TicketEvent]:
    return [records.message(row, ZONE) for row in Month(seed=5).rows]


@pytest.fixture
def reader(tmp_path: Path, events: list[TicketEvent]) -> Iterator[Reading]:
    made = Reading(tmp_path / "figures.db", events)
    yield made
    made.chronicle.close()


def test_the_whole_journal_is_read_and_every_day_that_is_over_worked_out(reader: Reading) -> None:
    end = reader.events[-1].seq

    assert reader.read_all() == Extent(1, 1, end, whole=True)
    with reading(reader.path) as kept:
        days = kept.days()
    assert len(days) == 23
    assert all(day.figures is not None for day in days[:-1])
    assert days[-1].figures is None


def test_the_newest_lines_come_first(reader: Reading) -> None:
    end = reader.events[-1].seq
    reader.chronicle.heartbeat(hall_at(end))
    while len(reader.asked()) < 2:
        reader.turn()
        reader.clock.advance(1)

    oldest, newest = reader.asked()[0][1], reader.asked()[1][1]
    assert (oldest["from_seq"], oldest["limit"]) == (1, 1)
    assert (newest["from_seq"], newest["limit"]) == (end - BLOCK + 1, BLOCK)


def test_the_reader_rests_four_times_as_long_as_an_answer_takes(reader: Reading) -> None:
    reader.slow = 1.0
    reader.chronicle.heartbeat(hall_at(reader.events[-1].seq))
    begun = reader.clock.monotonic()
    for _ in range(2000):
        reader.turn()
        reader.clock.advance(0.1)

    busy = reader.answered * reader.slow
    assert reader.answered > 10
    assert busy <= 0.25 * (reader.clock.monotonic() - begun)


def test_the_reader_wakes_when_its_rest_is_over(reader: Reading) -> None:
    """A loop sleeps until the moment that it is given: a block a second would take all morning."""
    reader.chronicle.heartbeat(hall_at(reader.events[-1].seq))
    begun = reader.clock.monotonic()
    while not (reader.known().whole or reader.clock.monotonic() > begun + 60):
        if not reader.turn():
            reader.clock.advance(max(0.0, reader.due - reader.clock.monotonic()))

    assert reader.known().whole
    busy = reader.answered * reader.slow
    assert reader.clock.monotonic() - begun < 6 * busy


def test_a_restored_journal_is_read_anew(reader: Reading) -> None:
    reader.read_all()
    reader.epoch = 2

    end = reader.events[-1].seq
    assert reader.read_all() == Extent(2, 1, end, whole=True)


def test_a_refusal_is_not_asked_again_at_once(reader: Reading) -> None:
    reader.epoch = 7
    reader.chronicle.heartbeat(hall_at(reader.events[-1].seq, 1))
    for _ in range(29):
        reader.turn()
        reader.clock.advance(1)

    assert len(reader.asked()) == 1


def test_a_file_that_cannot_be_kept_stops_nobody(tmp_path: Path, events: list[TicketEvent]) -> None:
    kept = Reading(tmp_path / "no" / "folder" / "figures.db", events)
    kept.chronicle.heartbeat(hall_at(events[-1].seq))

    assert kept.turn() is False
    assert kept.chronicle.waiting is None
    (tmp_path / "no" / "folder").mkdir(parents=True)
    assert kept.read_all().whole
    kept.chronicle.close()
