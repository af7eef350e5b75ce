"""Recorded speech: WAV files named after the texts, in a folder for each language.

`<folder>/jra/ticket.which.wav` says the text `which` of table `ticket`. A clip a language lacks is
the Vietnamese one, clip by clip.
"""

import io
import logging
import wave
from array import array
from collections.abc import Mapping
from pathlib import Path

from kiosk.wording import FIRST, Wording

log = logging.getLogger(__name__)

_SIXTEEN_BITS = 2
_LOUDEST = 32767


def recorded(folder: Path, wordings: Mapping[str, Wording]) -> dict[tuple[str, str], Path]:
    """The clip of every text that has one, by language and text."""
    found: dict[tuple[str, str], Path] = {}
    for lang, words in wordings.items():
        for key in words.fallback:
            places = (folder / each / f"{key}.wav" for each in (lang, FIRST))
            clip = next((place for place in places if place.is_file()), None)
            # A clip cannot say a number that is filled in.
            if clip is not None and "{" not in words(key):
                found[(lang, words(key))] = clip
    return found


def sound(clip: Path, gain: float) -> bytes:
    """The WAV at this loudness; empty, and told, where it cannot be read."""
    try:
        with wave.open(str(clip), "rb") as file:
            params, frames = file.getparams(), file.readframes(file.getnframes())
    except (OSError, EOFError, wave.Error) as err:
        log.warning("clip %s is not used: %s", clip.name, err)
        return b""
    made = io.BytesIO()
    with wave.open(made, "wb") as out:
        out.setparams(params)
        out.writeframes(_louder(frames, gain) if params.sampwidth == _SIXTEEN_BITS else frames)
    return made.getvalue()


def seconds(data: bytes) -> float:
    """How long a WAV plays."""
    with wave.open(io.BytesIO(data)) as file:
        return float(file.getnframes() / file.getframerate())


def _louder(frames: bytes, gain: float) -> bytes:
    samples = array("h", frames)
    return array("h", (max(-_LOUDEST, min(_LOUDEST, int(s * gain))) for s in samples)).tobytes()
