"""Sends the journal's events: a page from the controller, a batch up, the province's answer."""

import logging
from dataclasses import dataclass, field

from hall.contract import MAX_BYTES, codec
from hall.contract.messages import HallState, Reply
from hall.contract.province import MOST_EVENTS, UP_EVENTS, UPLINK, UpAck, UpEvents, topic_up
from hall.contract.requests import Replay, ReplayData
from hall.contract.topics import REQ_QUEUE
from hall.runtime.daemon import DaemonContext
from hall.runtime.far_link import FarLink
from hall.runtime.requester import data_of, new_id
from hall.uplink import outbox
from hall.uplink.batching import Sender, batch_of
from hall.uplink.budget import ByteBudget
from hall.uplink.outbox import Reading, ReadPage, SendBatch, Stopped, Submitted, Upload
from hall.uplink.ports import UplinkStore

log = logging.getLogger(__name__)

# States wait behind a batch: it takes a second of the budget, and more only where that is little.
_LEAST_BYTES = 4 * 1024
# What the envelope and the fields around the events take.
_MARGIN = 2 * 1024
# Of one event as it goes up; how many are asked for follows from it.
_EVENT_BYTES = 220
_KEEP_S = 2.0


@dataclass(slots=True)
class JournalUpload:
    context: DaemonContext
    link: FarLink
    store: UplinkStore
    budget: ByteBudget
    upload: Upload = field(default_factory=Upload)
    batches: int = 0
    _asked: str = ""
    _kept: tuple[int, int] = (0, 0)
    _keep_at: float = 0.0

    @property
    def most_bytes(self) -> int:
        return int(min(MAX_BYTES - _MARGIN, max(_LEAST_BYTES, self.budget.per_s)))

    @property
    def refusal(self) -> Stopped | None:
        """Why nothing goes up although there is a link."""
        stage = self.upload.stage
        return stage if isinstance(stage, Stopped) else None

    def linked(self, now: float) -> None:
        self.upload = outbox.linked(self.upload, now)

    def lost(self) -> None:
        self.upload = outbox.lost(self.upload)
        self._asked = ""

    def take_heartbeat(self, hall: HallState) -> None:
        self.upload = outbox.told_of_journal(self.upload, hall.epoch, hall.evt_seq)

    def take_answer(self, ack: UpAck, now: float) -> None:
        before, self.upload = self.upload, outbox.acknowledged(self.upload, ack, now)
        if before.place is not None and ack.place.order < before.place.order:
            log.warning("the province asks again from %s", ack.place.order)
        if ack.refused is not None and before.stage != self.upload.stage:
            log.error("the province takes nothing: %s", ack.refused.text)

    def tick(self, now: float) -> float:
        self._keep(now)
        if not self._asked:
            self.upload, act = outbox.next_act(self.upload, now)
            self._perform(act or outbox.next_probe(self.upload), now)
        if isinstance(self.upload.stage, outbox.Ready):
            return self.budget.due(now)
        return outbox.due(self.upload, now)

    def close(self) -> None:
        self._keep_at = 0.0
        self._keep(self.context.clock.monotonic())

    def _perform(self, act: ReadPage | SendBatch | None, now: float) -> None:
        match act:
            case ReadPage(from_seq, epoch, limit):
                self._read_page(
                    Replay(id=new_id(), from_seq=from_seq, limit=limit or self._limit, epoch=epoch),
                    now,
                )
            case SendBatch(batch) if self.budget.allows(now):
                self._send_batch(batch, now)
            case _:
                pass

    @property
    def _limit(self) -> int:
        return max(1, min(MOST_EVENTS, self.most_bytes // _EVENT_BYTES))

    def _read_page(self, request: Replay, now: float) -> None:
        self._asked = request.id
        self.context.requester.send_request(REQ_QUEUE, "replay", request, self._page, now)

    def _page(self, reply: Reply) -> None:
        if reply.id != self._asked:
            return
        self._asked = ""
        now = self.context.clock.monotonic()
        page = data_of(reply, ReplayData)
        if page is None:
            self.upload = outbox.unread(self.upload, now)
            return
        self.upload = outbox.read(self.upload, page.events, page.end_seq, self._batch(page), now)

    def _batch(self, page: ReplayData) -> UpEvents | None:
        match self.upload.stage:
            case Reading(place):
                sender = Sender(self.store.source, self.context.bus.host)
                return batch_of(page.events, place, sender, self.most_bytes)
            case _:
                return None

    def _send_batch(self, batch: UpEvents, now: float) -> None:
        clock = self.context.clock
        payload = codec.pack(batch, hall=self.context.hall, src=UPLINK, ts=clock.now())
        topic = topic_up(self.context.hall, UP_EVENTS)
        if self.link.publish(topic, payload, retain=False) is None:
            return
        if isinstance(self.upload.stage, Submitted):
            log.warning("batch %s: no answer, sent again", batch.last.order)
        self.batches += 1
        self.budget.spend(len(topic) + len(payload), now)
        self.upload = outbox.sent(self.upload, batch, now)

    def _keep(self, now: float) -> None:
        """A witness for people, written when it has changed and not at every batch."""
        place = self.upload.place
        if place is None or place.order == self._kept or now < self._keep_at:
            return
        self._keep_at = now + _KEEP_S
        try:
            self.store.keep_place(place.order)
        except OSError as err:
            log.warning("place not kept: %s", err)
            return
        self._kept = place.order
