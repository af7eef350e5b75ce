"""The addresses of a counter's tablet: whom it may ask, and what they answer; nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from hall.contract.topics import REQ_QUEUE
from hall.counter.acts import AddressedAct
from hall.counter.door.access import Right
from hall.counter.site import Served, refusal_of
from hall.web.answers import json_of, refused

_VERBS = frozenset({"rate", "unrate"})


@dataclass(frozen=True, slots=True)
class RatingRoutes:
    served: Served

    def routes(self) -> list[Route]:
        return [
            Route("/danh-gia/{counter}", self._page),
            Route("/api/rating/{counter}", self._told_tablet),
            Route("/api/rating/{counter}/{verb}", self._act, methods=["POST"]),
        ]

    async def _page(self, request: Request) -> Response:
        counter = request.path_params["counter"]
        if counter not in self.served.site.counters:
            return PlainTextResponse("Không có quầy này.", 404)
        return self.served.page(request, "tablet.html", Right.RATE, counter)

    async def _told_tablet(self, request: Request) -> Response:
        counter = request.path_params["counter"]
        refusal = refusal_of(self.served.visitor(request), Right.RATE, counter)
        if refusal is not None:
            return refusal
        setting = self.served.streams.entry("setting")
        state = self._state(counter)
        people = self._people(counter)
        serving = state.get("status") == "serving"
        return JSONResponse(
            {
                "hall": setting["hall"]["name"],
                "name": state.get("name", counter),
                **setting["ratings"],
                "person": {**people[-1], "serving": serving} if people else None,
            }
        )

    async def _act(self, request: Request) -> Response:
        counter, verb = request.path_params["counter"], request.path_params["verb"]
        if counter not in self.served.site.counters or verb not in _VERBS:
            return refused(404, "unknown", "Không có quầy hoặc việc này.")
        refusal = refusal_of(self.served.visitor(request), Right.RATE, counter)
        if refusal is not None:
            return refusal
        if not await self._is_about_its_own(request, counter):
            return refused(409, "not_now", "Số này không vừa được phục vụ ở quầy này.")
        wanted = AddressedAct(REQ_QUEUE, verb, {"counter": counter})
        return await self.served.act(request, Right.RATE, wanted, counter)

    async def _is_about_its_own(self, request: Request, counter: str) -> bool:
        """Somebody whom the counter serves or has just served. Other mistakes are told later."""
        try:
            ticket = (await json_of(request)).get("ticket")
        except (ValueError, TypeError, RecursionError):
            return True
        return ticket in [each["ticket"] for each in self._people(counter)]

    def _people(self, counter: str) -> list[dict[str, str]]:
        """Newest last: whom the counter has finished with, and whom it serves now."""
        ended = self.served.streams.entry("ended")
        state = self._state(counter)
        if state.get("status") != "serving":
            return list(ended.get(counter, ()))
        ticket = state["ticket"]
        serving = {"ticket": ticket["id"], "number": ticket["number"]}
        return [*ended.get(counter, ()), serving]

    def _state(self, counter: str) -> Mapping[str, Any]:
        return self.served.streams.entry(f"counter/{counter}")
