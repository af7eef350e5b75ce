"""Reads a vendor's whole catalogue as a kiosk does, to say which of its procedures are wrong."""

import base64
import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from pydantic import ValidationError

from hall.contract import catalogue
from hall.contract.catalogue import CatalogueProcedure, DamagedCatalogue, LeftOut
from hall.contract.messages import Reply
from hall.contract.onestop_messages import Catalogue
from hall.contract.onestop_requests import CatalogueChunk, CatalogueChunkData
from hall.contract.topics import REQ_ONESTOP
from hall.onestop import feed
from hall.onestop.feed import Flaw
from hall.runtime.daemon import DaemonContext
from hall.runtime.requester import new_id

log = logging.getLogger(__name__)

# More than a few name no fault better.
_MOST_TOLD = 5
# Bytes of a whole catalogue.
LARGEST = 16 * 1024 * 1024


@dataclass(slots=True)
class Browsing:
    """Fetches each announced content once; `judged` hears what is wrong with it."""

    context: DaemonContext
    judged: Callable[[tuple[Flaw, ...]], None]
    _wanted: Catalogue | None = None
    _read: str = ""
    _pieces: list[bytes] = field(default_factory=list)

    def announced(self, told: Catalogue) -> None:
        if told.sha256 == self._read or (self._wanted and told.sha256 == self._wanted.sha256):
            return
        self._pieces.clear()
        if told.chunks * told.chunk_size > LARGEST:
            self.judged((_whole("nhiều nhất 16 MB", "at most 16 MB", f"{told.chunks} chunks"),))
            return
        self._wanted = told
        self._next()

    def _next(self) -> None:
        wanted = self._wanted
        if wanted is None:
            return
        if len(self._pieces) == wanted.chunks:
            self._finish(wanted)
            return
        asked = CatalogueChunk(id=new_id(), ver=wanted.ver, index=len(self._pieces))
        now = self.context.clock.monotonic()
        done = partial(self._answered, wanted)
        self.context.requester.send_request(REQ_ONESTOP, "catalogue-chunk", asked, done, now)

    def _answered(self, wanted: Catalogue, reply: Reply) -> None:
        if wanted is not self._wanted:
            return  # Another one was announced meanwhile.
        piece = piece_of(reply)
        if piece is None:
            self._wanted = None
            code = reply.error.code if reply.error else "data"
            self.judged((_whole("phần danh mục", "a chunk of the catalogue", code),))
            return
        self._pieces.append(piece)
        self._next()

    def _finish(self, wanted: Catalogue) -> None:
        packed = b"".join(self._pieces)
        self._wanted, self._read = None, wanted.sha256
        self._pieces.clear()
        digest = hashlib.sha256(packed).hexdigest()
        if digest != wanted.sha256:
            self.judged((Flaw("sha256", f'"{digest}"', f'"{digest}"', f'"{wanted.sha256}"'),))
            return
        try:
            self.judged(tuple(map(_flaw, list(catalogue.left_out(packed))[:_MOST_TOLD])))
        except DamagedCatalogue:
            self.judged((_whole('{"procedures": [ … ]}', '{"procedures": [ … ]}', "…"),))


def _whole(vietnamese: str, english: str, got: str) -> Flaw:
    return Flaw("", vietnamese, english, got)


def piece_of(reply: Reply) -> bytes | None:
    """A chunk of the catalogue as it was answered; None where it was refused or is none."""
    try:
        return base64.b64decode(CatalogueChunkData.model_validate(reply.data).data, validate=True)
    except (ValidationError, ValueError):
        return None


def _flaw(left: LeftOut) -> Flaw:
    """The first wrong field of one procedure, by its code where that can be read."""
    content = left.content if isinstance(left.content, dict) else {}
    found = feed.of_content(CatalogueProcedure, content)
    where = f"procedures[{left.index}]"
    if found is None:
        return Flaw(where, "một nhóm { … }", "an object { … }", "…")
    named = f" ({content['code']})" if isinstance(content.get("code"), str) else ""
    return Flaw(f"{where}.{found.field}{named}"[:200], found.expected, found.expected_en, found.got)
