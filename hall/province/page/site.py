"""What every group of addresses stands on: who asks, files, the table, questions to the loop."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from hall.province.page.books import ProvinceBooks
from hall.province.page.doorman import Doorman
from hall.province.page.people import PageReader, PageRight
from hall.province.page.streams import RowStreams
from hall.province.ports import StoreAway, StoreRefuses
from hall.province.watch.province_now import KeptFigures
from hall.runtime.clock import Clock
from hall.web.answers import refused

ANSWER_S = 8.0
_AWAY = "Cơ sở dữ liệu của tỉnh chưa trả lời; trang tự thử lại."


@dataclass(frozen=True, slots=True)
class HallAsked:
    """All that is kept of one hall. `answer`: called once, from the loop that owns it."""

    hall: str
    answer: Callable[[dict[str, object] | None], None]


@dataclass(frozen=True, slots=True)
class FiguresAsked:
    """What each hall has told of its dossiers."""

    answer: Callable[[tuple[KeptFigures, ...]], None]


Question = HallAsked | FiguresAsked


@dataclass(frozen=True, slots=True)
class ProvinceSite:
    """One start of the web server. `post`: to the loop that owns the live states."""

    name: str
    long_wait_min: int
    books: ProvinceBooks
    doorman: Doorman
    streams: RowStreams
    files: Mapping[str, Response]
    post: Callable[[Question], None]
    clock: Clock

    async def page(self, request: Request, name: str, right: PageRight) -> Response:
        """The page, or the way to where one signs in."""
        try:
            reader = await self.doorman.reader(request)
        except StoreAway:
            return HTMLResponse(self.files["away.html"].body, 503)
        if reader is None:
            return RedirectResponse(f"/dang-nhap?ve={quote(request.url.path)}", 303)
        return self.files[name] if reader.may(right) else RedirectResponse(_home(reader), 303)

    async def answer(
        self, request: Request, right: PageRight, make: Callable[[PageReader], Awaitable[Response]]
    ) -> Response:
        """What `make` answers to who may ask; others are told why they may not."""
        try:
            reader = await self.doorman.reader(request)
            if reader is None:
                return refused(401, "unauthorized", "Mời đăng nhập.")
            if not reader.may(right):
                return refused(403, "unauthorized", "Tài khoản này không xem được phần này.")
            return await make(reader)
        except (StoreAway, StoreRefuses, TimeoutError):
            return refused(503, "unavailable", _AWAY)
        except (ValueError, TypeError, RecursionError):
            return refused(400, "bad_request", "Yêu cầu không đúng mẫu.")

    async def hall(self, hall: str) -> dict[str, object] | None:
        """Raises TimeoutError."""
        found: dict[str, object] | None = await self._put_question(
            lambda answer: HallAsked(hall, answer)
        )
        return found

    async def figures(self) -> tuple[KeptFigures, ...]:
        """Raises TimeoutError."""
        found: tuple[KeptFigures, ...] = await self._put_question(FiguresAsked)
        return found

    async def _put_question(self, question: Callable[[Callable[[Any], None]], Question]) -> Any:  # noqa: ANN401 - its own
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()

        def settle(found: object) -> None:
            if not future.done():
                future.set_result(found)

        def answer(found: object) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(settle, found)

        self.post(question(answer))
        async with asyncio.timeout(ANSWER_S):
            return await future


def _home(reader: PageReader) -> str:
    return "/" if reader.may(PageRight.READ) else "/tuong"
