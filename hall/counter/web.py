"""The pages' addresses: what each serves, to whom, and what it asks of the queue."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import (
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from hall.contract import codec, verbs
from hall.contract.messages import Reply
from hall.contract.topics import REQ_DEV, REQ_QUEUE, Channel
from hall.counter import buttons, gallery
from hall.counter.doors import Doors
from hall.counter.pairing import HALL, Guard, Pairing
from hall.counter.ports import PageAct, Post
from hall.counter.streams import Streams
from hall.runtime.clock import Clock

# Longer than the requester's patience of 6 s: its answer, not ours, reaches the clerk.
ANSWER_S = 8.0
_YEAR_S = 365 * 24 * 3600
_COOKIE = "motcua_"
_COUNTER_VERBS = frozenset(
    name for name, verb in verbs.QUEUE.items() if verb.callers == verbs.COUNTER_CALLERS
)
_HALL_VERBS = frozenset({"issue"})
# Of the head of the hall, with or without the hall page.
_HEAD_VERBS = frozenset({"service-close", "service-open", "hall-close"})
_DEVICE_VERBS = frozenset(
    (
        *("dispense", "simulate", "test-print", "identify", "reprint"),
        *("imports", "accept-import", "enter-figures"),
    )
)
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
}
_FONTS = ("BeVietnamPro-Regular.ttf", "BeVietnamPro-SemiBold.ttf", "BeVietnamPro-Bold.ttf")


@dataclass(frozen=True, slots=True)
class Site:
    """What the pages are served with. `devices`: every client of the hall, by the YAML.

    `pairing` None: everyone at this machine may act.
    """

    counters: frozenset[str]
    devices: frozenset[str]
    pairing: Pairing | None
    names: tuple[str, ...]
    hall_page: bool
    pictures: Path | None
    clock: Clock


@dataclass(slots=True)
class Web:
    """Used by the web server's loop alone; `post` hands acts to the service's loop."""

    site: Site
    streams: Streams
    post: Post
    _files: Mapping[str, Response] = field(default_factory=dict)
    _guard: Guard = field(default_factory=Guard)

    def __post_init__(self) -> None:
        self._files = _load_files()

    def app(self) -> Doors:
        routes = [
            Route("/", self._home),
            Route("/quay/{counter}", self._counter_page),
            Route("/so-lieu", self._figures_page),
            Route("/ngung-so", self._closing_page),
            Route("/ghep", self._pair_page),
            Route("/ghep", self._pair, methods=["POST"]),
            Route("/static/{name}", self._static),
            Route("/events", self._events),
            Route("/pictures/{name:path}", self._picture),
            Route("/api/counter/{counter}/{verb}", self._counter_act, methods=["POST"]),
            Route("/api/hall/{verb}", self._hall_act, methods=["POST"]),
            Route("/api/device/{target}/{verb}", self._device_act, methods=["POST"]),
        ]
        return Doors(Starlette(routes=routes), self.site.names)

    # --- pages ----------------------------------------------------------------------------------

    async def _home(self, request: Request) -> Response:
        if not self.site.hall_page:
            return self._files["counters.html"]
        return self._page(request, "hall.html", HALL)

    async def _figures_page(self, request: Request) -> Response:
        if not self.site.hall_page:
            return PlainTextResponse("Không có trang này.", 404)
        return self._page(request, "figures.html", HALL)

    async def _closing_page(self, request: Request) -> Response:
        return self._page(request, "closing.html", HALL)

    async def _counter_page(self, request: Request) -> Response:
        counter = request.path_params["counter"]
        if counter not in self.site.counters:
            return PlainTextResponse("Không có quầy này.", 404)
        return self._page(request, "counter.html", counter)

    def _page(self, request: Request, name: str, place: str) -> Response:
        return self._files[name] if self._may(request, place) else RedirectResponse("/ghep", 303)

    async def _pair_page(self, _request: Request) -> Response:
        return self._files["pair.html"]

    async def _pair(self, request: Request) -> Response:
        """A code from the technician's list makes this browser the counter's."""
        now = self.site.clock.monotonic()
        address = request.client.host if request.client else ""
        if self.site.pairing is None:
            return RedirectResponse("/", 303)
        if not self._guard.is_open(address, now):
            return RedirectResponse("/ghep?sai=nhieu", 303)
        given = parse_qs((await request.body()).decode("utf-8", "replace")).get("code", [""])[0]
        place = self.site.pairing.place_of("".join(given.split()))
        if place is None:
            self._guard.wrong(address, now)
            return RedirectResponse("/ghep?sai=ma", 303)
        answer = RedirectResponse(self._first_page(place), 303)
        token = self.site.pairing.token(place)
        name = f"{_COOKIE}{place}"
        answer.set_cookie(name, token, max_age=_YEAR_S, httponly=True, samesite="strict")
        return answer

    def _first_page(self, place: str) -> str:
        if place != HALL:
            return f"/quay/{place}"
        return "/" if self.site.hall_page else "/ngung-so"

    async def _static(self, request: Request) -> Response:
        name = request.path_params["name"]
        return self._files.get(name) or PlainTextResponse("Không có tệp này.", 404)

    async def _events(self, request: Request) -> Response:
        if not self._is_paired(request):
            return PlainTextResponse("Máy này chưa ghép với quầy.", 403)
        if self.streams.is_full:
            return PlainTextResponse("Quá nhiều trang đang mở.", 503)
        return StreamingResponse(self.streams.watch(), media_type="text/event-stream")

    async def _picture(self, request: Request) -> Response:
        folder = self.site.pictures
        if folder is None or not self._may(request, HALL):
            return PlainTextResponse("Không có ảnh.", 404)
        png = gallery.picture(folder, request.path_params["name"])
        if png is None:
            return PlainTextResponse("Không có ảnh.", 404)
        return Response(png, media_type="image/png")

    # --- acts -----------------------------------------------------------------------------------

    async def _counter_act(self, request: Request) -> Response:
        counter, verb = request.path_params["counter"], request.path_params["verb"]
        if counter not in self.site.counters or verb not in _COUNTER_VERBS:
            return _refused(404, "unknown", "Không có quầy hoặc việc này.")
        return await self._act(request, counter, REQ_QUEUE, None, {"counter": counter})

    async def _hall_act(self, request: Request) -> Response:
        allowed = _HEAD_VERBS | (_HALL_VERBS if self.site.hall_page else frozenset())
        if request.path_params["verb"] not in allowed:
            return _refused(404, "unknown", "Không có việc này.")
        return await self._act(request, HALL, REQ_QUEUE, None, {})

    async def _device_act(self, request: Request) -> Response:
        target = request.path_params["target"]
        if request.path_params["verb"] not in _DEVICE_VERBS or not self.site.hall_page:
            return _refused(404, "unknown", "Không có việc này.")
        if target not in self.site.devices:
            return _refused(404, "unknown", "Không có thiết bị này.")
        return await self._act(request, HALL, REQ_DEV, target, {})

    async def _act(
        self,
        request: Request,
        place: str,
        channel: Channel,
        target: str | None,
        fixed: Mapping[str, Any],
    ) -> Response:
        if not self._may(request, place):
            return _refused(403, "unauthorized", "Máy này chưa ghép với quầy.")
        verb = (channel.verbs or {})[request.path_params["verb"]]
        try:
            body = await _json_of(request)
            asked = verb.request.model_validate({**body, **fixed})
        except (ValueError, TypeError, RecursionError, ValidationError):
            return _refused(400, "bad_request", "Yêu cầu không đúng mẫu.")
        reply = await _answered(
            lambda answer: self.post(PageAct(channel, verb.name, asked, target, answer))
        )
        return JSONResponse(codec.plain(reply))

    # --- who ------------------------------------------------------------------------------------

    def _may(self, request: Request, place: str) -> bool:
        return bool(self._places(request) & {place, HALL})

    def _is_paired(self, request: Request) -> bool:
        return bool(self._places(request))

    def _places(self, request: Request) -> set[str]:
        pairing = self.site.pairing
        if pairing is None:
            return {HALL}
        tokens = (v for name, v in request.cookies.items() if name.startswith(_COOKIE))
        return {place for place in map(pairing.holder, tokens) if place is not None}


async def _json_of(request: Request) -> dict[str, Any]:
    """Raises ValueError for what is no object, or not declared as JSON (a form cannot do that)."""
    if request.headers.get("content-type", "").split(";")[0] != "application/json":
        raise ValueError("not declared as JSON")
    body = json.loads(await request.body())
    if not isinstance(body, dict):
        raise TypeError("not an object")
    return body


async def _answered(ask: Callable[[Callable[[Reply], None]], None]) -> Reply:
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Reply] = loop.create_future()

    def settle(reply: Reply) -> None:
        if not future.done():
            future.set_result(reply)

    def answer(reply: Reply) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, reply)

    ask(answer)
    return await _in_time(future)


async def _in_time(future: Awaitable[Reply]) -> Reply:
    try:
        async with asyncio.timeout(ANSWER_S):
            return await future
    except TimeoutError:
        return Reply.model_validate(
            {
                "id": "none",
                "status": "error",
                "error": {"code": "unavailable", "text": "Bộ điều khiển chưa trả lời."},
            }
        )


def _refused(status: int, code: str, text: str) -> JSONResponse:
    return JSONResponse({"status": "error", "error": {"code": code, "text": text}}, status)


def _load_files() -> Mapping[str, Response]:
    """The pages, read once; scripts and styles may be kept but are asked for again."""
    pages = files("hall.counter") / "page"
    loaded = {each.name: each.read_bytes() for each in pages.iterdir()}
    loaded["counter.html"] = buttons.with_buttons(loaded["counter.html"].decode()).encode()
    loaded |= {name: (files("hall.fonts") / name).read_bytes() for name in _FONTS}
    return {name: _file(name, content) for name, content in loaded.items()}


def _file(name: str, content: bytes) -> Response:
    suffix = Path(name).suffix
    kept = "max-age=86400" if suffix == ".ttf" else "no-cache"
    return Response(content, media_type=_TYPES[suffix], headers={"cache-control": kept})
