"""A key of this machine: what must be recognised again but not read is kept as its keyed hash."""

import secrets
from base64 import b32encode
from hashlib import blake2b
from hmac import compare_digest
from pathlib import Path

from hall.runtime import durable

SIZE = 32


class Secret:
    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, text: str) -> str:
        """The same for the same text, on this machine only."""
        return blake2b(text.encode(), key=self._key, digest_size=16).hexdigest()

    def turn(self, ticket: str) -> str:
        """A ticket's id with a mark that this machine alone can make, in letters of a QR code.

        64 bits: of a million guesses a second none is right in a day. No kept hash is one.
        """
        mark = blake2b(ticket.encode(), key=self._key, digest_size=8, person=b"turn").digest()
        return f"{ticket}-{b32encode(mark).decode().rstrip('=')}"

    def ticket_of(self, token: str) -> str | None:
        """The ticket whose token this is; None for what was never given out."""
        ticket = token.rpartition("-")[0]
        return ticket if compare_digest(self.turn(ticket), token) else None


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
