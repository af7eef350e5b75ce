"""One way to a ticket for buttons and kiosks: check, ask for the number, hand it to the printer.

No number is asked for while the printer could not print it; one act gets one number.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from hall.contract.messages import ErrorCode, Reply
from hall.contract.requests import Dispense, Issue, IssueData, Request
from hall.contract.topics import REQ_QUEUE
from hall.runtime.daemon import Desk
from hall.runtime.requester import new_id

log = logging.getLogger(__name__)

REMEMBERED = 512
# Before the one who asked loses patience (5 s), and after the contract's three tries.
ANSWER_S = 4.7
# Nobody waits so long for a number; but one that comes must not be called, with nobody holding it.
PATIENCE_S = (1.0, 1.0, 2.0, 60.0)
NO_ANSWER = "Chưa nhận được trả lời. Mời thử lại hoặc gặp quầy hướng dẫn."
NO_SUCH_SERVICE = "Không có dịch vụ này."
ID_REUSED = "Mã yêu cầu này đã dùng cho việc khác."


@dataclass(frozen=True, slots=True)
class Button:
    service: str
    priority: str | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody wants a ticket. `origin`: the client to answer, None for a button."""

    id: str
    button: Button
    lang: str = "vi"
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    request: Request
    data: IssueData | None = None
    code: ErrorCode = "internal"
    text: str = ""


@dataclass(frozen=True, slots=True)
class Counter:
    """What a wish needs of the daemon. `obstacle`: why no number may be asked for now.

    `take` prints a number; `void` gives one back that came when nobody waited any more.
    """

    services: frozenset[str]
    obstacle: Callable[[float], str | None]
    take: Callable[[IssueData], None]
    void: Callable[[IssueData], None]


class Dispensing:
    """Lives on the loop."""

    def __init__(self, desk: Desk, counter: Counter) -> None:
        self._desk = desk
        self._counter = counter
        self._wishes: dict[str, Wish] = {}
        self._due: dict[str, float] = {}
        self._answers: OrderedDict[tuple[str, str], Answer] = OrderedDict()

    @property
    def waiting(self) -> bool:
        """A number has been asked for and has not come."""
        return bool(self._wishes)

    def asked(self, client: str, request: Dispense, now: float) -> None:
        """A kiosk's wish; the same id again is the same wish."""
        known = self._answers.get((client, request.id))
        wish = Wish(request.id, Button(request.service, request.priority), request.lang, client)
        if known is not None:
            self._answer_again(client, known, request)
        elif self._is_another(wish):
            self._desk.refuse(client, request.id, "id_reused", ID_REUSED)
        elif request.id not in self._wishes:
            self._wish(wish, now)

    def _is_another(self, wish: Wish) -> bool:
        """Under an id that is awaited, or that somebody else has used, the queue knows one act."""
        if wish.id in self._wishes:
            return self._wishes[wish.id] != wish
        return any(wish.id == ident for _, ident in self._answers)

    def pressed(self, button: Button, now: float) -> None:
        """A button's wish; while its number is awaited the next press is the same wish."""
        if not any(w.origin is None and w.button == button for w in self._wishes.values()):
            self._wish(Wish(new_id(), button), now)

    def tick(self, now: float) -> float | None:
        """Tell who waited long enough; when to look again."""
        for ident in [ident for ident, due in self._due.items() if now >= due]:
            del self._due[ident]
            self._refuse(self._wishes.pop(ident), "unavailable", NO_ANSWER)
        return min(self._due.values(), default=None)

    def _answer_again(self, client: str, known: Answer, request: Dispense) -> None:
        if known.request != request:
            self._desk.refuse(client, request.id, "id_reused", ID_REUSED)
        elif known.data is not None:
            self._desk.reply(client, request.id, known.data)
        else:
            self._desk.refuse(client, request.id, known.code, known.text)

    def _wish(self, wish: Wish, now: float) -> None:
        if wish.button.service not in self._counter.services:
            self._refuse(wish, "unknown", NO_SUCH_SERVICE)
            return
        obstacle = self._counter.obstacle(now)
        if obstacle is not None:
            self._refuse(wish, "unavailable", obstacle)
            return
        self._wishes[wish.id], self._due[wish.id] = wish, now + ANSWER_S
        issue = Issue(
            id=wish.id,
            service=wish.button.service,
            priority=wish.button.priority,
            channel="button" if wish.origin is None else "kiosk",
            lang=wish.lang,
        )
        done = self._issued
        self._desk.requester.ask(
            REQ_QUEUE, "issue", issue, lambda r: done(wish, r), now, patience=PATIENCE_S
        )

    def _issued(self, wish: Wish, reply: Reply) -> None:
        data = IssueData.model_validate(reply.data) if reply.status == "ok" else None
        if self._wishes.pop(wish.id, None) is None:
            if data is not None:
                self._counter.void(data)
            return
        del self._due[wish.id]
        if data is None:
            error = reply.error
            code, text = (error.code, error.text) if error else ("internal", "")
            self._refuse(wish, "internal" if code == "bad_request" else code, text)
            return
        self._counter.take(data)
        self._remember(wish, data=data)
        if wish.origin is not None:
            self._desk.reply(wish.origin, wish.id, data)

    def _refuse(self, wish: Wish, code: ErrorCode, text: str) -> None:
        if wish.origin is None:
            log.warning("no ticket for %s: %s", wish.button.service, text)
            return
        self._remember(wish, code=code, text=text)
        self._desk.refuse(wish.origin, wish.id, code, text)

    def _remember(
        self,
        wish: Wish,
        *,
        data: IssueData | None = None,
        code: ErrorCode = "internal",
        text: str = "",
    ) -> None:
        if wish.origin is None:
            return
        button = wish.button
        asked = Dispense(
            id=wish.id, service=button.service, priority=button.priority, lang=wish.lang
        )
        self._answers[wish.origin, wish.id] = Answer(asked, data, code, text)
        if len(self._answers) > REMEMBERED:
            self._answers.popitem(last=False)
