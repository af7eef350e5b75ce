"""Requests to the queue, from their checks to their replies: commit, publish, answer.

What has queued up is decided request by request and shares one sync; each is all or nothing.
"""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from hall.contract import codec
from hall.contract import requests as req
from hall.contract.codec import WrittenReply
from hall.contract.messages import ErrorCode, Refusal, Reply
from hall.contract.rights import kind_of
from hall.contract.topics import RSP
from hall.contract.verbs import QUEUE
from hall.controller import translation
from hall.controller.batch import Batch, DueReply, NamedRequest
from hall.controller.books import Books, written
from hall.controller.ports import (
    HighWaterMark,
    JournalEntry,
    JournalRow,
    StoreBroken,
    StoredReply,
    StoreFull,
)
from hall.controller.publishing import Publisher
from hall.controller.replies import Replies, with_code, without_code
from hall.queueing import commands as cmd
from hall.queueing.decide import decide
from hall.queueing.decision import Decision
from hall.queueing.refusals import Refused
from hall.queueing.rules import Now
from hall.runtime.bus import Bus
from hall.runtime.daemon import WORDS, refused
from hall.runtime.disk_room import NO_ROOM

log = logging.getLogger(__name__)

TOO_MANY = "Máy này xin quá nhiều số trong một lúc. Mời chờ ít giây rồi thử lại."


@dataclass(slots=True)
class Answering:
    """`may_act`: whether a client may act for a counter.

    `objection`: why a new act is not taken up now, `expired` or `limit`; None: it is.
    """

    bus: Bus
    books: Books
    publisher: Publisher
    now: Callable[[], Now]
    may_act: Callable[[str, str], bool]
    reader: translation.Translator
    objection: Callable[[NamedRequest], ErrorCode | None] = lambda _: None
    _batch: Batch | None = None
    _replies: Replies = field(init=False)

    def __post_init__(self) -> None:
        self._replies = Replies(self.publisher.projection, self.reader)

    @property
    def pending(self) -> int:
        """How many wait for `settle`."""
        return 0 if self._batch is None else len(self._batch.due)

    def take_request(self, asked: NamedRequest) -> None:
        """Decide a request behind those that are pending. Raises StoreBroken."""
        verb = QUEUE[asked.verb]
        if kind_of(asked.client) not in verb.callers:
            self._refuse(asked, "unauthorized", "Máy này không được phép gửi yêu cầu này.")
            return
        stored = self._stored(asked.request.id)
        if stored is not None:
            self._due(asked, lambda: self._again(asked, stored))
        elif verb.reads:
            self._read(asked)
        elif not self._is_allowed(asked.client, asked.request):
            self._refuse(asked, "unauthorized", "Máy này không được phép gọi thay quầy này.")
        else:
            self._new(asked)

    def settle(self) -> None:
        """Make all that is pending durable by one sync, publish it, answer it.

        Raises StoreFull (all are answered `unavailable`) or StoreBroken (none is answered).
        """
        batch, self._batch = self._batch, None
        if batch is None:
            return
        try:
            self.books.commit(batch.entries, batch.hall)
        except StoreBroken:
            raise
        except StoreFull:
            self._refuse_all(batch, "unavailable", NO_ROOM)
            raise
        except RuntimeError:
            self._refuse_all(batch, "internal", WORDS["internal"])
            raise
        rows = [row for entry in batch.entries for row in entry.rows]
        with self.bus.together():
            if rows and batch.now is not None:
                self.publisher.happened(rows, batch.calls, self.books.hall, batch.now)
            for due in batch.due:
                self._tell_due(due)

    def time_passed(self) -> None:
        """Let the day turn or a parked ticket come back, with no request."""
        self.settle()
        now, hall = self.now(), self.books.hall
        decision = decide(self.publisher.projection.rules, hall, cmd.PassTime(self.bus.client), now)
        rows = written(hall, decision)
        self.books.commit((JournalEntry(rows),), decision.hall)
        self.tell_rows(rows, now)

    def adopt_marks(self, marks: Sequence[HighWaterMark]) -> bool:
        """Adopt the marks known outside the journal; True when one was higher."""
        self.settle()
        now = self.now()
        rows = self.books.adopt_marks(marks, self.bus.client, now)
        self.tell_rows(rows, now)
        return bool(rows)

    def tell_rows(self, rows: Sequence[JournalRow], now: Now) -> None:
        if rows:
            self.publisher.happened(rows, (), self.books.hall, now)

    def _stored(self, request_id: str) -> StoredReply | None:
        pending = None if self._batch is None else self._batch.answers.get(request_id)
        return pending or self.books.journal.answer(request_id)

    def _open(self) -> Batch:
        if self._batch is None:
            self._batch = Batch(self.books.hall)
        return self._batch

    def _due(self, asked: NamedRequest, tell: Callable[[], None]) -> None:
        self._open().due.append(DueReply(asked, tell))

    def _tell_due(self, due: DueReply) -> None:
        try:
            due.tell()
        except Exception:  # the others wait for their replies all the same
            log.exception("no reply to %s", due.asked.verb)
            self._refuse(due.asked, "internal", WORDS["internal"])

    def _refuse_all(self, batch: Batch, code: ErrorCode, text: str) -> None:
        for due in batch.due:
            self._refuse(due.asked, code, text)

    def _read(self, asked: NamedRequest) -> None:
        """What is read is what is on the disk by then."""
        if self.objection(asked) == "expired":
            self._refuse(asked, "expired", WORDS["expired"])
        else:
            self._due(asked, lambda: self._send(asked, self._read_reply(asked.request)))

    def _read_reply(self, request: req.Request) -> WrittenReply:
        return self._replies.read(request, self.books, self.now())

    def _new(self, asked: NamedRequest) -> None:
        """An act that nobody has asked for yet. That one came too late is kept as its reply."""
        match self.objection(asked):
            case None:
                self._act(asked)
            case "expired":
                refusal = Refusal(code="expired", text=WORDS["expired"])
                reply = codec.written(refused(asked.request.id, refusal))
                self._keep(asked, reply, Decision((), self._open().hall), self.now())
            case code:
                self._refuse(asked, code, TOO_MANY)

    def _act(self, asked: NamedRequest) -> None:
        now, hall = self.now(), self._open().hall
        command = translation.command(asked.verb, asked.request, asked.client, self.reader)
        rules = self.publisher.projection.rules
        try:
            decision = decide(rules, hall, command, now)
            reply = self._replies.accepted(asked, decision, now)
        except Refused as refusal:
            decision = refusal.passed or Decision((), hall)
            reply = self._replies.refused(asked, refusal, decision, now)
        self._keep(asked, reply, decision, now)

    def _keep(self, asked: NamedRequest, reply: WrittenReply, decision: Decision, now: Now) -> None:
        """Add what was decided, and its reply, to what the next sync makes durable."""
        batch = self._open()
        rows = written(batch.hall, decision, _staff(asked))
        batch.hall, batch.now = decision.hall, now
        answer = batch.answers[asked.request.id] = self._answer(asked, reply, now)
        batch.entries.append(JournalEntry(rows, answer))
        batch.calls += self.publisher.calls(rows, decision.hall)
        self._due(asked, lambda: self._send(asked, reply))

    def _send(self, asked: NamedRequest, reply: WrittenReply) -> None:
        self.bus.publish(RSP, reply, client=asked.client)

    def _again(self, asked: NamedRequest, stored: StoredReply) -> None:
        """The same request: the same reply. Anything changed: an id used twice."""
        given = (asked.client, asked.verb, self._digest(asked))
        if given == (stored.client, stored.verb, stored.digest):
            reply = with_code(Reply.model_validate_json(stored.reply), asked.request)
            self._send(asked, codec.written(reply))
        else:
            self._refuse(asked, "id_reused", "Mã yêu cầu này đã dùng cho một yêu cầu khác.")

    def _is_allowed(self, client: str, request: req.Request) -> bool:
        if isinstance(request, req.Cancel) and request.counter is None:
            return self._may_cancel(client, request.ticket)
        counter = request.__dict__.get("counter")
        if counter is None or kind_of(client) == "kiosk":
            return True
        known: Mapping[str, object] = self.publisher.projection.rules.counters
        return counter not in known or self.may_act(client, counter)

    def _may_cancel(self, client: str, ticket_id: str) -> bool:
        """Who names no counter cancels what a counter they may act for would call."""
        ticket = (self._batch or self.books).hall.ticket(ticket_id)
        counters = self.publisher.projection.rules.counters.values()
        mine = [counter for counter in counters if self.may_act(client, counter.id)]
        return (
            ticket is None
            or len(mine) == len(counters)
            or any(counter.takes(ticket.service, ticket.bound) for counter in mine)
        )

    def _refuse(self, asked: NamedRequest, code: ErrorCode, text: str) -> None:
        reply = refused(asked.request.id, Refusal(code=code, text=text))
        self._send(asked, codec.written(reply))

    def _answer(self, asked: NamedRequest, reply: WrittenReply, now: Now) -> StoredReply:
        return StoredReply(
            asked.request.id,
            asked.client,
            asked.verb,
            self._digest(asked),
            without_code(reply, asked.request),
            now.wall,
        )

    def _digest(self, asked: NamedRequest) -> str:
        """Over all that was asked: a field nobody knows has no effect, and still is a change."""
        unknown = json.dumps(asked.unknown, sort_keys=True) if asked.unknown else ""
        return self.reader.hidden(asked.request.model_dump_json() + unknown)


def _staff(asked: NamedRequest) -> str | None:
    return asked.request.staff if isinstance(asked.request, req.QueueRequest) else None
