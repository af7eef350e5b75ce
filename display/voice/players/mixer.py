"""Plays through SDL's mixer, where there is no `aplay` (a desktop, a training PC)."""

import os
from typing import TYPE_CHECKING, Literal

from display.voice.player_section import PlayerSection, VoiceSurroundings
from display.voice.sound import RATE, Sound
from hall.runtime.sound_card import NotHeard

if TYPE_CHECKING:
    from pygame.mixer import Channel


class MixerSection(PlayerSection):
    driver: Literal["mixer"]

    def connect(self, where: VoiceSurroundings) -> "MixerPlayer":  # noqa: ARG002
        return MixerPlayer()


class MixerPlayer:
    """Opens the sound card at the first announcement, and again after a failure."""

    def __init__(self) -> None:
        self._channel: Channel | None = None

    def play(self, sound: Sound, text: str) -> None:  # noqa: ARG002
        os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
        # 170-280 ms and 30 MB: only where it is wanted.
        import pygame  # noqa: PLC0415

        try:
            if pygame.mixer.get_init() is None:
                pygame.mixer.init(RATE, -16, 1, 2048, allowedchanges=0)
            self._channel = pygame.mixer.Sound(buffer=sound.samples.tobytes()).play()
        except pygame.error as err:
            raise NotHeard(f"không mở được loa ({err})") from err

    def playing(self) -> bool:
        return self._channel is not None and bool(self._channel.get_busy())

    def close(self) -> None:
        if self._channel is not None:
            import pygame  # noqa: PLC0415

            self._channel = None
            pygame.mixer.quit()
