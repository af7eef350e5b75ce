"""The address where people see what is wrong in the hall and what to do about it."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hall.counter.door.access import Right
from hall.counter.site import Served


@dataclass(frozen=True, slots=True)
class ConditionRoutes:
    served: Served

    def routes(self) -> list[Route]:
        return [Route("/thiet-bi", self._page)]

    async def _page(self, request: Request) -> Response:
        return self.served.page(request, "condition.html", Right.TEST)
