"""The addresses for the list of paired browsers: who is paired, a code for one more, no more."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hall.counter.acts import json_of, not_kept, refused
from hall.counter.door.access import Right, Stranger, Visitor, names_of, place_of
from hall.counter.door.browsers import PairedBrowser
from hall.counter.door.pairing import CODE_S, Pairing
from hall.counter.door.store import DoorStoreError
from hall.counter.site import Served, refusal_of

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BrowserRoutes:
    served: Served

    def routes(self) -> list[Route]:
        return [
            Route("/may", self._page),
            Route("/api/browsers", self._list),
            Route("/api/browsers/{number:int}/revoke", self._revoke, methods=["POST"]),
            Route("/api/codes/{place}", self._make_code, methods=["POST"]),
            Route("/api/clerks/{clerk}/first-pin", self._hand_out_pin, methods=["POST"]),
            Route("/api/clerks/{clerk}/remove", self._remove_clerk, methods=["POST"]),
        ]

    async def _page(self, request: Request) -> Response:
        return self.served.page(request, "browsers.html", Right.ADMIT)

    async def _list(self, request: Request) -> Response:
        visitor = self.served.visitor(request)
        if (refusal := refusal_of(visitor, Right.ADMIT)) is not None:
            return refusal
        if (pairing := self.served.site.pairing) is None:
            return JSONResponse({"pairing": False, "browsers": [], "places": []})
        watching = self.served.streams.watching()
        try:
            found = pairing.browsers()
        except DoorStoreError:
            return not_kept()
        rows = [_row(each, visitor, watching=each.id in watching) for each in found]
        places = names_of(sorted(self.served.site.counters))
        return JSONResponse({"pairing": True, "browsers": rows, "places": places})

    async def _revoke(self, request: Request) -> Response:
        return await self._change(request, self._revoked)

    def _revoked(self, request: Request, pairing: Pairing, visitor: Visitor) -> Response:
        number = request.path_params["number"]
        if not pairing.revoke(number, str(visitor)):
            return _unknown()
        self.served.streams.end({number}, Stranger.REVOKED.value)
        return JSONResponse({"status": "ok"})

    async def _make_code(self, request: Request) -> Response:
        return await self._change(request, self._code_made)

    def _code_made(self, request: Request, pairing: Pairing, visitor: Visitor) -> Response:
        name = request.path_params["place"]
        if name not in names_of(self.served.site.counters):
            return _unknown()
        log.info("a code for %s was made by %s", name, visitor)
        code = pairing.make_code(place_of(name))
        return JSONResponse({"status": "ok", "code": code, "lasts_s": CODE_S})

    async def _hand_out_pin(self, request: Request) -> Response:
        return await self._change(request, self._pin_handed_out)

    def _pin_handed_out(self, request: Request, pairing: Pairing, visitor: Visitor) -> Response:
        """For who has forgotten hers; who is new, and who is a head, is said at a terminal."""
        clerk = pairing.clerks.find(request.path_params["clerk"])
        if clerk is None:
            return _unknown()
        log.warning("%s is given a first PIN by %s", clerk.id, visitor)
        pin = pairing.clerks.add(clerk.id, clerk.name, is_head=clerk.is_head)
        return JSONResponse({"status": "ok", "pin": pin})

    async def _remove_clerk(self, request: Request) -> Response:
        return await self._change(request, self._clerk_removed)

    def _clerk_removed(self, request: Request, pairing: Pairing, visitor: Visitor) -> Response:
        clerk = request.path_params["clerk"]
        log.warning("%s is removed by %s", clerk, visitor)
        return JSONResponse({"status": "ok"}) if pairing.clerks.remove(clerk) else _unknown()

    async def _change(
        self, request: Request, change: Callable[[Request, Pairing, Visitor], Response]
    ) -> Response:
        """One change of what is kept, by who may; declared as JSON, which no form can."""
        visitor, pairing = self.served.visitor(request), self.served.site.pairing
        if (refusal := refusal_of(visitor, Right.ADMIT)) is not None:
            return refusal
        if pairing is None:
            return _unknown()
        try:
            await json_of(request)
            return change(request, pairing, visitor)
        except (ValueError, TypeError, RecursionError):
            return refused(400, "bad_request", "Yêu cầu không đúng mẫu.")
        except DoorStoreError as err:
            log.error("the list of browsers could not be changed: %s", err)  # noqa: TRY400
            return not_kept()


def _row(browser: PairedBrowser, visitor: Visitor, *, watching: bool) -> dict[str, object]:
    return {
        "number": browser.id,
        "name": browser.name,
        "address": browser.address,
        "places": sorted(map(str, browser.places)),
        "paired_at": _moment(browser.made),
        "seen_at": _moment(browser.seen),
        "watching": watching,
        "own": browser.id == visitor.browser,
    }


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def _unknown() -> Response:
    return refused(404, "unknown", "Không có máy hoặc quầy này.")
