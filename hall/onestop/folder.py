"""A folder into which people copy files: which are whole, which are new, which are gone."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hall.onestop.intake.report import SUFFIX
from hall.onestop.late_intake import LateIntake
from hall.onestop.shelf import Stamp

# So long a file must not have changed, by our own clock: the file's is the other machine's.
SETTLED_S = 2.0
MAPPING = "map.yaml"
_NOT_OURS = (SUFFIX, ".tmp", ".part", ".crdownload", ".partial", ".swp", ".ini", ".db", ".lnk")
_LOCKS = (".", "~$", "~", "._")
_NOTICES = frozenset({"notice", "thongbao", "chuchay"})


@dataclass(frozen=True, slots=True)
class Watched:
    """Which folder, how often it is looked at, and what its figures are said to come from.

    `late`: where dossiers that come in late in the day count from the next working day.
    """

    folder: Path
    every_s: float
    source: str
    late: LateIntake | None = None


@dataclass(frozen=True, slots=True)
class FolderEntry:
    """A file as it stands now; `growing`: it changed lately, or may have."""

    path: Path
    stamp: Stamp
    growing: bool
    since: float


@dataclass(slots=True)
class Folder:
    path: Path
    _first: dict[str, tuple[Stamp, float]] = field(default_factory=dict)

    def can_be_read(self) -> bool:
        """A folder that may not be read counts as none."""
        try:
            return self.path.is_dir() and os.access(self.path, os.R_OK | os.X_OK)
        except OSError:
            return False

    def look(self, now: float) -> tuple[FolderEntry, ...]:
        """Every file that may be for us, the oldest first; `now` is monotonic."""
        stamps = dict(self._stamps())
        self._first = {
            name: seen if (seen := self._first.get(name)) and seen[0] == stamp else (stamp, now)
            for name, stamp in stamps.items()
        }
        entries = (
            FolderEntry(self.path / name, stamp, now - since < SETTLED_S, since)
            for name, (stamp, since) in self._first.items()
        )
        return tuple(sorted(entries, key=lambda each: (each.stamp[0], each.path.name)))

    def mapping_stamp(self) -> Stamp | None:
        return stamp_of(self.path / MAPPING)

    def _stamps(self) -> Iterator[tuple[str, Stamp]]:
        try:
            names = sorted(each.name for each in self.path.iterdir())
        except OSError:
            return
        for name in names:
            lower = name.casefold()
            if lower == MAPPING or lower.endswith(_NOT_OURS) or lower.startswith(_LOCKS):
                continue
            stamp = stamp_of(self.path / name)
            if stamp is not None:
                yield name, stamp


def stamp_of(path: Path) -> Stamp | None:
    """When it was saved and its size; None for what is no plain file."""
    try:
        seen = path.stat()
        return (seen.st_mtime_ns, seen.st_size) if path.is_file() else None
    except OSError:
        return None


def is_notice(path: Path) -> bool:
    """`notice.txt` in any case, also as `Notice (1).txt` or `thong-bao.txt.txt`."""
    stem = path.name.casefold().split(".")[0].split("(")[0]
    return path.suffix.casefold() == ".txt" and "".join(c for c in stem if c.isalpha()) in _NOTICES
