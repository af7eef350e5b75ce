"""What a page sends as JSON, and how it is told why something is not done."""

import json
from typing import Any

from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse


def refused(status: int, code: str, text: str) -> JSONResponse:
    return JSONResponse({"status": "error", "error": {"code": code, "text": text}}, status)


async def json_of(request: Request) -> dict[str, Any]:
    """Raises ValueError for what is no object, or not declared as JSON (a form cannot do that)."""
    if request.headers.get("content-type", "").split(";")[0] != "application/json":
        raise ValueError("not declared as JSON")
    body = json.loads(await request.body())
    if not isinstance(body, dict):
        raise TypeError("not an object")
    return body


def address_of(request: HTTPConnection) -> str:
    return request.client.host if request.client else ""
