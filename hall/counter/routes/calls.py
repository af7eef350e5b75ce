"""The clerk's addresses: the call page of a counter, its acts, the states that all pages watch."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from hall.contract import verbs
from hall.contract.topics import REQ_QUEUE
from hall.counter.acts import AddressedAct
from hall.counter.door.access import Right, Visitor
from hall.counter.parts import FINDING, HEAD, LINE
from hall.counter.site import Served, refusal_of
from hall.web.answers import refused

_VERBS = frozenset(
    name for name, verb in verbs.QUEUE.items() if verb.callers == verbs.COUNTER_CALLERS
)


@dataclass(frozen=True, slots=True)
class CallRoutes:
    served: Served

    def routes(self) -> list[Route]:
        return [
            Route("/quay/{counter}", self._page),
            Route("/events", self._events),
            Route("/api/counter/{counter}/{verb}", self._act, methods=["POST"]),
        ]

    async def _page(self, request: Request) -> Response:
        counter = request.path_params["counter"]
        if counter not in self.served.site.counters:
            return PlainTextResponse("Không có quầy này.", 404)
        return self.served.page(request, "counter.html", Right.CALL, counter)

    async def _events(self, request: Request) -> Response:
        visitor = self.served.visitor(request)
        if (refusal := refusal_of(visitor, Right.WATCH)) is not None:
            return refusal
        wanted = frozenset(request.query_params.getlist("xem")) & self._parts(visitor)
        clerk = None if visitor.signed is None else visitor.signed.id
        watched = self.served.streams.watch(visitor.browser, wanted, clerk)
        return StreamingResponse(watched, media_type="text/event-stream")

    def _parts(self, visitor: Visitor) -> frozenset[str]:
        """What this visitor may ask for beside what everyone is sent."""
        lines = {f"{LINE}/{counter}" for counter in self.served.site.counters}
        told = {FINDING} if visitor.may(Right.TEST) else set()
        return frozenset(lines | told | ({HEAD} if visitor.may(Right.RUN) else set()))

    async def _act(self, request: Request) -> Response:
        counter, verb = request.path_params["counter"], request.path_params["verb"]
        if counter not in self.served.site.counters or verb not in _VERBS:
            return refused(404, "unknown", "Không có quầy hoặc việc này.")
        wanted = AddressedAct(REQ_QUEUE, verb, {"counter": counter})
        return await self.served.act(request, Right.CALL, wanted, counter)
