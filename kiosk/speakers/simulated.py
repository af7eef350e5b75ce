"""A speaker without sound: it remembers what it is saying, until it is hushed."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(slots=True)
class SimulatedSpeaker:
    saying: tuple[str, ...] = ()
    lang: str = ""
    times: int = 0

    def say(self, texts: Sequence[str], lang: str) -> None:
        self.saying, self.lang = tuple(texts), lang
        self.times += 1

    def hush(self) -> None:
        self.saying = ()


class Silence:
    """No speech is wanted."""

    def say(self, texts: Sequence[str], lang: str) -> None:
        pass

    def hush(self) -> None:
        pass
