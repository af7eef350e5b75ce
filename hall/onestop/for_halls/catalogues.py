"""The procedures that are told to halls, packed once, and given out in chunks to any of them."""

from dataclasses import dataclass, field

from hall.contract import catalogue
from hall.contract.catalogue import CatalogueContent, CatalogueProcedure
from hall.contract.messages import ErrorCode
from hall.contract.onestop_messages import Catalogue
from hall.contract.onestop_requests import CatalogueChunk, CatalogueChunkData
from hall.onestop.places import Place


@dataclass(frozen=True, slots=True)
class NoChunk:
    code: ErrorCode
    text: str


@dataclass(slots=True)
class Catalogues:
    """The content is public: whichever hall asks for a version gets it."""

    _packed: dict[Place, tuple[Catalogue, bytes]] = field(default_factory=dict)

    def put(self, place: Place, procedures: tuple[CatalogueProcedure, ...]) -> Catalogue:
        """What is announced from now on there."""
        packed = catalogue.pack(CatalogueContent(procedures=procedures))
        announced = catalogue.announce(packed, len(procedures))
        self._packed[place] = announced, packed
        return announced

    def chunk(self, asked: CatalogueChunk) -> CatalogueChunkData | NoChunk:
        for announced, packed in self._packed.values():
            if str(announced.ver) == str(asked.ver):
                piece = catalogue.chunk(packed, asked.index)
                if piece is None:
                    return NoChunk("unknown", "Danh mục không có phần này.")
                return CatalogueChunkData(ver=asked.ver, index=asked.index, data=piece)
        return NoChunk("conflict", "Danh mục đã có phiên bản khác.")
