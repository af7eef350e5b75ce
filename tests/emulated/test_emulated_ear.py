"""The ear of the emulated hall hears what was said, and nothing else."""

import random
from array import array
from pathlib import Path

import pytest
from emulated import ear
from emulated.image import HERE
from emulated.installation import YAML

from display.settings import DisplayConfig
from display.voice import assembly, sound
from display.voice.announcer import Announcement, Sentence, SpokenCall
from display.voice.clips import Clips
from display.voice.script import Language, script
from hall.runtime import settings

Voice = tuple[tuple[Language, ...], Clips]


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Voice:
    document = settings.read(HERE / Path(YAML).name)
    config = settings.check(document.part(DisplayConfig.model_fields), DisplayConfig)
    section = config.display.voice
    assert section is not None
    sets = assembly.clip_sets(config, section, tmp_path_factory.mktemp("clips"))
    assembly.make_missing(sets)
    return assembly.manner(config, section).languages, assembly.load(sets)


def said(voice: Voice, number: str, counter: str) -> list[sound.Sound]:
    languages, clips = voice
    call = Announcement((Sentence(SpokenCall("1", number, counter), ("1",)),))
    sentences = script(call, languages, clips.has).sentences
    return [clips.joined([clip], 0.0) for sentence in sentences for clip in sentence]


def played(words: list[sound.Sound], noise: float = 100.0) -> list[int]:
    """Chime and words as a card gives them out: later, softer, and not quite clean."""
    announcement = sound.join([sound.chime(), sound.join(words, 0.06)], 0.35)
    chance = random.Random(1)
    late = array("h", [0] * 777) + sound.louder(announcement, 0.6).samples
    return [int(sample + chance.gauss(0, noise)) for sample in late]


@pytest.mark.parametrize("noise", [0.0, 100.0])
@pytest.mark.parametrize(("number", "counter"), [("A002", "1"), ("A001", "1")])
def test_every_word_of_a_call_is_heard(
    voice: Voice, number: str, counter: str, noise: float
) -> None:
    """Also where a word comes twice: the number's last one is the counter's too."""
    words = said(voice, number, counter)

    assert list(ear.missing([list(w.samples) for w in words], played(words, noise))) == []


@pytest.mark.parametrize(("number", "counter"), [("A003", "1"), ("A002", "2")])
def test_a_call_that_differs_in_one_word_is_not_heard(
    voice: Voice, number: str, counter: str
) -> None:
    other = said(voice, number, counter)

    assert list(ear.missing([list(w.samples) for w in other], played(said(voice, "A002", "1"))))


def test_nothing_is_heard_in_silence(voice: Voice) -> None:
    words = said(voice, "A002", "1")

    assert len(list(ear.missing([list(w.samples) for w in words], [0] * 200_000))) == len(words)
