"""A day of 2,000 calls on virtual time: on the board and in the voice exactly once, memory flat."""

import os
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from display.board.__main__ import build
from display.board.calls import EACH_S
from display.board.service import BoardService
from display.board.window_screen import SimulatedScreen
from display.voice import sound
from display.voice.clips import Clips
from display.voice.loudness import Loudness
from display.voice.phrases import Templates, Tongue, template
from display.voice.players.simulated import SimulatedPlayer
from display.voice.script import Language
from display.voice.service import Manner, VoiceService
from display.voice.sound import Sound
from hall.reading.readers import reader
from hall.reading.vietnamese import spoken
from hall.runtime import settings
from hall.runtime.daemon import Daemon
from hall.screen.geometry import Panel
from hall.screen.tree import Label, Scene

FULL = os.environ.get("MOTCUA_FAULTS") == "full"
CALLS = 2000 if FULL else 400
FORM = template("Mời số {number} đến quầy {counter}")
Stage = Any


class EveryClip(Clips):
    def has(self, clip: Any) -> bool:
        return " " not in clip.text or clip.text in FORM.literals

    def joined(self, clips: Any, gap_s: float) -> Sound:
        return sound.silence(0.25 * len(clips) + gap_s)


class Ear(SimulatedPlayer):
    """Hears everything, and would refuse two sounds at once."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        super().__init__(monotonic)
        self.heard: list[str] = []

    def play(self, sound: Sound, text: str) -> None:
        super().play(sound, text)
        self.heard += text.split(". ")


class Eye(SimulatedScreen):
    """Sees every large number; paints one scene in four, which is enough to find a leak."""

    def __init__(self, panel: Panel) -> None:
        super().__init__(panel, "soak")
        self.seen: list[str] = []
        self.scenes = 0

    def show_scene(self, scene: Scene) -> bool:
        labels = (node for node in scene.nodes if isinstance(node, Label))
        large = [node.text for node in labels if node.key.startswith("call-number")]
        if large and self.seen[-len(large) :] != large:
            self.seen += large
        self.scenes += 1
        return self.scenes % 4 == 0 and super().show_scene(scene)


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 2**20


@pytest.fixture
def ear(stage: Stage) -> Ear:
    ear = Ear(stage.clock.monotonic)
    forms = Templates(FORM, FORM, FORM)
    manner = Manner(
        (Language(Tongue(reader("vi"), forms), always=True),),
        Loudness(1.0),
        ZoneInfo("Asia/Ho_Chi_Minh"),
    )
    context = stage.context_of("voice")
    clips = EveryClip()
    clips.chime = sound.silence(0.5)
    stage.run(Daemon(context, VoiceService(context, manner, lambda: clips, ear, object())))  # type: ignore[arg-type]
    return ear


@pytest.fixture
def eye(stage: Stage, hall_yaml: Callable[[str], Path]) -> Eye:
    path = hall_yaml(
        "display:\n  board:\n    screen: {width: 640, height: 480, diagonal_inch: 24}\n"
    )
    (daemon,) = build(settings.read(path), replace(stage.ground, pictures=None), None)
    assert isinstance(daemon.service, BoardService)
    eye = Eye(daemon.service._setting.panel)
    daemon.service._screen = eye
    stage.run(daemon)
    return eye


def test_a_day_of_calls(stage: Stage, eye: Eye, ear: Ear) -> None:
    chance = random.Random(20261123)
    sent: list[tuple[str, str]] = []
    resident: dict[int, float] = {}

    while len(sent) < CALLS:
        stage.beat()
        for _ in range(min(CALLS - len(sent), chance.choice((1, 1, 1, 2, 3, 5)))):
            number, counter = f"{len(sent) + 1}", chance.choice(("1", "3", "5A"))
            sent.append((number, counter))
            stage.call(number, counter)
        stage.advance(chance.choice((4.0, 16.0, 40.0)), step=EACH_S)
        stage.broker.log.clear()
        resident.setdefault(4 * len(sent) // CALLS, resident_mb())
    stage.advance(120, step=EACH_S)

    assert eye.seen == [number for number, _ in sent]
    # The loudspeaker is tried with silence once, at the start.
    assert Counter(filter(None, ear.heard)) == Counter(
        f"Mời số {' '.join(spoken(n))} đến quầy {' '.join(spoken(c))}" for n, c in sent
    )
    assert resident[4] - resident[1] < 4
