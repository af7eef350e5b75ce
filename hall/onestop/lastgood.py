"""The vendor's last good messages, on disk: what is put back in the place of a bad one."""

import json
import logging
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from hall.contract.topics import EXT_CATALOGUE, EXT_FIGURES, EXT_NOTICE, Channel
from hall.contract.words import WireModel

log = logging.getLogger(__name__)

_FILES = {
    EXT_FIGURES: "figures.json",
    EXT_CATALOGUE: "catalogue.json",
    EXT_NOTICE: "notice.json",
}


@dataclass(frozen=True, slots=True)
class LastGood:
    """A disk that takes nothing costs what would be remembered, and nothing else."""

    folder: Path

    def keep_message(self, channel: Channel, message: WireModel) -> None:
        """Without a sync: after a power cut the vendor tells it anew."""
        text = message.model_dump_json(by_alias=True)
        place = self._place(channel)
        beside = place.with_suffix(".new")
        try:
            if place.exists() and place.read_text("utf-8") == text:
                return
            self._make_folder()
            beside.write_text(text, "utf-8")
            beside.replace(place)
        except OSError as err:
            log.warning("%s cannot be kept: %s", place.name, err)

    def of(self, channel: Channel) -> WireModel | None:
        try:
            return channel.model.model_validate_json(self._place(channel).read_bytes())
        except (OSError, ValidationError):
            return None

    def forget(self, channel: Channel) -> None:
        try:
            self._place(channel).unlink(missing_ok=True)
        except OSError as err:
            log.warning("%s cannot be forgotten: %s", self._place(channel).name, err)

    def is_of_another(self, supplier: str) -> bool:
        """Whether another supplier wrote to the bus last; remembers this one from now on."""
        place = self.folder / "supplier.json"
        try:
            before = json.loads(place.read_text("utf-8"))
        except (OSError, ValueError):
            before = None
        if before == supplier:
            return False
        try:
            self._make_folder()
            place.write_text(json.dumps(supplier), "utf-8")
        except OSError as err:
            log.warning("the supplier cannot be remembered: %s", err)
        for channel in _FILES:
            self.forget(channel)
        return before is not None

    def _make_folder(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def _place(self, channel: Channel) -> Path:
        return self.folder / _FILES[channel]
