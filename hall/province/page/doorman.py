"""Who a request comes from, and signing in: asked of PostgreSQL, remembered for some seconds."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import HTTPConnection

from hall.province.page import account_store
from hall.province.page.books import ProvinceBooks
from hall.province.page.guesses import PasswordGuards, PasswordTry
from hall.province.page.people import (
    Account,
    PageReader,
    PageRight,
    ReaderRole,
    digest_of,
    is_account_id,
)
from hall.province.ports import StoreAway, StoreRefuses
from hall.runtime.clock import Clock
from hall.web import hashing
from hall.web.answers import address_of
from hall.web.cookies import TokenCookie
from hall.web.guarding import PIN_S, PIN_TRIES_OF_ALL, Guard, network_of
from hall.web.hashing import Hashing

log = logging.getLogger(__name__)

SESSION = TokenCookie("motcua-tinh")
WALL = TokenCookie("motcua-tinh-tuong")
BROWSER = TokenCookie("motcua-tinh-may")
# So long a session that was ended by a command may go on.
_REMEMBERED_S = 5.0
_MOST_REMEMBERED = 2000


class TooManyTries(Exception):
    """Somebody here must wait before they try again."""


@dataclass(frozen=True, slots=True)
class PasswordSender:
    """Who knocks. `browser`: the token that it was given at an earlier sign-in, or ""."""

    address: str
    browser: str

    @staticmethod
    def of(request: HTTPConnection) -> "PasswordSender":
        return PasswordSender(address_of(request), BROWSER.token_of(request)[:200])


@dataclass(frozen=True, slots=True)
class BegunSession:
    """`browser`: a token for this browser; "": it keeps that which it has."""

    session: str
    browser: str


@dataclass(slots=True)
class Doorman:
    """On the web server's loop. With PostgreSQL away who was known last stays known."""

    books: ProvinceBooks
    clock: Clock
    _known: dict[str, tuple[PageReader | None, float]] = field(default_factory=dict)
    _guesses: PasswordGuards = field(default_factory=PasswordGuards)
    _of_walls: Guard = field(default_factory=lambda: Guard(PIN_S, PIN_TRIES_OF_ALL))
    _hashing: Hashing = field(default_factory=Hashing)

    async def reader(self, request: HTTPConnection) -> PageReader | None:
        """Whoever signed in here; on a wall screen the screen. None: nobody."""
        for cookie in (SESSION, WALL):
            token = cookie.token_of(request)
            found = await self.reader_of(token) if token else None
            if found is not None:
                return found
        return None

    async def reader_of(self, token: str) -> PageReader | None:
        """Raises StoreAway where nothing is known of this token."""
        now = self.clock.monotonic()
        known = self._known.get(token)
        if known is not None and now - known[1] < _REMEMBERED_S:
            return known[0]
        found: PageReader | None
        try:
            found = await self.ask_store(account_store.reader_of, token[:200], self.clock.now())
        except StoreAway:
            if known is None:
                raise
            found = known[0]
        if len(self._known) >= _MOST_REMEMBERED:
            self._known.clear()
        self._known[token] = found, now
        return found

    async def may(self, request: HTTPConnection, right: PageRight) -> bool:
        found = await self.reader(request)
        return found is not None and found.may(right)

    async def sign_in(
        self, sender: PasswordSender, account: str, password: str
    ) -> BegunSession | None:
        """None: wrong. Raises TooManyTries, StoreAway."""
        proved = await self._proved(sender, account, password)
        if proved is None:
            return None
        now = self.clock.now()
        session: str = await self.ask_store(account_store.begin_session, account, now)
        browser: str = ""
        if not proved.browser:
            browser = await self.ask_store(account_store.know_browser, account, now)
        log.warning("%s signed in from %s", account, sender.address)
        return BegunSession(session, browser)

    async def choose_password(self, sender: PasswordSender, token: str, old: str, new: str) -> bool:
        """Whether the old one was right. Raises TooManyTries, StoreAway."""
        reader = await self.reader_of(token)
        if reader is None or await self._proved(sender, reader.id, old) is None:
            return False
        hashed = await self._hashing.hash_of(new)
        await self.ask_store(account_store.choose_password, reader.id, hashed, token)
        self._known.clear()
        log.warning("%s has another password", reader.id)
        return True

    async def sign_out(self, token: str) -> None:
        await self.ask_store(account_store.end_session, token)
        self._known.pop(token, None)

    async def wall(self, address: str, token: str) -> PageReader | None:
        """The screen of this token. Raises TooManyTries, StoreAway."""
        place, now = network_of(address), self.clock.monotonic()
        if not self._of_walls.is_open(place, now):
            raise TooManyTries
        found = await self.reader_of(token)
        if found is None:
            self._of_walls.note_wrong(place, now)
        return found

    async def is_gone(self, role: ReaderRole, name: str) -> bool:
        """Whether this account in this role, or this wall, is no more; not while nobody can say."""
        try:
            return not await self.ask_store(account_store.is_there, role, name, self.clock.now())
        except (StoreAway, StoreRefuses):
            return False

    async def ask_store(self, question: Callable[..., Any], *given: object) -> Any:  # noqa: ANN401 - its own
        return await asyncio.to_thread(self.books.ask, question, *given)

    async def _proved(
        self, sender: PasswordSender, account: str, password: str
    ) -> PasswordTry | None:
        # What cannot be an account's name is nobody's, and PostgreSQL takes no NUL in a text.
        found: Account | None = None
        browser = ""
        if is_account_id(account):
            found = await self.ask_store(account_store.find_account, account)
            browser = await self._known_browser(sender, account)
        network = network_of(sender.address)
        tried = PasswordTry(network, account, browser, exists=found is not None)
        # Before the hash, which takes its time.
        verdict = self._guesses.admit(tried, self.clock.monotonic())
        if not verdict.admitted:
            raise TooManyTries
        known = hashing.NOBODYS if found is None else found.hash
        if not await self._hashing.is_right(password, known) or found is None:
            if verdict.is_last:
                log.warning("guessing of passwords from %s", sender.address)
            return None
        self._guesses.note_right(tried)
        return tried

    async def _known_browser(self, sender: PasswordSender, account: str) -> str:
        """Its hash where this account knows it, or ""."""
        token = sender.browser
        if not token or not await self.ask_store(
            account_store.is_known_browser, account, token, self.clock.now()
        ):
            return ""
        return digest_of(token)
