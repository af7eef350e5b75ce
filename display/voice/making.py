"""Makes the clips that nobody has recorded, with espeak-ng: it is given words, never digits."""

import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from display.voice import sound
from display.voice.ports import SynthesisError
from hall.reading.clip_names import clip_name
from hall.runtime import durable

TIMEOUT_S = 20.0


@dataclass(frozen=True, slots=True)
class Espeak:
    """`voice`: vi, vi-vn-x-central, vi-vn-x-south, en …; `speed` in words a minute."""

    voice: str = "vi"
    speed: int = 140
    program: str = "espeak-ng"

    def available(self) -> bool:
        return shutil.which(self.program) is not None

    def speak(self, words: str) -> sound.Sound:
        """Raises SynthesisError."""
        command = [self.program, "-v", self.voice, "-s", str(self.speed), "--stdout", "--", words]
        try:
            done = subprocess.run(command, capture_output=True, timeout=TIMEOUT_S, check=True)  # noqa: S603
            return sound.trim(sound.from_wav(_with_length(done.stdout)))
        except FileNotFoundError as err:
            raise SynthesisError("chưa cài espeak-ng: sudo apt install espeak-ng") from err
        except (subprocess.SubprocessError, OSError, sound.SoundError) as err:
            raise SynthesisError(f"espeak-ng không đọc được “{words}”: {err}") from err


@dataclass(frozen=True, slots=True)
class Engines:
    """Language → its engine; `home` speaks what has none of its own."""

    engines: Mapping[str, Espeak]
    home: str

    def available(self) -> bool:
        return self.engines[self.home].available()

    def say_words(self, words: str, lang: str) -> sound.Sound:
        """Raises SynthesisError."""
        engine = self.engines.get(lang.split("-", maxsplit=1)[0], self.engines[self.home])
        return engine.speak(words)


def make(texts: Iterable[str], folder: Path, engine: Espeak) -> tuple[Path, ...]:
    """Write every clip that the folder lacks; a recording is never overwritten.

    Raises SynthesisError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for text in texts:
        path = folder / f"{clip_name(text)}.wav"
        if not path.exists():
            _write(path, sound.to_wav(engine.speak(text)))
            made.append(path)
    return tuple(made)


def _write(path: Path, data: bytes) -> None:
    aside = path.with_suffix(".part")
    aside.write_bytes(data)
    durable.put_in_place(aside, path)


def _with_length(wav: bytes) -> bytes:
    """espeak-ng cannot know a stream's length and writes 2 GB into the header."""
    at = wav.find(b"data", 12)
    if at < 0 or wav[:4] != b"RIFF":
        return wav
    body = len(wav) - at - 8
    riff = (len(wav) - 8).to_bytes(4, "little")
    return wav[:4] + riff + wav[8 : at + 4] + body.to_bytes(4, "little") + wav[at + 8 :]
