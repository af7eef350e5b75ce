"""A folder of pictures of what screens and simulated devices show. A reader never sees half one."""

import os
import uuid
from pathlib import Path


def put(folder: Path, name: str, png: bytes) -> Path:
    """Write `png` as `name` (may hold folders) in one step."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}")
    aside.write_bytes(png)
    os.replace(aside, path)  # noqa: PTH105
    return path
