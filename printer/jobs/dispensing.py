"""One way to a ticket for buttons and kiosks: check, ask for the number, have it printed.

No number is asked for while the printer could not print it; one act gets one number.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from hall.contract.messages import Channel, ErrorCode, Refusal, Reply
from hall.contract.requests import CheckIn, Dispense, DispenseBooked, Issue, IssueData, Request
from hall.contract.topics import REQ_QUEUE
from hall.runtime.daemon import DaemonContext
from hall.runtime.requester import new_id

log = logging.getLogger(__name__)

# Before the requester's own timeout (5 s), and after the contract's three tries.
ANSWER_S = 4.7
# Longer than anybody waits: a number that comes late is given back, so that it is not called.
PATIENCE_S = (1.0, 1.0, 2.0, 60.0)
NO_ANSWER = "Chưa nhận được trả lời. Mời thử lại hoặc gặp quầy hướng dẫn."
NO_SUCH_SERVICE = "Không có dịch vụ này."


@dataclass(frozen=True, slots=True)
class Button:
    service: str
    priority: str | None = None


@dataclass(frozen=True, slots=True)
class BookedTurn:
    """Who has an appointment, by its code, which no log and no file may hold."""

    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody wants a ticket. `origin`: the client to answer, None for a button."""

    id: str
    what: Button | BookedTurn
    lang: str = "vi"
    origin: str | None = None

    @property
    def name(self) -> str:
        return self.what.service if isinstance(self.what, Button) else "an appointment"


class TicketPapers(Protocol):
    def add(self, data: IssueData) -> None:
        """Print a number that has just been given."""

    def void(self, data: IssueData) -> None:
        """Give a number back that came when nobody waited any more."""


@dataclass(frozen=True, slots=True)
class DispensingHooks:
    """What a wish needs of the daemon. `obstacle`: why no number may be asked for now.

    `explain` tells whoever showed a code why it brings none.
    """

    services: frozenset[str]
    papers: TicketPapers
    obstacle: Callable[[float], str | None]
    explain: Callable[[Refusal], None]


class Dispensing:
    """Used by the loop alone."""

    def __init__(self, context: DaemonContext, hooks: DispensingHooks) -> None:
        self._context = context
        self._hooks = hooks
        self._wishes: dict[str, Wish] = {}
        self._due: dict[str, float] = {}

    @property
    def waiting(self) -> bool:
        """A number has been asked for and has not come."""
        return bool(self._wishes)

    def requested(self, client: str, request: Dispense | DispenseBooked, now: float) -> None:
        """A kiosk's wish."""
        self._wish(Wish(request.id, _wanted(request), request.lang, client), now)

    def pressed(self, what: Button | BookedTurn, now: float) -> None:
        """A wish made at the dispenser itself; until its number has come the next is the same."""
        if not any(w.origin is None and w.what == what for w in self._wishes.values()):
            self._wish(Wish(new_id(), what), now)

    def tick(self, now: float) -> float | None:
        """Answer the wishes that have waited too long; when to look again."""
        for ident in [ident for ident, due in self._due.items() if now >= due]:
            del self._due[ident]
            self._refuse(self._wishes.pop(ident), "unavailable", NO_ANSWER)
        return min(self._due.values(), default=None)

    def _reply(self, client: str, request_id: str, given: IssueData | Refusal) -> None:
        match given:
            case IssueData():
                self._context.reply(client, request_id, given)
            case Refusal():
                self._context.pass_on(client, request_id, given)

    def _wish(self, wish: Wish, now: float) -> None:
        if isinstance(wish.what, Button) and wish.what.service not in self._hooks.services:
            self._refuse(wish, "unknown", NO_SUCH_SERVICE)
            return
        obstacle = self._hooks.obstacle(now)
        if obstacle is not None:
            self._refuse(wish, "unavailable", obstacle)
            return
        self._wishes[wish.id], self._due[wish.id] = wish, now + ANSWER_S
        verb, request = _request(wish)
        done = self._issued
        self._context.requester.send_request(
            REQ_QUEUE, verb, request, lambda r: done(wish, r), now, patience=PATIENCE_S
        )

    def _issued(self, wish: Wish, reply: Reply) -> None:
        data = IssueData.model_validate(reply.data) if reply.status == "ok" else None
        if self._wishes.pop(wish.id, None) is None:
            if data is not None:
                self._hooks.papers.void(data)
            return
        del self._due[wish.id]
        if data is None:
            self._answer(wish, _refusal_for_people(reply.error))
            return
        self._hooks.papers.add(data)
        self._answer(wish, data)

    def _refuse(self, wish: Wish, code: ErrorCode, text: str) -> None:
        self._answer(wish, Refusal(code=code, text=text))

    def _answer(self, wish: Wish, given: IssueData | Refusal) -> None:
        if isinstance(given, Refusal) and wish.origin is None:
            log.warning("no ticket for %s: %s", wish.name, given.text)
        if wish.origin is None:
            if isinstance(given, Refusal) and isinstance(wish.what, BookedTurn):
                self._hooks.explain(given)
            return
        self._reply(wish.origin, wish.id, given)


def _refusal_for_people(refused: Refusal | None) -> Refusal:
    """What the queue said, for who asked us; that our own request was wrong is our fault."""
    if refused is None:
        return Refusal(code="internal", text="")
    code = "internal" if refused.code == "bad_request" else refused.code
    return refused.model_copy(update={"code": code})


def _wanted(request: Dispense | DispenseBooked) -> Button | BookedTurn:
    match request:
        case Dispense(service=service, priority=priority):
            return Button(service, priority)
        case DispenseBooked(code=code):
            return BookedTurn(code)


def _request(wish: Wish) -> tuple[str, Request]:
    """The verb that asks the queue for a number, and what it is told."""
    channel: Channel = "button" if wish.origin is None else "kiosk"
    match wish.what:
        case Button(service, priority):
            return "issue", Issue(
                id=wish.id, service=service, priority=priority, channel=channel, lang=wish.lang
            )
        case BookedTurn(code):
            return "check-in", CheckIn(id=wish.id, code=code, channel=channel, lang=wish.lang)
