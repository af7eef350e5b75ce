"""Requests to the queue, from their checks to their replies: commit, publish, answer.

What has queued up is decided request by request and shares one sync; each is all or nothing.
"""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hall.contract import codec
from hall.contract import requests as req
from hall.contract.messages import ErrorCode, Refusal, Reply
from hall.contract.rights import kind_of
from hall.contract.topics import RSP
from hall.contract.verbs import QUEUE
from hall.contract.words import WireModel
from hall.controller import records, translation
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
from hall.queueing import commands as cmd
from hall.queueing.decide import decide
from hall.queueing.decision import Decision
from hall.queueing.refusals import Reason, Refused
from hall.queueing.rules import Now
from hall.queueing.state import Hall
from hall.queueing.tickets import Ticket
from hall.runtime.bus import Bus
from hall.runtime.daemon import NO_ROOM, WORDS

log = logging.getLogger(__name__)

# The counter's state as it is now says why.
_EXPLAINED = frozenset({"conflict", "not_now"})
# The appointment itself says when to come, or that it has its ticket.
_OF_APPOINTMENT = frozenset({Reason.TOO_EARLY, Reason.OTHER_DAY, Reason.CHECKED_IN})
PAGE_BYTES = 40 * 1024
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
            self._due(asked, lambda: self._reading(asked))

    def _new(self, asked: NamedRequest) -> None:
        """An act that nobody has asked for yet. That one came too late is kept as its reply."""
        match self.objection(asked):
            case None:
                self._act(asked)
            case "expired":
                error = Refusal(code="expired", text=WORDS["expired"])
                reply = Reply(id=asked.request.id, status="error", error=error)
                self._keep(asked, reply, Decision((), self._open().hall), self.now())
            case code:
                self._refuse(asked, code, TOO_MANY)

    def _act(self, asked: NamedRequest) -> None:
        now, hall = self.now(), self._open().hall
        command = translation.command(asked.verb, asked.request, asked.client, self.reader)
        rules = self.publisher.projection.rules
        try:
            decision = decide(rules, hall, command, now)
            reply = Reply(
                id=asked.request.id, status="ok", data=codec.plain(self._data(asked, decision, now))
            )
        except Refused as refusal:
            decision = refusal.passed or Decision((), hall)
            error = self._refusal(asked, refusal, decision, now)
            reply = Reply(id=asked.request.id, status="error", error=error)
        self._keep(asked, reply, decision, now)

    def _keep(self, asked: NamedRequest, reply: Reply, decision: Decision, now: Now) -> None:
        """Add what was decided, and its reply, to what the next sync makes durable."""
        batch = self._open()
        rows = written(batch.hall, decision, _staff(asked))
        batch.hall, batch.now = decision.hall, now
        answer = batch.answers[asked.request.id] = self._answer(asked, reply, now)
        batch.entries.append(JournalEntry(rows, answer))
        batch.calls += self.publisher.calls(rows, decision.hall)
        self._due(asked, lambda: self._send(asked, reply))

    def _send(self, asked: NamedRequest, reply: Reply) -> None:
        self.bus.publish(RSP, reply, client=asked.client)

    def _data(self, asked: NamedRequest, decision: Decision, now: Now) -> WireModel:
        """What the verb's row says that its reply holds."""
        hall, show = decision.hall, self.publisher.projection
        ticket = None if decision.serial is None else hall.tickets.get(decision.serial)
        data = QUEUE[asked.verb].data
        if data is req.IssueData and ticket is not None:
            return self._issued(asked.request, hall, ticket, now)
        if isinstance(asked.request, req.Appoint):
            code = asked.request.code
            return show.appointed(hall, code, self.reader.code(code))
        content: dict[str, WireModel] = {}
        if "ticket" in data.model_fields and ticket is not None:
            content["ticket"] = show.ticket(ticket)
        if isinstance(asked.request, req.CounterRequest):
            content["counter"] = show.counter(hall, asked.request.counter, now)
        match asked.request:
            case req.ServiceClose(service=service) | req.ServiceOpen(service=service):
                return data.model_validate({"service": show.service(hall, service, now)})
            case req.HallClose():
                return data.model_validate({"hall": show.hall(hall, now)})
            case req.Transfer(to=to):
                return data.model_validate(content | {"warning": show.away(hall, to)})
            case _:
                return data.model_validate(content)

    def _issued(self, request: req.Request, hall: Hall, ticket: Ticket, now: Now) -> req.IssueData:
        show = self.publisher.projection
        if isinstance(request, req.CheckIn):
            return show.checked_in(hall, ticket, self.reader.code(request.code), now)
        return show.issued(hall, ticket)

    def _refusal(
        self, asked: NamedRequest, refusal: Refused, decision: Decision, now: Now
    ) -> Refusal:
        current: dict[str, object] | None = None
        show = self.publisher.projection
        if refusal.reason.code in _EXPLAINED and refusal.counter is not None:
            current = codec.plain(show.counter(decision.hall, refusal.counter, now))
        elif refusal.reason in _OF_APPOINTMENT and isinstance(asked.request, req.CheckIn):
            hidden = self.reader.code(asked.request.code)
            current = codec.plain(show.appointment(decision.hall, hidden))
        return Refusal.model_validate(
            {
                "code": refusal.reason.code,
                "text": translation.WORDS[refusal.reason],
                "current": current,
            }
        )

    def _again(self, asked: NamedRequest, stored: StoredReply) -> None:
        """The same request: the same reply. Anything changed: an id used twice."""
        given = (asked.client, asked.verb, self._digest(asked))
        if given == (stored.client, stored.verb, stored.digest):
            reply = _with_code(Reply.model_validate_json(stored.reply), asked.request)
            self.bus.publish(RSP, reply, client=asked.client)
        else:
            self._refuse(asked, "id_reused", "Mã yêu cầu này đã dùng cho một yêu cầu khác.")

    def _reading(self, asked: NamedRequest) -> None:
        match asked.request:
            case req.Board():
                data: WireModel = self.publisher.projection.everything(self.books.hall, self.now())
            case req.Replay():
                if asked.request.epoch != self.books.hall.epoch:
                    self._other_epoch(asked)
                    return
                data = self._page(asked.request)
            case req.Slots():
                if asked.request.service not in self.publisher.projection.rules.services:
                    self._refuse(asked, "unknown", translation.WORDS[Reason.UNKNOWN_SERVICE])
                    return
                data = self._offers(asked.request)
            case _:
                data = req.Nothing()
        reply = Reply(id=asked.request.id, status="ok", data=codec.plain(data))
        self.bus.publish(RSP, reply, client=asked.client)

    def _offers(self, request: req.Slots) -> req.SlotsData:
        first = date.fromisoformat(request.from_)
        days = tuple((first + timedelta(days=n)).isoformat() for n in range(request.days))
        show, hall = self.publisher.projection, self.books.hall
        return show.offers(hall, request.service, days, self.now())

    def _page(self, request: req.Replay) -> req.ReplayData:
        events, size = [], 0
        for row in self.books.rows(request.from_seq, request.limit):
            message = records.message(row, self.publisher.projection.zone)
            size += len(message.model_dump_json()) + 1
            if size > PAGE_BYTES:
                break
            events.append(message)
        end = self.books.hall.seq
        last = events[-1].seq if events else min(request.from_seq - 1, end)
        return req.ReplayData(events=tuple(events), last_seq=last, end_seq=end)

    def _other_epoch(self, asked: NamedRequest) -> None:
        hall = self.books.hall
        current: dict[str, object] = {"epoch": hall.epoch, "end_seq": hall.seq}
        text = "Nhật ký đã được phục hồi, mời đọc lại từ đầu."
        self._refuse(asked, "conflict", text, current)

    def _is_allowed(self, client: str, request: req.Request) -> bool:
        counter = getattr(request, "counter", None)
        if counter is None or kind_of(client) == "kiosk":
            return True
        known: Mapping[str, object] = self.publisher.projection.rules.counters
        return counter not in known or self.may_act(client, counter)

    def _refuse(
        self,
        asked: NamedRequest,
        code: ErrorCode,
        text: str,
        current: dict[str, object] | None = None,
    ) -> None:
        error = Refusal(code=code, text=text, current=current)
        reply = Reply(id=asked.request.id, status="error", error=error)
        self.bus.publish(RSP, reply, client=asked.client)

    def _answer(self, asked: NamedRequest, reply: Reply, now: Now) -> StoredReply:
        return StoredReply(
            asked.request.id,
            asked.client,
            asked.verb,
            self._digest(asked),
            _without_code(reply).model_dump_json(),
            now.wall,
        )

    def _digest(self, asked: NamedRequest) -> str:
        """Over all that was asked: a field nobody knows has no effect, and still is a change."""
        unknown = json.dumps(asked.unknown, sort_keys=True) if asked.unknown else ""
        return self.reader.hidden(asked.request.model_dump_json() + unknown)


def _without_code(reply: Reply) -> Reply:
    """As a reply may lie on the disk: the code of an appointment stays with who asked."""
    if reply.data is None or "code" not in reply.data:
        return reply
    kept = {key: value for key, value in reply.data.items() if key != "code"}
    return reply.model_copy(update={"data": kept})


def _with_code(stored: Reply, request: req.Request) -> Reply:
    """A stored reply as it was given: the same request brings its code again."""
    if stored.data is None or not isinstance(request, req.Appoint):
        return stored
    return stored.model_copy(update={"data": {"code": request.code, **stored.data}})


def _staff(asked: NamedRequest) -> str | None:
    return asked.request.staff if isinstance(asked.request, req.QueueRequest) else None
