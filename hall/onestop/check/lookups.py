"""How a vendor answers: soon, once for one question, exactly the code that was asked, no person."""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from hall.contract.messages import Reply
from hall.contract.onestop_requests import DossierData, DossierLookup
from hall.contract.requests import Ping
from hall.onestop import feed
from hall.onestop.check.trial_bench import (
    ANSWER_S,
    SOON_S,
    RuleVerdict,
    TrialBench,
    one,
    refuses,
    reply_text,
)
from hall.runtime.bus import Received
from hall.runtime.requester import new_id

_NOBODYS = "A00.00-200101-9999"
_PRIVATE_KEYS = re.compile(
    r"name|hoten|ho_ten|fullname|address|dia_?chi|phone|mobile|dien_?thoai|cccd|cmnd|identity|email",
    re.IGNORECASE,
)
# `name` of a procedure, `field` and so on are the contract's own; a person's is not.
_OWN_KEYS = frozenset({"name", "procedure"})
_PRIVATE_DIGITS = re.compile(r"(?<!\d)(?:0\d{11}|0[35789]\d{8})(?!\d)")


def answers(stage: TrialBench) -> Iterator[RuleVerdict]:
    asked_at = stage.now
    reply = stage.ask_vendor("ping", Ping(id=new_id()))
    took = stage.now - asked_at
    yield one(
        "ping",
        "trả lời ping bằng ok",
        passed=reply is not None and reply.status == "ok",
        seen=reply_text(reply),
    )
    yield one(
        "answer.soon",
        f"trả lời trong {SOON_S} giây",
        passed=reply is not None and took <= SOON_S,
        seen=f"{took:.1f} giây",
    )
    nobody = DossierLookup(id=new_id(), code=_NOBODYS)
    yield from refuses(stage, "lookup.unknown", "dossier-lookup", nobody, ("unknown",))


def once(stage: TrialBench) -> Iterator[RuleVerdict]:
    """The same id again is the same act: the same answer, and never two for one question."""
    wanted = DossierLookup(id=new_id(), code=_NOBODYS)
    first = stage.ask_vendor("dossier-lookup", wanted)
    stage.spend(SOON_S)
    several = len(stage.answers(wanted))
    yield one(
        "lookup.one_answer",
        "một câu hỏi, một câu trả lời",
        passed=several == 1,
        seen=f"{several} câu",
    )
    before = len(stage.heard)
    stage.send("dossier-lookup", wanted)
    stage.until(lambda: len(stage.answers(wanted)) > several, ANSWER_S)
    replies = stage.answers(wanted, before)
    same = bool(replies) and replies[0] == first
    yield one(
        "lookup.same_id",
        "cùng id: chỉ trả lời lại như cũ",
        passed=same,
        seen=reply_text(replies[0] if replies else None),
    )


def known_code(stage: TrialBench) -> Iterator[RuleVerdict]:
    """A code that the vendor says it knows."""
    if not stage.code:
        yield one("lookup.known", "tra được hồ sơ có thật", passed=None, seen="không ghi --code")
        return
    reply = stage.ask_vendor("dossier-lookup", DossierLookup(id=new_id(), code=stage.code))
    try:
        data = DossierData.model_validate(reply.data if reply else None)
    except ValidationError as err:
        flaw = err.errors(include_url=False)[0]
        seen = f"{feed.path_text(flaw['loc'])}: {reply_text(reply)}"
        yield one("lookup.known", "data đúng hợp đồng", passed=False, seen=seen)
        return
    yield one("lookup.known", "data đúng hợp đồng", passed=True)
    yield one("lookup.code", "đúng mã đã hỏi", passed=data.code == stage.code, seen=data.code)
    right = 1 <= data.status <= 10  # noqa: PLR2004 - the national portal's states
    yield one("lookup.status", "status từ 1 đến 10", passed=right, seen=str(data.status))
    beginning = DossierLookup(id=new_id(), code=stage.code[:-1])
    yield from refuses(
        stage, "lookup.no_prefix", "dossier-lookup", beginning, ("unknown", "bad_request")
    )


def private(stage: TrialBench) -> Iterator[RuleVerdict]:
    """Nothing that names a person is in any answer."""
    found = [
        what
        for each in stage.heard
        if isinstance(each.item, Received) and isinstance(each.item.message, Reply)
        for what in _persons(each.item.message.data or {}, "data")
    ]
    expected = "không họ tên, địa chỉ, điện thoại, số căn cước"
    yield one("privacy", expected, passed=not found, seen=", ".join(dict.fromkeys(found)))


def _persons(value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in _OWN_KEYS and _PRIVATE_KEYS.search(key):
                yield f"{path}.{key}"
            yield from _persons(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from _persons(inner, path)
    elif isinstance(value, str) and len(value) < 2000 and _PRIVATE_DIGITS.search(value):  # noqa: PLR2004
        yield f"{path} (số điện thoại hoặc căn cước)"


def too_many(stage: TrialBench) -> Iterator[RuleVerdict]:
    """More than ten look-ups in a minute by one asker are refused with words."""
    codes = [f"A00.00-200101-{number:04d}" for number in range(12)]
    replies = [
        stage.ask_vendor("dossier-lookup", DossierLookup(id=new_id(), code=c)) for c in codes
    ]
    limited = any(
        r is not None and r.error is not None and r.error.code == "limit" for r in replies
    )
    yield one("lookup.limit", "quá 10 lần một phút: limit", passed=limited, seen="không giới hạn")
