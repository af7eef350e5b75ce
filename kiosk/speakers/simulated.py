"""A speaker without sound: it remembers what it is saying, until it is hushed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from hall.runtime.attachments import loudspeaker
from hall.runtime.devices import Device
from hall.runtime.sound_card import NotHeard
from kiosk.model.modes import Volume
from kiosk.ports import SPEECH_LOST, Sentence, Sounded
from kiosk.sections import Recordings, SpeechSection

_LOUDSPEAKER = loudspeaker(SPEECH_LOST, "loa mô phỏng của kiosk")
_BROKEN = NotHeard("loa mô phỏng đang hỏng")


class SimulatedSpeechSection(SpeechSection):
    driver: Literal["simulated"]

    def connect(self, recorded: Recordings) -> "SimulatedSpeaker":
        return SimulatedSpeaker()


@dataclass(slots=True)
class SimulatedSpeaker:
    """`broken`: nothing is heard. `lasting`: it speaks until `finish`, else for no time."""

    saying: tuple[str, ...] = ()
    lang: str = ""
    volume: Volume = "usual"
    times: int = 0
    broken: bool = False
    lasting: bool = False
    device: Device = _LOUDSPEAKER
    _told: Callable[[Sounded], None] = lambda _: None

    def start(self, post: Callable[[Sounded], None]) -> None:
        self._told = post

    def try_out(self) -> None:
        self._told(Sounded(_BROKEN if self.broken else None))

    def say_sentences(self, sentences: Sequence[Sentence], lang: str, volume: Volume) -> int:
        told = (" ".join(piece.text for piece in sentence) for sentence in sentences)
        self.saying, self.lang, self.volume = tuple(told), lang, volume
        self.times += 1
        if not self.lasting:
            self.finish()
        return self.times

    def finish(self) -> None:
        """All has been said."""
        self._told(Sounded(_BROKEN if self.broken else None, self.times))

    def hush(self) -> None:
        self.saying = ()
