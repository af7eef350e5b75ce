"""A file that is there whole or as it was before, whenever the power goes.

    aside ──written, synced──▶ renamed ──▶ the folder synced

Each file has one writer at a time. What is made anew at each start needs none of this.
"""

import errno
import os
import shutil
from contextlib import suppress
from pathlib import Path

_OURS_ALONE, _ALL_READ = 0o600, 0o644


def replace(path: Path, content: bytes, *, mode: int = _OURS_ALONE, group: str = "") -> None:
    """Never readable by more than in the end. `group`: as root, where there is one of this name.

    Raises OSError, of `path`; nothing is left aside then. A device or a pipe is left as it is: a
    person may have named /dev/stdout.
    """
    aside = path.with_name(path.name + ".new")
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path))
    try:
        aside.unlink(missing_ok=True)
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OURS_ALONE)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            if group and os.geteuid() == 0:
                with suppress(LookupError):
                    shutil.chown(aside, group=group)
            os.fchmod(file.fileno(), mode)
        put_in_place(aside, path)
    except OSError as err:
        with suppress(OSError):
            aside.unlink()
        raise OSError(err.errno, err.strerror, str(path)) from err


def create(path: Path, content: bytes, *, mode: int = _ALL_READ) -> None:
    """What is there already is not written over: FileExistsError. Raises OSError."""
    if path.exists() or path.is_symlink():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    replace(path, content, mode=mode)


def put_in_place(staged: Path, path: Path) -> None:
    """Of a file that has been written whole, on the same file system. Raises OSError."""
    sync(staged)
    os.replace(staged, path)  # noqa: PTH105
    sync(path.parent)


def sync(path: Path) -> None:
    """A file's content, or the names in a folder, are on the disk. Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
