"""Asks on behalf of a daemon: one id per human act, tried again after 1 s, 1 s and 2 s."""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import ValidationError

from hall.contract.messages import Refusal, Reply
from hall.contract.requests import Request
from hall.contract.rights import may_write
from hall.contract.topics import Channel
from hall.contract.words import WireModel
from hall.runtime.bus import Bus

log = logging.getLogger(__name__)

# The contract has a requester try after 1 s, 1 s, 2 s with the same id, then tell the person.
PATIENCE_S = (1.0, 1.0, 2.0, 2.0)
# Look-ups are tried again at 1.5 s and given up at 5 s (a person stands and waits).
LOOKUP_PATIENCE_S = (1.5, 3.5)

# To a citizen; who asks for others says it in words of its own.
NO_ANSWER = Refusal(
    code="unavailable", text="Chưa nhận được trả lời. Mời thử lại hoặc gặp quầy hướng dẫn."
)

Done = Callable[[Reply], None]
Data = TypeVar("Data", bound=WireModel)


def data_of(reply: Reply, model: type[Data]) -> Data | None:
    """What was answered; None where it was refused, or is not what the model wants."""
    if reply.status != "ok":
        return None
    try:
        return model.model_validate(reply.data)
    except ValidationError as err:
        log.warning("a reply is no %s: %s", model.__name__, err)
        return None


def new_id() -> str:
    """An id for one human act."""
    return uuid.uuid4().hex


@dataclass(slots=True)
class _PendingRequest:
    channel: Channel
    request: Request
    levels: dict[str, str]
    done: Done
    patience: tuple[float, ...]
    due: float
    tries: int = 1


@dataclass(slots=True)
class Requester:
    """Lives on the loop.

    `done` is called exactly once: with the reply, with `unavailable`, or at once with
    `unauthorized` where our role does not name the request.
    """

    bus: Bus
    _asked: dict[str, _PendingRequest] = field(default_factory=dict)

    def send_request(  # noqa: PLR0913
        self,
        channel: Channel,
        verb: str,
        request: Request,
        done: Done,
        now: float,
        *,
        target: str | None = None,
        patience: tuple[float, ...] = PATIENCE_S,
    ) -> None:
        """Send `request`. The same id while it is under way is the same act: not sent twice."""
        if request.id in self._asked:
            return
        levels = {"verb": verb, "client": self.bus.client}
        if target is not None:
            levels["target"] = target
        if not may_write(self.bus.client, channel, levels):
            done(_not_allowed(request.id))
            return
        asked = _PendingRequest(channel, request, levels, done, patience, now + patience[0])
        self._asked[request.id] = asked
        self._send(asked)

    def pending(self, request_id: str) -> bool:
        return request_id in self._asked

    def forget(self, request_id: str) -> None:
        """Nobody waits for this answer any more."""
        self._asked.pop(request_id, None)

    def take_reply(self, reply: Reply) -> None:
        asked = self._asked.pop(reply.id, None)
        if asked is not None:
            asked.done(reply)

    def connected(self) -> None:
        """What went out while the broker was away is sent now, not at the next try."""
        for asked in tuple(self._asked.values()):
            self._send(asked)

    def tick(self, now: float) -> float:
        """Try again or give up; the next moment to look, in the same seconds as `now`."""
        for asked in tuple(self._asked.values()):
            if now >= asked.due:
                self._again(asked)
        return min((asked.due for asked in self._asked.values()), default=now + 3600)

    def _again(self, asked: _PendingRequest) -> None:
        if asked.tries >= len(asked.patience):
            del self._asked[asked.request.id]
            asked.done(_no_answer(asked.request.id))
            return
        asked.due += asked.patience[asked.tries]
        asked.tries += 1
        self._send(asked)

    def _send(self, asked: _PendingRequest) -> None:
        self.bus.publish(asked.channel, asked.request, **asked.levels)


def _not_allowed(request_id: str) -> Reply:
    text = "Máy này không được gửi yêu cầu đó, hoặc bên nhận không có việc đó."
    return Reply(id=request_id, status="error", error=Refusal(code="unauthorized", text=text))


def _no_answer(request_id: str) -> Reply:
    return Reply(id=request_id, status="error", error=NO_ANSWER)
