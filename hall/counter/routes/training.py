"""The addresses of training: the page of the simulated hall, its pictures, its devices' acts."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from hall.contract.topics import REQ_DEV
from hall.counter import gallery
from hall.counter.acts import AddressedAct
from hall.counter.door.access import Right
from hall.counter.site import Served
from hall.web.answers import refused

_VERBS = frozenset(
    (
        *("dispense", "simulate", "test-print", "identify", "reprint"),
        *("imports", "accept-import", "enter-figures"),
    )
)


@dataclass(frozen=True, slots=True)
class TrainingRoutes:
    served: Served

    def routes(self) -> list[Route]:
        return [
            Route("/", self._home),
            Route("/so-lieu", self._figures_page),
            Route("/pictures/{name:path}", self._picture),
            Route("/api/device/{target}/{verb}", self._act, methods=["POST"]),
        ]

    async def _home(self, request: Request) -> Response:
        """Where there is no training page: which counters there are."""
        if not self.served.site.hall_page:
            return self.served.files["counters.html"]
        return self.served.page(request, "hall.html", Right.RUN)

    async def _figures_page(self, request: Request) -> Response:
        if not self.served.site.hall_page:
            return PlainTextResponse("Không có trang này.", 404)
        return self.served.page(request, "figures.html", Right.RUN)

    async def _picture(self, request: Request) -> Response:
        folder = self.served.site.pictures
        if folder is None or not self.served.visitor(request).may(Right.RUN):
            return PlainTextResponse("Không có ảnh.", 404)
        png = gallery.picture(folder, request.path_params["name"])
        if png is None:
            return PlainTextResponse("Không có ảnh.", 404)
        return Response(png, media_type="image/png")

    async def _act(self, request: Request) -> Response:
        target, verb = request.path_params["target"], request.path_params["verb"]
        if verb not in _VERBS or not self.served.site.hall_page:
            return refused(404, "unknown", "Không có việc này.")
        if target not in self.served.site.devices:
            return refused(404, "unknown", "Không có thiết bị này.")
        wanted = AddressedAct(REQ_DEV, verb, {}, target)
        return await self.served.act(request, Right.TEST, wanted)
