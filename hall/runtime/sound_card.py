"""Programs that make sound (aplay), and what their end says: all that is known of a sound card."""

import errno
import io
import os
import wave
from collections.abc import Mapping

from hall.runtime.causes import DeviceError, Why, cause_of

# aplay says why in the C library's words, and never by its exit status.
_TOLD = (errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.EBUSY, errno.EACCES, errno.EPERM)
_PACKAGES: Mapping[str, str] = {"aplay": "alsa-utils"}


class NotHeard(DeviceError):
    """The sound was not played to its end."""

    def __init__(self, text: str, why: Why = Why.BROKEN) -> None:
        super().__init__(text)
        self.why = why


def environment() -> dict[str, str]:
    """For programs whose words are read."""
    return {**os.environ, "LC_ALL": "C.UTF-8"}


def no_program(program: str, err: OSError) -> NotHeard:
    """It could not be started."""
    if not isinstance(err, FileNotFoundError):
        return NotHeard(f"không chạy được {program} ({err.strerror or err})")
    name = program.rpartition("/")[2]
    package = _PACKAGES.get(name, name)
    return NotHeard(f"máy chưa cài {program}: sudo apt-get install {package}", Why.NO_LIBRARY)


def stuck(program: str) -> NotHeard:
    return NotHeard(f"{program} không kết thúc câu: loa, hoặc TV nối HDMI, có thể đang tắt")


def ended(program: str, status: int, said: bytes) -> NotHeard | None:
    """None: the sound was played. `said`: its standard error."""
    if status == 0:
        return None
    words = said.decode("utf-8", "replace")
    for code in _TOLD:
        if os.strerror(code) in words:
            cause = cause_of(OSError(code, ""))
            text = cause.text.replace("thiết bị", "cạc âm thanh")
            return NotHeard(f"{text} ({program})", cause.why)
    return NotHeard(f"{program} kết thúc với mã {status}")


def silence(seconds: float = 0.1, rate: int = 22_050) -> bytes:
    """A WAV of silence."""
    made = io.BytesIO()
    with wave.open(made, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(bytes(2 * round(seconds * rate)))
    return made.getvalue()
