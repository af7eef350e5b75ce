"""Appointments that the vendor makes at the province: to this hall's controller, its answer up.

province ──req/queue/{verb}/onestop──▶ controller
◀──rsp/onestop───────────────
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hall.contract import codec
from hall.contract.codec import Garbled, Opened, TooLarge
from hall.contract.downward import CENTRAL_VERBS, VENDOR
from hall.contract.messages import ErrorCode, Refusal, Reply
from hall.contract.topics import REQ_QUEUE, RSP
from hall.onestop.ports import CentralAsked, Post
from hall.runtime.clock import Clock
from hall.runtime.far_link import FarLink

log = logging.getLogger(__name__)

# That may wait for their answers.
ROOM = 100
_FULL = "Hội trường đang xử lý nhiều yêu cầu. Mời thử lại sau ít giây."


@dataclass(slots=True)
class CentralRequests:
    """`post`: to the role, which asks the controller."""

    hall: str
    link: FarLink
    clock: Clock
    post: Post
    _asked: set[str] = field(default_factory=set)

    def take_request(self, verb: str, opened: Opened) -> None:
        """Raises Garbled."""
        row = (REQ_QUEUE.verbs or {}).get(verb)
        request_id = _id_of(opened.content)
        if opened.envelope.src != VENDOR:
            self._refuse(request_id, "unauthorized", "Chỉ phần mềm một cửa của tỉnh được gửi.")
        elif row is None or verb not in CENTRAL_VERBS:
            self._refuse(request_id, "bad_request", "Từ tỉnh chỉ đặt, hỏi và huỷ lịch hẹn.")
        elif len(self._asked) >= ROOM:
            self._refuse(request_id, "busy", _FULL)
        else:
            asked = codec.read(row.request, opened.content)
            self._asked.add(asked.id)
            self.post(CentralAsked(verb, asked))

    def take_controller_answer(self, reply: Reply) -> None:
        self._asked.discard(reply.id)
        self._reply(reply)

    def take_garbled(self, payload: bytes, err: Garbled) -> None:
        content: Mapping[str, Any] = err.content or {}
        found = _id_of(content) or codec.request_id(payload) or ""
        self._refuse(found, "bad_request", err.said or "Yêu cầu không đúng mẫu.")

    def _refuse(self, request_id: str, code: ErrorCode, text: str) -> None:
        """Without an id that can be read there is nobody to answer."""
        refusal = Refusal(code=code, text=text)
        if request_id:
            self._reply(Reply.model_construct(id=request_id, status="error", error=refusal))

    def _reply(self, reply: Reply) -> None:
        try:
            payload = codec.pack(reply, hall=self.hall, src="controller", ts=self.clock.now())
        except TooLarge:
            log.warning("an answer of the controller is too large for the province")
            return
        self.link.publish(RSP.topic(self.hall, client=VENDOR), payload, retain=False)


def _id_of(content: Mapping[str, Any]) -> str:
    found = content.get("id")
    return found if isinstance(found, str) and codec.is_id(found) else ""
