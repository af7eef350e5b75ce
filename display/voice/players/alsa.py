"""Plays through `aplay`: a process of its own, so that a stuck sound card cannot stop the loop."""

import os
import subprocess
from collections.abc import Sequence
from typing import Literal

from display.voice.player_section import PlayerSection, VoiceSurroundings
from display.voice.sound import Sound, to_wav
from hall.runtime import sound_card


class AlsaSection(PlayerSection):
    driver: Literal["alsa"]

    def connect(self, where: VoiceSurroundings) -> "AlsaPlayer":
        return AlsaPlayer(where.device)


class AlsaPlayer:
    """`device`: an ALSA name such as "default" or "plughw:CARD=Device"."""

    def __init__(self, device: str = "default", program: Sequence[str] = ("aplay", "-q")) -> None:
        self._command = (*program, "-D", device, "-")
        self._running: subprocess.Popen[bytes] | None = None

    def play(self, sound: Sound, text: str) -> None:  # noqa: ARG002
        # A pipe holds 64 KiB and would block the loop; a file in memory wears no SD card.
        handle = os.memfd_create("announcement")
        try:
            with os.fdopen(handle, "w+b", closefd=False) as file:
                file.write(to_wav(sound))
            os.lseek(handle, 0, os.SEEK_SET)
            self._running = subprocess.Popen(  # noqa: S603
                self._command,
                stdin=handle,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=sound_card.environment(),
            )
        except OSError as err:
            raise sound_card.no_program(self._command[0], err) from err
        finally:
            os.close(handle)

    def playing(self) -> bool:
        if self._running is None:
            return False
        status = self._running.poll()
        if status is None:
            return True
        _, said = self._running.communicate()
        self._running = None
        fault = sound_card.ended(self._command[0], status, said)
        if fault is not None:
            raise fault
        return False

    def close(self) -> None:
        if self._running is not None:
            self._running.kill()
            self._running.communicate()
            self._running = None
