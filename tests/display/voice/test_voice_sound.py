"""Sounds are joined as samples: silence goes, nothing clips, any recording is taken."""

import io
import math
import wave
from array import array

import pytest

from display.voice import sound
from display.voice.sound import RATE, Sound, SoundError


def tone(seconds: float, level: int = 10_000) -> Sound:
    steps = range(round(seconds * RATE))
    return Sound(array("h", [round(level * math.sin(i / 8)) for i in steps]))


def wav(frames: array, *, channels: int = 1, rate: int = RATE, width: int = 2) -> bytes:  # type: ignore[type-arg]
    out = io.BytesIO()
    with wave.open(out, "wb") as writer:
        writer.setparams((channels, width, rate, 0, "NONE", ""))
        writer.writeframes(frames.tobytes())
    return out.getvalue()


def test_silence_at_both_ends_goes_and_the_consonant_stays() -> None:
    padded = sound.join([sound.silence(0.5), tone(0.3), sound.silence(0.4)])

    assert sound.trim(padded).seconds == pytest.approx(0.31, abs=0.002)


def test_a_silent_recording_is_empty() -> None:
    assert sound.trim(sound.silence(1.0)) == Sound()


def test_room_noise_counts_as_silence() -> None:
    assert sound.trim(tone(1.0, level=400)) == Sound()


def test_joining_keeps_every_sample_and_the_gaps() -> None:
    joined = sound.join([tone(0.1), tone(0.2), tone(0.3)], gap_s=0.06)

    assert joined.seconds == pytest.approx(0.6 + 2 * 0.06, abs=0.001)


def test_loudness_never_clips_over() -> None:
    assert max(sound.louder(tone(0.1, level=30_000), 3.0).samples) == 32_767
    assert max(sound.louder(tone(0.1), 0.5).samples) == 5_000
    assert sound.louder(tone(0.1), 0.0).samples == sound.silence(0.1).samples


def test_what_is_written_is_read_again() -> None:
    assert sound.from_wav(sound.to_wav(tone(0.2))) == tone(0.2)


def test_a_studio_recording_is_taken_as_it_comes() -> None:
    stereo = array("h", [v for s in tone(0.5).samples for v in (s, s)])
    read = sound.from_wav(wav(stereo, channels=2, rate=44_100))

    assert read.seconds == pytest.approx(0.25, abs=0.001)


@pytest.mark.parametrize(
    "data",
    [b"", b"MP3", wav(array("h"), width=2)[:20], wav(array("h", [1, 2]), width=1)],
    ids=["empty", "other", "cut", "8bit"],
)
def test_what_is_no_usable_sound_is_refused(data: bytes) -> None:
    with pytest.raises(SoundError):
        sound.from_wav(data)


def test_the_chime_is_short_and_not_deafening() -> None:
    chime = sound.chime()

    assert 0.8 < chime.seconds < 2
    assert 3_000 < max(chime.samples) < 20_000
