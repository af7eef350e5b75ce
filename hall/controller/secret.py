"""A key of this machine: what must be recognised again but not read is kept as its keyed hash."""

import secrets
from hashlib import blake2b
from pathlib import Path

from hall.runtime import durable

SIZE = 32


class Secret:
    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, text: str) -> str:
        """The same for the same text, on this machine only."""
        return blake2b(text.encode(), key=self._key, digest_size=16).hexdigest()


def load(path: Path) -> Secret:
    """Read the key, or make it. Durable before it is used; without a disk it lasts for this run."""
    try:
        found = path.read_bytes()
        if len(found) == SIZE:
            return Secret(found)
    except OSError:
        found = b""
    key = secrets.token_bytes(SIZE)
    try:
        durable.replace(path, key)
    except OSError:
        return Secret(key)
    return Secret(key)
