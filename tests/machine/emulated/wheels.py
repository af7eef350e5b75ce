"""A folder of the locked libraries for another machine than this one, as `motcua wheels` fills it.

pip judges the lock's markers by the machine that it runs on; here they are judged for the other.
"""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker, default_environment

_GLIBC = (41, 36, 35, 34, 31, 28, 27, 26, 24, 17)


@dataclass(frozen=True, slots=True)
class Target:
    """Whose libraries: `python` like 3.13, `machine` as uname names it."""

    python: str
    machine: str = "aarch64"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **{name: str(value) for name, value in default_environment().items()},
            "python_version": self.python,
            "python_full_version": f"{self.python}.0",
            "platform_machine": self.machine,
            "sys_platform": "linux",
        }

    @property
    def words(self) -> list[str]:
        """pip's, newest C library first."""
        tags = [f"manylinux_2_{glibc}_{self.machine}" for glibc in _GLIBC]
        tags += [f"manylinux2014_{self.machine}", f"linux_{self.machine}"]
        platforms = [word for tag in tags for word in ("--platform", tag)]
        return [*platforms, "--python-version", self.python, "--implementation", "cp"]


def locked(lock: str, target: Target) -> str:
    """The lock's entries that this target installs, hashes and all, without their markers."""
    return "\n".join(
        entry.replace(f" ; {marker}", "")
        for entry, marker in _entries(lock)
        if not marker or Marker(marker).evaluate(target.environment)
    )


def collect(lock: Path, folder: Path, target: Target) -> None:
    """Download what is missing. Raises RuntimeError with pip's words."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = folder / "lock"
    wanted.write_text(locked(lock.read_text(encoding="utf-8"), target), encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--require-hashes", "--only-binary=:all:", *target.words]
    done = subprocess.run(
        [*command, "--find-links", str(folder), "-d", str(folder), "-r", str(wanted)],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    wanted.unlink()
    if done.returncode != 0:
        raise RuntimeError(f"no wheels for Python {target.python}: {done.stderr}")


def _entries(lock: str) -> Iterator[tuple[str, str]]:
    """Each pinned package with its hashes, and its marker."""
    for block in lock.replace("\\\n", "\\\0").splitlines():
        if "==" not in block or block.lstrip().startswith("#"):
            continue
        entry = block.replace("\\\0", "\\\n")
        marker = entry.partition(" ; ")[2].partition(" \\")[0].strip()
        yield entry, marker
