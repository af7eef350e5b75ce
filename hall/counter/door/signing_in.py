"""Signing in at a paired browser: by the PIN that was handed over once, then by one's own.

staff add ─▶ first PIN ──first sign-in, own PIN chosen──▶ own PIN ──each sign-in──▶ SIGNED_S
FIRST_S          reset ◀──────────────────── forgotten
"""

import logging
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from hall.counter.door.access import SignedIn
from hall.counter.door.browsers import PairedBrowser
from hall.counter.door.clerk_store import ClerkStore
from hall.counter.door.clerks import FIRST_S, SIGNED_S, Clerk, weakness
from hall.runtime.clock import Clock
from hall.web import hashing

log = logging.getLogger(__name__)


def first_pin() -> str:
    """Eight digits, to be handed over."""
    return "".join(secrets.choice("0123456789") for _ in range(8))


@dataclass(frozen=True, slots=True)
class NotSignedIn:
    """Why nobody was signed in. `code`: for the page; `words`: for the person."""

    code: str
    words: str


WRONG = NotSignedIn("wrong", "Mã PIN không đúng. Mời kiểm tra lại.")
LATE = NotSignedIn("late", "Mã PIN được giao đã hết hạn. Xin mã mới của trưởng bộ phận.")
CHOOSE = NotSignedIn("choose", "Lần đầu đăng nhập: mời tự chọn mã PIN của mình.")
SAME = NotSignedIn("weak", "Mã PIN mới phải khác mã đang dùng.")


@dataclass(frozen=True, slots=True)
class Clerks:
    """Raises DoorStoreError where nothing can be kept or read."""

    store: ClerkStore
    clock: Clock

    def add(self, clerk: str, name: str, *, is_head: bool) -> str:
        """Their first PIN, to be handed over; for one who is there already a new one."""
        pin = first_pin()
        self.hand_out(Clerk(clerk, name, is_head, "", None), hashing.hash_of(pin))
        return pin

    def hand_out(self, clerk: Clerk, hashed: str) -> None:
        """From now on this first PIN, for FIRST_S; she is signed out everywhere."""
        until = self._now() + FIRST_S
        self.store.put(replace(clerk, hash=hashed, first_until=until, gone=None), self._now())

    def remove(self, clerk: str) -> bool:
        return self.store.remove(clerk, self._now())

    def signed(self, browser: PairedBrowser) -> SignedIn | None:
        """Who works at this browser now."""
        found = self.find(browser.clerk) if self._is_within(browser) else None
        return None if found is None else found.signed

    def signed_at(self, browsers: Iterable[PairedBrowser]) -> Mapping[int, str | None]:
        """The mark of who works at each of these browsers now."""
        known = {each.id for each in self.store.all()}
        return {
            each.id: each.clerk if each.clerk in known and self._is_within(each) else None
            for each in browsers
        }

    def find(self, clerk: str | None) -> Clerk | None:
        found = None if clerk is None else self.store.find(clerk)
        return None if found is None or found.gone is not None else found

    def judge(self, clerk: Clerk, own: str) -> NotSignedIn | None:
        """Of who has given the right PIN. `own`: the one that she chooses, "" = none.

        She has to at the first time and may at any other.
        """
        if clerk.first_until is not None and self._now() > clerk.first_until:
            return LATE
        if not own:
            return None if clerk.first_until is None else CHOOSE
        return NotSignedIn("weak", why) if (why := weakness(own, clerk)) else None

    def choose(self, clerk: Clerk, hashed: str) -> None:
        """From now on this PIN, which she alone knows."""
        self.store.put(replace(clerk, hash=hashed, first_until=None), self._now())
        log.info("%s has chosen a PIN", clerk.id)

    def sign_in(self, browser: int, token: str, clerk: Clerk) -> None:
        self.store.sign_in(browser, token, clerk.id, self._now())
        log.info("%s signed in at browser %d", clerk.id, browser)

    def _is_within(self, browser: PairedBrowser) -> bool:
        """Whether she signed in there less than SIGNED_S ago."""
        return 0 <= self._now() - browser.clerk_since < SIGNED_S

    def _now(self) -> int:
        return int(self.clock.now().timestamp())
