"""The pages' own files, read once: what a browser may keep it asks for again."""

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from starlette.responses import Response

from hall.counter import buttons, page_words

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
}
_FONTS = ("BeVietnamPro-Regular.ttf", "BeVietnamPro-SemiBold.ttf", "BeVietnamPro-Bold.ttf")


def load() -> Mapping[str, Response]:
    """The answer for each file, by its name."""
    pages = files("hall.counter") / "page"
    loaded = {each.name: each.read_bytes() for each in pages.iterdir()}
    loaded["counter.html"] = buttons.with_buttons(loaded["counter.html"].decode()).encode()
    loaded["words.js"] = page_words.script().encode()
    vendored = files("hall.counter") / "vendored"
    scripts = (each for each in vendored.iterdir() if each.name.endswith(".js"))
    loaded |= {each.name: each.read_bytes() for each in scripts}
    loaded |= {name: (files("hall.fonts") / name).read_bytes() for name in _FONTS}
    return {name: _file(name, content) for name, content in loaded.items()}


def _file(name: str, content: bytes) -> Response:
    suffix = Path(name).suffix
    kept = "max-age=86400" if suffix == ".ttf" else "no-cache"
    return Response(content, media_type=_TYPES[suffix], headers={"cache-control": kept})
