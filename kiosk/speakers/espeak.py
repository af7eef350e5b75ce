"""Speaks through espeak-ng, the text on its standard input: no process list shows it."""

import logging
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field

log = logging.getLogger(__name__)

_VOICES = {"vi": "vi", "en": "en-gb"}
_WORDS_A_MINUTE = "140"


@dataclass(slots=True)
class EspeakSpeaker:
    """`program`: another may stand in, taking the same arguments."""

    program: str = "espeak-ng"
    _running: "subprocess.Popen[bytes] | None" = None
    _told: set[str] = field(default_factory=set)

    def say(self, texts: Sequence[str], lang: str) -> None:
        self.hush()
        voice = _VOICES.get(lang, "vi")
        command = [self.program, "-v", voice, "-s", _WORDS_A_MINUTE, "--stdin"]
        try:
            self._running = subprocess.Popen(command, stdin=subprocess.PIPE)  # noqa: S603
        except OSError as err:
            self._warn_once(err)
            return
        pipe = self._running.stdin
        if pipe is None:
            return
        try:
            pipe.write(". ".join(texts).encode())
            pipe.close()
        except BrokenPipeError:
            log.debug("speech ended early")

    def hush(self) -> None:
        if self._running is None:
            return
        self._running.kill()
        self._running.wait()
        self._running = None

    def _warn_once(self, err: OSError) -> None:
        if "missing" not in self._told:
            self._told.add("missing")
            log.warning("no speech: %s", err)
