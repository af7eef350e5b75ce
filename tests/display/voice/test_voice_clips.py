"""A folder of recordings becomes speech; espeak-ng fills what nobody recorded."""

import csv
import io
import shutil
import unicodedata
from pathlib import Path

import pytest

from display.voice import making, sound
from display.voice.clips import Clips
from display.voice.making import Engines, Espeak
from display.voice.phrases import Clip
from display.voice.ports import SynthesisError
from hall.reading.clip_names import clip_name
from hall.reading.recording import recording_sheet

BEEP = sound.to_wav(sound.chime())
needs_espeak = pytest.mark.skipif(not shutil.which("espeak-ng"), reason="no espeak-ng here")


def recorded(folder: Path, *names: str) -> Clips:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / f"{name}.wav").write_bytes(BEEP)
    clips = Clips()
    clips.load("vi", folder)
    return clips


def test_a_clip_is_found_by_its_words(tmp_path: Path) -> None:
    clips = recorded(tmp_path, "muwowfi", "ddeesn-quaafy-soos")

    assert clips.has(Clip("vi", "mười"))
    assert clips.has(Clip("vi", "đến quầy số"))
    assert not clips.has(Clip("vi", "mươi"))
    assert not clips.has(Clip("en", "mười"))


def test_a_recording_named_by_its_words_is_found_too(tmp_path: Path) -> None:
    apple = unicodedata.normalize("NFD", "đến_quầy_số")

    assert recorded(tmp_path, apple).has(Clip("vi", "đến quầy số"))


def test_a_folder_that_is_not_there_is_an_empty_one(tmp_path: Path) -> None:
    clips = Clips()
    clips.load("vi", tmp_path / "none")

    assert clips.missing("vi", ["một", "hai"]) == ("một", "hai")


def test_a_damaged_recording_counts_as_missing_and_is_named(tmp_path: Path) -> None:
    (tmp_path / "moojt.wav").write_bytes(b"RIFF....")
    clips = recorded(tmp_path, "hai")

    assert clips.damaged == ["moojt.wav"]
    assert clips.missing("vi", ["một", "hai"]) == ("một",)


def test_the_hall_may_bring_its_own_chime(tmp_path: Path) -> None:
    own = sound.join([sound.chime(), sound.chime()])
    (tmp_path / "chime.wav").write_bytes(sound.to_wav(own))
    clips = recorded(tmp_path)

    assert clips.chime.seconds > 1.9


def test_joined_clips_have_the_gap_between_them(tmp_path: Path) -> None:
    clips = recorded(tmp_path, "hai", "ba")
    one = clips.joined([Clip("vi", "hai")], 0.06).seconds

    both = clips.joined([Clip("vi", "hai"), Clip("vi", "ba")], 0.06)

    assert both.seconds == pytest.approx(2 * one + 0.06, abs=0.001)


def test_the_list_for_a_recording_session_is_a_table() -> None:
    said = ("mười", "Mời công dân có số")
    sheet = recording_sheet({clip_name(text): text for text in said})
    rows = list(csv.reader(io.StringIO(sheet)))

    assert rows[0] == ["tệp", "đọc", "cách đọc"]
    assert [row[0] for row in rows[1:]] == ["muwowfi.wav", "mowfi-coong-daan-cos-soos.wav"]


@needs_espeak
def test_espeak_makes_every_clip_that_is_missing_and_keeps_recordings(tmp_path: Path) -> None:
    (tmp_path / "hai.wav").write_bytes(BEEP)

    made = making.make(["một trăm", "hai", "mười"], tmp_path, Espeak())

    assert [path.name for path in made] == ["moojt-trawm.wav", "muwowfi.wav"]
    assert (tmp_path / "hai.wav").read_bytes() == BEEP
    clips = Clips()
    clips.load("vi", tmp_path)
    assert 0.1 < clips.joined([Clip("vi", "mười")], 0).seconds < 1.5
    assert making.make(["một trăm", "mười"], tmp_path, Espeak()) == ()


@needs_espeak
def test_espeak_leaves_no_silence_at_the_ends() -> None:
    spoken = Espeak().speak("một")

    assert spoken.samples
    assert sound.trim(spoken) == spoken


def test_without_espeak_the_technician_is_told_what_to_install(tmp_path: Path) -> None:
    missing = Espeak(program="khong-co-espeak")

    assert not missing.available()
    with pytest.raises(SynthesisError, match="apt install espeak-ng"):
        making.make(["một"], tmp_path, missing)
    assert not list(tmp_path.glob("*.wav"))


@needs_espeak
def test_each_language_has_its_voice_and_others_the_home_voice() -> None:
    engines = Engines({"vi": Espeak("vi"), "en": Espeak("en")}, home="vi")

    assert engines.available()
    assert engines.say_words("hello", "en-US") == Espeak("en").speak("hello")
    assert engines.say_words("hello", "hmn") == Espeak("vi").speak("hello")


def test_an_engine_that_speaks_no_wav_is_told_of() -> None:
    with pytest.raises(SynthesisError, match="không đọc được"):
        Espeak(program="echo").speak("một")


def test_clip_files_of_both_tens_differ() -> None:
    assert clip_name("mười") != clip_name("mươi")
