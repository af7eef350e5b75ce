"""The addresses of the door: where a browser is paired, and the files that every page uses."""

import logging
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from hall.counter.acts import not_paired
from hall.counter.door import cookies
from hall.counter.door.access import HEAD, TECHNICIAN, PageRole, Place, Right, Visitor
from hall.counter.door.browsers import Newcomer, name_of
from hall.counter.door.pairing import Pairing
from hall.counter.door.store import DoorStoreError
from hall.counter.ports import Guessing
from hall.counter.site import Served
from hall.web.answers import address_of
from hall.web.guarding import Guard, network_of

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DoorRoutes:
    served: Served
    _guard: Guard = field(default_factory=Guard)

    def routes(self) -> list[Route]:
        return [
            Route("/ghep", self._page),
            Route("/ghep", self._pair, methods=["POST"]),
            Route("/api/me", self._visitor),
            Route("/api/pages", self._served),
            Route("/static/{name}", self._static),
        ]

    async def _page(self, request: Request) -> Response:
        if not cookies.old_of(request):
            return self.served.files["pair.html"]
        answer = RedirectResponse("/ghep?vi=cu", 303)
        cookies.drop_old(request, answer)
        return answer

    async def _static(self, request: Request) -> Response:
        found = self.served.files.get(request.path_params["name"])
        return found or PlainTextResponse("Không có tệp này.", 404)

    async def _visitor(self, request: Request) -> Response:
        """Who this browser is here: a page whose stream ends asks why."""
        visitor = self.served.visitor(request)
        if not visitor.may(Right.WATCH):
            return not_paired(visitor)
        places = sorted(map(str, visitor.places))
        signed = visitor.signed
        clerk = None if signed is None else {"id": signed.id, "name": signed.name}
        told = {"name": visitor.name, "places": places, "clerk": clerk}
        return JSONResponse(told | {"clerks": visitor.has_clerks})

    async def _served(self, request: Request) -> Response:
        """For this machine's own technician: how many browsers are here."""
        own, _ = request.scope.get("server") or ("", 0)
        if address_of(request) != own:
            return PlainTextResponse("Không có trang này.", 404)
        pairing = self.served.site.pairing
        try:
            paired = None if pairing is None else len(pairing.browsers())
        except DoorStoreError:
            paired = 0
        return JSONResponse({"watching": self.served.streams.count(), "paired": paired})

    async def _pair(self, request: Request) -> Response:
        pairing = self.served.site.pairing
        if pairing is None:
            return RedirectResponse("/", 303)
        now, place = self.served.site.clock.monotonic(), network_of(address_of(request))
        if not self._guard.is_open(place, now):
            return RedirectResponse("/ghep?sai=nhieu", 303)
        try:
            return await self._try_code(request, pairing)
        except DoorStoreError as err:
            log.error("a browser could not be paired: %s", err)  # noqa: TRY400
            return RedirectResponse("/ghep?sai=luu", 303)

    async def _try_code(self, request: Request, pairing: Pairing) -> Response:
        form = parse_qs((await request.body()).decode("utf-8", "replace"))
        code = "".join(form.get("code", [""])[0].split())
        agent = request.headers.get("user-agent", "")
        newcomer = Newcomer(name_of(form.get("name", [""])[0], agent), address_of(request))
        paired = pairing.pair(code, newcomer, cookies.BROWSER.token_of(request))
        if paired is None:
            self._note_wrong(newcomer.address)
            return RedirectResponse("/ghep?sai=ma", 303)
        place, token = paired
        self.served.note(
            Visitor(name=newcomer.address), "browser-paired", f"{place}: {newcomer.name}"
        )
        answer = RedirectResponse(self._first_page(place), 303)
        cookies.BROWSER.keep(request, answer, token, cookies.YEAR_S)
        return answer

    def _note_wrong(self, address: str) -> None:
        place = network_of(address)
        if self._guard.note_wrong(place, self.served.site.clock.monotonic()):
            self.served.acts.post(Guessing(address, "mã ghép"))

    def _first_page(self, place: Place) -> str:
        if place == TECHNICIAN:
            return "/may"
        if place.role is PageRole.TABLET:
            return f"/danh-gia/{place.counter}"
        if place != HEAD:
            return f"/quay/{place.counter}"
        return "/" if self.served.site.hall_page else "/dieu-hanh"
