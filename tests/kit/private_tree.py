"""A copy of the tree that a test may change, and programs run in it instead of in ours.

Files keep their times, so that compiled files and caches of the original are good for the copy.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("kiosk", "display", "printer", "firmware_bridge", "hall")
_ALSO = ("tests", "bench", "config", "docs", "systemd", "pyproject.toml", ".importlinter")
_PICTURES = shutil.ignore_patterns("*.png")


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

    def environment(self) -> Mapping[str, str]:
        """Without what an outer pytest has set for its own workers."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "COV_"))}
        return {**kept, "PYTHONPATH": f"{self.place}:{self.place / 'tests' / 'kit'}"}


def copied(place: Path) -> PrivateTree:
    """Everything that a program or a test reads; pictures of the docs are left out."""
    for name in (*PACKAGES, *_ALSO):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, place / name, ignore=_PICTURES if name == "docs" else None)
        else:
            shutil.copy(source, place / name)
    return PrivateTree(place)
