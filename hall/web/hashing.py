"""PINs and passwords as Argon2id hashes: a guesser pays 19 MiB and two passes for each try.

The smallest of the profiles that OWASP recommends (Password Storage Cheat Sheet): a Pi that runs
the whole hall has no 64 MiB to spare, and one sign-in at a time is enough for a hall.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# For who is not known: a try takes as long as for one who is there, and fails.
NOBODYS = (
    "$argon2id$v=19$m=19456,t=2,p=1$6rxqLx41QZdJbSuPTzAJjA$"
    "MbL9xPZVJBs18IKDT/posLiIrb37msDf52sDNJSCcKk"
)
Result = TypeVar("Result")
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_of(pin: str) -> str:
    return _HASHER.hash(pin)


def is_right(pin: str, known: str) -> bool:
    """Takes as long for a wrong PIN as for a right one."""
    try:
        return _HASHER.verify(known, pin)
    except (VerificationError, InvalidHashError):
        return False


@dataclass(frozen=True, slots=True)
class Hashing:
    """Beside the web server's loop, one at a time: a hash takes a core and 19 MiB for a moment."""

    _one: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    async def hash_of(self, pin: str) -> str:
        return await self._work(hash_of, pin)

    async def is_right(self, pin: str, known: str) -> bool:
        return await self._work(is_right, pin, known)

    async def _work(self, work: Callable[..., Result], *given: str) -> Result:
        async with self._one:
            return await asyncio.to_thread(work, *given)
