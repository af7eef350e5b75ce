"""What every way to speak has in the YAML, whatever its driver."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path

from hall.runtime.driver_folder import DriverSection
from kiosk.ports import Speaker

# The recorded clips, by language and name.
Recordings = Callable[[], Mapping[tuple[str, str], Path]]


class SpeechSection(DriverSection):
    """A driver is a subclass with its own keys, in a file of its own in `kiosk/speakers`."""

    @abstractmethod
    def connect(self, recorded: Recordings) -> Speaker:
        """What speaks; nothing is opened yet. `recorded` looks through the folder of clips."""
