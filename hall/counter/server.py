"""The staff pages on their web server: what is shown goes to every browser that watches."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from hall.counter.ports import PartsWatched, Post
from hall.counter.site import Site
from hall.counter.streams import Streams
from hall.counter.web import Web
from hall.web.visitors import Visitors, room
from hall.web.web_thread import WebThread

_LOOK_S = 1.0


@dataclass(slots=True)
class WebPages:
    """The pages of a site at one address."""

    site: Site
    thread: WebThread
    _shown: dict[str, str] = field(default_factory=dict)
    _streams: Streams = field(default_factory=Streams)

    def start(self, post: Post) -> str:
        self._streams = Streams(lambda parts: post(PartsWatched(parts)))
        self._streams.show_changes(self._shown)
        app = Web(self.site, self._streams, post).app()
        return self.thread.start(app, Visitors(room()), self._end_changed)

    def show_changes(self, changed: Mapping[str, str | None]) -> None:
        for key, value in changed.items():
            if value is None:
                self._shown.pop(key, None)
            else:
                self._shown[key] = value
        self.thread.soon(self._streams.show_changes, dict(changed))

    def is_up(self) -> bool:
        return self.thread.is_up()

    def trouble(self) -> str:
        return self.thread.trouble()

    def stop(self) -> None:
        self.thread.stop(self._streams.close)

    async def _end_changed(self) -> None:
        """A browser or a clerk may be taken out from a terminal too, by another process."""
        while self.site.pairing is not None:
            await asyncio.sleep(_LOOK_S)
            watching = self._streams.watching()
            for number, why in self.site.pairing.ended(watching).items():
                self._streams.end({number}, why.value)
            self._streams.end_others(self.site.pairing.people(watching))
