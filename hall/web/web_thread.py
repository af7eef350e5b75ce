"""A web server in a thread of its own: binds first, so that a taken port is known at once."""

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from hall.web import tls
from hall.web.faults import PagesDown
from hall.web.tls import TlsFiles
from hall.web.visitors import Gate, TimedApp, Visitors

_START_S = 10.0
# What runs beside the server, on its loop, for as long as it does.
Beside = Callable[[], Coroutine[Any, Any, None]]


@dataclass(slots=True)
class WebThread:
    """`port` 0: any free one. `name`: of the thread."""

    host: str
    port: int
    name: str
    tls: TlsFiles | None = None
    _server: uvicorn.Server | None = None
    _thread: threading.Thread | None = None
    _loop: asyncio.AbstractEventLoop | None = None
    _gate: Gate | None = None
    _running: threading.Event = field(default_factory=threading.Event)

    def start(self, app: ASGIApp, visitors: Visitors, *besides: Beside) -> str:
        """Serve from now on; the address, or PagesDown."""
        context = None if self.tls is None else tls.context_of(self.tls)
        listener = self._bind()
        port = listener.getsockname()[1]
        server = self._server = uvicorn.Server(_settings(TimedApp(app, visitors)))
        # Here, and not in the thread at its first connection: it imports.
        server.config.load()
        gate = self._gate = Gate(visitors, lambda: _speaker(server), context)
        run = (server, (lambda: gate.accept(listener), gate.look, *besides), listener)
        self._thread = threading.Thread(target=self._serve, args=run, name=self.name)
        self._thread.start()
        if not self._running.wait(_START_S):
            raise PagesDown("máy chủ web không khởi động")
        shown = f"[{self.host}]" if ":" in self.host else self.host
        scheme = "http" if context is None else "https"
        return f"{scheme}://{'127.0.0.1' if self.host == '0.0.0.0' else shown}:{port}/"  # noqa: S104

    def soon(self, act: Callable[..., object], *args: object) -> None:
        """Do it on the server's loop, where one runs."""
        if self._loop is not None and self.is_up():
            self._loop.call_soon_threadsafe(act, *args)

    def is_up(self) -> bool:
        return self._loop is not None and not self._loop.is_closed()

    def trouble(self) -> str:
        return self._gate.trouble if self._gate is not None else ""

    def stop(self, last: Callable[[], object]) -> None:
        """`last`: on the server's loop, so that what never ends by itself ends."""
        if self._thread is None or self._server is None or self._loop is None:
            return
        self._server.should_exit = True
        self.soon(last)
        self._thread.join()
        self._thread = self._server = self._loop = None
        self._running.clear()

    def _bind(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        try:
            return socket.create_server((self.host, self.port), family=family)
        except OSError as err:
            raise PagesDown(f"{self.host}:{self.port}: {err.strerror}") from err

    def _serve(
        self, server: uvicorn.Server, besides: tuple[Beside, ...], listener: socket.socket
    ) -> None:
        with listener:
            asyncio.run(self._run(server, besides, listener))

    async def _run(
        self, server: uvicorn.Server, besides: tuple[Beside, ...], listener: socket.socket
    ) -> None:
        self._loop = asyncio.get_running_loop()
        listener.settimeout(0)
        async with asyncio.TaskGroup() as tasks:
            about = [tasks.create_task(each()) for each in besides]
            self._running.set()
            # No sockets: asyncio's own way to accept writes two thousand log lines a second and
            # serves nobody when files run out.
            await server.serve(sockets=[])
            for task in about:
                task.cancel()
        await _hang_up(server)


async def _hang_up(server: uvicorn.Server) -> None:
    """On who came while the server ended: it closed those alone that it had when it began to."""
    late = asyncio.all_tasks() - {asyncio.current_task()}
    # A connection that is being taken: what has not begun could not close its socket.
    await asyncio.sleep(0)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    for connection in tuple(server.server_state.connections):
        connection.transport.abort()
    # The transports close their sockets on the loop's next turn.
    await asyncio.sleep(0)


def _speaker(server: uvicorn.Server) -> asyncio.Protocol:
    """One connection's protocol, as the server itself would make it."""
    config = server.config
    made: asyncio.Protocol = config.http_protocol_class(  # type: ignore[call-arg]
        config=config, server_state=server.server_state, app_state={}
    )
    return made


def _settings(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        # Of every broken request it would write a line; what fails of ours is told by doors.py.
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
    )
