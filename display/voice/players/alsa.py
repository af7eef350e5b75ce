"""Plays through `aplay`: a process of its own, so that a stuck sound card cannot stop the loop."""

import os
import subprocess
from collections.abc import Sequence

from display.voice.ports import PlayerError
from display.voice.sound import Sound, to_wav


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
                stderr=subprocess.DEVNULL,
            )
        except OSError as err:
            raise PlayerError(f"không chạy được {self._command[0]}: {err.strerror}") from err
        finally:
            os.close(handle)

    def playing(self) -> bool:
        if self._running is None:
            return False
        status = self._running.poll()
        if status is None:
            return True
        self._running = None
        if status:
            raise PlayerError(f"{self._command[0]} kết thúc với mã {status}: kiểm tra loa, dây")
        return False

    def close(self) -> None:
        if self._running is not None:
            self._running.kill()
            self._running.wait()
            self._running = None
