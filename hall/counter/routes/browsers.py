"""The addresses for the list of paired browsers: who is paired, a code for one more, no more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hall.counter.acts import not_kept
from hall.counter.door.access import Right, Stranger, Visitor, names_of, place_of
from hall.counter.door.browsers import PairedBrowser
from hall.counter.door.pairing import CODE_S, Pairing
from hall.counter.door.store import DoorStoreError
from hall.counter.site import Served, refusal_of
from hall.web.answers import refused


@dataclass(frozen=True, slots=True)
class BrowserRoutes:
    served: Served

    def routes(self) -> list[Route]:
        return [
            Route("/may", self._page),
            Route("/api/browsers", self._list),
            Route("/api/browsers/{number:int}/revoke", self._revoke, methods=["POST"]),
            Route("/api/codes/{place}", self._make_code, methods=["POST"]),
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
        number = request.path_params["number"]

        async def revoked(_: Mapping[str, Any], pairing: Pairing, visitor: Visitor) -> Response:
            name = next((each.name for each in pairing.browsers() if each.id == number), "")
            if not pairing.revoke(number, str(visitor)):
                return _unknown()
            self.served.streams.end({number}, Stranger.REVOKED.value)
            self.served.note(visitor, "browser-revoked", name or str(number))
            return JSONResponse({"status": "ok"})

        return await self.served.change(request, revoked)

    async def _make_code(self, request: Request) -> Response:
        name = request.path_params["place"]

        async def made(_: Mapping[str, Any], pairing: Pairing, visitor: Visitor) -> Response:
            if name not in names_of(self.served.site.counters):
                return _unknown()
            code = pairing.make_code(place_of(name))
            self.served.note(visitor, "code-made", name)
            return JSONResponse({"status": "ok", "code": code, "lasts_s": CODE_S})

        return await self.served.change(request, made)


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
