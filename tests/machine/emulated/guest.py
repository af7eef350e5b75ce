"""The inside of the emulated machine: commands run there as root, by QEMU's guest agent."""

import base64
import contextlib
import json
import shlex
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from emulated.lines import Dialogue, Line, Refused
from emulated.waiting import pause

# The agent takes one message of this size; base64 makes three bytes four.
_PIECE = 48 * 1024
_LOOK_S = 0.05
# A guest that starts all of its units at once may take its time.
_SYNC_S = 20.0
# The agent's answer to one message, on a guest that is starting and a host that is busy.
_ANSWER_S = 240.0
_PANIC = "Kernel panic"


class Failed(AssertionError):
    """A command inside ended badly; its last words are the message."""


@dataclass(frozen=True, slots=True)
class Ended:
    status: int
    text: str


@dataclass(slots=True)
class Guest:
    path: Path
    _agent: Dialogue = field(init=False)

    def __post_init__(self) -> None:
        """Raises OSError or TimeoutError while nobody answers yet."""
        self._agent = Dialogue(Line(self.path), _ANSWER_S)
        try:
            self._synchronise()
        except (OSError, ValueError):
            self.close()
            raise

    def _synchronise(self) -> None:
        mark = time.monotonic_ns() % 2**31
        sync = {"execute": "guest-sync-delimited", "arguments": {"id": mark}}
        self._agent.line.say(b"\xff\n" + json.dumps(sync).encode())
        while self._agent.hear(_SYNC_S).get("return") != mark:
            pass

    def run(self, command: str, seconds: float = _ANSWER_S) -> Ended:
        """A shell command; both of its outputs. Raises TimeoutError, and the command goes on."""
        pid = self._agent.ask(
            "guest-exec",
            path="/bin/sh",
            arg=["-c", f"exec 2>&1\n{command}"],
            **{"capture-output": True},
        )["pid"]
        end, rest = time.monotonic() + seconds, _LOOK_S
        while time.monotonic() < end:
            now = self._agent.ask("guest-exec-status", pid=pid)
            if now["exited"]:
                text = base64.b64decode(now.get("out-data", "")).decode(errors="replace")
                return Ended(now.get("exitcode", -now.get("signal", 0)), text)
            pause(rest)
            # Every look costs the guest a few milliseconds of its own.
            rest = min(1.0, 1.5 * rest)
        raise TimeoutError(command)

    def ask(self, command: str, seconds: float = _ANSWER_S) -> str:
        """The output of a command that has to succeed. Raises Failed."""
        ended = self.run(command, seconds)
        if ended.status != 0:
            raise Failed(f"{command}\n→ {ended.status}\n{ended.text[-4000:]}")
        return ended.text.rstrip("\n")

    @contextlib.contextmanager
    def still(self) -> Iterator[None]:
        """Meanwhile its file systems lie whole on the disk and nothing is written."""
        self._agent.ask("guest-fsfreeze-freeze")
        try:
            yield
        finally:
            self._agent.ask("guest-fsfreeze-thaw")

    def read(self, path: str) -> bytes:
        return base64.b64decode(self.ask(f"base64 {shlex.quote(path)}"))

    def write(self, path: str, content: bytes, mode: int = 0o644) -> None:
        place = shlex.quote(path)
        self.ask(f"mkdir -p $(dirname {place}) && : >{place} && chmod {mode:o} {place}")
        for at in range(0, len(content), _PIECE):
            piece = base64.b64encode(content[at : at + _PIECE]).decode()
            self.ask(f"echo {piece} | base64 -d >>{place}")

    def close(self) -> None:
        self._agent.line.close()


def awaited(path: Path, console: Path, seconds: float) -> Guest:
    """The agent of a machine that starts. Raises TimeoutError, and Failed for a dead kernel."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            return Guest(path)
        except (OSError, Refused, ValueError):
            said = console.read_text(encoding="utf-8", errors="replace")
            if _PANIC in said:
                raise Failed(said[-4000:]) from None
    raise TimeoutError(f"the machine's agent does not answer within {seconds:.0f} s")
