"""Events reach the page in order and without gaps, whatever was missed on the way."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from hall.contract import codec
from hall.contract.messages import HallState, Refusal, Reply, TicketEvent
from hall.contract.requests import ReplayData
from hall.counter.history import History
from hall.runtime.bus_memory import MemoryBroker
from hall.runtime.clock import SetClock
from hall.runtime.daemon import DaemonContext
from hall.runtime.health import Health
from hall.runtime.inbox import Inbox
from hall.runtime.requester import Requester

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def event(seq: int) -> TicketEvent:
    return TicketEvent(epoch=1, seq=seq, type="recalled", by="counters", at=NOW)


def hall_at(seq: int, epoch: int = 1) -> HallState:
    return HallState(
        epoch=epoch,
        ver=seq,
        day="2026-11-23",
        open=True,
        clock="trusted",
        board_ver=1,
        evt_seq=seq,
        waiting=0,
        served_today=0,
    )


@dataclass
class Reader:
    """A page's history beside a journal of so many events."""

    journal: int = 0
    heard: list[int] = field(default_factory=list)
    broker: MemoryBroker = field(default_factory=MemoryBroker)

    def __post_init__(self) -> None:
        clock = SetClock()
        bus = self.broker.bus("counters", "demo", clock)
        bus.open(Inbox(), (), ())
        self.requester = Requester(bus)
        context = DaemonContext(
            "counters", "demo", bus, Inbox(), clock, Health(bus, clock), self.requester
        )
        self.history = History(context, lambda each: self.heard.append(each.seq))

    def asked(self) -> list[dict[str, Any]]:
        return [json.loads(payload) for topic, payload in self.broker.log if "/replay/" in topic]

    def answer(self, give: Callable[[dict[str, Any]], Reply]) -> None:
        """Answer the last request that is still open."""
        last = self.asked()[-1]
        self.requester.take_reply(give(last))

    def page(self, asked: dict[str, Any]) -> Reply:
        first = asked["from_seq"]
        last = min(self.journal, first + asked["limit"] - 1)
        events = tuple(event(seq) for seq in range(first, last + 1))
        data = ReplayData(events=events, last_seq=last, end_seq=self.journal)
        return Reply(id=asked["id"], status="ok", data=codec.plain(data))

    def catch_up(self) -> None:
        answered = -1
        while answered != len(self.asked()):
            answered = len(self.asked())
            self.answer(self.page)


def refused(asked: dict[str, Any]) -> Reply:
    return Reply(id=asked["id"], status="error", error=Refusal(code="internal", text="hỏng"))


def test_a_page_that_starts_in_the_middle_of_a_day_reads_what_was_before() -> None:
    reader = Reader(journal=450)
    reader.history.heartbeat(hall_at(450))
    reader.catch_up()

    assert reader.heard == list(range(1, 451))
    assert len(reader.asked()) == 3


def test_of_a_long_journal_the_last_two_thousand_events_are_read() -> None:
    reader = Reader(journal=1_000_000)
    reader.history.heartbeat(hall_at(1_000_000))

    assert reader.asked()[0]["from_seq"] == 998_001


def test_events_then_come_live_without_asking() -> None:
    reader = Reader(journal=2)
    reader.history.heartbeat(hall_at(2))
    reader.catch_up()
    for seq in (3, 4, 4, 3):
        reader.history.event(event(seq))

    assert reader.heard == [1, 2, 3, 4]
    assert len(reader.asked()) == 1


def test_a_gap_is_filled() -> None:
    reader = Reader(journal=2)
    reader.history.heartbeat(hall_at(2))
    reader.catch_up()
    reader.journal = 6
    reader.history.event(event(5))
    reader.history.event(event(6))
    reader.catch_up()

    assert reader.heard == [1, 2, 3, 4, 5, 6]


def test_after_a_lost_connection_the_next_heartbeat_tells_what_was_missed() -> None:
    reader = Reader(journal=2)
    reader.history.heartbeat(hall_at(2))
    reader.catch_up()
    reader.history.fell_behind()
    reader.journal = 4
    reader.history.heartbeat(hall_at(4))
    reader.catch_up()

    assert reader.heard == [1, 2, 3, 4]


def test_a_restored_journal_goes_on_in_its_own_epoch() -> None:
    reader = Reader(journal=2)
    reader.history.heartbeat(hall_at(2))
    reader.catch_up()
    reader.journal = 9
    reader.history.heartbeat(hall_at(9, epoch=2))

    assert (reader.asked()[-1]["epoch"], reader.asked()[-1]["from_seq"]) == (2, 3)


def test_where_the_past_is_refused_the_present_goes_on() -> None:
    reader = Reader(journal=7)
    reader.history.heartbeat(hall_at(7))
    reader.answer(refused)
    reader.history.event(event(8))

    assert reader.heard == [8]
