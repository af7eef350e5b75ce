"""Players play what they are given, to the end, and say when they cannot."""

import sys
import threading
from pathlib import Path

import pytest

from display.voice import sound
from display.voice.players.alsa import AlsaPlayer
from display.voice.players.mixer import MixerPlayer
from display.voice.players.simulated import SimulatedPlayer
from display.voice.ports import Player
from hall.runtime.clock import SetClock
from hall.runtime.sound_card import NotHeard

CHIME = sound.chime()


def wait_until_silent(player: Player, deadline_s: float = 10) -> None:
    """Waits without sleeping on a fixed time: the player itself says when it is done."""
    pause = threading.Event()
    for _ in range(int(deadline_s / 0.02)):
        if not player.playing():
            return
        pause.wait(0.02)
    pytest.fail("never silent")


def aplay(tmp_path: Path, body: str) -> tuple[str, ...]:
    """A program in the place of aplay: real process, real standard input, no sound card."""
    script = tmp_path / "aplay.py"
    script.write_text(f"import sys\nargs = sys.argv[1:]\n{body}\n", encoding="utf-8")
    return (sys.executable, str(script))


def test_alsa_hears_the_whole_sound_and_the_device(tmp_path: Path) -> None:
    heard = tmp_path / "heard.wav"
    keep = f"open({str(heard)!r}, 'wb').write(sys.stdin.buffer.read())\n"
    check = "assert args == ['-D', 'plughw:0', '-'], args"
    player = AlsaPlayer("plughw:0", aplay(tmp_path, keep + check))

    player.play(sound.join([CHIME] * 5), "")
    wait_until_silent(player)

    assert sound.from_wav(heard.read_bytes()) == sound.join([CHIME] * 5)


def test_alsa_tells_of_a_sound_card_that_refuses(tmp_path: Path) -> None:
    player = AlsaPlayer(program=aplay(tmp_path, "sys.exit(1)"))
    player.play(CHIME, "")

    with pytest.raises(NotHeard, match="mã 1"):
        wait_until_silent(player)
    assert not player.playing()


def test_alsa_without_its_program_says_so() -> None:
    with pytest.raises(NotHeard, match="khong-co"):
        AlsaPlayer(program=("khong-co-chuong-trinh",)).play(CHIME, "")


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("aplay: main:831: audio open error: No such file or directory", "không thấy cạc âm thanh"),
        ("aplay: main:831: audio open error: Device or resource busy", "đang giữ cạc âm thanh"),
        ("aplay: main:831: audio open error: Permission denied", "không có quyền mở cạc âm thanh"),
    ],
)
def test_alsa_tells_what_aplay_says(tmp_path: Path, said: str, text: str) -> None:
    body = f"print({said!r}, file=sys.stderr); sys.exit(1)"
    player = AlsaPlayer(program=aplay(tmp_path, body))
    player.play(CHIME, "")

    with pytest.raises(NotHeard, match=text):
        wait_until_silent(player)


def test_alsa_falls_silent_when_told(tmp_path: Path) -> None:
    player = AlsaPlayer(program=aplay(tmp_path, "import time; time.sleep(600)"))
    player.play(CHIME, "")
    assert player.playing()

    player.close()
    player.close()

    assert not player.playing()


def test_the_mixer_plays_the_samples_it_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = tmp_path / "heard.raw"
    monkeypatch.setenv("SDL_AUDIODRIVER", "disk")
    monkeypatch.setenv("SDL_DISKAUDIOFILE", str(heard))
    monkeypatch.setenv("SDL_DISKAUDIODELAY", "0")
    player = MixerPlayer()

    player.play(CHIME, "")
    wait_until_silent(player)
    player.close()

    assert CHIME.samples.tobytes()[1000:20_000] in heard.read_bytes()


def test_the_mixer_without_a_sound_card_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "khong-co")
    player = MixerPlayer()

    with pytest.raises(NotHeard, match="loa"):
        player.play(CHIME, "")
    player.close()


def test_the_simulated_loudspeaker_keeps_the_wav_and_the_words(tmp_path: Path) -> None:
    clock = SetClock()
    player = SimulatedPlayer(clock.monotonic, tmp_path)

    player.play(CHIME, "Mời số một")

    assert player.playing()
    clock.advance(CHIME.seconds + 0.01)
    assert not player.playing()
    assert list(player.said) == ["Mời số một"]
    assert sound.from_wav((tmp_path / "voice/00.wav").read_bytes()) == CHIME


def test_the_simulated_loudspeaker_refuses_two_at_once() -> None:
    player = SimulatedPlayer(SetClock().monotonic)
    player.play(CHIME, "một")

    with pytest.raises(NotHeard, match="cùng một lúc"):
        player.play(CHIME, "hai")


def test_the_simulated_loudspeaker_can_break() -> None:
    player = SimulatedPlayer(SetClock().monotonic)
    player.broken = True

    with pytest.raises(NotHeard, match="hỏng"):
        player.play(CHIME, "một")
