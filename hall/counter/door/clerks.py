"""Clerks with a PIN of their own: who they are, which PIN will do, how long they stay signed in."""

import re
from dataclasses import dataclass

from hall.counter.door.access import SignedIn

# A working day with its break; who forgets to sign out is out by the next morning.
SIGNED_S = 12 * 3600
# The PIN that is handed over is for a first sign-in within a week.
FIRST_S = 7 * 24 * 3600
SHORTEST, SHORTEST_OF_HEAD, LONGEST = 6, 8, 64
_RUNS = ("01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz")
_MARK = re.compile(r"[A-Za-z0-9._-]{1,32}")


@dataclass(frozen=True, slots=True)
class Clerk:
    """`id`: the mark in the journal. `first_until`: the PIN is the one that was handed over."""

    id: str
    name: str
    is_head: bool
    hash: str
    first_until: int | None
    gone: int | None = None

    @property
    def signed(self) -> SignedIn:
        return SignedIn(self.id, self.name, self.is_head)


def is_mark(text: str) -> bool:
    """Whether it can stand in the journal as who did something."""
    return _MARK.fullmatch(text) is not None


def weakness(pin: str, clerk: Clerk) -> str:
    """Why this PIN will not do, for the person; "" = it will."""
    shortest = SHORTEST_OF_HEAD if clerk.is_head else SHORTEST
    if not shortest <= len(pin) <= LONGEST:
        return f"Mã PIN cần từ {shortest} đến {LONGEST} ký tự."
    low = pin.casefold()
    if len(set(low)) < 3 or any(low in run for run in _RUNS):  # noqa: PLR2004 - 111111, 121212
        return "Mã PIN quá dễ đoán (lặp lại hoặc dãy liền). Mời chọn mã khác."
    if clerk.id.casefold() in low:
        return "Mã PIN không được chứa ký hiệu của mình."
    return ""
