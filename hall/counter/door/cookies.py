"""The cookie that holds a browser's token: no script reads it, no other site has it sent."""

from starlette.requests import HTTPConnection
from starlette.responses import Response

_NAME = "motcua"
# Under TLS a browser takes this name from its own host alone, for the whole of it and over TLS.
_NAME_OVER_TLS = "__Host-motcua"
_YEAR_S = 365 * 24 * 3600
# As they were while a counter's code never ended; they open nothing.
_OLD = "motcua_"


def token_of(request: HTTPConnection) -> str:
    return request.cookies.get(_name(request), "")


def old_of(request: HTTPConnection) -> tuple[str, ...]:
    """Names of cookies of the old way."""
    return tuple(name for name in request.cookies if name.startswith(_OLD))


def keep(request: HTTPConnection, answer: Response, token: str) -> None:
    _set(request, answer, _name(request), token, _YEAR_S)


def drop_old(request: HTTPConnection, answer: Response) -> None:
    for name in old_of(request):
        _set(request, answer, name, "", 0)


def _set(request: HTTPConnection, answer: Response, name: str, value: str, age_s: int) -> None:
    answer.set_cookie(
        name,
        value,
        max_age=age_s,
        path="/",
        secure=_is_over_tls(request),
        httponly=True,
        samesite="strict",
    )


def _name(request: HTTPConnection) -> str:
    return _NAME_OVER_TLS if _is_over_tls(request) else _NAME


def _is_over_tls(request: HTTPConnection) -> bool:
    return request.url.scheme == "https"
