"""Programs run one after the other in a thread, each with its input, until done or broken off."""

import logging
import subprocess
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Run:
    """`data` goes to the program's standard input: no process list shows what is said."""

    command: Sequence[str]
    data: bytes = field(repr=False)


@dataclass(slots=True)
class Recital:
    """`missing`: programs that could not be started, kept by the speaker to warn once each."""

    runs: Iterable[Run]
    missing: set[str]
    _ended: threading.Event = field(init=False, default_factory=threading.Event)
    _process: "subprocess.Popen[bytes] | None" = field(init=False, default=None)
    _thread: threading.Thread | None = field(init=False, default=None)

    def begin(self) -> None:
        self._thread = threading.Thread(target=self._recite, name="kiosk-speech", daemon=True)
        self._thread.start()

    def break_off(self) -> None:
        """Silent when this returns; nothing of what was said is kept."""
        self._ended.set()
        process = self._process
        if process is not None:
            process.kill()
        if self._thread is not None:
            self._thread.join()
        self.runs = ()

    def _recite(self) -> None:
        for run in self.runs:
            if self._ended.is_set():
                return
            self._say(run)

    def _say(self, run: Run) -> None:
        try:
            self._process = subprocess.Popen(  # noqa: S603
                run.command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        except OSError as err:
            self._warn_once(run.command[0], err)
            return
        # break_off() may have looked just before there was something to kill.
        if self._ended.is_set():
            self._process.kill()
        self._process.communicate(run.data)
        self._process = None

    def _warn_once(self, program: str, err: OSError) -> None:
        if program not in self.missing:
            self.missing.add(program)
            log.warning("no speech: %s", err)
