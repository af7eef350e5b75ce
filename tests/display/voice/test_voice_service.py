"""The announcer as a daemon: every live call is said once, in order, one at a time."""

from collections.abc import Callable
from datetime import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from earlier_run import leave_alert

from display.settings import DisplayConfig
from display.voice import assembly, sound
from display.voice.__main__ import build
from display.voice.clips import Clips
from display.voice.loudness import Loudness
from display.voice.phrases import Templates, Tongue, template
from display.voice.players.alsa import AlsaPlayer
from display.voice.players.mixer import MixerPlayer
from display.voice.players.simulated import SimulatedPlayer
from display.voice.ports import SynthesisError
from display.voice.script import Language
from display.voice.service import Manner, VoiceService
from display.voice.sound import Sound
from hall.contract.requests import Identify, Say, TestPrint
from hall.contract.topics import STATE_COUNTER
from hall.reading.readers import reader
from hall.runtime import settings
from hall.runtime.daemon import Daemon

Stage = Any
CALL = template("Mời số {number} đến quầy {counter}")
AGAIN = template("Xin nhắc lại số {number} đến quầy {counter}")
EN_CALL = template("Number {number} to counter {counter}")


class Everything(Clips):
    """A folder in which every clip was recorded, each a tenth of a second long."""

    lacking: str = ""
    phrases = ("Mời số", "đến quầy", "Xin nhắc lại số", "to counter")

    def has(self, clip: Any) -> bool:
        """Whole phrases and single words, but no whole numbers."""
        return clip.text != self.lacking and (" " not in clip.text or clip.text in self.phrases)

    def joined(self, clips: Any, gap_s: float) -> Sound:
        return sound.silence(0.1 * len(clips) + gap_s)


class Engine:
    def __init__(self) -> None:
        self.there = True
        self.fails = False
        self.spoken: list[str] = []

    def available(self) -> bool:
        return self.there

    def say_words(self, words: str, lang: str) -> Sound:
        if self.fails:
            raise SynthesisError("hỏng")
        self.spoken.append(words if lang == "vi" else f"{lang}: {words}")
        return sound.silence(1.0)


class Hall:
    """A voice on the stage, with all its parts at hand."""

    def __init__(self, stage: Stage, *, broken: bool = False, **manner: Any) -> None:
        self.stage = stage
        self.player = SimulatedPlayer(stage.clock.monotonic)
        self.clips = Everything()
        self.engine = Engine()
        vi = Tongue(reader("vi"), Templates(CALL, CALL, AGAIN))
        told: dict[str, Any] = {
            "languages": (Language(vi, always=True),),
            "loudness": Loudness(1.0),
            "zone": ZoneInfo("Asia/Ho_Chi_Minh"),
        }
        context = stage.context_of("voice")
        self.service = VoiceService(
            context, Manner(**(told | manner)), lambda: self.clips, self.player, self.engine
        )
        self.player.broken = broken
        stage.run(Daemon(context, self.service))
        # The loudspeaker is tried out first.
        self.wait(0.3)

    @property
    def said(self) -> list[str]:
        return list(self.player.said)

    def wait(self, seconds: float) -> None:
        self.stage.advance(seconds, step=0.05)


def test_a_call_is_said_at_once(stage: Stage) -> None:
    hall = Hall(stage)
    stage.call("A105", "3")

    assert hall.said == ["Mời số a một không năm đến quầy ba"]


def test_calls_are_said_one_after_the_other(stage: Stage) -> None:
    hall = Hall(stage)
    for number in (1, 2, 3):
        stage.call(f"A{number}", "1")
    assert len(hall.said) == 1

    hall.wait(12)

    assert [text.split()[3] for text in hall.said] == ["một", "hai", "ba"]


def test_a_hall_that_is_behind_says_several_in_one_go(stage: Stage) -> None:
    hall = Hall(stage)
    for number in range(1, 8):
        stage.call(f"A{number}", str(number))
    hall.wait(30)

    assert [text.count("Mời số") for text in hall.said] == [1, 4, 1, 1]


def test_a_recall_is_said_as_one(stage: Stage) -> None:
    hall = Hall(stage)
    stage.call("A105", "3")
    hall.wait(5)
    stage.call("A105", "3", recall=True)

    assert hall.said[-1].startswith("Xin nhắc lại")


def test_a_call_is_repeated_only_while_nobody_waits(stage: Stage) -> None:
    hall = Hall(stage, repeat=2)
    stage.call("A1", "1")
    hall.wait(10)
    assert len(hall.said) == 2

    stage.call("A2", "1")
    stage.call("A3", "1")
    hall.wait(20)

    assert [text.split()[3] for text in hall.said] == ["một", "một", "hai", "ba", "ba"]


def test_what_is_no_longer_called_is_not_said(stage: Stage) -> None:
    hall = Hall(stage)
    for number in (1, 2, 3):
        stage.call(f"A{number}", str(number))
    stage.counter("2", "open")
    hall.wait(20)

    assert [text.split()[3] for text in hall.said] == ["một", "ba"]


def test_a_call_that_is_taken_back_falls_silent_at_once(stage: Stage) -> None:
    hall = Hall(stage, repeat=2)
    stage.counter("1", "called", "A1")
    stage.call("A1", "1")
    assert hall.player.playing()

    stage.counter("1", "open")

    assert not hall.player.playing()
    hall.wait(20)
    assert len(hall.said) == 1


def test_whoever_is_called_in_their_place_is_said_at_once(stage: Stage) -> None:
    hall = Hall(stage)
    stage.call("A1", "1")
    stage.counter("1", "called", "A2")
    stage.call("A2", "1")

    assert [text.split()[3] for text in hall.said] == ["một", "hai"]


def test_a_call_that_still_holds_is_said_whatever_else_happens(stage: Stage) -> None:
    hall = Hall(stage)
    stage.call("A1", "1")
    stage.call("A2", "2")
    stage.counter("2", "called", "A2")
    stage.counter("3", "open")
    hall.wait(20)

    assert [text.split()[3] for text in hall.said] == ["một", "hai"]


def test_who_has_come_is_not_called_a_second_time(stage: Stage) -> None:
    """The sentence is finished; only its repetition is left out."""
    hall = Hall(stage, repeat=2)
    stage.counter("1", "called", "A1")
    stage.call("A1", "1")
    stage.counter("1", "serving", "A1")
    assert hall.player.playing()
    hall.wait(20)

    assert len(hall.said) == 1


def test_an_older_state_that_comes_late_silences_nobody(stage: Stage) -> None:
    hall = Hall(stage)
    old = stage.state("2", "open")
    stage.call("A1", "1")
    stage.counter("2", "called", "A2")
    stage.call("A2", "2")
    stage.say(STATE_COUNTER, old, counter="2")
    hall.wait(20)

    assert len(hall.said) == 2


def test_an_old_call_from_the_broker_is_not_said(stage: Stage) -> None:
    stage.call("A105", "3")
    hall = Hall(stage)

    assert hall.said == []


def test_the_second_language_is_said_for_who_asked_for_it(stage: Stage) -> None:
    vi = Tongue(reader("vi"), Templates(CALL, CALL, AGAIN))
    en = Tongue(reader("en"), Templates(EN_CALL, EN_CALL, EN_CALL))
    both = (Language(vi, always=True), Language(en, always=False))
    hall = Hall(stage, languages=both)
    stage.call("A5", "3", lang="en")
    stage.call("A6", "3")
    hall.wait(10)

    assert hall.said == [
        "Mời số a năm đến quầy ba. Number A five to counter three",
        "Mời số a sáu đến quầy ba",
    ]


def test_the_volume_follows_the_time_of_day(stage: Stage) -> None:
    loud = Loudness(1.0, ((time(7, 0), 1.0), (time(8, 0), 0.5)))
    hall = Hall(stage, loudness=loud)
    hall.clips.chime = Sound(sound.chime().samples)
    stage.call("A1", "1")

    assert hall.player.last is not None
    assert max(hall.player.last.samples) == pytest.approx(max(sound.chime().samples) / 2, abs=1)


def test_before_the_first_hour_the_last_evenings_volume_holds() -> None:
    loud = Loudness(1.0, ((time(17, 0), 0.3), (time(7, 0), 0.9)))

    assert [loud.at(time(h)) for h in (6, 7, 16, 18)] == [0.3, 0.9, 0.9, 0.3]


def test_a_missing_word_is_never_left_out_of_a_number(stage: Stage) -> None:
    hall = Hall(stage)
    hall.clips.lacking = "năm"
    stage.call("A105", "3")

    assert hall.engine.spoken == ["Mời số a một không năm đến quầy ba"]
    assert stage.alerts("voice") == {"clips_missing"}


@pytest.mark.parametrize("fault", ["absent", "failing"])
def test_without_any_voice_there_is_still_the_chime(stage: Stage, fault: str) -> None:
    hall = Hall(stage)
    hall.clips.lacking = "năm"
    hall.engine.there = fault != "absent"
    hall.engine.fails = fault == "failing"
    stage.call("A105", "3")

    assert hall.player.last == sound.chime()


def test_a_broken_loudspeaker_is_told_of_and_the_call_waits_for_it(stage: Stage) -> None:
    hall = Hall(stage)
    hall.player.broken = True
    stage.call("A105", "3")
    hall.wait(3)
    assert stage.alerts("voice") == {"loudspeaker"}

    hall.player.broken = False
    hall.wait(15)

    assert len(hall.said) == 1
    assert stage.alerts("voice") == set()


def test_a_long_silence_does_not_end_in_a_flood_of_old_calls(stage: Stage) -> None:
    hall = Hall(stage)
    hall.player.broken = True
    for number in range(1, 30):
        stage.call(f"A{number}", "1")
        hall.wait(6)
    assert hall.service.waiting <= 8


def test_a_stuck_player_does_not_stop_the_hall(stage: Stage) -> None:
    hall = Hall(stage)
    stage.call("A1", "1")
    hall.player._until += 3600
    stage.call("A2", "2")
    hall.wait(20)

    assert [text.split()[3] for text in hall.said] == ["một", "một", "hai"]


def test_whose_call_a_loudspeaker_broke_off_is_called_again_once_it_works(stage: Stage) -> None:
    hall = Hall(stage)
    stage.counter("1", "called", "A1")
    stage.call("A1", "1")
    hall.player._until += 3600
    hall.wait(20)

    assert len(hall.said) == 2
    assert hall.said[0] == hall.said[1]


def test_who_came_meanwhile_is_not_called_again(stage: Stage) -> None:
    hall = Hall(stage)
    stage.counter("1", "called", "A1")
    stage.call("A1", "1")
    hall.player._until += 3600
    stage.counter("1", "serving", "A1")
    hall.wait(20)

    assert len(hall.said) == 1


def test_a_call_that_hangs_the_loudspeaker_each_time_does_not_keep_back_the_next(
    stage: Stage,
) -> None:
    hall = Hall(stage)
    hangs = Hanging(hall.player, on="Mời số a một")
    hall.service._player = hangs
    stage.call("A1", "1")
    stage.call("A2", "2")
    hall.wait(60)

    assert [text.split()[3] for text in hall.said] == ["hai"]
    assert hangs.hung == 2


def test_a_loudspeaker_without_a_card_is_told_of_before_anybody_is_called(stage: Stage) -> None:
    Hall(stage, broken=True)

    assert stage.alerts("voice") == {"loudspeaker"}


def test_a_player_that_hangs_stays_an_alert_until_a_sound_was_played(stage: Stage) -> None:
    """As `aplay` does at a TV that is off: it starts well, and never ends."""
    hall = Hall(stage)
    hangs = Hanging(hall.player)
    hall.service._player = hangs
    stage.call("A1", "1")
    seen = [set[str]()]
    for _ in range(600):
        hall.wait(0.1)
        if (alerts := stage.alerts("voice")) != seen[-1]:
            seen.append(alerts)
    assert seen == [set(), {"loudspeaker"}]

    hangs.hanging = False
    stage.call("A2", "1")
    hall.wait(15)

    assert stage.alerts("voice") == set()
    assert hall.said[-1] == "Mời số a hai đến quầy một"


class Hanging:
    """While it hangs it takes every sound that begins so and ends none."""

    def __init__(self, player: SimulatedPlayer, on: str = "") -> None:
        self._player = player
        self._on = on
        self._stuck = False
        self.hanging = True
        self.hung = 0

    def play(self, sound: Sound, text: str) -> None:
        self._stuck = self.hanging and text.startswith(self._on)
        if self._stuck:
            self.hung += 1
        else:
            self._player.play(sound, text)

    def playing(self) -> bool:
        return self._stuck or self._player.playing()

    def close(self) -> None:
        self._stuck = False
        self._player.close()


def test_what_is_called_while_nobody_can_hear_waits_for_the_loudspeaker(stage: Stage) -> None:
    hall = Hall(stage, broken=True)
    for number in range(1, 4):
        stage.call(f"A{number}", "1")
        hall.wait(20)

    hall.player.broken = False
    hall.wait(40)

    assert [text.split()[3] for text in hall.said] == ["một", "hai", "ba"]


def test_a_technician_can_let_it_say_a_number(stage: Stage) -> None:
    hall = Hall(stage)
    stage.ask("voice", "say", Say(id="s1", number="A105", counter="3"))

    assert hall.said == ["Mời số a một không năm đến quầy ba"]
    assert stage.replies()[-1].status == "ok"


def test_a_technician_can_let_it_say_a_sentence(stage: Stage) -> None:
    hall = Hall(stage)
    stage.ask("voice", "say", Say(id="s1", text="Trung tâm sắp đóng cửa"))

    assert hall.engine.spoken == ["Trung tâm sắp đóng cửa"]


def test_a_sentence_is_spoken_in_the_voice_of_its_language(stage: Stage) -> None:
    hall = Hall(stage)
    stage.ask("voice", "say", Say(id="s1", text="We close at five", lang="en"))

    assert hall.engine.spoken == ["en: We close at five"]


def test_a_sentence_without_an_engine_is_refused_with_advice(stage: Stage) -> None:
    hall = Hall(stage)
    hall.engine.there = False
    stage.ask("voice", "say", Say(id="s1", text="Xin chào"))

    assert stage.replies()[-1].error.code == "unavailable"
    assert "espeak-ng" in stage.replies()[-1].error.text


def test_identify_is_the_chime(stage: Stage) -> None:
    hall = Hall(stage)
    stage.ask("voice", "identify", Identify(id="i1"))

    assert hall.player.last == sound.chime()


def test_an_empty_say_and_other_verbs_are_refused(stage: Stage) -> None:
    Hall(stage)
    stage.ask("voice", "say", Say(id="s1"))
    stage.ask("voice", "test-print", TestPrint(id="s2"))

    assert [r.error.code for r in stage.replies()] == ["bad_request", "bad_request"]


VOICE = (
    "display:\n  voice:\n    player: simulated\n    languages:\n"
    "      - {lang: vi}\n      - {lang: en, when: always}\n"
)


def test_the_configuration_makes_a_voice_that_speaks(
    stage: Stage, hall_yaml: Callable[[str], Path], tmp_path: Path
) -> None:
    path = hall_yaml(VOICE)
    (daemon,) = build(settings.read(path), stage.ground, None)
    stage.run(daemon)
    stage.advance(0.3, step=0.05)
    stage.call("A105", "3")

    said = sound.from_wav((tmp_path / "voice/00.wav").read_bytes())
    assert 5 < said.seconds < 15
    assert stage.alerts("voice") == set()


@pytest.mark.parametrize(("player", "kind"), [("alsa", AlsaPlayer), ("mixer", MixerPlayer)])
def test_the_configuration_chooses_the_loudspeaker(
    stage: Stage, hall_yaml: Callable[[str], Path], player: str, kind: type[Any]
) -> None:
    path = hall_yaml(f"display:\n  voice: {{player: {player}, make: false}}\n")
    (daemon,) = build(settings.read(path), stage.ground, "voice")

    assert isinstance(daemon.service, VoiceService)
    assert isinstance(daemon.service._player, kind)


def test_without_espeak_the_hall_starts_and_the_first_call_tells(
    stage: Stage,
    hall_yaml: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    path = hall_yaml("display:\n  voice: {player: simulated}\n")
    (daemon,) = build(settings.read(path), stage.ground, None)
    stage.run(daemon)
    stage.advance(0.3, step=0.05)
    stage.call("A105", "3")

    assert stage.alerts("voice") == {"clips_missing"}


def test_a_damaged_recording_is_named(stage: Stage, hall_yaml: Callable[[str], Path]) -> None:
    folder = stage.folder / "voice" / "vi"
    folder.mkdir(parents=True)
    (folder / "moojt.wav").write_bytes(b"RIFF")
    path = hall_yaml("display:\n  voice: {player: simulated, make: false}\n")
    (daemon,) = build(settings.read(path), stage.ground, None)
    stage.run(daemon)

    assert stage.alerts("voice") == {"clips_damaged"}


@pytest.mark.parametrize(
    ("voice", "told"),
    [
        ("languages: [{lang: hmn}]", "cần phrases"),
        ('languages: [{lang: vi, phrases: {call: "Mời quầy {counter}"}}]', "phải có {number}"),
        ('languages: [{lang: vi, phrases: {call: "Mời {so}"}}]', "không dùng được"),
        ("player: asla", "ý bạn là 'alsa'"),
        ("volumes: [{at: 25:00, volume: 1}]", "không đúng dạng"),
    ],
)
def test_a_wrong_configuration_is_told(
    stage: Stage, hall_yaml: Callable[[str], Path], voice: str, told: str
) -> None:
    path = hall_yaml(f"display:\n  voice:\n    {voice}\n")

    with pytest.raises(settings.ConfigError, match=told):
        build(settings.read(path), stage.ground, None)


def test_a_hall_without_a_voice_has_none(stage: Stage, hall_yaml: Callable[[str], Path]) -> None:
    document = settings.read(hall_yaml("display: {}\n"))

    assert not build(document, stage.ground, None)
    assert not build(document, stage.ground, "board")


def test_the_clip_lists_are_per_language(hall_yaml: Callable[[str], Path], tmp_path: Path) -> None:
    config = settings.load(hall_yaml(VOICE), DisplayConfig)
    assert config.display.voice is not None
    lists = assembly.recording_lists(assembly.clip_sets(config, config.display.voice, tmp_path))

    assert "Mời công dân có số thứ tự" in lists["vi"]
    assert "hundred" in lists["en"]


def test_a_loudspeaker_s_alert_of_an_earlier_run_ends_with_the_first_sound_that_is_heard(
    stage: Stage,
) -> None:
    leave_alert(stage.broker, stage.ground.hall, "voice", "loudspeaker")
    hall = Hall(stage, broken=True)
    hall.wait(15)
    assert stage.alerts("voice") == {"loudspeaker"}

    hall.player.broken = False
    hall.wait(15)

    assert stage.alerts("voice") == set()


def _behind(stage: Stage) -> Hall:
    """Calls to the counters 2 to 5 have just begun to be said in one go; 6 and 7 wait."""
    hall = Hall(stage)
    for number in range(1, 8):
        stage.counter(str(number), "called", f"A{number}")
        stage.call(f"A{number}", str(number))
    while len(hall.said) < 2:
        hall.wait(0.1)
    return hall


def test_of_calls_said_in_one_go_only_the_one_taken_back_falls_silent(stage: Stage) -> None:
    hall = _behind(stage)
    stage.counter("4", "open")
    hall.wait(40)

    later = [word for text in hall.said[2:] for word in text.split()]
    assert "bốn" not in later
    assert [word for word in ("hai", "ba", "năm", "sáu", "bảy") if word not in later] == []


def test_who_was_said_already_is_not_said_again_for_somebody_else(stage: Stage) -> None:
    hall = _behind(stage)
    hall.wait(4)
    stage.counter("5", "open")
    hall.wait(40)

    later = [word for text in hall.said[2:] for word in text.split()]
    assert "hai" not in later
    assert "năm" not in later


def test_who_has_been_said_may_go_without_cutting_off_the_others(stage: Stage) -> None:
    hall = _behind(stage)
    hall.wait(4)
    stage.counter("2", "open")
    hall.wait(40)

    assert [text.count("Mời số") for text in hall.said] == [1, 4, 1, 1]
