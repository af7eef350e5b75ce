"""The cookie that holds a browser's token, and those of the way before it."""

from starlette.requests import HTTPConnection
from starlette.responses import Response

from hall.web import cookies
from hall.web.cookies import TokenCookie

YEAR_S = 365 * 24 * 3600
BROWSER = TokenCookie("motcua")
# As they were while a counter's code never ended; they open nothing.
_OLD = "motcua_"


def old_of(request: HTTPConnection) -> tuple[str, ...]:
    """Names of cookies of the old way."""
    return tuple(name for name in request.cookies if name.startswith(_OLD))


def drop_old(request: HTTPConnection, answer: Response) -> None:
    for name in old_of(request):
        cookies.put(request, answer, name, "", 0)
