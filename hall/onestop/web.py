"""Asks a web service of the one-stop side: in time, within bounds, and not when it is down.

    Unreachable   no answer, too slow, 5xx, too many requests: another try may help
    Denied        401, 403: the credential is wrong
    Unreadable    an answer that is none: HTML, a redirect, too large, not JSON

Every answer is whole within `_BUDGET_S`, however slowly it drips. After three failures in a row the
service is left alone for 5 s, then for twice as long each time, up to a minute.
"""

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

import pydantic_core

from hall.runtime.clock import Clock

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, PoolManager

Method = Literal["GET", "POST", "PUT"]
_CONNECT_S, _READ_S = 2.0, 2.5
# A citizen waits 5 s; a second try must fit.
_BUDGET_S = 4.5
_PAUSES_S = (0.2, 0.6)
_LARGEST = 1024 * 1024
_CHUNK = 16 * 1024
_FAILURES = 3
_PAUSE_S, _LONGEST_S = 5.0, 60.0
_DENIED = frozenset({401, 403})
_BUSY = frozenset({408, 425, 429})


class WebError(Exception):
    """The service gave nothing that can be used; the text says why, for a technician."""


class Unreachable(WebError):
    """It cannot be asked now."""


class ServiceDenied(WebError):
    """The service refuses our credential."""


class Unreadable(WebError):
    """What it answers is not what it was asked for."""


@dataclass(slots=True)
class Breaker:
    """Pauses requests to a service that is down. Used by several threads."""

    _failures: int = 0
    _until: float = 0.0
    _pause: float = _PAUSE_S
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def allows(self, now: float) -> bool:
        return now >= self._until

    @property
    def closed(self) -> bool:
        """Whether the last tries went well enough."""
        return self._failures < _FAILURES

    @property
    def until(self) -> float:
        return self._until

    def succeeded(self) -> None:
        with self._lock:
            self._failures, self._until, self._pause = 0, 0.0, _PAUSE_S

    def failed(self, now: float) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= _FAILURES:
                self._until = now + self._pause
                self._pause = min(2 * self._pause, _LONGEST_S)


@dataclass(slots=True)
class WebService:
    """`base`: scheme, host and what stands before every path. `headers`: made for each request.

    `ca`: a file of certificates beside the system's, "" for none.
    """

    base: str
    clock: Clock
    ca: str = ""
    headers: Callable[[], Mapping[str, str]] = dict
    breaker: Breaker = field(default_factory=Breaker)
    _closed: threading.Event = field(default_factory=threading.Event)
    _pool: "PoolManager | None" = None

    def get(self, path: str, query: Mapping[str, str]) -> Any:  # noqa: ANN401 - whatever JSON holds
        """Read; tried again where that may help. Raises WebError."""
        target = f"{path}?{urlencode(query)}" if query else path
        end = self.clock.monotonic() + _BUDGET_S
        for wait in _PAUSES_S:
            try:
                return self._once("GET", target, None, end)
            except Unreachable:
                rest = wait * (1 + random.random())  # noqa: S311 - only to part the crowd
                if self.clock.monotonic() + rest >= end or not self.breaker.closed:
                    raise
                self._closed.wait(rest)
        return self._once("GET", target, None, end)

    def send(self, method: Method, path: str, form: Mapping[str, str]) -> Any:  # noqa: ANN401
        """Change something; once, since nobody knows whether a lost answer was carried out."""
        return self._once(method, path, form, self.clock.monotonic() + _BUDGET_S)

    def close(self) -> None:
        self._closed.set()
        if self._pool is not None:
            self._pool.clear()

    def _once(self, method: Method, target: str, form: Mapping[str, str] | None, end: float) -> Any:  # noqa: ANN401
        if not self.breaker.allows(self.clock.monotonic()):
            raise Unreachable("đang tạm ngừng hỏi vì nhiều lần không được")
        try:
            found = self._request_once(method, target, form, end)
        except (Unreachable, Unreadable):
            self.breaker.failed(self.clock.monotonic())
            raise
        self.breaker.succeeded()
        return found

    def _request_once(
        self, method: Method, target: str, form: Mapping[str, str] | None, end: float
    ) -> Any:  # noqa: ANN401
        # A tenth of the gateway's memory: only where a service is asked.
        from urllib3.exceptions import HTTPError  # noqa: PLC0415
        from urllib3.util import Timeout  # noqa: PLC0415

        left = max(0.1, end - self.clock.monotonic())
        try:
            answer = self._connections().request(
                method,
                f"{self.base.rstrip('/')}{target}",
                body=urlencode(form) if form is not None else None,
                headers=self._all_headers(form),
                timeout=Timeout(connect=min(_CONNECT_S, left), read=min(_READ_S, left)),
                retries=False,
                redirect=False,
                preload_content=False,
            )
            try:
                return _content(answer.status, self._body(answer, end))
            finally:
                answer.close()
        except (HTTPError, OSError) as err:
            raise Unreachable(f"không nối được ({type(err).__name__})") from err

    def _all_headers(self, form: Mapping[str, str] | None) -> dict[str, str]:
        made = {"accept": "application/json", **self.headers()}
        if form is not None:
            made["content-type"] = "application/x-www-form-urlencoded"
        return made

    def _body(self, answer: "BaseHTTPResponse", end: float) -> bytes:
        """Piece by piece: a socket timeout restarts with each byte of a slow answer."""
        body = b""
        while piece := answer.read1(_CHUNK):
            body += piece
            if len(body) > _LARGEST:
                raise Unreadable(f"trả lời dài hơn {_LARGEST // 2**20} MB")
            if self.clock.monotonic() > end:
                raise Unreachable("trả lời quá chậm")
        return body

    def _connections(self) -> "PoolManager":
        """Made at the first request, so that a mended file of certificates is read at a restart."""
        if self._pool is None:
            from urllib3 import PoolManager  # noqa: PLC0415
            from urllib3.util import create_urllib3_context  # noqa: PLC0415

            context = create_urllib3_context()
            context.load_default_certs()
            if self.ca:
                context.load_verify_locations(self.ca)
            self._pool = PoolManager(num_pools=4, maxsize=4, ssl_context=context)
        return self._pool


def _content(status: int, body: bytes) -> Any:  # noqa: ANN401 - whatever JSON holds
    if status in _DENIED:
        raise ServiceDenied(f"không được phép (HTTP {status})")
    if status in _BUSY or status >= 500:  # noqa: PLR2004 - HTTP's own
        raise Unreachable(f"máy chủ bận hoặc hỏng (HTTP {status})")
    if 300 <= status < 400:  # noqa: PLR2004 - HTTP's own
        raise Unreadable(f"bị chuyển hướng (HTTP {status})")
    if status == 404:  # noqa: PLR2004 - HTTP's own
        return None
    if body.lstrip()[:1] == b"<":
        raise Unreadable("trả lời là trang web (HTML), không phải dữ liệu")
    try:
        return pydantic_core.from_json(body, allow_inf_nan=False)
    except ValueError as err:
        raise Unreadable("trả lời không phải JSON đúng chuẩn") from err


def at(content: Any, path: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """What stands at a path such as `content.0.procedure.name`; None where nothing does."""
    for part in path.split(".") if path else ():
        if isinstance(content, list) and part.isdigit() and int(part) < len(content):
            content = content[int(part)]
        elif isinstance(content, dict):
            content = content.get(part)
        else:
            return None
    return content


def refusal_in(told: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    """Why an answer that came with HTTP's 200 is none after all."""
    for key in ("error_code", "errorCode", "response_code", "error", "code", "status"):
        said = told.get(key) if isinstance(told, dict) else None
        if isinstance(said, str | int) and str(said) not in ("0", "200", "ok", "OK"):
            return f"trả lời báo lỗi ({key} = {str(said)[:40]})"
    return "trả lời không có danh sách hồ sơ"
