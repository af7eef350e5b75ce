"""Plays through SDL's mixer, where there is no `aplay` (a desktop, a training PC)."""

import os

from display.voice.ports import PlayerError
from display.voice.sound import RATE, Sound

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import pygame


class MixerPlayer:
    """Opens the sound card at the first announcement, and again after a failure."""

    def __init__(self) -> None:
        self._channel: pygame.mixer.Channel | None = None

    def play(self, sound: Sound, text: str) -> None:  # noqa: ARG002
        try:
            if pygame.mixer.get_init() is None:
                pygame.mixer.init(RATE, -16, 1, 2048, allowedchanges=0)
            self._channel = pygame.mixer.Sound(buffer=sound.samples.tobytes()).play()
        except pygame.error as err:
            raise PlayerError(f"không mở được loa: {err}") from err

    def playing(self) -> bool:
        return self._channel is not None and bool(self._channel.get_busy())

    def close(self) -> None:
        self._channel = None
        if pygame.mixer.get_init() is not None:
            pygame.mixer.quit()
