"""What the province told last, on disk: the hall begins with it, whether the province is there."""

import logging
from dataclasses import dataclass
from pathlib import Path

from hall.contract import catalogue
from hall.contract.catalogue import CatalogueProcedure, DamagedCatalogue
from hall.contract.onestop_messages import Catalogue
from hall.contract.topics import EXT_CATALOGUE, Channel
from hall.contract.words import WireModel
from hall.onestop.lastgood import LastGood

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KeptDownward:
    """A disk that takes nothing costs what would be remembered, and nothing else."""

    folder: Path

    def keep_message(self, channel: Channel, message: WireModel) -> None:
        """Figures or the ticker."""
        LastGood(self.folder).keep_message(channel, message)

    def of(self, channel: Channel) -> WireModel | None:
        return LastGood(self.folder).of(channel)

    def keep_catalogue(self, announced: Catalogue, packed: bytes) -> None:
        """The content first: what is announced is then there."""
        beside = self._content.with_suffix(".new")
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            beside.write_bytes(packed)
            beside.replace(self._content)
        except OSError as err:
            log.warning("the catalogue cannot be kept: %s", err)
            return
        self.keep_message(EXT_CATALOGUE, announced)

    def catalogue(self) -> tuple[Catalogue, tuple[CatalogueProcedure, ...]] | None:
        """None where there is none, or a power cut has spoiled it."""
        announced = self.of(EXT_CATALOGUE)
        if not isinstance(announced, Catalogue):
            return None
        try:
            packed = self._content.read_bytes()
            return announced, catalogue.checked(announced, packed).procedures
        except (OSError, DamagedCatalogue):
            return None

    @property
    def _content(self) -> Path:
        return self.folder / "procedures.bin"
