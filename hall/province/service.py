"""A consumer: takes batches from the broker, commits them, and only then answers and acknowledges.

    broker ─▶ inbox ─▶ all that has come, at most MOST ─▶ one transaction ─▶ up/ack, PUBACK
                                                            └─ database away: tried again, kept

Any number of consumers share the batches of all halls. One that dies loses nothing: what it had not
answered is sent again by its hall.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from hall.contract import codec
from hall.contract.codec import Garbled
from hall.contract.province import PROVINCE, UP_ACK, UpAck, UpEvents, UpRefusal, find_up, topic_up
from hall.province.ports import EventStore, HallAnswer, ReceivedBatch, StoreAway, StoreRefuses
from hall.runtime.clock import Clock
from hall.runtime.far_link import FarDown, FarHeard, FarLink, FarUp
from hall.runtime.inbox import Inbox

log = logging.getLogger(__name__)

# Batches in one transaction: larger ones are hardly cheaper, and the first waits for the last.
MOST = 64
# At most so many are handed over before they are committed.
UNACKNOWLEDGED = 128
RETRY_S = 1.0


@dataclass(frozen=True, slots=True)
class AnswerAll:
    """Say anew what is held of every hall: the broker may have lost it."""


@dataclass(frozen=True, slots=True)
class _Unanswered:
    """`heard`: what is to be acknowledged; None: it came by a connection that has ended."""

    heard: FarHeard | None
    received: ReceivedBatch


@dataclass(slots=True)
class Consumer:
    """`stored`: events that are new in the database since the start."""

    link: FarLink
    store: EventStore
    clock: Clock
    inbox: Inbox = field(default_factory=Inbox)
    stored: int = 0
    wrong: str = ""
    _waiting: list[_Unanswered] = field(default_factory=list)
    _retry_at: float = 0.0
    _owes_all: bool = False

    def start(self) -> None:
        self.link.open(self.inbox.post)

    def stop(self) -> None:
        self.link.close()
        self.store.close()

    def turn(self, longest_s: float) -> None:
        """Wait for something, take all that is there, commit it."""
        now = self.clock.monotonic()
        blocked = now < self._retry_at
        wait = longest_s
        if self._waiting or self._owes_all:
            wait = min(longest_s, max(0.0, self._retry_at - now))
        item = self.inbox.take_item(wait)
        while item is not None:
            self._take_item(item)
            full = len(self._waiting) >= MOST
            item = None if full else self.inbox.take_item(0.0)
        if not blocked or self.clock.monotonic() >= self._retry_at:
            self._commit()

    def _take_item(self, item: object) -> None:
        match item:
            case FarHeard():
                self._take_message(item)
            case FarUp():
                # The session is a new one, in which the old tokens mean other messages.
                self._waiting = [_Unanswered(None, each.received) for each in self._waiting]
            case FarDown(fault):
                self.wrong = f"{fault.text}. {fault.advice}"
            case AnswerAll():
                self._owes_all = True
            case _:
                pass

    def _take_message(self, heard: FarHeard) -> None:
        self.wrong = ""
        address = find_up(heard.topic)
        if address is None or address.model is not UpEvents or heard.retained:
            self.link.acknowledge(heard)
            return
        try:
            opened = codec.open_payload(heard.payload, hall=address.hall)
            batch = codec.read(UpEvents, opened.content)
        except Garbled as err:
            self._turn_away(address.hall, heard, err.why)
            return
        received = ReceivedBatch(address.hall, batch, opened.envelope.ts, self.clock.now())
        self._waiting.append(_Unanswered(heard, received))

    def _acknowledge(self, heard: FarHeard | None) -> None:
        if heard is not None:
            self.link.acknowledge(heard)

    def _turn_away(self, hall: str, heard: FarHeard | None, why: str) -> None:
        log.warning("batch of %s refused: %s", hall, why)
        refusal = UpRefusal(code="bad_batch", text=f"lô sự kiện không đọc được ({why})")
        try:
            answer = self.store.refuse(hall, refusal, self.clock.now())
        except (StoreAway, StoreRefuses) as err:
            log.warning("refusal of %s not noted: %s", hall, err)
            return
        if answer is not None:
            self._answer(answer)
        self._acknowledge(heard)

    def _commit(self) -> None:
        try:
            if self._owes_all:
                for answer in self.store.answers():
                    self._answer(answer)
                self._owes_all = False
            if self._waiting:
                self._take_all(self._waiting[:MOST])
            self.wrong = ""
        except StoreAway as err:
            self._hold_back(f"PostgreSQL không trả lời: {err}")
        except StoreRefuses as err:
            self._one_by_one(err)

    def _take_all(self, waiting: Sequence[_Unanswered]) -> None:
        taken = self.store.take_batches([each.received for each in waiting])
        self.stored += taken.stored
        for answer in taken.answers:
            self._answer(answer)
        for hall in taken.gaps:
            log.warning("%s goes on from what is not held here: asked again", hall)
        for each in waiting:
            self._acknowledge(each.heard)
        del self._waiting[: len(waiting)]

    def _one_by_one(self, why: StoreRefuses) -> None:
        """One batch that the database does not take must not keep back the others."""
        log.warning("the database refuses: %s", why)
        while self._waiting:
            one = self._waiting[0]
            try:
                self._take_all([one])
            except StoreAway as err:
                self._hold_back(f"PostgreSQL không trả lời: {err}")
                return
            except StoreRefuses as err:
                del self._waiting[0]
                self._turn_away(one.received.hall, one.heard, str(err))

    def _hold_back(self, text: str) -> None:
        if text != self.wrong:
            log.warning("%s", text)
        self.wrong = text
        self._retry_at = self.clock.monotonic() + RETRY_S

    def _answer(self, answer: HallAnswer) -> None:
        held = answer.held
        ack = UpAck(epoch=held.epoch, seq=held.seq, refused=answer.refused)
        payload = codec.pack(ack, hall=answer.hall, src=PROVINCE, ts=self.clock.now())
        self.link.publish(topic_up(answer.hall, UP_ACK), payload, retain=True)
