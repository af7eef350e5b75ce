"""Fetches the catalogue that the province announces, a chunk at a time. Pure."""

from dataclasses import dataclass, field

from hall.contract import catalogue
from hall.contract.catalogue import CatalogueContent
from hall.contract.messages import Reply
from hall.contract.onestop_messages import Catalogue
from hall.contract.onestop_requests import CatalogueChunk
from hall.onestop.browsing import LARGEST, piece_of
from hall.runtime.requester import new_id

# Without an answer the same chunk is asked for again.
AGAIN_S = 5.0


@dataclass(frozen=True, slots=True)
class FetchedCatalogue:
    announced: Catalogue
    packed: bytes
    content: CatalogueContent


@dataclass(slots=True)
class CatalogueFetch:
    """`held`: the digest of what the hall has."""

    held: str = ""
    _wanted: Catalogue | None = None
    _pieces: list[bytes] = field(default_factory=list)
    _asked: str = ""
    _due: float = 0.0

    @staticmethod
    def fits(told: Catalogue) -> bool:
        """Whether it is small enough to be fetched."""
        return told.chunks * told.chunk_size <= LARGEST

    def announce(self, told: Catalogue) -> None:
        """From now on this one is wanted."""
        if told.sha256 == self.held:
            self._wanted = None
        elif self._wanted is None or told.sha256 != self._wanted.sha256:
            self._wanted, self._due = told, 0.0
            self._pieces.clear()

    def request(self, now: float) -> CatalogueChunk | None:
        """What is to be asked now; None: nothing, or not yet."""
        if self._wanted is None or now < self._due:
            return None
        self._asked, self._due = new_id(), now + AGAIN_S
        return CatalogueChunk(id=self._asked, ver=self._wanted.ver, index=len(self._pieces))

    def take_reply(self, reply: Reply) -> FetchedCatalogue | None:
        """The whole catalogue with its last chunk.

        A refused or wrong chunk is asked for again after a pause. Raises DamagedCatalogue.
        """
        wanted = self._wanted
        if wanted is None or reply.id != self._asked:
            return None
        piece = piece_of(reply)
        if piece is None or len(piece) > wanted.chunk_size:
            return None
        self._pieces.append(piece)
        self._due = 0.0
        if len(self._pieces) < wanted.chunks:
            return None
        packed = b"".join(self._pieces)
        self._wanted = None
        self._pieces.clear()
        content = catalogue.checked(wanted, packed)
        self.held = wanted.sha256
        return FetchedCatalogue(wanted, packed, content)

    @property
    def due(self) -> float | None:
        return None if self._wanted is None else self._due
