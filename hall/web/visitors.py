"""Who may hold a connection to the pages, how many and for how long: the LAN has unknown machines.

    accept ─▶ waiting for a request ──headers in──▶ asked ──answer begins──▶ answered ─▶ waiting …
              WAIT_S                                ASKED_S                  ANSWERED_S, a stream: ∞

A connection that stays longer in one place is ended. Where there is no room the one that has
waited longest for the whole of its request, body included, makes it: a browser sends it at once,
who only holds lines does not. Where all are being served, the machine that holds most gives up its
oldest for one that holds clearly less.
"""

import asyncio
import logging
import resource
import socket
import ssl
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from math import inf

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

MOST = 300
# A browser has six at once and each of its tabs a stream.
MOST_OF_ONE = 40
WAIT_S = 15.0
# Longer than an act may take (ANSWER_S in asking.py), its body on a slow line included.
ASKED_S = 20.0
ANSWERED_S = 60.0
_LOOK_S = 1.0
# Other files of this process: libraries, the bus, its own state.
_OTHER_FILES = 64
_STREAM = b"text/event-stream"
# The kernel gives up a peer that takes nothing any more; streams say something every 5 s.
_SILENT_PEER_MS = 30_000

Peer = tuple[str, int]


def room() -> int:
    """How many connections fit, by this process's limit of open files."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST if soft == resource.RLIM_INFINITY else max(1, min(MOST, soft - _OTHER_FILES))


@dataclass(eq=False, slots=True)
class _Visit:
    peer: Peer
    end: Callable[[], None]
    due: float
    waiting: bool = True


@dataclass(slots=True)
class Visitors:
    """Lives on the web server's loop. `most`: connections at once; `most_of_one`: of a machine."""

    most: int
    most_of_one: int = MOST_OF_ONE
    _visits: dict[Peer, _Visit] = field(default_factory=dict)

    def come(self, peer: Peer, end: Callable[[], None], now: float) -> bool:
        """Whether this connection may stay; `end` closes it later."""
        own = [visit for visit in self._visits.values() if visit.peer[0] == peer[0]]
        crowd = own if len(own) >= self.most_of_one else list(self._visits.values())
        is_full = crowd is own or len(crowd) >= self.most
        if is_full and not (self._make_room(crowd) or self._share_room(len(own))):
            return False
        self._visits[peer] = _Visit(peer, end, now + WAIT_S)
        return True

    def gone(self, peer: Peer) -> None:
        self._visits.pop(peer, None)

    def begin_request(self, peer: Peer, now: float, *, whole: bool = True) -> None:
        """`whole`: nothing of it is still on its way."""
        self._move(peer, now + ASKED_S, waiting=not whole)

    def end_body(self, peer: Peer) -> None:
        visit = self._visits.get(peer)
        if visit is not None:
            visit.waiting = False

    def begin_answer(self, peer: Peer, now: float, *, stream: bool) -> None:
        self._move(peer, inf if stream else now + ANSWERED_S, waiting=False)

    def end_request(self, peer: Peer, now: float) -> None:
        self._move(peer, now + WAIT_S, waiting=True)

    def end_overdue(self, now: float) -> None:
        for visit in tuple(self._visits.values()):
            if visit.due <= now:
                self._end(visit)

    def _make_room(self, crowd: list[_Visit]) -> bool:
        waiting = [visit for visit in crowd if visit.waiting]
        if not waiting:
            return False
        self._end(min(waiting, key=lambda visit: visit.due))
        return True

    def _share_room(self, held: int) -> bool:
        """`held`: what the newcomer's machine has already."""
        host, most = Counter(visit.peer[0] for visit in self._visits.values()).most_common(1)[0]
        if most <= held + 1:
            return False
        self._end(next(visit for visit in self._visits.values() if visit.peer[0] == host))
        return True

    def _end(self, visit: _Visit) -> None:
        self._visits.pop(visit.peer, None)
        visit.end()

    def _move(self, peer: Peer, due: float, *, waiting: bool) -> None:
        visit = self._visits.get(peer)
        if visit is not None:
            visit.due, visit.waiting = due, waiting


class TimedApp:
    """An application whose requests are told to the visitors."""

    def __init__(self, app: ASGIApp, visitors: Visitors) -> None:
        self._app = app
        self._visitors = visitors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        now, peer = asyncio.get_running_loop().time, tuple(scope.get("client") or ())

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                kinds = [value for name, value in message["headers"] if name == b"content-type"]
                stream = any(kind.startswith(_STREAM) for kind in kinds)
                self._visitors.begin_answer(peer, now(), stream=stream)
            await send(message)

        async def receiving() -> Message:
            message = await receive()
            if not message.get("more_body", False):
                self._visitors.end_body(peer)
            return message

        self._visitors.begin_request(peer, now(), whole=not _has_body(scope))
        try:
            await self._app(scope, receiving, sending)
        finally:
            self._visitors.end_request(peer, now())


@dataclass(slots=True)
class Gate:
    """Takes connections and hands them to the web server. `trouble`: why it cannot, in words."""

    visitors: Visitors
    protocol: Callable[[], asyncio.Protocol]
    context: ssl.SSLContext | None = None
    trouble: str = ""
    _entering: set[asyncio.Task[None]] = field(default_factory=set)

    async def accept(self, listener: socket.socket) -> None:
        """For ever. Without files left it waits and says so once; the peer waits in the kernel."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                sock, address = await loop.sock_accept(listener)
            except OSError as err:
                self._is_in_trouble(err)
                await asyncio.sleep(_LOOK_S)
                continue
            if self.trouble:
                log.warning("connections are taken again")
                self.trouble = ""
            # Apart, or one that is silent in its handshake would hold up all behind it.
            task = loop.create_task(self._enter(sock, (str(address[0]), int(address[1])), loop))
            self._entering.add(task)
            task.add_done_callback(self._entering.discard)

    async def look(self) -> None:
        """End what stays too long, for ever."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(_LOOK_S)
            self.visitors.end_overdue(loop.time())

    async def _enter(
        self, sock: socket.socket, peer: Peer, loop: asyncio.AbstractEventLoop
    ) -> None:
        if not self.visitors.come(peer, lambda: _hang_up(sock), loop.time()):
            sock.close()
            return
        with suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _SILENT_PEER_MS)
        visit = _Connection(self.protocol(), lambda: self.visitors.gone(peer))
        try:
            await loop.connect_accepted_socket(
                lambda: visit,
                sock,
                ssl=self.context,
                ssl_handshake_timeout=None if self.context is None else WAIT_S,
            )
        except OSError:
            # No TLS, or not one of ours: of such lines there may be any number.
            self.visitors.gone(peer)

    def _is_in_trouble(self, err: OSError) -> None:
        if not self.trouble:
            log.warning("no connection can be taken: %s", err)
        self.trouble = err.strerror or str(err)


class _Connection(asyncio.Protocol):
    """The web server's protocol, and who is told when the line ends."""

    def __init__(self, inner: asyncio.Protocol, gone: Callable[[], None]) -> None:
        self._inner = inner
        self._gone = gone

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._inner.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received()

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._gone()
        self._inner.connection_lost(exc)


def _has_body(scope: Scope) -> bool:
    names = {name for name, value in scope.get("headers") or () if value != b"0"}
    return bool(names & {b"content-length", b"transfer-encoding"})


def _hang_up(sock: socket.socket) -> None:
    """Closed as by the other side: the transport ends it as usual."""
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
