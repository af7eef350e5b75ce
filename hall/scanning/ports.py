"""What a daemon needs of a scanner."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from hall.runtime.devices import Device, DeviceNews

# A scanner without an end mark has sent all when it is silent for so long; within the half second
# in which a person takes the code away and another holds up theirs.
PAUSE_S = 0.2
# The code of an alert.
SCANNER_OFFLINE = "scanner_offline"


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scanner read, as it came. Never logged."""

    text: str = field(repr=False)


Post = Callable[[Scan | DeviceNews], None]


class Scanner(Protocol):
    @property
    def device(self) -> Device: ...

    def start(self, post: Post) -> None:
        """Begin to read in a thread of its own, for ever; never raises. `post` from any thread."""

    def close(self) -> None:
        """Stop; may be called twice."""
