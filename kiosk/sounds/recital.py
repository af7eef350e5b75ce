"""Programs run one after the other in a thread, each with its input, until done or broken off."""

import os
import subprocess
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hall.runtime import sound_card
from hall.runtime.sound_card import NotHeard
from kiosk.ports import Sounded

_Process = subprocess.Popen[bytes]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """`commands`: a pipeline, of which the last makes the sound; it must end within `limit_s`.

    `data` goes to the first one's standard input: no process list shows what is said.
    """

    commands: Sequence[Sequence[str]]
    data: bytes = field(repr=False)
    limit_s: float

    @property
    def player(self) -> str:
        return self.commands[-1][0]


@dataclass(slots=True)
class Recital:
    """`told` hears what became of each run that was not broken off, of the last with `count`."""

    runs: Sequence[Pipeline]
    told: Callable[[Sounded], None]
    count: int = 0
    _ended: threading.Event = field(init=False, default_factory=threading.Event)
    _processes: list[_Process] = field(init=False, default_factory=list)
    _thread: threading.Thread | None = field(init=False, default=None)

    def begin(self) -> None:
        self._thread = threading.Thread(target=self._recite, name="kiosk-speech", daemon=True)
        self._thread.start()

    @property
    def under_way(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def break_off(self) -> None:
        """Silent when this returns; nothing of what was said is kept."""
        self._ended.set()
        self._kill()
        if self._thread is not None:
            self._thread.join()
        self.runs = ()

    def _recite(self) -> None:
        for run in self.runs:
            fault = self._play(run)
            if self._ended.is_set():
                return
            self.told(Sounded(fault, self.count if run is self.runs[-1] else 0))

    def _play(self, run: Pipeline) -> Exception | None:
        try:
            self._start(run)
            # break_off() may have looked just before there was something to kill.
            if self._ended.is_set():
                self._kill()
            return self._outcome(run)
        except Exception as fault:  # noqa: BLE001 - the thread's edge: whatever it is, it is told
            return fault
        finally:
            self._clear_away()

    def _start(self, run: Pipeline) -> None:
        """Raises NotHeard."""
        source = _in_memory(run.data)
        for command in run.commands:
            is_last = command is run.commands[-1]
            try:
                process = subprocess.Popen(  # noqa: S603
                    command,
                    stdin=source,
                    stdout=subprocess.DEVNULL if is_last else subprocess.PIPE,
                    stderr=subprocess.PIPE if is_last else subprocess.DEVNULL,
                    env=sound_card.environment(),
                )
            except OSError as err:
                raise sound_card.no_program(command[0], err) from err
            finally:
                os.close(source)
            self._processes.append(process)
            if process.stdout is not None:
                source = os.dup(process.stdout.fileno())
                process.stdout.close()

    def _outcome(self, run: Pipeline) -> NotHeard | None:
        """The player's fault explains more than that of who could not write to it any more."""
        try:
            _, said = self._processes[-1].communicate(timeout=run.limit_s)
        except subprocess.TimeoutExpired:
            return sound_card.stuck(run.player)
        fault = sound_card.ended(run.player, self._processes[-1].returncode, said)
        for command, process in zip(run.commands[:-1], self._processes[:-1], strict=True):
            fault = fault or sound_card.ended(command[0], process.wait(), b"")
        return fault

    def _kill(self) -> None:
        for process in tuple(self._processes):
            process.kill()

    def _clear_away(self) -> None:
        self._kill()
        for process in self._processes:
            process.wait()
            if process.stderr is not None:
                process.stderr.close()
        self._processes = []


def _in_memory(data: bytes) -> int:
    """A descriptor to read from: a pipe would hold 64 KiB and then its writer."""
    handle = os.memfd_create("speech")
    with os.fdopen(handle, "wb", closefd=False) as file:
        file.write(data)
    os.lseek(handle, 0, os.SEEK_SET)
    return handle
