"""“Đọc to”: every page is told, once more on request, louder or softer, and broken off at once."""

import array
import io
import logging
import stat
import threading
import time
import wave
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kiosk import screens, wording
from kiosk.actions import Acted, ChangeVolume, Hush, ReadAloud, SayAgain, Ticked, Toggle
from kiosk.model import Model
from kiosk.modes import Modes
from kiosk.pages import Home, Lookup
from kiosk.speakers import clips
from kiosk.speakers.espeak import EspeakSpeaker
from kiosk.speech import sentences
from kiosk.step import step

Program = Callable[[str], str]


def said(kit: Any, page: str, **changes: Any) -> tuple[str, ...]:
    model = kit.at(page, **changes)
    return sentences(screens.scene(model, kit.stage().look(model.modes)))


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
        ("rating", "Rất hài lòng"),
    ],
)
def test_each_page_says_what_its_task_needs(kit: Any, page: str, needed: str) -> None:
    assert needed in said(kit, page)


def test_the_way_out_comes_last_and_neither_clock_nor_keys_are_read(kit: Any) -> None:
    told = said(kit, "lookup letters")

    assert told[-1] in ("Đọc to", "Thôi đọc")
    assert told.index("Tra cứu") < told.index("Quay lại")
    assert "10:32" not in told
    assert "Q" not in told


def test_over_every_page_a_dialog_is_read_alone(kit: Any) -> None:
    model = kit.at("services")
    waits = replace(model, touched=model.now - (model.idle_after_s or 0) + 6)
    told = sentences(screens.scene(waits, kit.stage().look(waits.modes)))

    assert told == ("Ông/bà còn ở đó không?", "Tiếp tục")


def test_it_can_be_repeated_made_louder_and_broken_off(kit: Any) -> None:
    model: Model = kit.at("services", modes=Modes(aloud=True))

    assert step(model, Acted(SayAgain(), "i")) == (replace(model, touched=model.now),
                                                   (ReadAloud(),))  # fmt: skip
    louder, effects = step(model, Acted(ChangeVolume(), "i"))
    assert (louder.modes.volume, effects) == ("loud", (ReadAloud(),))
    softer, _ = step(louder, Acted(ChangeVolume(), "i"))
    assert softer.modes.volume == "soft"
    assert step(model, Acted(Toggle("aloud"), "i"))[1] == (Hush(),)


def test_who_cannot_see_the_countdown_hears_it(kit: Any) -> None:
    model: Model = kit.at("services", modes=Modes(aloud=True))
    _, effects = step(model, Ticked(model.now + (model.idle_after_s or 0) - 9, model.wall))

    assert effects == (ReadAloud(),)


def test_the_buttons_of_speech_are_there_while_it_speaks(kit: Any) -> None:
    for page in (Home(), Lookup()):
        quiet = screens.scene(kit.at(page), kit.stage().look(Modes()))
        modes = Modes(aloud=True)
        loud = screens.scene(kit.at(page, modes=modes), kit.stage().look(modes))
        keys = {node.key for node in loud.nodes} - {node.key for node in quiet.nodes}

        assert {"again.aloud", "volume"} <= keys


# --- how it is said -------------------------------------------------------------------------------


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """A program that notes its arguments and its input, then does as told."""

    def make(then: str = "") -> str:
        path = tmp_path / "speak"
        path.write_text(
            f'#!/bin/sh\necho "$*" >> {tmp_path}/args\ncat >> {tmp_path}/heard\n{then}\n',
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


def test_the_text_reaches_the_program_by_its_input_alone(program: Program, tmp_path: Path) -> None:
    speaker = EspeakSpeaker(program())
    speaker.say(("Mã hồ sơ", "H38.12-261110-0042"), "vi", "loud")
    until(lambda: (tmp_path / "heard").exists() and "0042" in (tmp_path / "heard").read_text())
    speaker.hush()

    assert "0042" not in (tmp_path / "args").read_text()
    assert "-v vi -s 140 -a 190 --stdin" in (tmp_path / "args").read_text()


def test_speech_is_broken_off_at_once(program: Program, tmp_path: Path) -> None:
    speaker = EspeakSpeaker(program("exec sleep 60"))
    speaker.say(("Một câu dài",), "vi", "usual")
    until((tmp_path / "heard").exists)
    begun = time.monotonic()
    speaker.hush()

    assert time.monotonic() - begun < 10
    assert speaker._recital is None


def test_a_machine_without_the_program_is_told_of_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    speaker = EspeakSpeaker("/no/such/program")
    for _ in range(3):
        speaker.say(("Một",), "vi", "usual")
        until(lambda: bool(speaker._missing))
        speaker.hush()

    assert len(caplog.records) == 1


# --- recorded clips -------------------------------------------------------------------------------


def clip(path: Path, level: int = 1000) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(array.array("h", [level, -level] * 10).tobytes())


def test_a_clip_a_language_lacks_is_the_vietnamese_one(
    tmp_path: Path, language_file: Callable[[str, str], Path]
) -> None:
    folder = language_file("jra", '[home]\nticket = "Mă sô̆"\nlookup = "Hơduah"\n')
    words = {"jra": wording.load("jra", folder), "vi": wording.load("vi")}
    clip(tmp_path / "vi" / "home.ticket.wav")
    clip(tmp_path / "vi" / "home.lookup.wav")
    clip(tmp_path / "jra" / "home.ticket.wav")
    clip(tmp_path / "vi" / "ticket.waiting.wav")
    found = clips.recorded(tmp_path, words)

    assert found[("jra", words["jra"]("home.ticket"))] == tmp_path / "jra" / "home.ticket.wav"
    assert found[("jra", "Hơduah")] == tmp_path / "vi" / "home.lookup.wav"
    assert found[("vi", "Lấy số thứ tự")] == tmp_path / "vi" / "home.ticket.wav"
    assert not any("{" in text for _, text in found)


def test_clips_and_synthesis_take_turns_in_the_order_of_the_page(tmp_path: Path) -> None:
    clip(tmp_path / "a.wav")
    speaker = EspeakSpeaker("espeak", "play", {("vi", "B"): tmp_path / "a.wav"})
    runs = list(speaker._runs(("A", "A2", "B", "C"), "vi", "usual"))

    assert [run.command[0] for run in runs] == ["espeak", "play", "espeak"]
    assert runs[0].data == b"A. A2"
    assert runs[2].data == b"C"


def test_a_clip_is_as_loud_as_was_wished(tmp_path: Path) -> None:
    clip(tmp_path / "a.wav", 20000)
    loud = array.array("h", samples(clips.sound(tmp_path / "a.wav", 1.9)))
    soft = array.array("h", samples(clips.sound(tmp_path / "a.wav", 0.5)))

    assert max(loud) == 32767
    assert max(soft) == 10000


def test_a_spoilt_clip_is_told_and_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a.wav").write_bytes(b"RIFF")

    assert clips.sound(tmp_path / "a.wav", 1.0) == b""
    assert "a.wav" in caplog.text


def samples(sound: bytes) -> bytes:
    with wave.open(io.BytesIO(sound), "rb") as file:
        return file.readframes(file.getnframes())
