"""What every group of addresses stands on: the hall's setting, who asks, files, streams, acts."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response

from hall.counter import access
from hall.counter.access import Right, Visitor
from hall.counter.acts import Acts
from hall.counter.pairing import Pairing
from hall.counter.streams import Streams
from hall.runtime.clock import Clock


@dataclass(frozen=True, slots=True)
class Site:
    """What the pages are served with. `devices`: every client of the hall, by the YAML.

    `pairing` None: everyone at this machine may act.
    """

    counters: frozenset[str]
    devices: frozenset[str]
    pairing: Pairing | None
    names: tuple[str, ...]
    hall_page: bool
    pictures: Path | None
    clock: Clock


@dataclass(frozen=True, slots=True)
class Served:
    """One start of the web server, used by its loop alone."""

    site: Site
    files: Mapping[str, Response]
    streams: Streams
    acts: Acts

    def visitor(self, request: HTTPConnection) -> Visitor:
        return access.visitor_of(request, self.site.pairing)

    def page(
        self, request: Request, name: str, right: Right, counter: str | None = None
    ) -> Response:
        """The page, or the way to the one where a browser is paired."""
        if self.visitor(request).may(right, counter):
            return self.files[name]
        return RedirectResponse("/ghep", 303)
