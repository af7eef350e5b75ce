"""Files of a page as answers, read once: what a browser may keep it asks for again."""

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from starlette.responses import Response

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
}
_FONTS = ("BeVietnamPro-Regular.ttf", "BeVietnamPro-SemiBold.ttf", "BeVietnamPro-Bold.ttf")


def answers_of(contents: Mapping[str, bytes]) -> Mapping[str, Response]:
    """The answer for each file by its name, and for the fonts and the sign of all pages."""
    shared = {name: (files("hall.fonts") / name).read_bytes() for name in _FONTS}
    shared["icon.svg"] = (files("hall.web") / "icon.svg").read_bytes()
    return {name: _file(name, content) for name, content in {**contents, **shared}.items()}


def _file(name: str, content: bytes) -> Response:
    suffix = Path(name).suffix
    kept = "max-age=86400" if suffix == ".ttf" else "no-cache"
    return Response(content, media_type=_TYPES[suffix], headers={"cache-control": kept})
