"""The catalogue of procedures: fetched piece by piece, kept on disk, used when all else is away.

The file is whole or not there: digest on its first line, written aside and renamed.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from hall.contract import catalogue
from hall.contract.catalogue import CatalogueContent, DamagedCatalogue
from hall.contract.messages import Reply
from hall.contract.onestop_messages import Catalogue
from hall.contract.onestop_requests import CatalogueChunk, CatalogueChunkData
from hall.contract.topics import REQ_ONESTOP
from hall.runtime import durable
from hall.runtime.requester import LOOKUP_PATIENCE_S, Requester, new_id
from kiosk.model.procedure_catalogue import ProcedureCatalogue, shelve

log = logging.getLogger(__name__)

AGAIN_S = 15.0
_LARGEST = 64 * 1024 * 1024


def keep_catalogue(path: Path, announced: Catalogue, packed: bytes) -> None:
    """Write the catalogue so that a power cut leaves the old one or this one. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    durable.replace(path, announced.model_dump_json().encode() + b"\n" + packed)


def kept(path: Path) -> tuple[Catalogue, CatalogueContent] | None:
    """What the disk holds, if it is whole."""
    try:
        if path.stat().st_size > _LARGEST:
            return None
        head, _, packed = path.read_bytes().partition(b"\n")
        announced = Catalogue.model_validate(json.loads(head))
        if catalogue.announce(packed, announced.count).sha256 != announced.sha256:
            raise DamagedCatalogue("the digest differs")
        return announced, catalogue.read(packed)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, ValidationError) as err:
        log.warning("catalogue on disk is not used: %s", err)
        return None


@dataclass(slots=True)
class Library:
    """Asks for what was announced and is not here yet; gives a new one to `use`."""

    path: Path
    requester: Requester
    use: Callable[[ProcedureCatalogue], None]
    _have: str = ""
    _wanted: Catalogue | None = None
    _chunks: list[str] = field(default_factory=list)
    _asked: str | None = None
    _again_at: float | None = None

    def start(self) -> None:
        """Put up what the disk holds: it is good until something newer comes."""
        found = kept(self.path)
        if found is not None:
            announced, content = found
            self._have = announced.sha256
            self.use(shelve(str(announced.ver), content.procedures))

    def announced(self, wanted: Catalogue, now: float) -> None:
        if wanted.sha256 == self._have:
            self._wanted = None
            return
        if self._wanted is not None and self._wanted.sha256 == wanted.sha256:
            return
        self._begin(wanted, now)

    def tick(self, now: float) -> None:
        """Begin again some time after a failure."""
        if self._wanted is not None and self._again_at is not None and now >= self._again_at:
            self._begin(self._wanted, now)

    def _begin(self, wanted: Catalogue, now: float) -> None:
        if self._asked is not None:
            self.requester.forget(self._asked)
        self._wanted, self._chunks, self._again_at = wanted, [], None
        self._next(now)

    def _next(self, now: float) -> None:
        wanted = self._wanted
        if wanted is None:
            return
        if len(self._chunks) == wanted.chunks:
            self._finish(wanted, now)
            return
        self._asked = new_id()
        ask = CatalogueChunk(id=self._asked, ver=wanted.ver, index=len(self._chunks))
        self.requester.send_request(
            REQ_ONESTOP,
            "catalogue-chunk",
            ask,
            lambda reply: self._chunk_replied(reply, now),
            now,
            patience=LOOKUP_PATIENCE_S,
        )

    def _chunk_replied(self, reply: Reply, now: float) -> None:
        if reply.status == "error" or self._wanted is None:
            self._failed("no answer" if reply.error is None else reply.error.code, now)
            return
        try:
            piece = CatalogueChunkData.model_validate(reply.data)
        except ValidationError:
            self._failed("unreadable", now)
            return
        if piece.index == len(self._chunks) and piece.ver == self._wanted.ver:
            self._chunks.append(piece.data)
        self._next(now)

    def _finish(self, wanted: Catalogue, now: float) -> None:
        try:
            content = catalogue.unpack(wanted, self._chunks)
        except DamagedCatalogue as err:
            self._failed(str(err), now)
            return
        self._have, self._wanted, self._chunks = wanted.sha256, None, []
        try:
            keep_catalogue(self.path, wanted, catalogue.pack(content))
        except OSError as err:
            log.warning("catalogue cannot be kept: %s", err)
        log.info("catalogue %s: %d procedures", wanted.ver, len(content.procedures))
        self.use(shelve(str(wanted.ver), content.procedures))

    def _failed(self, why: str, now: float) -> None:
        if self._again_at is None:
            log.info("catalogue not fetched yet: %s", why)
        self._chunks, self._again_at = [], now + AGAIN_S
