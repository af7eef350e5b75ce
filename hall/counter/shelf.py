"""The staff pages' own files: pages with their buttons, the words of scripts, vendored scripts."""

from collections.abc import Mapping
from importlib.resources import files

from starlette.responses import Response

from hall.counter import buttons, page_words
from hall.web import shelf


def load() -> Mapping[str, Response]:
    """The answer for each file, by its name."""
    pages = files("hall.counter") / "page"
    loaded = {each.name: each.read_bytes() for each in pages.iterdir()}
    loaded["counter.html"] = buttons.with_buttons(loaded["counter.html"].decode()).encode()
    loaded["words.js"] = page_words.script().encode()
    vendored = files("hall.counter") / "vendored"
    scripts = (each for each in vendored.iterdir() if each.name.endswith(".js"))
    loaded |= {each.name: each.read_bytes() for each in scripts}
    return shelf.answers_of(loaded)
