"""From a browser's press to the queue or a device and back: read, handed over, answered in time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hall.contract import codec
from hall.contract.topics import Channel
from hall.counter.asking import answered
from hall.counter.door.access import Stranger, Visitor
from hall.counter.ports import Post
from hall.web.answers import json_of, refused

_WHY_NOT = {
    Stranger.NEW: "Máy này chưa ghép với quầy.",
    Stranger.OLD_WAY: "Máy này ghép theo cách cũ, nay phải ghép lại.",
    Stranger.REVOKED: "Quyền của máy này đã bị thu hồi. Mời ghép lại.",
    Stranger.UNUSED: "Máy này lâu không dùng nên phải ghép lại.",
}


@dataclass(frozen=True, slots=True)
class AddressedAct:
    """What an address stands for: a verb of a channel, and fields that the body cannot change."""

    channel: Channel
    verb: str
    fixed: Mapping[str, Any]
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Acts:
    """`post` hands acts to the service's loop."""

    post: Post

    async def run(self, request: Request, wanted: AddressedAct, visitor: Visitor) -> Response:
        """`visitor` has been judged before."""
        verb = (wanted.channel.verbs or {})[wanted.verb]
        try:
            body = _signed(await json_of(request), visitor)
            asked = verb.request.model_validate({**body, **wanted.fixed})
        except (ValueError, TypeError, RecursionError, ValidationError):
            return refused(400, "bad_request", "Yêu cầu không đúng mẫu.")
        reply = await answered(self.post, wanted.channel, wanted.verb, asked, wanted.target)
        return JSONResponse(codec.plain(reply))


def not_kept() -> JSONResponse:
    return refused(503, "unavailable", "Không ghi được vào thẻ nhớ. Mời báo kỹ thuật viên.")


def not_paired(visitor: Visitor) -> JSONResponse:
    return refused(403, "unauthorized", _WHY_NOT[visitor.stranger])


def _signed(body: dict[str, Any], visitor: Visitor) -> dict[str, Any]:
    """The mark of whoever signed in; where people do so, nobody writes another by hand."""
    if visitor.signed is not None:
        return body | {"staff": visitor.signed.id}
    if visitor.has_clerks:
        return {key: value for key, value in body.items() if key != "staff"}
    return body
