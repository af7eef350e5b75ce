"""What the kiosk needs beside glass and bus, in its own words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from kiosk.modes import Volume


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scanner read, as it came. Never logged."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ScannerState:
    """A scanner went away or came back; `why` is for the technician."""

    device: str
    present: bool
    why: str = ""


Post = Callable[[Scan | ScannerState], None]


class Scanner(Protocol):
    def start(self, post: Post) -> None:
        """Begin to read in a thread of its own, for ever; never raises. `post` from any thread."""

    def close(self) -> None:
        """Stop; may be called twice."""


class Speaker(Protocol):
    def say(self, texts: Sequence[str], lang: str, volume: Volume) -> None:
        """Begin to speak and return at once; what was being said is broken off. Never raises."""

    def hush(self) -> None:
        """Be silent now, and forget what was said."""
