"""Bytes to messages and back. Nothing malformed, oversized or of another hall comes through.

    {"schema": 1, "hall": "…", "src": "…", "ts": "…",    the envelope: Envelope
     "…": …}                                             the content: its channel's message

One JSON object in UTF-8, at most 48 KiB.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

import pydantic_core
from pydantic import ValidationError

from hall.contract import MAX_BYTES, SCHEMA
from hall.contract.messages import Reply
from hall.contract.words import PERSONAL, Envelope, WireModel, clean

P = TypeVar("P", bound=WireModel)
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
# What our broker lets through at most; another maker's may let through anything.
_MOST_GUESSED = 64 * 1024


# What is wrong with a field of this name, by pydantic's kind of mistake.
_WORDS = {
    "missing": "thiếu {}",
    PERSONAL: "{} là số định danh, số bảo hiểm hay số điện thoại; cần một mã khác, có chữ",
}


class Garbled(ValueError):
    """These bytes are not a message of the contract.

    `why` is short and holds no content, for the log; `said` is the same for who sent it.
    """

    def __init__(self, why: str, content: Mapping[str, Any] | None = None, said: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.content = content
        self.said = said


class TooLarge(ValueError):
    """The message does not fit into 48 KiB."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A payload whose envelope is right; `content` is still unchecked."""

    envelope: Envelope
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WrittenReply:
    """A reply as it goes out, but for its envelope: the same bytes are stored and sent."""

    id: str
    body: bytes


def accepted(request_id: str, data: WireModel) -> WrittenReply:
    """The reply `ok` with this data, written in one go."""
    name = pydantic_core.to_json(request_id)
    return WrittenReply(request_id, b'{"id":%b,"status":"ok","data":%b}' % (name, _body(data)))


def written(reply: Reply) -> WrittenReply:
    return WrittenReply(reply.id, _body(reply))


def pack(message: WireModel | WrittenReply, *, hall: str, src: str, ts: datetime) -> bytes:
    """Raises TooLarge above 48 KiB: a larger publish would poison the connection."""
    # Objects written straight as bytes and joined: a third of the time of one made of both.
    body = message.body if isinstance(message, WrittenReply) else _body(message)
    comma = b"," if len(body) > len(b"{}") else b""
    told = ts.isoformat("T", "milliseconds").encode()
    payload = b'%b,"ts":"%b"%b%b' % (_head(hall, src), told, comma, body[1:])
    if len(payload) > MAX_BYTES:
        raise TooLarge(f"{type(message).__name__}: {len(payload)} bytes")
    return payload


def _body(message: WireModel) -> bytes:
    return message.__pydantic_serializer__.to_json(message, by_alias=True)


@lru_cache(maxsize=64)
def _head(hall: str, src: str) -> bytes:
    """What all messages of one client begin with, still open."""
    return pydantic_core.to_json({"schema": SCHEMA, "hall": hall, "src": src})[:-1]


def open_payload(payload: bytes, *, hall: str) -> Opened:
    """Read the envelope. Raises Garbled (with the content where any can be read)."""
    if len(payload) > MAX_BYTES:
        said = f"dài hơn {MAX_BYTES} byte"
        raise Garbled(f"{len(payload)} bytes", _guessed(payload), said)
    try:
        content = pydantic_core.from_json(payload, allow_inf_nan=False)
    except ValueError as err:
        raise Garbled("not JSON", _guessed(payload), "không phải JSON đúng chuẩn") from err
    if not isinstance(content, dict):
        raise Garbled("not an object")
    try:
        envelope = Envelope.model_validate(content)
    except ValidationError as err:
        raise _garbled(err, content) from err
    if envelope.version != SCHEMA:
        raise Garbled(f"schema {envelope.version}", content, f"chỉ nhận schema {SCHEMA}")
    if envelope.hall != hall:
        raise Garbled("another hall", content, "hall là của hội trường khác")
    return Opened(envelope, content)


def name_twice(payload: bytes) -> str | None:
    """A name that stands twice in one object: JSON leaves open which of them counts."""
    twice: list[str] = []

    def note(pairs: list[tuple[str, object]]) -> None:
        names = Counter(name for name, _ in pairs)
        twice.extend(name for name, times in names.items() if times > 1)

    try:
        json.loads(payload, object_pairs_hook=note)
    except (ValueError, RecursionError):
        return None
    return twice[0] if twice else None


def request_id(payload: bytes) -> str | None:
    """What stands as the id of a request that is not read any further."""
    try:
        content = pydantic_core.from_json(payload[:MAX_BYTES])
    except ValueError:
        return None
    found = content.get("id") if isinstance(content, dict) else None
    return found if isinstance(found, str) else None


def is_id(text: str) -> bool:
    """Whether a request may be called so."""
    return _ID.fullmatch(text) is not None


def _guessed(payload: bytes) -> Mapping[str, Any] | None:
    """What a lenient reader makes of NaN, lone surrogates or a little too much: enough to answer.

    Nothing of it is ever obeyed.
    """
    if len(payload) > _MOST_GUESSED:
        return None
    try:
        content = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def read(model: type[P], content: Mapping[str, Any]) -> P:
    """Check the content against its model. Raises Garbled, naming the field, never its value."""
    try:
        return model.model_validate(content)
    except ValidationError as err:
        raise _garbled(err, content) from err


def plain(message: WireModel) -> dict[str, Any]:
    """The message as JSON values, for a reply's `data`."""
    return message.model_dump(mode="json", by_alias=True)


def _garbled(err: ValidationError, content: Mapping[str, Any]) -> Garbled:
    """Field and reason; only words of the contract, since a field's name may be anything."""
    first = err.errors(include_input=False, include_url=False, include_context=False)[0]
    path = ".".join(str(part) for part in first["loc"])
    said = _WORDS.get(first["type"], "{} không hợp lệ").format(path)
    return Garbled(clean(f"{path}: {first['msg']}")[:200], content, clean(said)[:200])
