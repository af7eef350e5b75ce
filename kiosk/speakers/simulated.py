"""A speaker without sound: it remembers what it is saying, until it is hushed."""

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.modes import Volume


@dataclass(slots=True)
class SimulatedSpeaker:
    saying: tuple[str, ...] = ()
    lang: str = ""
    volume: Volume = "usual"
    times: int = 0

    def say(self, texts: Sequence[str], lang: str, volume: Volume) -> None:
        self.saying, self.lang, self.volume = tuple(texts), lang, volume
        self.times += 1

    def hush(self) -> None:
        self.saying = ()


class Silence:
    """No speech is wanted."""

    def say(self, texts: Sequence[str], lang: str, volume: Volume) -> None:
        pass

    def hush(self) -> None:
        pass
