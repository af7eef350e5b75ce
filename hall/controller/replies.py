"""What a reply holds: of an act as it was decided, of a question as the journal stands."""

from dataclasses import dataclass
from datetime import date, timedelta

from hall.contract import codec
from hall.contract import requests as req
from hall.contract.codec import WrittenReply
from hall.contract.following import Follow
from hall.contract.messages import Refusal, Reply
from hall.contract.staff_marks import ReplayStaff, ReplayStaffData, StaffMark
from hall.contract.turns import Turns
from hall.contract.verbs import QUEUE
from hall.contract.words import WireModel
from hall.controller import records, translation
from hall.controller.batch import NamedRequest
from hall.controller.books import Books
from hall.controller.projection import Projection
from hall.queueing.decision import Decision
from hall.queueing.refusals import Reason, Refused
from hall.queueing.rules import Now
from hall.queueing.state import Hall
from hall.queueing.tickets import Ticket
from hall.runtime.daemon import refused

# The counter's state as it is now says why.
_EXPLAINED = frozenset({"conflict", "not_now"})
# The appointment itself says when to come, or that it has its ticket.
_OF_APPOINTMENT = frozenset({Reason.TOO_EARLY, Reason.OTHER_DAY, Reason.CHECKED_IN})
PAGE_BYTES = 40 * 1024


@dataclass(frozen=True, slots=True)
class Replies:
    show: Projection
    reader: translation.Translator

    def accepted(self, asked: NamedRequest, decision: Decision, now: Now) -> WrittenReply:
        return _ok(asked.request, self._data(asked, decision, now))

    def refused(
        self, asked: NamedRequest, refusal: Refused, decision: Decision, now: Now
    ) -> WrittenReply:
        current: dict[str, object] | None = None
        if refusal.reason.code in _EXPLAINED and refusal.counter is not None:
            current = codec.plain(self.show.counter(decision.hall, refusal.counter, now))
        elif refusal.reason in _OF_APPOINTMENT and isinstance(asked.request, req.CheckIn):
            hidden = self.reader.code(asked.request.code)
            current = codec.plain(self.show.appointment(decision.hall, hidden))
        code, text = refusal.reason.code, translation.WORDS[refusal.reason]
        error = Refusal.model_validate({"code": code, "text": text, "current": current})
        return codec.written(refused(asked.request.id, error))

    def read(self, request: req.Request, books: Books, now: Now) -> WrittenReply:
        if isinstance(request, req.Replay) and request.epoch != books.hall.epoch:
            return _other_epoch(request, books.hall)
        try:
            return _ok(request, self._read(request, books, now))
        except Refused as refusal:
            reason = refusal.reason
            told = Refusal.model_validate({"code": reason.code, "text": translation.WORDS[reason]})
            return codec.written(refused(request.id, told))

    def _read(self, request: req.Request, books: Books, now: Now) -> WireModel:
        """Raises Refused for what the hall does not have."""
        match request:
            case req.Board():
                return self.show.everything(books.hall, now)
            case req.Replay():
                return self._again(request, books)
            case req.Slots(service=service):
                if service not in self.show.rules.services:
                    raise Refused(Reason.UNKNOWN_SERVICE)
                return self._offers(request, books.hall, now)
            case Turns(counter=counter, limit=limit):
                if counter not in self.show.rules.counters:
                    raise Refused(Reason.UNKNOWN_COUNTER)
                return self.show.turns(books.hall, counter, limit, now)
            case Follow(tokens=tokens):
                return self.show.followed(books.hall, tokens)
            case _:
                return req.Nothing()

    def _data(self, asked: NamedRequest, decision: Decision, now: Now) -> WireModel:
        """What the verb's row says that its reply holds."""
        hall = decision.hall
        ticket = None if decision.serial is None else hall.tickets.get(decision.serial)
        data = QUEUE[asked.verb].data
        if data is req.IssueData and ticket is not None:
            return self._issued(asked.request, hall, ticket, now)
        if isinstance(asked.request, req.Appoint):
            code = asked.request.code
            return self.show.appointed(hall, code, self.reader.code(code))
        content: dict[str, WireModel] = {}
        if "ticket" in data.model_fields and ticket is not None:
            content["ticket"] = self.show.ticket(ticket)
        if isinstance(asked.request, req.CounterRequest):
            content["counter"] = self.show.counter(hall, asked.request.counter, now)
        match asked.request:
            case req.ServiceClose(service=service) | req.ServiceOpen(service=service):
                return data.model_validate({"service": self.show.service(hall, service, now)})
            case req.HallClose():
                return data.model_validate({"hall": self.show.hall(hall, now)})
            case req.Transfer(to=to):
                return data.model_validate(content | {"warning": self.show.away(hall, to)})
            case _:
                return data.model_validate(content)

    def _issued(self, request: req.Request, hall: Hall, ticket: Ticket, now: Now) -> req.IssueData:
        if isinstance(request, req.CheckIn):
            return self.show.checked_in(hall, ticket, self.reader.code(request.code), now)
        return self.show.issued(hall, ticket)

    def _offers(self, request: req.Slots, hall: Hall, now: Now) -> req.SlotsData:
        first = date.fromisoformat(request.from_)
        most = min(request.days, (date.max - first).days + 1)
        days = tuple((first + timedelta(days=n)).isoformat() for n in range(most))
        return self.show.offers(hall, request.service, days, now)

    def _again(self, request: req.Replay, books: Books) -> WireModel:
        if isinstance(request, ReplayStaff):
            return _staff(request, books)
        return self._page(request, books)

    def _page(self, request: req.Replay, books: Books) -> req.ReplayData:
        events, size = [], 0
        for row in books.rows(request.from_seq, request.limit):
            message = records.message(row, self.show.zone)
            size += len(message.model_dump_json()) + 1
            if size > PAGE_BYTES:
                break
            events.append(message)
        end = books.hall.seq
        last = events[-1].seq if events else min(request.from_seq - 1, end)
        return req.ReplayData(events=tuple(events), last_seq=last, end_seq=end)


def _staff(request: ReplayStaff, books: Books) -> ReplayStaffData:
    rows = tuple(books.rows(request.from_seq, request.limit))
    end = books.hall.seq
    return ReplayStaffData(
        marks=tuple(
            StaffMark(seq=row.seq, staff=str(row.body["staff"]))
            for row in rows
            if "staff" in row.body
        ),
        last_seq=rows[-1].seq if rows else min(request.from_seq - 1, end),
        end_seq=end,
    )


def _ok(request: req.Request, data: WireModel) -> WrittenReply:
    return codec.accepted(request.id, data)


def _other_epoch(request: req.Request, hall: Hall) -> WrittenReply:
    current: dict[str, object] = {"epoch": hall.epoch, "end_seq": hall.seq}
    text = "Nhật ký đã được phục hồi, mời đọc lại từ đầu."
    refusal = Refusal(code="conflict", text=text, current=current)
    return codec.written(refused(request.id, refusal))


def without_code(reply: WrittenReply, request: req.Request) -> str:
    """As a reply may lie on the disk: the code of an appointment stays with who asked."""
    if not isinstance(request, req.Appoint):
        return reply.body.decode()
    told = Reply.model_validate_json(reply.body)
    kept = {key: value for key, value in (told.data or {}).items() if key != "code"}
    return told.model_copy(update={"data": kept or None}).model_dump_json()


def with_code(stored: Reply, request: req.Request) -> Reply:
    """A stored reply as it was given: the same request brings its code again."""
    if stored.data is None or not isinstance(request, req.Appoint):
        return stored
    return stored.model_copy(update={"data": {"code": request.code, **stored.data}})
