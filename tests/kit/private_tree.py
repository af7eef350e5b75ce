"""A copy of the tree that a test may change, and programs run in it instead of in ours.

Files keep their times, so that compiled files and caches of the original are good for the copy.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("kiosk", "display", "printer", "firmware_bridge", "hall")
_ALSO = ("tests", "bench", "config", "docs", "systemd", "pyproject.toml", ".importlinter")
# Obeys the commands in its first argument; the first of them again and again, for as long as the
# second argument says, until it ends with 0.
_OBEY = """
import contextlib, io, json, sys, time, traceback
from hall.cli.__main__ import main

def obey(command):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = main(command)
        except SystemExit as left:
            status = left.code
        except Exception:
            traceback.print_exc()
            status = 1
    return command, status, out.getvalue(), err.getvalue()

first, *others = json.loads(sys.argv[1])
end = time.monotonic() + float(sys.argv[2])
done = obey(first)
while done[1] and time.monotonic() < end:
    done = obey(first)
print(json.dumps([done, *map(obey, others)]))
"""


@dataclass(frozen=True)
class PrivateTree:
    place: Path

    def replace(self, file: str, before: str, after: str) -> None:
        """Change the only place where `before` stands. Raises ValueError when it is not one."""
        path = self.place / file
        text = path.read_text(encoding="utf-8")
        if (found := text.count(before)) != 1:
            raise ValueError(f"{file}: found {found} times, not once: {before!r}")
        path.write_text(text.replace(before, after), encoding="utf-8")

    def run(self, *command: str, timeout_s: float = 300) -> subprocess.CompletedProcess[str]:
        """`python …` with the copy's packages before all others."""
        return subprocess.run(
            [sys.executable, *command],
            cwd=self.place,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )

    def obey(
        self, *commands: Sequence[str], patience_s: float = 0.0
    ) -> list[subprocess.CompletedProcess[str]]:
        """`motcua …`, each after the one before, in one interpreter: libraries are loaded once.

        The first is asked again until it ends with 0, for so many seconds.
        """
        given = (json.dumps(commands), str(patience_s))
        done = self.run("-c", _OBEY, *given, timeout_s=300 + patience_s)
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        return [subprocess.CompletedProcess(*each) for each in json.loads(done.stdout)]

    def environment(self) -> Mapping[str, str]:
        """Without what an outer pytest has set for its own workers."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "COV_"))}
        return {**kept, "PYTHONPATH": f"{self.place}:{self.place / 'tests' / 'kit'}"}


def copied(place: Path) -> PrivateTree:
    """Everything that a program or a test reads."""
    place.mkdir(exist_ok=True)
    named = [str(ROOT / name) for name in (*PACKAGES, *_ALSO)]
    subprocess.run(["cp", "-a", *named, str(place)], check=True)
    return PrivateTree(place)
