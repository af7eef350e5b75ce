"""A loudspeaker that keeps what it was given: the WAV and the words, newest last."""

from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from display.voice.player_section import PlayerSection, VoiceSurroundings
from display.voice.sound import Sound, to_wav
from hall.runtime import pictures
from hall.runtime.sound_card import NotHeard

KEPT = 20


class SimulatedPlayerSection(PlayerSection):
    driver: Literal["simulated"]

    def connect(self, where: VoiceSurroundings) -> "SimulatedPlayer":
        return SimulatedPlayer(where.monotonic, where.pictures)


class SimulatedPlayer:
    """Plays for as long as the sound is; silence leaves no trace. `monotonic`: the daemon's clock.

    `folder`: where the last WAVs stay as `voice/NN.wav`; None keeps only the words.
    """

    def __init__(self, monotonic: Callable[[], float], folder: Path | None = None) -> None:
        self._monotonic = monotonic
        self._folder = folder
        self._until = 0.0
        self._count = 0
        self.broken = False
        self.said: deque[str] = deque(maxlen=KEPT)
        self.last: Sound | None = None

    def play(self, sound: Sound, text: str) -> None:
        if self.broken:
            raise NotHeard("loa mô phỏng đang hỏng")
        if self.playing():
            raise NotHeard("hai câu cùng một lúc")
        self._until = self._monotonic() + sound.seconds
        if not any(sound.samples):
            return
        self.said.append(text)
        self.last = sound
        if self._folder is not None:
            pictures.put(self._folder, f"voice/{self._count % KEPT:02}.wav", to_wav(sound))
        self._count += 1

    def playing(self) -> bool:
        return self._monotonic() < self._until

    def close(self) -> None:
        self._until = 0.0
