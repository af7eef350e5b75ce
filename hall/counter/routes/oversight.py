"""The addresses of the head's application: its page, its figures, the acts at devices."""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hall.contract.topics import REQ_DEV
from hall.counter.acts import AddressedAct
from hall.counter.door.access import Right
from hall.counter.head.deeds import Deed
from hall.counter.head.figures_desk import FiguresDesk
from hall.counter.head.store import ActFilter, FiguresLost
from hall.counter.site import Served, refusal_of
from hall.sheets import report
from hall.web.answers import json_of, refused

_DEVICE_VERBS = frozenset({"test-print", "identify", "reprint", "say"})
_MARK = re.compile(r"[A-Za-z0-9._-]{1,32}", re.ASCII)
_WORD = re.compile(r"[A-Za-z0-9._-]{0,32}", re.ASCII)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_DAYS = 400


class _UnfitQuestion(Exception):
    """The question names no days, or more than are kept."""


@dataclass(frozen=True, slots=True)
class OversightRoutes:
    served: Served

    def routes(self) -> list[Route]:
        return [
            Route("/dieu-hanh", self._page),
            Route("/api/head/figures", self._figures),
            Route("/api/head/staffing", self._staffing),
            Route("/api/head/acts", self._acts),
            Route("/api/head/report.{kind:str}", self._report),
            Route("/api/head/device/{target}/{verb}", self._device_act, methods=["POST"]),
        ]

    async def _page(self, request: Request) -> Response:
        return self.served.page(request, "head.html", Right.RUN)

    # --- figures --------------------------------------------------------------------------------

    async def _figures(self, request: Request) -> Response:
        return await self._as_json(request, lambda: self._desk.figures(*_range(request)))

    async def _staffing(self, request: Request) -> Response:
        return await self._as_json(request, lambda: self._desk.staffing(_weekday(request)))

    async def _acts(self, request: Request) -> Response:
        return await self._as_json(request, lambda: self._acts_of(request))

    async def _report(self, request: Request) -> Response:
        """As a file; its writers are imported when it is asked for."""
        kind = request.path_params["kind"]
        if kind not in ("csv", "xlsx"):
            return refused(404, "unknown", "Không có tệp này.")
        return await self._answer(request, lambda: self._file(kind, *_range(request)))

    def _file(self, kind: str, first: str, last: str) -> Response:
        made = self._desk.report(first, last)
        named = {"content-disposition": f'attachment; filename="motcua-{first}-{last}.{kind}"'}
        if kind == "csv":
            text = report.as_csv(made)
            return Response(text, media_type="text/csv; charset=utf-8", headers=named)
        return Response(report.as_xlsx(made), media_type=_XLSX, headers=named)

    def _acts_of(self, request: Request) -> dict[str, object]:
        asked = {name: request.query_params.get(name, "") for name in ActFilter.WORDS}
        before = request.query_params.get("before", "")
        if not all(_WORD.fullmatch(word) for word in asked.values()):
            raise _UnfitQuestion
        wanted = ActFilter(**asked, before=int(before) if before.isdecimal() else 2**62)
        page = self._desk.acts(request.query_params.get("day", ""), wanted)
        return page.told | {"deeds": self.served.site.deeds.between(page.begun, page.ended)}

    @property
    def _desk(self) -> FiguresDesk:
        return self.served.site.figures

    async def _as_json(self, request: Request, ask: Callable[[], dict[str, object]]) -> Response:
        return await self._answer(request, lambda: JSONResponse(ask()))

    async def _answer(self, request: Request, make: Callable[[], Response]) -> Response:
        """Worked out beside the web server's loop, which serves the clerks meanwhile."""
        if (refusal := refusal_of(self.served.visitor(request), Right.RUN)) is not None:
            return refusal
        try:
            return await asyncio.to_thread(make)
        except (_UnfitQuestion, ValueError):
            return refused(400, "bad_request", "Ngày hoặc điều kiện không đúng.")
        except FiguresLost:
            return refused(503, "unavailable", "Sổ số liệu chưa đọc được; trang tự thử lại.")

    # --- devices --------------------------------------------------------------------------------

    async def _device_act(self, request: Request) -> Response:
        """Signed: what a device is asked for stands in no journal but this one."""
        target, verb = request.path_params["target"], request.path_params["verb"]
        if target not in self.served.site.devices or verb not in _DEVICE_VERBS:
            return refused(404, "unknown", "Không có thiết bị hoặc việc này.")
        visitor = self.served.visitor(request)
        if (refusal := refusal_of(visitor, Right.TEST)) is not None:
            return refusal
        staff = visitor.signed.id if visitor.signed is not None else await _mark(request)
        if not staff:
            return refused(400, "bad_request", "Ghi ký hiệu cán bộ trước.")
        if (held_back := self.served.spend(visitor)) is not None:
            return held_back
        wanted = AddressedAct(REQ_DEV, verb, {}, target)
        answer = await self.served.acts.run(request, wanted, visitor)
        self.served.site.deeds.note(Deed(staff, verb, target, _outcome(answer)))
        return answer


async def _mark(request: Request) -> str:
    try:
        given = (await json_of(request)).get("staff")
    except (ValueError, TypeError, RecursionError):
        return ""
    return given if isinstance(given, str) and _MARK.fullmatch(given) else ""


def _outcome(answer: Response) -> str:
    told = json.loads(bytes(answer.body))
    return "ok" if told["status"] == "ok" else str(told["error"]["code"])


def _range(request: Request) -> tuple[str, str]:
    """Raises ValueError or _UnfitQuestion."""
    first, last = (
        date.fromisoformat(request.query_params.get(name, "")) for name in ("from", "to")
    )
    if not 0 <= (last - first).days <= _MOST_DAYS:
        raise _UnfitQuestion
    return first.isoformat(), last.isoformat()


def _weekday(request: Request) -> int:
    asked = request.query_params.get("weekday", "")
    if asked not in tuple("0123456"):
        raise _UnfitQuestion
    return int(asked)
