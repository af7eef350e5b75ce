"""What a request must have: a known host name, its own origin, a small body; strict headers out.

What fails here is told once: whoever is on the LAN may ask as often as they like.
"""

import ipaddress
import logging
import re
import traceback
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

MOST_BYTES = 8 * 1024
_PORT = re.compile(r":\d{1,5}$")
_LENGTH = re.compile(r"[0-9]{1,9}")
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    # With no-referrer a browser names the origin of a form as "null", and no code is taken.
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
# A day: a hall that goes back to plain HTTP is shut out no longer than that.
_OVER_TLS = {"strict-transport-security": "max-age=86400"}


def is_known_host(host: str, names: Collection[str]) -> bool:
    """An IP address cannot be rebound; a name must be one of ours."""
    bare = _PORT.sub("", host).strip("[]").casefold()
    if bare in {"localhost", *(name.casefold() for name in names)}:
        return True
    try:
        ipaddress.ip_address(bare)
    except ValueError:
        return False
    return True


def is_own_origin(origin: str | None, host: str) -> bool:
    """A browser names the origin with every POST; other programs name none."""
    try:
        return origin is None or urlsplit(origin).netloc.casefold() == host.casefold()
    except ValueError:
        return False


class Doors:
    def __init__(self, app: ASGIApp, names: Collection[str]) -> None:
        self._app = app
        self._names = names
        self._told: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        refusal = self._refusal(scope)
        answer: ASGIApp = self._app if refusal is None else refusal
        try:
            await answer(
                scope, receive, _with_headers(send, is_over_tls=scope["scheme"] == "https")
            )
        except ClientDisconnect:
            # It went away before its body was here.
            pass
        except Exception as err:  # noqa: BLE001 - the pages' edge; it has been answered 500
            self._failed(err)

    def _failed(self, err: Exception) -> None:
        where = traceback.extract_tb(err.__traceback__)[-1]
        failure = f"{type(err).__name__} at {where.filename}:{where.lineno}"
        if failure not in self._told:
            log.error("a page failed: %s", failure, exc_info=err)
        self._told.add(failure)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not is_known_host(host, self._names):
            return PlainTextResponse("Tên máy này không được phép.", 421)
        if scope["method"] not in ("GET", "HEAD"):
            if not is_own_origin(headers.get("origin"), host):
                return PlainTextResponse("Yêu cầu đến từ trang khác.", 403)
            # In chunks a body has any length, whatever its header says beside.
            length = "" if "transfer-encoding" in headers else headers.get("content-length", "")
            if not _LENGTH.fullmatch(length) or int(length) > MOST_BYTES:
                return PlainTextResponse("Yêu cầu quá dài.", 413)
        return None


def _with_headers(send: Send, *, is_over_tls: bool) -> Send:
    always = _HEADERS | _OVER_TLS if is_over_tls else _HEADERS

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in always.items():
                headers[name] = value
            headers.setdefault("cache-control", "no-store")
        await send(message)

    return sending
