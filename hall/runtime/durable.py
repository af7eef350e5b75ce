"""A small file that is there whole or as it was before, whenever the power goes."""

import os
from pathlib import Path


def replace(path: Path, content: bytes) -> None:
    """Written aside, synced, renamed, the folder synced; its owner's alone. Raises OSError."""
    aside = path.with_name(path.name + ".new")
    aside.unlink(missing_ok=True)
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(aside, path)  # noqa: PTH105
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
