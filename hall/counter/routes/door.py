"""The addresses of the door: where a browser is paired, and the files that every page uses."""

from dataclasses import dataclass, field
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from hall.counter.access import COOKIE
from hall.counter.pairing import HALL, Guard
from hall.counter.site import Served

_YEAR_S = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class DoorRoutes:
    served: Served
    _guard: Guard = field(default_factory=Guard)

    def routes(self) -> list[Route]:
        return [
            Route("/ghep", self._page),
            Route("/ghep", self._pair, methods=["POST"]),
            Route("/static/{name}", self._static),
        ]

    async def _page(self, _request: Request) -> Response:
        return self.served.files["pair.html"]

    async def _static(self, request: Request) -> Response:
        found = self.served.files.get(request.path_params["name"])
        return found or PlainTextResponse("Không có tệp này.", 404)

    async def _pair(self, request: Request) -> Response:
        """A code from the technician's list makes this browser the counter's."""
        site = self.served.site
        now = site.clock.monotonic()
        address = request.client.host if request.client else ""
        if site.pairing is None:
            return RedirectResponse("/", 303)
        if not self._guard.is_open(address, now):
            return RedirectResponse("/ghep?sai=nhieu", 303)
        given = parse_qs((await request.body()).decode("utf-8", "replace")).get("code", [""])[0]
        place = site.pairing.place_of("".join(given.split()))
        if place is None:
            self._guard.wrong(address, now)
            return RedirectResponse("/ghep?sai=ma", 303)
        answer = RedirectResponse(self._first_page(place), 303)
        token = site.pairing.token(place)
        name = f"{COOKIE}{place}"
        answer.set_cookie(name, token, max_age=_YEAR_S, httponly=True, samesite="strict")
        return answer

    def _first_page(self, place: str) -> str:
        if place != HALL:
            return f"/quay/{place}"
        return "/" if self.served.site.hall_page else "/ngung-so"
