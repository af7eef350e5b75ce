"""A stretch of network between a client and its broker, for a test to break."""

import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class _Pair:
    near: socket.socket
    far: socket.socket
    is_deaf: bool = False

    def reset(self) -> None:
        """Both ends hear a RST, nothing of what was under way."""
        for sock in (self.near, self.far):
            with suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                sock.shutdown(socket.SHUT_RD)
            sock.close()


@dataclass(slots=True)
class BrokenLink:
    """Listens on `port` of `address`, leads to `broker`, a port of this machine."""

    broker: int
    address: str = "127.0.0.1"
    port: int = field(init=False)
    _listener: socket.socket = field(init=False)
    _pairs: list[_Pair] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._listener = socket.create_server((self.address, 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def reset(self) -> None:
        pairs, self._pairs = self._pairs, []
        for pair in pairs:
            pair.reset()

    def deafen(self) -> None:
        """Of the connections there are now the client hears nothing more, the broker does."""
        for pair in self._pairs:
            pair.is_deaf = True

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.reset()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                pair = _Pair(near, socket.create_connection(("127.0.0.1", self.broker)))
                self._pairs.append(pair)
                for ways in ((near, pair.far, False), (pair.far, near, True)):
                    threading.Thread(target=self._lead, args=(pair, *ways), daemon=True).start()

    def _lead(
        self,
        pair: _Pair,
        out_of: socket.socket,
        into: socket.socket,
        to_client: bool,  # noqa: FBT001
    ) -> None:
        with suppress(OSError):
            while data := out_of.recv(65536):
                if not (to_client and pair.is_deaf):
                    into.sendall(data)
        with suppress(OSError):
            into.shutdown(socket.SHUT_WR)
