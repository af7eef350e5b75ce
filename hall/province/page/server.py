"""The page on its web server; rows and names come from the loop that owns the live states."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette

from hall.province.page.books import ProvinceBooks
from hall.province.page.doorman import Doorman
from hall.province.page.entrance import EntranceRoutes
from hall.province.page.people import ReaderRole
from hall.province.page.site import ProvinceSite, Question
from hall.province.page.streams import RowStreams
from hall.province.page.tables import TableRoutes
from hall.province.settings import PageSection
from hall.runtime.clock import Clock
from hall.web import shelf
from hall.web.doors import Doors
from hall.web.tls import TlsFiles
from hall.web.visitors import Visitors, room
from hall.web.web_thread import WebThread

_LOOK_S = 5.0


@dataclass(slots=True)
class ProvincePages:
    """`name`: of the province."""

    section: PageSection
    name: str
    books: ProvinceBooks
    clock: Clock
    _streams: RowStreams = field(default_factory=RowStreams)
    _thread: WebThread = field(init=False)

    def __post_init__(self) -> None:
        tls = self.section.tls
        files_of_tls = None if tls is None else TlsFiles(tls.certificate, tls.key)
        self._thread = WebThread(self.section.host, self.section.port, "page", files_of_tls)

    def start(self, post: Callable[[Question], None]) -> str:
        """The address. Raises PagesDown."""
        doorman = Doorman(self.books, self.clock)
        own = files("hall.province.page") / "files"
        site = ProvinceSite(
            name=self.name,
            long_wait_min=self.section.long_wait_min,
            books=self.books,
            doorman=doorman,
            streams=self._streams,
            files=shelf.answers_of({each.name: each.read_bytes() for each in own.iterdir()}),
            post=post,
            clock=self.clock,
        )
        routes = [*EntranceRoutes(site).routes(), *TableRoutes(site).routes()]
        app = Doors(Starlette(routes=routes), self.section.names)

        async def end_gone() -> None:
            await self._end_gone(doorman)

        return self._thread.start(app, Visitors(room()), end_gone)

    def show_rows(self, rows: Mapping[str, Any], now: float, note: str) -> None:
        self._thread.soon(self._streams.show_rows, rows, now, note)

    def show_names(self, names: Any) -> None:  # noqa: ANN401 - JSON
        self._thread.soon(self._streams.show_names, names)

    def trouble(self) -> str:
        return self._thread.trouble() if self._thread.is_up() else "máy chủ web đã dừng"

    def stop(self) -> None:
        self._thread.stop(self._streams.close)

    async def _end_gone(self, doorman: Doorman) -> None:
        """An account or a wall may be taken out by a command: what it watches ends."""
        while True:
            await asyncio.sleep(_LOOK_S)
            for who in self._streams.watching():
                role, _, name = who.partition(" ")
                if await doorman.is_gone(ReaderRole(role), name):
                    self._streams.end_of(who)
