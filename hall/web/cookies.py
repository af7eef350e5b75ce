"""A cookie that holds a browser's token: no script reads it, no other site has it sent."""

from dataclasses import dataclass

from starlette.requests import HTTPConnection
from starlette.responses import Response


@dataclass(frozen=True, slots=True)
class TokenCookie:
    """`name`: of its own for each service, since one machine's ports share their cookies."""

    name: str

    def token_of(self, request: HTTPConnection) -> str:
        """Empty where there is none."""
        return request.cookies.get(self._name(request), "")

    def keep(self, request: HTTPConnection, answer: Response, token: str, lasts_s: int) -> None:
        put(request, answer, self._name(request), token, lasts_s)

    def drop(self, request: HTTPConnection, answer: Response) -> None:
        put(request, answer, self._name(request), "", 0)

    def _name(self, request: HTTPConnection) -> str:
        """Over TLS a browser takes it from its own host alone, and for all of that host."""
        return f"__Host-{self.name}" if _is_over_tls(request) else self.name


def put(request: HTTPConnection, answer: Response, name: str, value: str, lasts_s: int) -> None:
    """Any cookie, kept so long."""
    answer.set_cookie(
        name,
        value,
        max_age=lasts_s,
        path="/",
        secure=_is_over_tls(request),
        httponly=True,
        samesite="strict",
    )


def _is_over_tls(request: HTTPConnection) -> bool:
    return request.url.scheme == "https"
