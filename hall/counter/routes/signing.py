"""The addresses where a clerk signs in at her counter's browser, and out again."""

import logging
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hall.counter.acts import not_kept
from hall.counter.door import cookies
from hall.counter.door.access import Right
from hall.counter.door.pairing import Pairing
from hall.counter.door.signing_in import SAME, WRONG, NotSignedIn
from hall.counter.door.store import DoorStoreError
from hall.counter.ports import Guessing
from hall.counter.site import Served, refusal_of
from hall.web import hashing
from hall.web.answers import address_of, json_of, refused
from hall.web.guarding import PIN_S, PIN_TRIES_OF_ALL, Guard

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SigningRoutes:
    served: Served
    _guard: Guard = field(default_factory=lambda: Guard(PIN_S))
    _guard_of_all: Guard = field(default_factory=lambda: Guard(PIN_S, PIN_TRIES_OF_ALL))

    def routes(self) -> list[Route]:
        return [
            Route("/dang-nhap", self._page),
            Route("/api/clerks", self._list),
            Route("/api/sign-in", self._sign_in, methods=["POST"]),
            Route("/api/sign-out", self._sign_out, methods=["POST"]),
        ]

    async def _page(self, request: Request) -> Response:
        return self.served.page(request, "sign-in.html", Right.WATCH)

    async def _list(self, request: Request) -> Response:
        """Who may sign in, for a browser that is paired."""
        visitor, pairing = self.served.visitor(request), self.served.site.pairing
        if (refusal := refusal_of(visitor, Right.WATCH)) is not None:
            return refusal
        try:
            found = () if pairing is None else pairing.clerks.store.all()
        except DoorStoreError:
            found = ()
        rows = [{"id": each.id, "name": each.name, "head": each.is_head} for each in found]
        signed = None if visitor.signed is None else visitor.signed.id
        return JSONResponse({"clerks": rows, "signed": signed})

    async def _sign_in(self, request: Request) -> Response:
        visitor, pairing = self.served.visitor(request), self.served.site.pairing
        if (refusal := refusal_of(visitor, Right.WATCH)) is not None:
            return refusal
        if pairing is None or visitor.browser is None:
            return refused(404, "unknown", "Hội trường này không dùng mã PIN.")
        try:
            body = await json_of(request)
            who, pin, own = (str(body.get(key, ""))[:200] for key in ("who", "pin", "own"))
            return await self._try_pin(request, pairing, visitor.browser, _Tried(who, pin, own))
        except (ValueError, TypeError, RecursionError):
            return refused(400, "bad_request", "Yêu cầu không đúng mẫu.")
        except DoorStoreError as err:
            log.error("nobody can sign in: %s", err)  # noqa: TRY400
            return not_kept()

    async def _try_pin(
        self, request: Request, pairing: Pairing, browser: int, tried: "_Tried"
    ) -> Response:
        place, now = f"{browser} {tried.who}", self.served.site.clock.monotonic()
        if not (self._guard.is_open(place, now) and self._guard_of_all.is_open(str(browser), now)):
            return refused(429, "limit", "Sai nhiều lần. Mời đợi 15 phút, hoặc xin mã PIN mới.")
        # Before the hash, which takes its time: tries side by side count one by one.
        too_many = self._guard.note_wrong(place, now)
        too_many |= self._guard_of_all.note_wrong(str(browser), now)
        clerk = pairing.clerks.find(tried.who)
        known = hashing.NOBODYS if clerk is None else clerk.hash
        if not await self.served.hashing.is_right(tried.pin, known) or clerk is None:
            if too_many:
                self.served.acts.post(Guessing(address_of(request), "mã PIN"))
            return _not_signed_in(WRONG)
        self._guard.forgive(place)
        self._guard_of_all.take_back(str(browser))
        why = SAME if tried.own == tried.pin else pairing.clerks.judge(clerk, tried.own)
        if why is not None:
            return _not_signed_in(why)
        if tried.own:
            pairing.clerks.choose(clerk, await self.served.hashing.hash_of(tried.own))
            self.served.note(self.served.visitor(request), "pin-chosen", clerk.id, by=clerk.id)
        answer = JSONResponse({"status": "ok"})
        cookies.BROWSER.keep(request, answer, pairing.sign_in(browser, clerk), cookies.YEAR_S)
        return answer

    async def _sign_out(self, request: Request) -> Response:
        visitor, pairing = self.served.visitor(request), self.served.site.pairing
        if pairing is None or visitor.browser is None:
            return refused(404, "unknown", "Không có ai đăng nhập ở đây.")
        try:
            await json_of(request)
            pairing.clerks.store.sign_out(visitor.browser)
        except (ValueError, TypeError, RecursionError):
            return refused(400, "bad_request", "Yêu cầu không đúng mẫu.")
        except DoorStoreError as err:
            log.error("nobody can sign out: %s", err)  # noqa: TRY400
            return not_kept()
        log.info("%s signed out", visitor)
        return JSONResponse({"status": "ok"})


@dataclass(frozen=True, slots=True)
class _Tried:
    """`own`: the PIN that she chooses, "" = she keeps hers."""

    who: str
    pin: str
    own: str


def _not_signed_in(why: NotSignedIn) -> Response:
    return refused(403, why.code, why.words)
