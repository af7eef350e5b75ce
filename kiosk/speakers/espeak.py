"""Speaks recorded clips where the hall has them, and the rest through espeak-ng."""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Literal

from hall.runtime import sound_card
from hall.runtime.attachments import loudspeaker
from hall.runtime.devices import Device
from kiosk.model.modes import Volume
from kiosk.ports import SPEECH_LOST, Sentence, Sounded
from kiosk.sections import Recordings, SpeechSection
from kiosk.sounds import clips
from kiosk.sounds.lexicon import SaidPart
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
    sound and `player` plays it. `recorded`: clips by language and name.
    """

    program: str = "espeak-ng"
    player: str = "aplay"
    recorded: Mapping[tuple[str, str], Path] = field(default_factory=dict)
    device: Device = _LOUDSPEAKER
    _told: Callable[[Sounded], None] = lambda _: None
    _recital: Recital | None = None
    _count: int = 0

    def start(self, post: Callable[[Sounded], None]) -> None:
        self._told = post

    def try_out(self) -> None:
        if self._recital is None or not self._recital.under_way:
            self._begin([Pipeline((self._play,), sound_card.silence(), _PATIENCE_S)])

    def say_sentences(self, sentences: Sequence[Sentence], lang: str, volume: Volume) -> int:
        runs = tuple(self._runs(sentences, lang, volume))
        self.hush()
        if not runs:
            return 0
        self._count += 1
        self._begin(runs, self._count)
        return self._count

    def hush(self) -> None:
        if self._recital is not None:
            self._recital.break_off()
            self._recital = None

    def _begin(self, runs: Sequence[Pipeline], count: int = 0) -> None:
        self.hush()
        self._recital = Recital(runs, self._told, count)
        self._recital.begin()

    @property
    def _play(self) -> Sequence[str]:
        return (self.player, "-q", "-")

    def _runs(self, sentences: Sequence[Sentence], lang: str, volume: Volume) -> Iterator[Pipeline]:
        """Clips that follow one another as one sound, texts as one text, so that both flow."""
        told = ((piece, last) for each in sentences for piece, last in _with_ends(each))
        by_clip = groupby(told, key=lambda each: (lang, each[0].clip) in self.recorded)
        for recorded, run in by_clip:
            if recorded:
                yield from self._played([self.recorded[lang, p.clip] for p, _ in run], volume)
            else:
                text = "".join(f"{p.text}{'. ' if last else ' '}" for p, last in run)
                yield from self._synthesised(text.strip(". "), lang, volume)

    def _synthesised(self, text: str, lang: str, volume: Volume) -> Iterator[Pipeline]:
        """With recordings a machine needs no espeak-ng: what nobody recorded is left unsaid."""
        if text and (not self.recorded or shutil.which(self.program)):
            voice = ("-v", _VOICES.get(lang, "vi"), "-s", _WORDS_A_MINUTE, "-a", str(_LOUD[volume]))
            speak = (self.program, *voice, "--stdout", "--stdin")
            yield Pipeline((speak, self._play), text.encode(), _PATIENCE_S + _LETTER_S * len(text))

    def _played(self, found: Sequence[Path], volume: Volume) -> Iterator[Pipeline]:
        for data in clips.joined(found, _LOUD[volume] / 100):
            yield Pipeline((self._play,), data, _PATIENCE_S + clips.seconds(data))


def _with_ends(sentence: Sentence) -> Iterator[tuple[SaidPart, bool]]:
    """Each piece, and whether it is the sentence's last."""
    return ((piece, piece is sentence[-1]) for piece in sentence)
