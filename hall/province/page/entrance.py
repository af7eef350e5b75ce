"""The addresses where one comes in and leaves, and the files that every page uses."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from hall.province.page.doorman import BROWSER, SESSION, WALL, PasswordSender, TooManyTries
from hall.province.page.people import (
    BROWSER_S,
    ROLE_WORDS,
    SESSION_S,
    WALL_S,
    PageReader,
    PageRight,
    weakness,
)
from hall.province.page.site import ProvinceSite
from hall.province.ports import StoreAway, StoreRefuses
from hall.web.answers import address_of, json_of, refused

_PAGES = {
    "/": ("halls.html", PageRight.READ),
    "/so-lieu": ("figures.html", PageRight.READ),
    "/cac-tuan": ("weeks.html", PageRight.READ),
    "/hoi-truong/{hall}": ("hall.html", PageRight.READ),
    "/van-hanh": ("operation.html", PageRight.OPERATE),
    "/mat-khau": ("password.html", PageRight.READ),
}
_WAIT = "Sai nhiều lần. Mời đợi 15 phút rồi thử lại."
_WAIT_OR_ELSEWHERE = (
    "Sai nhiều lần. Mời đợi 15 phút rồi thử lại, hoặc dùng trình duyệt đã từng đăng nhập."
)
_AWAY = "Cơ sở dữ liệu của tỉnh chưa trả lời. Mời thử lại sau ít phút."


@dataclass(frozen=True, slots=True)
class EntranceRoutes:
    site: ProvinceSite

    def routes(self) -> list[Route]:
        return [
            *(self._page(path, *which) for path, which in _PAGES.items()),
            Route("/tuong", self._wall),
            Route("/dang-nhap", self._door),
            Route("/static/{name}", self._static),
            Route("/api/me", self._me),
            Route("/api/sign-in", self._sign_in, methods=["POST"]),
            Route("/api/sign-out", self._sign_out, methods=["POST"]),
            Route("/api/password", self._password, methods=["POST"]),
        ]

    def _page(self, path: str, name: str, right: PageRight) -> Route:
        async def page(request: Request) -> Response:
            return await self.site.page(request, name, right)

        return Route(path, page)

    async def _door(self, _: Request) -> Response:
        return self.site.files["sign-in.html"]

    async def _static(self, request: Request) -> Response:
        found = self.site.files.get(request.path_params["name"])
        return found or PlainTextResponse("Không có tệp này.", 404)

    async def _wall(self, request: Request) -> Response:
        """With `ma` once, which then stands in a cookie and no longer in the address."""
        token = request.query_params.get("ma")
        if token is None:
            return await self.site.page(request, "wall.html", PageRight.WATCH)
        try:
            found = await self.site.doorman.wall(address_of(request), token)
        except TooManyTries:
            return PlainTextResponse(_WAIT, 429)
        except (StoreAway, StoreRefuses):
            return PlainTextResponse(_AWAY, 503)
        if found is None:
            return PlainTextResponse("Mã của màn hình này không đúng hoặc đã thu hồi.", 403)
        answer = RedirectResponse("/tuong", 303)
        WALL.keep(request, answer, token, WALL_S)
        return answer

    async def _me(self, request: Request) -> Response:
        async def answer(reader: PageReader) -> Response:
            return JSONResponse(
                {
                    "id": reader.id,
                    "name": reader.name,
                    "role": reader.role.value,
                    "role_name": ROLE_WORDS[reader.role],
                    "province": self.site.name,
                    "long_wait_min": self.site.long_wait_min,
                }
            )

        return await self.site.answer(request, PageRight.WATCH, answer)

    async def _sign_in(self, request: Request) -> Response:
        try:
            body = await json_of(request)
            account, password = (str(body.get(key, ""))[:200] for key in ("account", "password"))
            signed = await self.site.doorman.sign_in(
                PasswordSender.of(request), account.strip().casefold(), password
            )
        except TooManyTries:
            return refused(429, "limit", _WAIT_OR_ELSEWHERE)
        except (StoreAway, StoreRefuses):
            return refused(503, "unavailable", _AWAY)
        except (ValueError, TypeError, RecursionError):
            return refused(400, "bad_request", "Yêu cầu không đúng mẫu.")
        if signed is None:
            return refused(403, "unauthorized", "Tên đăng nhập hoặc mật khẩu không đúng.")
        answer = JSONResponse({"status": "ok"})
        SESSION.keep(request, answer, signed.session, SESSION_S)
        if signed.browser:
            BROWSER.keep(request, answer, signed.browser, BROWSER_S)
        return answer

    async def _sign_out(self, request: Request) -> Response:
        try:
            await json_of(request)
            await self.site.doorman.sign_out(SESSION.token_of(request))
        except (StoreAway, StoreRefuses):
            return refused(503, "unavailable", _AWAY)
        except (ValueError, TypeError, RecursionError):
            return refused(400, "bad_request", "Yêu cầu không đúng mẫu.")
        answer = JSONResponse({"status": "ok"})
        SESSION.drop(request, answer)
        return answer

    async def _password(self, request: Request) -> Response:
        async def changed(reader: PageReader) -> Response:
            body = await json_of(request)
            old, new = (str(body.get(key, ""))[:200] for key in ("old", "new"))
            if why := weakness(new, reader.id):
                return refused(409, "not_now", why)
            try:
                token = SESSION.token_of(request)
                right = await self.site.doorman.choose_password(
                    PasswordSender.of(request), token, old, new
                )
            except TooManyTries:
                return refused(429, "limit", _WAIT)
            if not right:
                return refused(403, "unauthorized", "Mật khẩu đang dùng không đúng.")
            return JSONResponse({"status": "ok"})

        return await self.site.answer(request, PageRight.READ, changed)
