"""The web server in a thread of its own: binds first, so that a taken port is known at once."""

import asyncio
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

import uvicorn

from hall.counter.ports import PagesDown, Post
from hall.counter.streams import Streams
from hall.counter.web import Site, Web

_START_S = 10.0


@dataclass(slots=True)
class WebPages:
    """The pages of a site at one address. `port` 0: any free one."""

    site: Site
    host: str
    port: int
    _shown: dict[str, str] = field(default_factory=dict)
    _server: uvicorn.Server | None = None
    _thread: threading.Thread | None = None
    _loop: asyncio.AbstractEventLoop | None = None
    _streams: Streams = field(default_factory=Streams)
    _running: threading.Event = field(default_factory=threading.Event)

    def start(self, post: Post) -> str:
        listener = self._bind()
        port = listener.getsockname()[1]
        self._streams = Streams()
        self._streams.show(self._shown)
        web = Web(self.site, self._streams, post)
        self._server = uvicorn.Server(_settings(web))
        self._thread = threading.Thread(
            target=self._serve, args=(self._server, listener), name="pages"
        )
        self._thread.start()
        if not self._running.wait(_START_S):
            raise PagesDown("máy chủ web không khởi động")
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{'127.0.0.1' if self.host == '0.0.0.0' else shown}:{port}/"  # noqa: S104

    def show(self, changed: Mapping[str, str | None]) -> None:
        for key, value in changed.items():
            if value is None:
                self._shown.pop(key, None)
            else:
                self._shown[key] = value
        if self._loop is not None and self.is_up():
            self._loop.call_soon_threadsafe(self._streams.show, dict(changed))

    def is_up(self) -> bool:
        return self._loop is not None and not self._loop.is_closed()

    def stop(self) -> None:
        if self._thread is None or self._server is None or self._loop is None:
            return
        self._server.should_exit = True
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._streams.close)
        self._thread.join()
        self._thread = self._server = self._loop = None
        self._running.clear()

    def _bind(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        try:
            return socket.create_server((self.host, self.port), family=family)
        except OSError as err:
            raise PagesDown(f"{self.host}:{self.port}: {err.strerror}") from err

    def _serve(self, server: uvicorn.Server, listener: socket.socket) -> None:
        with listener:
            asyncio.run(self._run(server, listener))

    async def _run(self, server: uvicorn.Server, listener: socket.socket) -> None:
        self._loop = asyncio.get_running_loop()
        self._running.set()
        await server.serve(sockets=[listener])


def _settings(web: Web) -> uvicorn.Config:
    return uvicorn.Config(
        web.app(),
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=300,
        timeout_graceful_shutdown=1,
    )
