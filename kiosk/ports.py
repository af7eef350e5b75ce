"""What the kiosk needs beside glass and bus, in its own words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from hall.runtime.devices import Device
from kiosk.model.modes import Volume
from kiosk.sounds.lexicon import SaidPart

Sentence = Sequence[SaidPart]
# The code of an alert.
SPEECH_LOST = "speech_lost"


@dataclass(frozen=True, slots=True)
class Sounded:
    """What became of a sound: heard to its end, or the fault that kept it from being heard.

    `said`: the count of the speech that ended with this sound; 0: there is more, or it was none.
    """

    fault: Exception | None = None
    said: int = 0


class Speaker(Protocol):
    @property
    def device(self) -> Device | None:
        """What may be lost; None: there is nothing to hear."""

    def start(self, post: Callable[[Sounded], None]) -> None:
        """`post`, from any thread, is told of every sound that was not broken off."""

    def try_out(self) -> None:
        """Play a moment of silence, to find out whether the sound card works."""

    def say_sentences(self, sentences: Sequence[Sentence], lang: str, volume: Volume) -> int:
        """Begin to speak and return at once; what was being said is broken off. Never raises.

        The count of this speech, above 0: its last sound, or the only one, tells it. 0: nothing
        will be heard.
        """

    def hush(self) -> None:
        """Be silent now, and forget what was said."""
