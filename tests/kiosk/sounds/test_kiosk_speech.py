"""“Đọc to”: every page is told, once more on request, louder or softer, and broken off at once."""

import array
import io
import stat
import threading
import time
import wave
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.screen.tree import labels, targets
from kiosk import screens
from kiosk.model.actions import (
    Acted,
    ChangeVolume,
    Effects,
    Hear,
    Hush,
    ReadAloud,
    ReadTile,
    SayAgain,
    SpeechEnded,
    Ticked,
    Toggle,
    Warn,
)
from kiosk.model.modes import Modes
from kiosk.model.pages import Home, Lookup
from kiosk.model.state import KioskModel
from kiosk.model.step import step
from kiosk.ports import Sounded
from kiosk.sounds import clips
from kiosk.sounds.lexicon import SaidPart
from kiosk.sounds.speech import of_tile, sentences
from kiosk.speakers.espeak import EspeakSpeaker

Program = Callable[..., str]


def said(kit: Any, page: str, **changes: Any) -> tuple[str, ...]:
    model = kit.at(page, **changes)
    return sentences(screens.scene(model, kit.stage().theme(model.modes)))


# --- what is said ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "needed"),
    [
        ("home", "Lấy số thứ tự"),
        ("services", "Hộ tịch – Chứng thực"),
        ("priority", "Không, lấy số thường"),
        ("ticket", "A 0 2 5"),
        ("ticket", "Quầy 1, Quầy 5"),
        ("ticket on screen", "Xin chụp ảnh màn hình này để giữ số"),
        ("no paper", "Mời ông/bà gặp quầy hướng dẫn, cán bộ sẽ giúp lấy số."),
        ("lookup", "Nhập mã trên giấy hẹn, hoặc đưa mã vạch vào khe quét"),
        ("result of status 9", "Kết quả đã có. Mời mang giấy hẹn và giấy tờ tuỳ thân đến nhận."),
        ("not found", "Không tìm thấy hồ sơ này"),
        ("detail", "Giấy tờ cần có (2)"),
        ("dashboard", "99,04%"),
        ("rating", "Số A023"),
        ("rating faces", "Rất hài lòng"),
        ("rating sent", "Phải bổ sung giấy tờ nhiều lần"),
    ],
)
def test_each_page_says_what_its_task_needs(kit: Any, page: str, needed: str) -> None:
    assert needed in said(kit, page)


def test_the_way_out_comes_last_and_neither_clock_nor_keys_are_read(kit: Any) -> None:
    told = said(kit, "lookup letters")

    assert told[-1] in ("Đọc to", "Dừng đọc")
    assert told.index("Tra cứu") < told.index("Quay lại")
    assert "10:32" not in told
    assert "Q" not in told


def test_over_every_page_a_dialog_is_read_alone(kit: Any) -> None:
    model = kit.at("services")
    waits = replace(model, touched=model.now - (model.idle_after_s or 0) + 6)
    told = sentences(screens.scene(waits, kit.stage().theme(waits.modes)))

    assert told == ("Ông/bà còn ở đó không?", "Tiếp tục")


def test_it_can_be_repeated_made_louder_and_broken_off(kit: Any) -> None:
    model: KioskModel = kit.at("services", modes=Modes(aloud=True))

    again = replace(model, touched=model.now, speaking_since=model.now)
    assert step(model, Acted(SayAgain(), "i")) == (again, (ReadAloud(),))
    louder, effects = step(model, Acted(ChangeVolume(), "i"))
    assert (louder.modes.volume, effects) == ("loud", (ReadAloud(),))
    softer, _ = step(louder, Acted(ChangeVolume(), "i"))
    assert softer.modes.volume == "soft"
    assert step(model, Acted(Toggle("aloud"), "i"))[1] == (Hush(),)


def test_who_cannot_see_the_countdown_hears_it(kit: Any) -> None:
    model: KioskModel = kit.at("services", modes=Modes(aloud=True))
    _, effects = step(model, Ticked(model.now + (model.idle_after_s or 0) - 19, model.wall))

    assert effects == (Warn(),)


def test_the_buttons_of_speech_are_there_while_it_speaks(kit: Any) -> None:
    for page in (Home(), Lookup()):
        quiet = screens.scene(kit.at(page), kit.stage().theme(Modes()))
        modes = Modes(aloud=True)
        loud = screens.scene(kit.at(page, modes=modes), kit.stage().theme(modes))
        keys = {node.key for node in loud.nodes} - {node.key for node in quiet.nodes}

        assert {"again.aloud", "volume"} <= keys


NUMBER_FIRST = ("Số thứ tự của ông/bà", "A 0 2 5", "A 0 2 5")


@pytest.mark.parametrize(
    ("page", "first"),
    [
        ("ticket", (*NUMBER_FIRST, "Mời lấy phiếu ở khe bên dưới")),
        ("ticket on screen", NUMBER_FIRST),
        ("result of status 5", ("Cần ông/bà bổ sung giấy tờ", "Việc ông/bà cần làm")),
        ("services", ("Ông/bà cần làm việc gì?", "Tôi đã hẹn trước, có mã", "Hộ tịch")),
        ("no paper", ("Máy in hết giấy.", "Mời ông/bà gặp quầy hướng dẫn")),
        ("home", ("Xin mời chạm vào ô cần dùng", "Lấy số thứ tự")),
        ("lookup", ("Nhập mã trên giấy hẹn",)),
    ],
)
def test_number_and_what_to_do_come_before_all_else(
    kit: Any, page: str, first: tuple[str, ...]
) -> None:
    told = said(kit, page)

    assert all(text.startswith(start) for text, start in zip(told, first, strict=False)), told


def test_over_every_page_where_one_is_comes_after_what_is_there(kit: Any) -> None:
    for page in kit.pages:
        scene = screens.scene(kit.at(page), kit.stage().theme(Modes()))
        told, named = sentences(scene), [n.text for n in labels(scene) if n.key == "head.title"]
        ways = [n.text for n in labels(scene) if n.key.startswith(("back", "finish", "lang."))]
        matter = [text for text in told if text not in (*named, *ways)]
        assert not matter or not named or told.index(matter[0]) <= told.index(named[0]), page


# --- how long the page stays ---------------------------------------------------------------------


@given(
    st.sampled_from(["ticket", "home", "services", "result of status 9", "lookup typed"]),
    st.floats(0.5, 120.0),
)
def test_no_page_is_wiped_or_counts_down_while_it_speaks_and_ten_seconds_after(
    kit: Any, page: str, speech_s: float
) -> None:
    model: KioskModel = kit.at(page, modes=Modes(aloud=True))
    shown, _ = step(model, Acted(SayAgain(), "i"))
    begun = shown.now
    shown, effects = ticked(shown, begun + speech_s)
    assert (shown.page, shown.countdown, effects) == (model.page, None, ())
    shown, _ = step(shown, SpeechEnded())
    for after in (0.1, 5.0, 9.9):
        shown, effects = ticked(shown, begun + speech_s + after)
        assert (shown.page, shown.countdown, effects) == (model.page, None, ())

    gone, _ = ticked(shown, begun + speech_s + 200.0)
    assert gone.page == Home()
    assert not gone.modes.aloud


def test_a_warning_that_is_spoken_does_not_put_off_the_wipe(kit: Any) -> None:
    model: KioskModel = kit.at("result of status 9", modes=Modes(aloud=True))
    left = model.left_s or 0.0
    warned, effects = ticked(model, model.now + left - 19.0)
    assert effects == (Warn(),)
    assert warned.countdown == 19

    told, _ = step(warned, SpeechEnded())
    assert ticked(told, model.now + left)[0].page == Home()


def test_a_loudspeaker_that_never_ends_keeps_nobodys_dossier(kit: Any) -> None:
    shown, _ = step(kit.at("result of status 9", modes=Modes(aloud=True)), Acted(SayAgain(), "i"))

    assert ticked(shown, shown.now + 239.0)[0].page == shown.page
    assert ticked(shown, shown.now + 300.0)[0].page == Home()


def ticked(model: KioskModel, now: float) -> tuple[KioskModel, Effects]:
    return step(model, Ticked(now, model.wall))


# --- a finger that asks ---------------------------------------------------------------------------


def test_a_tile_tells_itself_and_how_it_is_pressed(kit: Any) -> None:
    scene = screens.scene(kit.at("home"), kit.stage().theme(Modes()))

    told = of_tile(scene, "ticket", kit.wordings["vi"])
    assert told[0] == "Lấy số thứ tự"
    assert told[-1] == "Chạm nhẹ để chọn."
    assert "Tra cứu hồ sơ" not in told
    assert of_tile(scene, "no such tile", kit.wordings["vi"]) == ()


@pytest.mark.parametrize("panel", ["32 inch portrait", "10.1 inch landscape"])
def test_over_every_page_each_tile_and_key_tells_what_it_is(kit: Any, panel: str) -> None:
    """Its marks and pictures among them: nobody who does not see is left without a word."""
    words, lexicon = kit.wordings["vi"], kit.lexicons["vi"]
    for page in kit.pages:
        scene = screens.scene(kit.at(page), kit.measured(panel).theme(Modes()))
        for each in targets(scene):
            if not each.target.hold_s:
                told = of_tile(scene, each.target.key, words)
                assert told[:1], (page, each.target.key)
                assert lexicon.pieces(told[0]), (page, told)


@pytest.mark.parametrize(
    ("sign", "said"), [("-", "gạch"), (".", "chấm"), ("H", "hát"), ("3", "ba")]
)
def test_a_sign_alone_is_said_by_a_clip_of_its_own(kit: Any, sign: str, said: str) -> None:
    (part,) = kit.lexicons["vi"].pieces(sign)

    assert (part.text, part.clip != "") == (said, True)


def test_asking_speaks_and_opens_nothing(kit: Any) -> None:
    after, effects = step(kit.at("home"), Acted(Hear("ticket"), "i"))

    assert effects == (ReadTile("ticket"),)
    assert after.page == Home()
    assert after.speaking


# --- how it is said -------------------------------------------------------------------------------


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """A program that notes its arguments and its input, then does as told."""

    def make(then: str = "", name: str = "speak") -> str:
        path = tmp_path / name
        path.write_text(
            f'#!/bin/sh\necho "$*" >> {tmp_path}/{name}.args\n'
            f"cat >> {tmp_path}/{name}.heard\n{then}\n",
            encoding="ascii",
        )
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)

    return make


def until(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + 20
    while not true():
        assert time.monotonic() < ends
        threading.Event().wait(0.01)


class Listener:
    """A speaker with its two programs, and what it told of its sounds."""

    def __init__(self, speak: str, play: str) -> None:
        self.speaker = EspeakSpeaker(speak, play)
        self.told: Queue[Sounded] = Queue()
        self.speaker.start(self.told.put)

    def say(self, *texts: str) -> None:
        self.speaker.say_sentences([(SaidPart(text),) for text in texts], "vi", "loud")

    def fault(self) -> Exception | None:
        return self.told.get(timeout=20).fault


def test_the_text_reaches_the_program_by_its_input_alone(program: Program, tmp_path: Path) -> None:
    listener = Listener(program("echo sound"), program(name="play"))
    listener.say("Mã hồ sơ", "H38.12-261110-0042")

    assert listener.fault() is None
    assert (tmp_path / "speak.heard").read_text() == "Mã hồ sơ. H38.12-261110-0042"
    assert "0042" not in (tmp_path / "speak.args").read_text()
    assert "-v vi -s 140 -a 190 --stdout --stdin" in (tmp_path / "speak.args").read_text()
    assert (tmp_path / "play.heard").read_text() == "sound\n"


@pytest.mark.parametrize("hanging", ["speak", "play"])
def test_speech_is_broken_off_at_once(program: Program, tmp_path: Path, hanging: str) -> None:
    then = {hanging: "exec sleep 60"}
    listener = Listener(program(then.get("speak", "")), program(then.get("play", ""), name="play"))
    listener.say("Một câu dài")
    until((tmp_path / f"{hanging}.heard").exists)
    begun = time.monotonic()
    listener.speaker.hush()

    assert time.monotonic() - begun < 10
    assert listener.speaker._recital is None
    assert listener.told.empty()


@pytest.mark.parametrize(
    ("speak", "play", "text"),
    [
        ("", "echo 'audio open error: No such file or directory' >&2; exit 1", "không thấy cạc"),
        ("", "echo 'audio open error: Device or resource busy' >&2; exit 1", "đang giữ cạc"),
        ("", "exit 3", "kết thúc với mã 3"),
        ("exit 4", "", "kết thúc với mã 4"),
    ],
)
def test_a_sound_that_nobody_heard_is_told(
    program: Program, speak: str, play: str, text: str
) -> None:
    listener = Listener(program(speak), program(play, name="play"))
    listener.say("Một")

    assert text in str(listener.fault())


@pytest.mark.parametrize("missing", ["speak", "play"])
def test_a_machine_without_a_program_is_told_which(program: Program, missing: str) -> None:
    there = {"speak": program(), "play": program(name="play"), missing: "/no/such/program"}
    listener = Listener(there["speak"], there["play"])
    listener.say("Một")

    assert "máy chưa cài /no/such/program" in str(listener.fault())


def test_a_player_that_hangs_is_given_up(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.speakers.espeak._PATIENCE_S", 0.3)
    listener = Listener(program(), program("exec sleep 60", name="play"))
    listener.speaker.try_out()

    assert "không kết thúc câu" in str(listener.fault())


def test_a_trial_is_a_whole_sound_that_nobody_hears(program: Program, tmp_path: Path) -> None:
    listener = Listener(program(), program(name="play"))
    listener.speaker.try_out()

    assert listener.fault() is None
    heard = (tmp_path / "play.heard").read_bytes()
    assert 0 < clips.seconds(heard) < 1
    assert set(samples(heard)) == {0}


def test_a_trial_leaves_speech_alone(program: Program, tmp_path: Path) -> None:
    listener = Listener(program(), program("exec sleep 60", name="play"))
    listener.say("Một câu dài")
    until((tmp_path / "play.heard").exists)
    said = listener.speaker._recital

    listener.speaker.try_out()

    assert listener.speaker._recital is said
    listener.speaker.hush()


# --- recorded clips -------------------------------------------------------------------------------


def clip(path: Path, level: int = 1000) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(array.array("h", [level, -level] * 10).tobytes())


def test_a_clip_a_language_lacks_is_the_vietnamese_one(
    tmp_path: Path,
) -> None:
    clip(tmp_path / "vi" / "home.ticket.wav")
    clip(tmp_path / "vi" / "home.lookup.wav")
    clip(tmp_path / "jra" / "home.ticket.wav")
    found = clips.recorded(tmp_path, ("jra", "vi"))

    assert found[("jra", "home.ticket")] == tmp_path / "jra" / "home.ticket.wav"
    assert found[("jra", "home.lookup")] == tmp_path / "vi" / "home.lookup.wav"
    assert found[("vi", "home.ticket")] == tmp_path / "vi" / "home.ticket.wav"


def test_clips_and_synthesis_take_turns_in_the_order_of_the_page(tmp_path: Path) -> None:
    clip(tmp_path / "a.wav")
    speaker = EspeakSpeaker("sh", "play", {("vi", "b"): tmp_path / "a.wav"})
    told = (
        (SaidPart("A"),),
        (SaidPart("A2"), SaidPart("B", "b"), SaidPart("B", "b")),
        (SaidPart("C"), SaidPart("D")),
    )
    runs = list(speaker._runs(told, "vi", "usual"))

    programs = [[command[0] for command in run.commands] for run in runs]
    assert programs == [["sh", "play"], ["play"], ["sh", "play"]]
    assert runs[0].data == b"A. A2"
    assert len(samples(runs[1].data)) == 2 * len(samples((tmp_path / "a.wav").read_bytes()))
    assert runs[2].data == b"C D"


def test_a_machine_without_the_program_plays_the_recordings_alone(tmp_path: Path) -> None:
    clip(tmp_path / "a.wav")
    speaker = EspeakSpeaker("/no/such/program", "play", {("vi", "b"): tmp_path / "a.wav"})

    runs = list(speaker._runs([(SaidPart("A"), SaidPart("B", "b"))], "vi", "usual"))
    assert [[command[0] for command in run.commands] for run in runs] == [["play"]]
    assert speaker.say_sentences([(SaidPart("A"),)], "vi", "usual") == 0


def test_the_end_of_speech_is_told_once_and_of_what_was_broken_off_never(
    program: Program, tmp_path: Path
) -> None:
    clip(tmp_path / "a.wav")
    listener = Listener(program(), program(name="play"))
    listener.speaker.recorded = {("vi", "b"): tmp_path / "a.wav"}
    count = listener.speaker.say_sentences([(SaidPart("A"), SaidPart("B", "b"))], "vi", "usual")

    assert [listener.told.get(timeout=20).said for _ in range(2)] == [0, count]
    listener.speaker.say_sentences([(SaidPart("A"),)], "vi", "usual")
    listener.speaker.hush()
    again = listener.speaker.say_sentences([(SaidPart("A"),)], "vi", "usual")
    heard = [listener.told.get(timeout=20).said]
    assert again == count + 2
    assert heard[-1] in (count + 1, again)


def test_a_clip_is_as_loud_as_was_wished(tmp_path: Path) -> None:
    clip(tmp_path / "a.wav", 20000)
    loud = array.array("h", samples(*clips.joined([tmp_path / "a.wav"], 1.9)))
    soft = array.array("h", samples(*clips.joined([tmp_path / "a.wav"], 0.5)))

    assert max(loud) == 32767
    assert max(soft) == 10000


def test_a_spoilt_clip_is_told_and_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a.wav").write_bytes(b"RIFF")

    assert list(clips.joined([tmp_path / "a.wav"], 1.0)) == []
    assert "a.wav" in caplog.text


def samples(sound: bytes) -> bytes:
    with wave.open(io.BytesIO(sound), "rb") as file:
        return file.readframes(file.getnframes())
