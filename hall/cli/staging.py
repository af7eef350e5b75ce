"""The processes of a demo hall: one a role, started again when one dies, ended with us."""

import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

log = logging.getLogger(__name__)

RESTART_S = 0.5
LEAVE_S = 8.0


@dataclass(frozen=True, slots=True)
class Props:
    """Where the demo's files lie and how its broker is reached."""

    config: Path
    state: Path
    pictures: Path
    logs: Path
    broker_url: str


@dataclass(slots=True)
class Stage:
    """`restarts`: how often each role had to be started again."""

    props: Props
    environ: Mapping[str, str]
    restarts: dict[str, int] = field(default_factory=dict)
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _logs: list[IO[bytes]] = field(default_factory=list)
    _closing: threading.Event = field(default_factory=threading.Event)
    _keeper: threading.Thread | None = None

    def start(self, roles: Sequence[str]) -> None:
        self.props.logs.mkdir(parents=True, exist_ok=True)
        for role in roles:
            self._running[role] = self._spawn(role)
        self._keeper = threading.Thread(target=self._keep, name="stage", daemon=True)
        self._keeper.start()

    def pids(self) -> dict[str, int]:
        return {role: process.pid for role, process in self._running.items()}

    def failed(self) -> list[str]:
        """Roles that ended by themselves because their configuration or store is wrong."""
        return [role for role, process in self._running.items() if process.poll() in (2, 3)]

    def close(self) -> None:
        """End all: politely, then by force."""
        self._closing.set()
        if self._keeper is not None:
            self._keeper.join(LEAVE_S)
        for process in self._running.values():
            process.send_signal(signal.SIGTERM)
        for role, process in self._running.items():
            try:
                process.wait(LEAVE_S)
            except subprocess.TimeoutExpired:
                log.warning("%s had to be killed", role)
                process.kill()
                process.wait()
        for file in self._logs:
            file.close()

    def _keep(self) -> None:
        while not self._closing.wait(RESTART_S):
            for role, process in tuple(self._running.items()):
                if process.poll() is None or process.returncode in (2, 3):
                    continue
                self.restarts[role] = self.restarts.get(role, 0) + 1
                log.warning("%s ended with %d: started again", role, process.returncode)
                self._running[role] = self._spawn(role)

    def _spawn(self, role: str) -> subprocess.Popen[bytes]:
        where = self.props
        file = (where.logs / f"{role}.log").open("ab")
        self._logs.append(file)
        command = [sys.executable, "-m", "hall.cli", "run", role, "-c", str(where.config)]
        command += ["--broker", where.broker_url, "--state", str(where.state)]
        command += ["--pictures", str(where.pictures), "--headless"]
        return subprocess.Popen(  # noqa: S603
            [*_with_us(), *command],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            env=dict(self.environ),
        )


def environment() -> dict[str, str]:
    """The children's environment: the same code, no window, no sound card."""
    root = str(Path(__file__).parents[2])
    path = os.environ.get("PYTHONPATH", "")
    return {
        **os.environ,
        "PYTHONPATH": f"{root}:{path}" if path else root,
        "PYGAME_HIDE_SUPPORT_PROMPT": "1",
        "SDL_VIDEODRIVER": "dummy",
        "SDL_AUDIODRIVER": "dummy",
    }


def _with_us() -> list[str]:
    """A child gets SIGTERM when we end, however we end."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "SIGTERM"] if setpriv else []
