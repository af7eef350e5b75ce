"""The addresses of the head's acts on the hall as a whole."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hall.contract.topics import REQ_QUEUE
from hall.counter.acts import AddressedAct
from hall.counter.door.access import Right
from hall.counter.site import Served
from hall.web.answers import refused

_VERBS = frozenset({"service-close", "service-open", "hall-close", "cancel"})
# With the training page alone.
_TRAINING_VERBS = frozenset({"issue"})


@dataclass(frozen=True, slots=True)
class HeadRoutes:
    served: Served

    def routes(self) -> list[Route]:
        return [
            Route("/api/hall/{verb}", self._act, methods=["POST"]),
        ]

    async def _act(self, request: Request) -> Response:
        verb = request.path_params["verb"]
        if verb not in _VERBS | (_TRAINING_VERBS if self.served.site.hall_page else frozenset()):
            return refused(404, "unknown", "Không có việc này.")
        return await self.served.act(request, Right.RUN, AddressedAct(REQ_QUEUE, verb, {}))
