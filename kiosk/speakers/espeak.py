"""Speaks recorded clips where the hall has them, and the rest through espeak-ng."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from hall.runtime import sound_card
from hall.runtime.attachments import loudspeaker
from hall.runtime.devices import Device
from kiosk.model.modes import Volume
from kiosk.ports import SPEECH_LOST, Sounded
from kiosk.sections import Recordings, SpeechSection
from kiosk.sounds import clips
from kiosk.sounds.recital import Pipeline, Recital

_VOICES = {"vi": "vi", "en": "en-gb"}
_WORDS_A_MINUTE = "140"
# More than a letter takes at that pace; a player that goes on for longer hangs.
_LETTER_S, _PATIENCE_S = 0.3, 10.0
# espeak-ng speaks at 100 unless told otherwise, 200 at most.
_LOUD: Mapping[Volume, int] = {"soft": 45, "usual": 100, "loud": 190}


_LOUDSPEAKER = loudspeaker(SPEECH_LOST, "loa đọc của kiosk")


class EspeakSection(SpeechSection):
    driver: Literal["espeak"]

    def connect(self, recorded: Recordings) -> "EspeakSpeaker":
        return EspeakSpeaker(recorded=recorded())


@dataclass(slots=True)
class EspeakSpeaker:
    """`program`, `player`: others may stand in, taking the same arguments.

    espeak-ng itself says that all is well on a machine without a sound card, so it only makes the
    sound and `player` plays it. `recorded`: clips by language and text.
    """

    program: str = "espeak-ng"
    player: str = "aplay"
    recorded: Mapping[tuple[str, str], Path] = field(default_factory=dict)
    device: Device = _LOUDSPEAKER
    _told: Callable[[Sounded], None] = lambda _: None
    _recital: Recital | None = None

    def start(self, post: Callable[[Sounded], None]) -> None:
        self._told = post

    def try_out(self) -> None:
        if self._recital is None or not self._recital.under_way:
            self._begin([Pipeline((self._play,), sound_card.silence(), _PATIENCE_S)])

    def say_texts(self, texts: Sequence[str], lang: str, volume: Volume) -> None:
        self._begin(self._runs(texts, lang, volume))

    def hush(self) -> None:
        if self._recital is not None:
            self._recital.break_off()
            self._recital = None

    def _begin(self, runs: Iterable[Pipeline]) -> None:
        self.hush()
        self._recital = Recital(tuple(runs), self._told)
        self._recital.begin()

    @property
    def _play(self) -> Sequence[str]:
        return (self.player, "-q", "-")

    def _runs(self, texts: Sequence[str], lang: str, volume: Volume) -> Iterator[Pipeline]:
        """Clips one by one; what lies between them as one text, so that it flows."""
        between: list[str] = []
        for text in texts:
            clip = self.recorded.get((lang, text))
            if clip is None:
                between.append(text)
                continue
            yield from self._synthesised(between, lang, volume)
            between = []
            yield from self._played(clip, volume)
        yield from self._synthesised(between, lang, volume)

    def _synthesised(self, texts: Sequence[str], lang: str, volume: Volume) -> Iterator[Pipeline]:
        if texts:
            voice = ("-v", _VOICES.get(lang, "vi"), "-s", _WORDS_A_MINUTE, "-a", str(_LOUD[volume]))
            speak, text = (self.program, *voice, "--stdout", "--stdin"), ". ".join(texts)
            yield Pipeline((speak, self._play), text.encode(), _PATIENCE_S + _LETTER_S * len(text))

    def _played(self, clip: Path, volume: Volume) -> Iterator[Pipeline]:
        data = clips.sound(clip, _LOUD[volume] / 100)
        if data:
            yield Pipeline((self._play,), data, _PATIENCE_S + clips.seconds(data))
