"""A code that lives minutes pairs one browser; a token of its own keeps that one paired.

    motcua pair 1 ────────┐
    head's, technician's ─┴▶ code ──typed at /ghep──▶ token, in a cookie ──▶ until it is revoked
    page                     CODE_S, once             (its hash is kept)       or long unused

Codes stay off the bus, which every device of the hall can read: they are told where they are made.
"""

import hashlib
import logging
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from hall.counter.door.access import Place, Stranger, Visitor
from hall.counter.door.browsers import Newcomer, PairedBrowser
from hall.counter.door.clerk_store import ClerkStore
from hall.counter.door.clerks import Clerk
from hall.counter.door.signing_in import Clerks
from hall.counter.door.store import DoorStore, DoorStoreError
from hall.runtime.clock import Clock

log = logging.getLogger(__name__)

CODE_S = 600
_DIGITS = 8
_TOKEN_BYTES = 32
# A card takes few writes: who is at work all day is noted six times an hour.
_SEEN_S = 600


@dataclass(frozen=True, slots=True)
class Pairing:
    """Raises DoorStoreError where something has to be kept and cannot be."""

    store: DoorStore
    clock: Clock

    @property
    def clerks(self) -> Clerks:
        return Clerks(ClerkStore(self.store), self.clock)

    def make_code(self, place: Place) -> str:
        """Eight digits; the place's earlier code is void."""
        code = "".join(secrets.choice("0123456789") for _ in range(_DIGITS))
        self.store.put_code(place, _digest(code), self._now())
        return code

    def pair(self, code: str, newcomer: Newcomer, token: str = "") -> tuple[Place, str] | None:
        """What the code is for, and the browser's token; None: it is no code, or not any more.

        `token`: the one it has. A new one takes its room, so that a token that somebody planted
        there gains nothing.
        """
        now = self._now()
        place = self.store.take_code(_digest(code), now, CODE_S)
        if place is None:
            return None
        known, fresh = self._known(token), secrets.token_urlsafe(_TOKEN_BYTES)
        if known is None:
            self.store.admit(_digest(fresh), place, newcomer, now)
        else:
            self.store.admit_again(known.id, _digest(fresh), place)
        log.info("a browser was paired with %s: %s at %s", place, newcomer.name, newcomer.address)
        return place, fresh

    def visitor(self, token: str, address: str) -> Visitor:
        """Who holds this token; what cannot be read is a stranger."""
        now = self._now()
        try:
            found = self.store.find(_digest(token)) if token else None
        except DoorStoreError as err:
            log.error("the paired browsers cannot be read: %s", err)  # noqa: TRY400
            found = None
        if found is None:
            return Visitor()
        if (stranger := found.stranger(now)) is not None:
            return Visitor(stranger=stranger)
        self._note_seen(found, address, now)
        try:
            signed, has_clerks = self.clerks.signed(found), self.clerks.store.is_used()
        except DoorStoreError as err:
            log.error("the clerks cannot be read: %s", err)  # noqa: TRY400
            signed, has_clerks = None, True
        return Visitor(found.places, found.id, found.name, signed, has_clerks)

    def sign_in(self, browser: int, clerk: Clerk) -> str:
        """The browser's new token: one that was read before is worth nothing after."""
        fresh = secrets.token_urlsafe(_TOKEN_BYTES)
        self.clerks.sign_in(browser, _digest(fresh), clerk)
        return fresh

    def browsers(self) -> tuple[PairedBrowser, ...]:
        """Those that count, last seen first."""
        now = self._now()
        return tuple(each for each in self.store.all() if each.stranger(now) is None)

    def ended(self, numbers: Collection[int]) -> Mapping[int, Stranger]:
        """Those of these browsers that count no more, and why; none where it cannot be read."""
        if not numbers:
            return {}
        try:
            good = {each.id for each in self.browsers()}
        except DoorStoreError:
            return {}
        return {number: Stranger.REVOKED for number in numbers if number not in good}

    def people(self, numbers: Collection[int]) -> Mapping[int, str | None]:
        """Who is signed in at these browsers, by her mark; none where it cannot be read."""
        if not numbers:
            return {}
        try:
            here = [each for each in self.store.all() if each.id in numbers]
            return self.clerks.signed_at(here)
        except DoorStoreError:
            return {}

    def revoke(self, number: int, by: str) -> bool:
        """Whether there was such a browser. `by`: who took its place away, for the log."""
        done = self.store.revoke(number, self._now())
        if done:
            log.warning("browser %d was revoked by %s", number, by)
        return done

    def _known(self, token: str) -> PairedBrowser | None:
        found = self.store.find(_digest(token)) if token else None
        return found if found is not None and found.stranger(self._now()) is None else None

    def _note_seen(self, found: PairedBrowser, address: str, now: int) -> None:
        if abs(now - found.seen) < _SEEN_S and found.address == address:
            return
        try:
            self.store.note_seen(found.id, address, now)
        except DoorStoreError as err:
            log.debug("not noted when a browser was seen: %s", err)

    def _now(self) -> int:
        return int(self.clock.now().timestamp())


def _digest(secret: str) -> str:
    """Of a token, which nobody guesses; a code's protects it for the minutes that it lives."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
