"""Recorded speech: WAV files in a folder for each language, named as the lexicon says.

`<folder>/jra/ticket.which.wav` says the text `which` of table `ticket`. A clip a language lacks is
the Vietnamese one, clip by clip.
"""

import io
import logging
import wave
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from kiosk.wording import FIRST

log = logging.getLogger(__name__)

_SIXTEEN_BITS = 2
_LOUDEST = 32767


def recorded(folder: Path, languages: Iterable[str]) -> dict[tuple[str, str], Path]:
    """Every clip by language and name, those of a language's own folder before Vietnamese ones."""
    return {
        (lang, clip.stem): clip
        for lang in languages
        for each in (FIRST, lang)
        for clip in sorted((folder / each).glob("*.wav"))
    }


def joined(clips: Sequence[Path], gain: float) -> Iterator[bytes]:
    """The clips one after the other as WAVs at this loudness, one as long as they are of a kind.

    One that cannot be read is told and left out.
    """
    read = filter(None, map(_read, clips))
    for form, run in groupby(read, key=lambda each: each[0]):
        made = io.BytesIO()
        with wave.open(made, "wb") as out:
            out.setnchannels(form[0])
            out.setsampwidth(form[1])
            out.setframerate(form[2])
            for _, frames in run:
                out.writeframes(_louder(frames, gain) if form[1] == _SIXTEEN_BITS else frames)
        yield made.getvalue()


def _read(clip: Path) -> tuple[tuple[int, int, int], bytes] | None:
    try:
        with wave.open(str(clip), "rb") as file:
            return file.getparams()[:3], file.readframes(file.getnframes())
    except (OSError, EOFError, wave.Error) as err:
        log.warning("clip %s is not used: %s", clip.name, err)
        return None


def seconds(data: bytes) -> float:
    """How long a WAV plays."""
    with wave.open(io.BytesIO(data)) as file:
        return float(file.getnframes() / file.getframerate())


def _louder(frames: bytes, gain: float) -> bytes:
    samples = array("h", frames)
    return array("h", (max(-_LOUDEST, min(_LOUDEST, int(s * gain))) for s in samples)).tobytes()
