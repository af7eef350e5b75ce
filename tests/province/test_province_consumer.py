"""A consumer answers and acknowledges what is committed, and keeps what is not."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from hall.contract import codec
from hall.contract.messages import TicketEvent
from hall.contract.province import UP_EVENTS, JournalPlace, UpEvents, UpRefusal, topic_up
from hall.province.ports import HallAnswer, ReceivedBatch, StoreAway, StoreRefuses, Taken
from hall.province.service import RETRY_S, AnswerAll, Consumer
from hall.runtime.clock import SetClock
from hall.runtime.far_link import FarHeard, FarUp, Post
from hall.uplink.batching import Sender, batch_of

AT = datetime(2026, 11, 30, 3, tzinfo=UTC)


def batch(last: int) -> UpEvents:
    events = [
        TicketEvent(epoch=1, seq=n, type="counter_opened", counter="1", by="tech", at=AT)
        for n in range(1, last + 1)
    ]
    made = batch_of(events, JournalPlace(), Sender("m", "pi"), 40_000)
    assert made is not None
    return made


@dataclass
class FakeLink:
    told: list[str] = field(default_factory=list)
    acknowledged: list[int] = field(default_factory=list)

    def open(self, post: Post) -> None: ...

    def publish(self, topic: str, payload: bytes, *, retain: bool) -> int | None:
        assert retain
        ack = codec.open_payload(payload, hall=topic.split("/")[2]).content
        refused = (ack.get("refused") or {}).get("code", "")
        self.told.append(f"{topic.split('/')[2]} {ack['seq']} {refused}".strip())
        return 1

    def acknowledge(self, heard: FarHeard) -> None:
        self.acknowledged.append(heard.token)

    def close(self) -> None: ...


@dataclass
class FakeStore:
    """`poison`: the hall whose batches the database does not take."""

    away: bool = False
    poison: str = ""
    taken: list[str] = field(default_factory=list)

    def take_batches(self, batches: list[ReceivedBatch]) -> Taken:
        self._ask()
        if any(each.hall == self.poison for each in batches):
            raise StoreRefuses("quá lớn")
        self.taken += [each.hall for each in batches]
        answers = [HallAnswer(each.hall, each.batch.last) for each in batches]
        return Taken(tuple(answers), len(batches))

    def refuse(self, hall: str, refusal: UpRefusal, at: datetime) -> HallAnswer | None:
        self._ask()
        assert at == AT
        return HallAnswer(hall, JournalPlace(), refusal)

    def answers(self) -> tuple[HallAnswer, ...]:
        self._ask()
        return (HallAnswer("a", JournalPlace(epoch=1, seq=7)),)

    def close(self) -> None: ...

    def _ask(self) -> None:
        if self.away:
            raise StoreAway("tắt")


@dataclass
class Desk:
    link: FakeLink
    store: FakeStore
    clock: SetClock
    consumer: Consumer
    tokens: int = 0

    def send(self, hall: str, payload: bytes | None = None) -> None:
        self.tokens += 1
        told = codec.pack(batch(3), hall=hall, src="uplink", ts=AT)
        heard = FarHeard(topic_up(hall, UP_EVENTS), payload or told, token=self.tokens)
        self.consumer.inbox.post(heard)

    def turn(self, later_s: float = 0.0) -> None:
        self.clock.elapsed_s += later_s
        self.consumer.turn(0.0)


@pytest.fixture
def desk() -> Desk:
    link, store, clock = FakeLink(), FakeStore(), SetClock(at=AT)
    return Desk(link, store, clock, Consumer(link, store, clock))


def test_what_is_committed_is_answered_and_acknowledged(desk: Desk) -> None:
    desk.send("a")
    desk.send("b")
    desk.turn()

    assert desk.store.taken == ["a", "b"]
    assert desk.link.told == ["a 3", "b 3"]
    assert desk.link.acknowledged == [1, 2]


def test_nothing_is_answered_before_the_commit(desk: Desk) -> None:
    desk.store.away = True
    desk.send("a")
    desk.turn()
    assert desk.link.told == []
    assert desk.link.acknowledged == []
    assert "PostgreSQL" in desk.consumer.wrong

    desk.store.away = False
    desk.turn()
    assert desk.store.taken == []
    desk.turn(RETRY_S)
    assert desk.link.told == ["a 3"]
    assert desk.link.acknowledged == [1]
    assert desk.consumer.wrong == ""


def test_a_new_connection_acknowledges_nothing_of_the_old_one(desk: Desk) -> None:
    desk.store.away = True
    desk.send("a")
    desk.turn()
    desk.store.away = False
    desk.consumer.inbox.post(FarUp("c2"))
    desk.turn(RETRY_S)

    assert desk.link.told == ["a 3"]
    assert desk.link.acknowledged == []


def test_one_poisoned_batch_keeps_nobody_back(desk: Desk) -> None:
    desk.store.poison = "x"
    for hall in ("a", "x", "b"):
        desk.send(hall)
    desk.turn()

    assert desk.store.taken == ["a", "b"]
    assert desk.link.told == ["a 3", "x 0 bad_batch", "b 3"]
    assert desk.link.acknowledged == [1, 2, 3]


@pytest.mark.parametrize(
    "payload",
    [
        b"{",
        b"[]",
        b'{"schema":1,"hall":"b","src":"uplink"}',
        codec.pack(batch(3), hall="a", src="uplink", ts=AT).replace(b'"seq":2', b'"seq":9'),
    ],
)
def test_what_is_no_batch_is_refused_and_acknowledged(desk: Desk, payload: bytes) -> None:
    desk.send("a", payload)
    desk.turn()

    assert desk.link.told == ["a 0 bad_batch"]
    assert desk.link.acknowledged == [1]
    assert desk.store.taken == []


def test_who_becomes_the_keeper_has_everything_answered_anew(desk: Desk) -> None:
    desk.consumer.inbox.post(AnswerAll())
    desk.turn()

    assert desk.link.told == ["a 7"]
