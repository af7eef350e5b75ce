"""A vendor's catalogue, fetched as a kiosk does: whole, of one version, right in every field."""

import base64
import hashlib
from collections.abc import Iterator

from pydantic import ValidationError

from hall.contract import catalogue
from hall.contract.catalogue import DamagedCatalogue
from hall.contract.messages import Reply
from hall.contract.onestop_messages import Catalogue
from hall.contract.onestop_requests import CatalogueChunk, CatalogueChunkData
from hall.contract.topics import EXT_CATALOGUE
from hall.onestop.check.trial_bench import RuleVerdict, TrialBench, one, refuses, reply_text
from hall.runtime.requester import new_id

_CHUNKS = "mỗi phần trả lời ok, đúng ver và index, base64"


def procedures(stage: TrialBench) -> Iterator[RuleVerdict]:
    told: list[Catalogue] = stage.states(Catalogue)
    if not told:
        yield one(
            "catalogue.told", f"{EXT_CATALOGUE.pattern} được giữ lại", passed=None, seen="không có"
        )
        return
    announced = told[-1]
    pieces: list[bytes] = []
    for index in range(announced.chunks):
        reply = stage.ask_vendor(
            "catalogue-chunk", CatalogueChunk(id=new_id(), ver=announced.ver, index=index)
        )
        piece = _piece(reply, announced, index)
        if piece is None:
            seen = f"phần {index}: {reply_text(reply)}"
            yield one(
                "catalogue.chunks",
                _CHUNKS,
                passed=False,
                seen=seen,
            )
            return
        pieces.append(piece)
    yield one("catalogue.chunks", _CHUNKS, passed=True)
    yield from _content(announced, b"".join(pieces))
    yield from _wrong_chunks(stage, announced)


def _piece(reply: Reply | None, announced: Catalogue, index: int) -> bytes | None:
    if reply is None or reply.status != "ok":
        return None
    try:
        data = CatalogueChunkData.model_validate(reply.data)
        right = data.index == index and str(data.ver) == str(announced.ver)
        return base64.b64decode(data.data, validate=True) if right else None
    except (ValidationError, ValueError):
        return None


def _content(announced: Catalogue, packed: bytes) -> Iterator[RuleVerdict]:
    digest = hashlib.sha256(packed).hexdigest()
    right = digest == announced.sha256
    yield one("catalogue.sha256", "sha256 của toàn bộ nội dung", passed=right, seen=digest)
    try:
        wrong = list(catalogue.left_out(packed))
        count = len(catalogue.read(packed).procedures) + len(wrong)
    except DamagedCatalogue:
        yield one("catalogue.content", 'JSON {"procedures": [ … ]}', passed=False, seen="khác")
        return
    seen = "; ".join(f"procedures[{each.index}]" for each in wrong[:5])
    yield one("catalogue.content", "mỗi thủ tục đúng hợp đồng", passed=not wrong, seen=seen)
    same = count == announced.count
    yield one("catalogue.count", "count là số thủ tục", passed=same, seen=f"{count}")


def _wrong_chunks(stage: TrialBench, announced: Catalogue) -> Iterator[RuleVerdict]:
    past = CatalogueChunk(id=new_id(), ver=announced.ver, index=announced.chunks)
    yield from refuses(stage, "catalogue.past", "catalogue-chunk", past, ("unknown",))
    other = CatalogueChunk(id=new_id(), ver="khac", index=0)
    yield from refuses(
        stage, "catalogue.version", "catalogue-chunk", other, ("conflict", "unknown")
    )
