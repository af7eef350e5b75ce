"""Every event reaches the province exactly once, whatever breaks in between."""

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from hall.contract.messages import TicketEvent
from hall.contract.province import JournalPlace, UpAck, UpEvents, UpRefusal
from hall.province.acceptance import NewEvents, judge
from hall.uplink import outbox
from hall.uplink.batching import Sender, batch_of
from hall.uplink.outbox import Level, ReadPage, SendBatch, Stopped, Submitted, Upload

AT = datetime(2026, 11, 30, 8, tzinfo=UTC)
SENDER = Sender("mark", "pi")


def event(epoch: int, seq: int) -> TicketEvent:
    return TicketEvent(epoch=epoch, seq=seq, type="counter_opened", counter="1", by="tech", at=AT)


@dataclass
class World:
    """A journal, a link that breaks, a province that may lose its last hours."""

    chance: random.Random
    journal: list[TicketEvent] = field(default_factory=list)
    epoch: int = 1
    upload: Upload = field(default_factory=Upload)
    now: float = 0.0
    held: JournalPlace = field(default_factory=JournalPlace)
    stored: list[tuple[int, int]] = field(default_factory=list)
    linked: bool = False
    on_way: list[UpEvents] = field(default_factory=list)

    @property
    def end(self) -> int:
        return self.journal[-1].seq if self.journal else 0

    def happen(self, events: int) -> None:
        for _ in range(events):
            self.journal.append(event(self.epoch, self.end + 1))

    def restore(self, lost: int, skipped: int) -> None:
        """An older backup, a new epoch, and a seq above or below what was there."""
        self.journal = self.journal[: max(0, len(self.journal) - lost)]
        self.epoch += 1
        self.journal.append(event(self.epoch, self.end + 1 + skipped))

    def forget(self, events: int) -> None:
        """The province comes back from yesterday's backup."""
        self.stored = self.stored[: max(0, len(self.stored) - events)]
        last = self.stored[-1] if self.stored else (0, 0)
        self.held = JournalPlace(epoch=last[0], seq=last[1])

    def turn(self, *, loses: float) -> None:
        self.upload = outbox.told_of_journal(self.upload, self.epoch, self.end)
        if not self.linked:
            self.linked = True
            self.upload = outbox.linked(self.upload, self.now)
            if self.chance.random() > loses:
                self.answer()
        self.act(loses)
        self.province(loses)
        if self.chance.random() < loses / 4:
            self.linked = False
            self.on_way = []
            self.upload = outbox.lost(self.upload)
        self.now += self.chance.choice((0.1, 1.0, 6.0, 31.0))

    def act(self, loses: float) -> None:
        while True:
            self.upload, act = outbox.next_act(self.upload, self.now)
            match act or outbox.next_probe(self.upload):
                case ReadPage(from_seq, epoch, limit):
                    self.read(from_seq, epoch, limit or 7, loses)
                case SendBatch(batch):
                    self.upload = outbox.sent(self.upload, batch, self.now)
                    if self.chance.random() > loses:
                        self.on_way.append(batch)
                    return
                case None:
                    return

    def read(self, from_seq: int, epoch: int, limit: int, loses: float) -> None:
        if epoch != self.epoch or self.chance.random() < loses:
            self.upload = outbox.unread(self.upload, self.now)
            return
        page = [each for each in self.journal if each.seq >= from_seq][:limit]
        place = self.upload.place
        reading = isinstance(self.upload.stage, outbox.Reading) and place is not None
        batch = batch_of(page, place, SENDER, 40_000) if reading and place else None
        self.upload = outbox.read(self.upload, page, self.end, batch, self.now)

    def province(self, loses: float) -> None:
        for batch in self.on_way:
            found = judge(self.held, batch)
            if isinstance(found, NewEvents) and found.events:
                self.stored += [(batch.epoch, each.seq) for each in found.events]
                self.held = batch.last
            if self.chance.random() > loses:
                self.answer()
        self.on_way = []

    def answer(self) -> None:
        ack = UpAck(epoch=self.held.epoch, seq=self.held.seq)
        self.upload = outbox.acknowledged(self.upload, ack, self.now)

    def settle(self) -> None:
        for _ in range(4000):
            self.turn(loses=0.0)
            if self.held.order == (self.epoch, self.end) and isinstance(self.upload.stage, Level):
                return
        raise AssertionError(f"never level: {self.upload}")

    def missing(self) -> list[tuple[int, int]]:
        return [p for e in self.journal if (p := (e.epoch, e.seq)) not in set(self.stored)]


@pytest.mark.parametrize("seed", range(12))
def test_a_world_of_losses_ends_without_a_gap_and_without_a_double(seed: int) -> None:
    chance = random.Random(seed)
    world = World(chance)
    world.happen(chance.randint(1, 90))
    for _ in range(60):
        match chance.randint(0, 14):
            case 0:
                world.restore(chance.randint(0, 30), chance.choice((0, 0, 40)))
            case 1:
                world.forget(chance.randint(0, 50))
                world.answer()
            case _:
                world.happen(chance.randint(0, 9))
        world.turn(loses=0.3)
    world.settle()

    assert world.missing() == []
    assert len(world.stored) == len(set(world.stored))
    assert world.stored == sorted(world.stored)


def test_days_offline_go_up_in_full_batches() -> None:
    world = World(random.Random(1))
    world.happen(500)
    world.settle()

    assert world.stored == [(1, seq) for seq in range(1, 501)]


@pytest.mark.parametrize("lost", [1, 20, 49])
@pytest.mark.parametrize("skipped", [0, 7, 200])
def test_a_restored_journal_goes_up_from_its_new_epoch_s_first_event(
    lost: int, skipped: int
) -> None:
    """Also where its numbers begin below those that the province holds of the old one."""
    world = World(random.Random(1))
    world.happen(50)
    world.settle()
    world.restore(lost, skipped)
    world.happen(60)
    world.settle()

    assert world.missing() == []
    assert world.stored == sorted(set(world.stored))


def test_a_batch_without_an_answer_is_sent_again_unchanged_after_30_s() -> None:
    world = World(random.Random(1))
    world.happen(3)
    world.linked = True
    world.upload = outbox.linked(outbox.told_of_journal(world.upload, 1, 3), 0.0)
    world.answer()
    world.act(0.0)
    stage = world.upload.stage
    assert isinstance(stage, Submitted)

    assert outbox.next_act(world.upload, 29.9)[1] is None
    assert outbox.next_act(world.upload, 30.0)[1] == SendBatch(stage.batch)
    again = outbox.linked(outbox.lost(world.upload), 31.0)
    again = outbox.acknowledged(again, UpAck(epoch=0, seq=0), 31.0)
    assert outbox.next_act(again, 31.0)[1] == SendBatch(stage.batch)


def test_without_an_answer_for_5_s_it_starts_at_the_first_event() -> None:
    upload = outbox.linked(outbox.told_of_journal(Upload(), 1, 9), 0.0)

    assert outbox.next_act(upload, 4.9)[1] is None
    assert outbox.next_act(upload, 5.0)[1] == ReadPage(1, 1)


def test_a_province_that_holds_more_than_the_journal_is_told_to_a_person() -> None:
    world = World(random.Random(1))
    world.happen(5)
    world.held = JournalPlace(epoch=1, seq=9)
    world.stored = [(1, 9)]
    for _ in range(3):
        world.turn(loses=0.0)

    assert isinstance(world.upload.stage, Stopped)
    world.happen(20)
    world.turn(loses=0.0)
    assert world.stored == [(1, 9)]


def test_a_refusal_stops_until_it_is_taken_back() -> None:
    refusal = UpRefusal(code="twin", text="hai máy")
    upload = outbox.linked(outbox.told_of_journal(Upload(), 1, 9), 0.0)
    stopped = outbox.acknowledged(upload, UpAck(epoch=1, seq=2, refused=refusal), 1.0)

    assert outbox.next_act(stopped, 200.0)[1] is None
    taken_back = outbox.acknowledged(stopped, UpAck(epoch=1, seq=2), 2.0)
    assert outbox.next_act(taken_back, 2.0)[1] == ReadPage(3, 1)
    assert outbox.next_act(stopped, 302.0)[1] == ReadPage(3, 1)


def test_what_comes_within_a_second_goes_up_together() -> None:
    upload = replace(Upload(), stage=Level(JournalPlace(epoch=1, seq=4)), epoch=1, end=6, sure=True)

    assert outbox.next_act(replace(upload, calm_until=2.0), 1.0)[1] is None
    assert outbox.next_act(replace(upload, calm_until=2.0), 2.0)[1] == ReadPage(5, 1)
    assert outbox.next_act(replace(upload, calm_until=2.0, end=500), 1.0)[1] == ReadPage(5, 1)
