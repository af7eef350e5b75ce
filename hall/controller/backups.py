"""Backups of the journal: whole files with their checksums, the newest few kept.

Those that were made before an update lie apart: in a day the others would drive them out, and an
older version that meets a newer one's format has nothing else to go on from.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from hall.runtime import durable

FOLDER = "backups"
BEFORE_UPDATE = "before-update"
_BLOCK = 1024 * 1024


def begin(folder: Path, seq: int) -> Path:
    """Where the next backup is written before it counts. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / f"journal-{seq:012d}.db.part"
    target.unlink(missing_ok=True)
    return target


def finish(part: Path, keep: int) -> Path:
    """Sync it, note its checksum, let it count and drop the oldest. Raises OSError."""
    done = part.with_suffix("")
    durable.replace(sum_file(done), f"{checksum(part)}  {done.name}\n".encode())
    durable.put_in_place(part, done)
    drop_oldest(part.parent, keep)
    return done


def drop_oldest(folder: Path, keep: int) -> None:
    for old in _all(folder)[keep:]:
        for each in (old, sum_file(old), yaml_file(old)):
            each.unlink(missing_ok=True)


def newest_first(folder: Path) -> Iterator[tuple[str, Path]]:
    """The backups whose checksum is right, newest first; those before an update among them."""
    both = (*_all(folder), *_all(folder / BEFORE_UPDATE))
    for path in sorted(both, key=lambda copy: copy.name, reverse=True):
        if is_whole(path):
            yield path.name, path


def seq(name: str) -> int:
    """The last row of a backup, by its name."""
    return int(name.removeprefix("journal-").removesuffix(".db"))


def is_whole(path: Path) -> bool:
    """Whether the file is what was written, by the checksum beside it."""
    try:
        return sum_file(path).read_text(encoding="ascii").split()[0] == checksum(path)
    except (OSError, IndexError, UnicodeDecodeError):
        return False


def checksum(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _all(folder: Path) -> list[Path]:
    return sorted(folder.glob("journal-*.db"), reverse=True)


def sum_file(path: Path) -> Path:
    """Where the checksum of a backup stands."""
    return path.with_name(path.name + ".sha256")


def yaml_file(path: Path) -> Path:
    """Where the YAML of the hall lies as it was then, if it was kept."""
    return path.with_suffix(".yaml")
