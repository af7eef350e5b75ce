"""A kiosk that does not speak."""

from collections.abc import Callable, Sequence
from typing import ClassVar, Literal

from kiosk.model.modes import Volume
from kiosk.ports import Sentence, Sounded
from kiosk.sections import Recordings, SpeechSection


class NoSpeechSection(SpeechSection):
    stand_in: ClassVar[str] = "none"

    driver: Literal["none"]

    def connect(self, recorded: Recordings) -> "Silence":  # noqa: ARG002
        return Silence()


class Silence:
    """No speech is wanted."""

    device = None

    def start(self, post: Callable[[Sounded], None]) -> None:
        pass

    def try_out(self) -> None:
        pass

    def say_sentences(self, sentences: Sequence[Sentence], lang: str, volume: Volume) -> int:  # noqa: ARG002
        return 0

    def hush(self) -> None:
        pass
