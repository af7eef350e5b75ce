"""The processes of a demo hall: one a role, restarted when one ends, stopped with this one."""

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

LEAVE_S = 12.0
# Of the process that forks the others.
TRUNK = "hall"
_HOPELESS = (2, 3)


@dataclass(frozen=True, slots=True)
class Props:
    """Where the demo's files lie and how its broker is reached."""

    config: Path
    state: Path
    pictures: Path
    logs: Path
    broker_url: str


@dataclass(slots=True)
class ApartRun:
    """`motcua run … --apart` as seen from outside. `restarts`: of each role that ended."""

    props: Props
    environ: Mapping[str, str]
    restarts: dict[str, int] = field(default_factory=dict)
    _pids: dict[str, int] = field(default_factory=dict)
    _hopeless: list[str] = field(default_factory=list)
    _trunk: subprocess.Popen[str] | None = None
    _listener: threading.Thread | None = None

    def start(self, roles: Sequence[str]) -> None:
        self.props.logs.mkdir(parents=True, exist_ok=True)
        with (self.props.logs / f"{TRUNK}.log").open("ab") as file:
            self._trunk = self._spawn(roles, file)
        self._listener = threading.Thread(
            target=self._listen, args=(self._trunk.stdout,), name="stage", daemon=True
        )
        self._listener.start()

    def pids(self) -> dict[str, int]:
        return dict(self._pids)

    def failed(self) -> list[str]:
        """Roles that ended by themselves because their configuration or store is wrong."""
        ended = self._trunk is not None and self._trunk.poll() is not None
        return [TRUNK] if ended and not self._hopeless else [*self._hopeless]

    def close(self) -> None:
        """End all: politely, then by force."""
        if self._trunk is None or self._listener is None:
            return
        self._trunk.send_signal(signal.SIGTERM)
        try:
            self._trunk.wait(LEAVE_S)
        except subprocess.TimeoutExpired:
            log.warning("the hall had to be killed")
            self._trunk.kill()
            self._trunk.wait()
        self._listener.join(LEAVE_S)

    def _listen(self, said: IO[str]) -> None:
        for line in said:
            match line.split():
                case [role, "ended", status]:
                    if int(status) in _HOPELESS:
                        self._hopeless.append(role)
                case [role, pid]:
                    if role in self._pids:
                        self.restarts[role] = self.restarts.get(role, 0) + 1
                    self._pids[role] = int(pid)
                case _:
                    log.debug("not understood: %s", line)
        said.close()

    def _spawn(self, roles: Sequence[str], file: IO[bytes]) -> subprocess.Popen[str]:
        where = self.props
        command = [sys.executable, "-m", "hall.cli", "run", ",".join(roles), "--apart"]
        command += ["-c", str(where.config), "--broker", where.broker_url]
        command += ["--state", str(where.state), "--logs", str(where.logs)]
        command += ["--pictures", str(where.pictures), "--headless"]
        return subprocess.Popen(  # noqa: S603
            [*_with_us(), *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
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
