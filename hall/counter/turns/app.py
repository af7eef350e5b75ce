"""The addresses that phones may ask for: one ticket's turn by its token, and nothing else.

    /{token}            the page
    /{token}/turn       what changes of it, for the script
    /turn.css, /turn.js

No list, no form, no cookie, nothing of the staff pages: another port, another application.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import get_args

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from hall.contract.words import TURN_FORM
from hall.counter.turns import rendering, sheets
from hall.counter.turns.board import TurnBoard
from hall.counter.turns.sheets import HallWords, Lang, TurnSheet
from hall.runtime.clock import Clock
from hall.runtime.limits import Limits

# A phone asks every five seconds and is opened anew now and then.
_PER_PHONE_S, _BURST = 1.0, 12.0
_TOKEN = re.compile(TURN_FORM, re.ASCII)
_KEPT = {"cache-control": "max-age=3600"}


@dataclass(frozen=True, slots=True)
class TurnSite:
    """`hall`: its name, over every page."""

    hall: str
    words: HallWords
    names: tuple[str, ...]
    clock: Clock


@dataclass(slots=True)
class TurnApp:
    """Used by its web server's loop alone."""

    site: TurnSite
    board: TurnBoard
    _limits: Limits = field(default_factory=lambda: Limits(_PER_PHONE_S, _BURST))
    _files: Mapping[str, Response] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._files = {
            "turn.css": _file("turn.css", "text/css; charset=utf-8"),
            "turn.js": _file("turn.js", "text/javascript; charset=utf-8"),
        }

    def application(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/turn.css", self._css),
                Route("/turn.js", self._js),
                Route("/favicon.ico", self._no_icon),
                Route("/{token}", self._page),
                Route("/{token}/turn", self._part),
            ],
            exception_handlers={404: self._nothing_here},
        )

    async def _css(self, _request: Request) -> Response:
        return self._files["turn.css"]

    async def _js(self, _request: Request) -> Response:
        return self._files["turn.js"]

    async def _no_icon(self, _request: Request) -> Response:
        """Every browser asks for one; a page of words needs none."""
        return Response(status_code=204, headers=_KEPT)

    async def _page(self, request: Request) -> Response:
        lang = _lang(request)
        found, status = await self._sheet(request, lang)
        return HTMLResponse(rendering.page(found, lang, self.site.hall), status)

    async def _nothing_here(self, request: Request, _error: Exception) -> Response:
        lang = _lang(request)
        return HTMLResponse(rendering.page(sheets.unknown(lang), lang, self.site.hall), 404)

    async def _part(self, request: Request) -> Response:
        found, status = await self._sheet(request, _lang(request))
        return HTMLResponse(rendering.part(found), status)

    async def _sheet(self, request: Request, lang: Lang) -> tuple[TurnSheet, int]:
        """Who guesses is held back before the controller hears of it."""
        token = request.path_params["token"]
        if not _TOKEN.fullmatch(token):
            return sheets.unknown(lang), 404
        address = request.client.host if request.client else ""
        if not self._limits.allows(address, self.site.clock.monotonic()):
            return sheets.unavailable(lang), 429
        match await self.board.turn(token):
            case "unknown":
                return sheets.unknown(lang), 404
            case "unavailable":
                return sheets.unavailable(lang), 503
            case turn:
                return sheets.sheet(turn, lang, self.site.words), 200


def _lang(request: Request) -> Lang:
    asked = request.query_params.get("l")
    return next((lang for lang in get_args(Lang) if lang == asked), "vi")


def _file(name: str, media_type: str) -> PlainTextResponse:
    text = (files("hall.counter.turns") / "page" / name).read_text("utf-8")
    return PlainTextResponse(text, media_type=media_type, headers=_KEPT)
