"""Speaks recorded clips where the hall has them, and the rest through espeak-ng."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.modes import Volume
from kiosk.speakers import clips
from kiosk.speakers.recital import Recital, Run

_VOICES = {"vi": "vi", "en": "en-gb"}
_WORDS_A_MINUTE = "140"
# espeak-ng speaks at 100 unless told otherwise, 200 at most.
_LOUD: Mapping[Volume, int] = {"soft": 45, "usual": 100, "loud": 190}


@dataclass(slots=True)
class EspeakSpeaker:
    """`program`, `player`: others may stand in, taking the same arguments.

    `recorded`: clips by language and text.
    """

    program: str = "espeak-ng"
    player: str = "aplay"
    recorded: Mapping[tuple[str, str], Path] = field(default_factory=dict)
    _recital: Recital | None = None
    _missing: set[str] = field(default_factory=set)

    def say(self, texts: Sequence[str], lang: str, volume: Volume) -> None:
        self.hush()
        self._recital = Recital(tuple(self._runs(texts, lang, volume)), self._missing)
        self._recital.begin()

    def hush(self) -> None:
        if self._recital is not None:
            self._recital.break_off()
            self._recital = None

    def _runs(self, texts: Sequence[str], lang: str, volume: Volume) -> Iterator[Run]:
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

    def _synthesised(self, texts: Sequence[str], lang: str, volume: Volume) -> Iterator[Run]:
        if texts:
            voice = ("-v", _VOICES.get(lang, "vi"), "-s", _WORDS_A_MINUTE, "-a", str(_LOUD[volume]))
            yield Run((self.program, *voice, "--stdin"), ". ".join(texts).encode())

    def _played(self, clip: Path, volume: Volume) -> Iterator[Run]:
        data = clips.sound(clip, _LOUD[volume] / 100)
        if data:
            yield Run((self.player, "-q", "-"), data)
