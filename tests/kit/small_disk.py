"""A real disk of one mebibyte and 200 files, which can be filled, used up and locked."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

FAULTS = ("full", "no inodes", "read-only")


@dataclass(frozen=True, slots=True)
class SmallDisk:
    place: Path

    def hurt(self, fault: str) -> None:
        match fault:
            case "full":
                with suppress(OSError), self._ballast.open("wb", buffering=0) as file:
                    while True:
                        file.write(bytes(4096))
            case "no inodes":
                with suppress(OSError):
                    for number in range(1000):
                        (self.place / f"ballast-{number}").touch()
            case _:
                self._remount("ro")

    def heal(self) -> None:
        self._remount("rw")
        for file in self.place.glob("ballast*"):
            file.unlink()

    @property
    def _ballast(self) -> Path:
        return self.place / "ballast"

    def _remount(self, how: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{how}", str(self.place)], check=True)


@contextmanager
def small_disk(place: Path) -> Iterator[SmallDisk]:
    """Skips where this machine lets nobody mount."""
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m,nr_inodes=200", "tmpfs", str(place)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("mounting a small disk needs root")
    try:
        yield SmallDisk(place)
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)
