"""A line from a hall to its province that can be cut: every byte goes through here."""

import selectors
import socket
import threading
from dataclasses import dataclass, field

_CHUNK = 65_536


@dataclass(slots=True)
class CutLine:
    """From a port of loopback to `target`, a port there too. Its own thread."""

    target: int
    port: int = 0
    _cut: threading.Event = field(default_factory=threading.Event)
    _ended: threading.Event = field(default_factory=threading.Event)
    _pairs: dict[socket.socket, socket.socket] = field(default_factory=dict)
    _door: socket.socket = field(default_factory=socket.socket)
    _thread: threading.Thread | None = None

    def open(self) -> None:
        self._door.bind(("127.0.0.1", 0))
        self._door.listen()
        self.port = self._door.getsockname()[1]
        self._thread = threading.Thread(target=self._carry, name="line", daemon=True)
        self._thread.start()

    def cut(self) -> None:
        """Nothing goes through any more, and nobody is told."""
        self._cut.set()

    def mend(self) -> None:
        self._cut.clear()

    def close(self) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    def _carry(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._door, selectors.EVENT_READ)
            while not self._ended.is_set():
                for key, _ in selector.select(0.1):
                    sock = key.fileobj
                    if sock is self._door:
                        self._let_in(selector)
                    elif isinstance(sock, socket.socket) and sock in self._pairs:
                        self._pass_on(selector, sock)
                if self._cut.is_set():
                    for sock in tuple(self._pairs):
                        self._drop(selector, sock)
            for sock in (self._door, *self._pairs):
                sock.close()

    def _let_in(self, selector: selectors.BaseSelector) -> None:
        near, _ = self._door.accept()
        if self._cut.is_set():
            near.close()
            return
        try:
            far = socket.create_connection(("127.0.0.1", self.target), 2.0)
        except OSError:
            near.close()
            return
        for one, other in ((near, far), (far, near)):
            one.settimeout(5.0)
            self._pairs[one] = other
            selector.register(one, selectors.EVENT_READ)

    def _pass_on(self, selector: selectors.BaseSelector, sock: socket.socket) -> None:
        try:
            chunk = sock.recv(_CHUNK)
            if chunk:
                self._pairs[sock].sendall(chunk)
                return
        except OSError:
            pass
        self._drop(selector, sock)

    def _drop(self, selector: selectors.BaseSelector, sock: socket.socket) -> None:
        if sock in self._pairs:
            for each in (sock, self._pairs[sock]):
                del self._pairs[each]
                selector.unregister(each)
                each.close()
