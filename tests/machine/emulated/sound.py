"""The machine's loudspeaker: what its sound card was given, compared with what ought to be said."""

import base64
import io
import tarfile
import tempfile
import time
from array import array
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from emulated import ear
from emulated.hall import Hall
from emulated.image import HERE
from emulated.waiting import pause

from display.settings import DisplayConfig
from display.voice import assembly, sound
from display.voice.announcer import Announcement, Sentence, SpokenCall
from display.voice.clips import Clips
from display.voice.script import script
from hall.runtime import settings

_HEADER = 44
_RATE, _CHANNELS, _WIDTH = 44_100, 2, 2
_SILENT_S = 6
# As the hall's file has it (repeat).
_TIMES = 2
_CLIPS = "/var/lib/motcua/voice/voice"


@dataclass(slots=True)
class Loudspeaker:
    """Listens from now on. A card that plays nothing adds nothing to its file."""

    hall: Hall
    _clips: Clips = field(init=False)
    _from: int = field(init=False)

    def __post_init__(self) -> None:
        # Before a call: packing them costs the machine seconds, in which its voice stammers.
        self._clips = _clips(self.hall)
        self._from = self._file.stat().st_size

    @property
    def _file(self) -> Path:
        return self.hall.computer.run / "sound.wav"

    def says(self, number: str, counter: str, seconds: float = 120.0) -> None:
        """Hear every word of this call, in order, in one of its readings.

        Raises AssertionError with those not heard in the first.
        """
        wanted = [words.samples for words in _words(self._clips, number, counter)]
        heard = self._listen(_TIMES * sum(map(len, wanted)) / sound.RATE, seconds)
        readings = (heard[start:] for start in range(0, len(heard), ear.STEP))
        if not any(ear.is_said(wanted, reading) for reading in readings):
            missing = list(ear.missing(wanted, heard))
            raise AssertionError(
                f"not heard, of {len(wanted)} words: {missing}; all that was: {self._keep(heard)}"
            )

    def _keep(self, heard: "array[int]") -> Path:
        """For whoever looks into it: the next start of the machine begins a new file."""
        kept = self.hall.computer.run / f"heard-{self._from}.wav"
        kept.write_bytes(sound.to_wav(sound.Sound(heard)))
        return kept

    def _listen(self, length: float, seconds: float) -> "array[int]":
        """Until so much was played, and then was silent: a busy machine may stammer before."""
        end, size, silent_s = time.monotonic() + seconds, -1, 0
        while time.monotonic() < end and silent_s < _SILENT_S:
            now = self._file.stat().st_size - self._from
            enough = now > length * _RATE * _CHANNELS * _WIDTH
            silent_s = silent_s + 1 if enough and now == size else 0
            size = now
            pause(1.0)
        return self._samples()

    def _samples(self) -> "array[int]":
        raw = self._file.read_bytes()[max(self._from, _HEADER) :]
        stereo = array("h", raw[: len(raw) // 4 * 4])
        # To the voice's own rate: half of the card's.
        return stereo[:: 2 * _CHANNELS]


def _words(clips: Clips, number: str, counter: str) -> list[sound.Sound]:
    """The clips of this call."""
    document = settings.read(HERE / "hall.yaml")
    config = settings.check(document.part(DisplayConfig.model_fields), DisplayConfig)
    assert config.display.voice is not None
    languages = assembly.manner(config, config.display.voice).languages
    call = Announcement((Sentence(SpokenCall("1", number, counter), ("1",)),))
    said = script(call, languages, clips.has)
    assert not said.missing, said.missing
    return [clips.joined([clip], 0.0) for sentence in said.sentences for clip in sentence]


@cache
def _clips(hall: Hall) -> Clips:
    """As the machine itself made them."""
    packed = hall.guest.ask(f"tar -C {_CLIPS} -cz vi | base64 -w0", 120)
    clips = Clips()
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(base64.b64decode(packed))) as archive:
            archive.extractall(folder, filter="data")
        clips.load("vi", Path(folder) / "vi")
    return clips
