"""What every player has in the YAML, whatever its driver."""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from display.voice.ports import Player
from hall.runtime.driver_folder import DriverSection


@dataclass(frozen=True, slots=True)
class VoiceSurroundings:
    """Where a player plays. `device`: the section's, an ALSA name. `pictures`: see `Ground`."""

    device: str
    monotonic: Callable[[], float]
    pictures: Path | None


class PlayerSection(DriverSection):
    """A driver is a subclass with its own keys, in a file of its own in `display/voice/players`."""

    @abstractmethod
    def connect(self, where: VoiceSurroundings) -> Player:
        """The player; nothing is opened yet."""
