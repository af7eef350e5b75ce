"""Recorded clips: one folder a language; a damaged file counts as one that is not there."""

import logging
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from display.voice import sound
from display.voice.phrases import Clip
from display.voice.sound import Sound
from hall.reading.clip_names import clip_name

log = logging.getLogger(__name__)

CHIME = "chime"


class Clips:
    """Everything recorded, in memory: a hall's set is a few hundred kilobytes.

    `folders`: language → folder. A file may be named as `clip_name` says or by its words.
    """

    def __init__(self) -> None:
        self._sounds: dict[tuple[str, str], Sound] = {}
        self.damaged: list[str] = []
        self.chime = sound.chime()

    def load(self, lang: str, folder: Path) -> None:
        """Read what is there; a missing folder is an empty one."""
        for path in sorted(folder.glob("*.wav")):
            name = clip_name(unicodedata.normalize("NFC", path.stem).replace("_", " "))
            try:
                read = sound.trim(sound.from_wav(path.read_bytes()))
            except (sound.SoundError, OSError) as err:
                self.damaged.append(path.name)
                log.warning("clip %s cannot be used: %s", path.name, err)
                continue
            if name == CHIME:
                self.chime = read
            else:
                self._sounds[lang, name] = read

    def has(self, clip: Clip) -> bool:
        return (clip.lang, clip_name(clip.text)) in self._sounds

    def missing(self, lang: str, wanted: Iterable[str]) -> tuple[str, ...]:
        return tuple(text for text in wanted if not self.has(Clip(lang, text)))

    def joined(self, clips: Sequence[Clip], gap_s: float) -> Sound:
        """Raises KeyError for a clip that is not there: ask `has` first."""
        return sound.join((self._sounds[c.lang, clip_name(c.text)] for c in clips), gap_s)
