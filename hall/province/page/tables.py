"""The addresses of what is shown: the live table, one hall, dossiers, days; each also as a file."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from hall.province.page import hall_table, operation, table_desk
from hall.province.page.books import ChosenDays
from hall.province.page.hall_table import HallFilter
from hall.province.page.people import PageReader, PageRight
from hall.province.page.site import ProvinceSite
from hall.province.page.table_desk import BY_WORDS, TableDesk
from hall.province.watch.province_now import ZONE, NamedHall
from hall.province.watch.rows import HallLink
from hall.sheets.table import SheetTable, as_csv, as_xlsx
from hall.web.answers import refused

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_DAYS = 400
# Of a unit or a hall; empty is all of them.
_ID = re.compile(r"[a-z0-9.-]{0,32}")
Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What may be asked for: by whom, how it is told, and as a sheet."""

    right: PageRight
    ask: Callable[[Request], Awaitable[Told | None]]
    sheet: Callable[[Request, Any], SheetTable]


@dataclass(slots=True)
class TableRoutes:
    site: ProvinceSite
    _desk: TableDesk = field(init=False)

    def __post_init__(self) -> None:
        self._desk = TableDesk(self.site.books)

    def routes(self) -> list[Route]:
        return [
            Route("/events", self._events),
            Route("/api/hall/{hall}", self._hall),
            Route("/api/units", self._units),
            Route("/api/table/{kind}", self._answer_table),
            Route("/tai/{kind}.{form}", self._file),
        ]

    @property
    def _kinds(self) -> Mapping[str, _Kind]:
        return {
            "halls": _Kind(PageRight.READ, self._halls, self._halls_sheet),
            "dossiers": _Kind(
                PageRight.READ, self._dossiers, lambda _, told: table_desk.dossier_sheet(told)
            ),
            "lived": _Kind(PageRight.READ, self._lived, _lived_sheet),
            "services": _Kind(PageRight.READ, self._services, _lived_sheet),
            "operation": _Kind(
                PageRight.OPERATE, self._operation, lambda _, told: operation.sheet(told)
            ),
        }

    async def _events(self, request: Request) -> Response:
        async def stream(reader: PageReader) -> Response:
            return StreamingResponse(
                self.site.streams.watch(f"{reader.role} {reader.id}"),
                media_type="text/event-stream",
            )

        return await self.site.answer(request, PageRight.WATCH, stream)

    async def _hall(self, request: Request) -> Response:
        async def answer(_: PageReader) -> Response:
            found = await self.site.hall(request.path_params["hall"])
            if found is None:
                return refused(404, "unknown", "Tỉnh chưa đăng ký hội trường này.")
            return JSONResponse(found)

        return await self.site.answer(request, PageRight.READ, answer)

    async def _units(self, request: Request) -> Response:
        async def answer(_: PageReader) -> Response:
            return JSONResponse({"units": (self.site.streams.names() or {}).get("units", [])})

        return await self.site.answer(request, PageRight.READ, answer)

    async def _answer_table(self, request: Request) -> Response:
        kind = self._kinds.get(request.path_params["kind"])
        if kind is None:
            return refused(404, "unknown", "Không có bảng này.")

        async def answer(_: PageReader) -> Response:
            return JSONResponse(await kind.ask(request))

        return await self.site.answer(request, kind.right, answer)

    async def _file(self, request: Request) -> Response:
        name, form = request.path_params["kind"], request.path_params["form"]
        kind = self._kinds.get(name)
        if kind is None or form not in ("csv", "xlsx"):
            return refused(404, "unknown", "Không có tệp này.")

        async def made(_: PageReader) -> Response:
            table = kind.sheet(request, await kind.ask(request))
            day = f"{self.site.clock.now():%Y-%m-%d}"
            named = {"content-disposition": f'attachment; filename="tinh-{name}-{day}.{form}"'}
            if form == "csv":
                text = await asyncio.to_thread(as_csv, table)
                return Response(text, media_type="text/csv; charset=utf-8", headers=named)
            book = await asyncio.to_thread(as_xlsx, table)
            return Response(book, media_type=_XLSX, headers=named)

        return await self.site.answer(request, kind.right, made)

    # --- what is asked --------------------------------------------------------------------------

    async def _halls(self, request: Request) -> Told:
        asked = request.query_params
        wanted = HallFilter(
            *(asked.get("q", "")[:100], asked.get("unit", "")),
            *(asked.get("faults") == "1", asked.get("silent") == "1"),
        )
        streams = self.site.streams
        return {"chosen": wanted.chosen((streams.names() or {}).get("halls", ()), streams.rows())}

    def _halls_sheet(self, _: Request, told: Told) -> SheetTable:
        return hall_table.sheet(told["chosen"], self.site.clock.now())

    async def _dossiers(self, request: Request) -> Told:
        asked = request.query_params
        kept = await self.site.figures()
        given = (asked.get("by", "unit"), asked.get("period", ""), self.site.clock.now())
        return await asyncio.to_thread(self._desk.dossiers, kept, *given)

    async def _lived(self, request: Request) -> Told:
        chosen, by = _chosen(request), request.query_params.get("by", "week")
        today = self.site.clock.now().astimezone(ZONE).date()
        given = (chosen, by, self._silent(chosen), today)
        return await asyncio.to_thread(self._desk.lived, *given)

    async def _services(self, request: Request) -> Told:
        return await asyncio.to_thread(self._desk.services, _chosen(request))

    async def _operation(self, _: Request) -> Told:
        books, rows = self.site.books, self.site.streams.rows()
        registry = await asyncio.to_thread(books.registry)
        strangers = await asyncio.to_thread(books.strangers)
        return operation.overview(registry, strangers, rows)

    def _silent(self, chosen: ChosenDays) -> Mapping[str, NamedHall]:
        """Halls of which events of these days may still come."""
        rows, names = self.site.streams.rows(), self.site.streams.names() or {}
        quiet = {HallLink.DOWN, HallLink.MUTE, HallLink.OFF}
        return {
            each["id"]: NamedHall(each["id"], each["name"], each["unit"], each["unit_name"])
            for each in names.get("halls", ())
            if chosen.hall in ("", each["id"])
            and chosen.unit in ("", each["unit"])
            and each["id"] in rows
            and rows[each["id"]][0] in quiet
        }


def _lived_sheet(request: Request, told: Told) -> SheetTable:
    heading = BY_WORDS.get(str(told.get("by")), "Dịch vụ")
    return table_desk.lived_sheet(told, _chosen(request), heading)


def _chosen(request: Request) -> ChosenDays:
    """Raises ValueError."""
    asked = request.query_params
    first, last = (date.fromisoformat(asked.get(name, "")) for name in ("from", "to"))
    if not 0 <= (last - first).days <= _MOST_DAYS:
        raise ValueError("too many days")
    unit, hall = asked.get("unit", ""), asked.get("hall", "")
    if not (_ID.fullmatch(unit) and _ID.fullmatch(hall)):
        raise ValueError("no such id")
    return ChosenDays(first, last, unit, hall)
