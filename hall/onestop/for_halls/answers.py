"""How a hall's clients are answered over the province's broker."""

import logging
from dataclasses import dataclass

from hall.contract import codec
from hall.contract.codec import TooLarge
from hall.contract.messages import ErrorCode, Refusal, Reply
from hall.contract.province import PROVINCE
from hall.contract.topics import RSP
from hall.contract.words import WireModel
from hall.runtime.clock import Clock
from hall.runtime.far_link import FarLink

log = logging.getLogger(__name__)

TOO_LONG = Refusal(code="internal", text="Trả lời dài quá một bản tin.")


def asker(hall: str, client: str) -> str:
    """How a client of a hall is named among those of all halls."""
    return f"{hall}/{client}"


@dataclass(slots=True)
class DeskAnswers:
    """`to`: as `asker` names it. What cannot be sent now is not sent later."""

    link: FarLink
    clock: Clock

    def reply(self, to: str, request_id: str, data: WireModel | None = None) -> None:
        body = codec.plain(data) if data is not None else {}
        self.send(to, Reply(id=request_id, status="ok", data=body))

    def refuse(self, to: str, request_id: str, code: ErrorCode, text: str = "") -> None:
        refusal = Refusal(code=code, text=text or _WORDS.get(code, code))
        self.send(to, Reply(id=request_id, status="error", error=refusal))

    def send(self, to: str, reply: Reply) -> None:
        hall, _, client = to.partition("/")
        try:
            payload = codec.pack(reply, hall=hall, src=PROVINCE, ts=self.clock.now())
        except TooLarge:
            log.warning("an answer for %s is too large", hall)
            self.send(to, Reply(id=reply.id, status="error", error=TOO_LONG))
            return
        self.link.publish(RSP.topic(hall, client=client), payload, retain=False)


_WORDS: dict[str, str] = {
    "bad_request": "Yêu cầu không đúng mẫu.",
    "unauthorized": "Máy này không được gửi yêu cầu đó.",
    "id_reused": "Mã yêu cầu này đã dùng cho một yêu cầu khác.",
    "limit": "Hội trường gửi quá nhiều yêu cầu. Mời chờ ít giây rồi thử lại.",
}
