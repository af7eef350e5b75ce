"""An Ethernet to RS-485 converter that passes bytes over plain TCP, as `socket://host:port`."""

import select
import socket
from contextlib import suppress

from firmware_bridge.lines.link import linked
from firmware_bridge.ports import LinkLost

_CONNECT_S = 2.0
_ROOM = 4096
_FORGET_READS = 64


TCP = "socket://"


def tcp_place(port: str) -> tuple[str, int]:
    """Host and TCP port of a converter. Raises ValueError where no number ends it."""
    host, _, number = port.removeprefix(TCP).rpartition(":")
    return host, int(number)


class TcpLine:
    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        self._socket: socket.socket | None = None

    def open(self) -> None:
        with linked():
            connection = socket.create_connection(self._address, timeout=_CONNECT_S)
            # Without it a converter waits up to 40 ms for more before it sends.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.settimeout(_CONNECT_S)
            self._socket = connection

    def write(self, data: bytes) -> None:
        with linked():
            connection = self._alive()
            self._forget(connection)
            connection.sendall(data)

    def read(self, timeout_s: float) -> bytes:
        with linked():
            connection = self._alive()
            ready, _, _ = select.select([connection], [], [], max(0.0, timeout_s))
            return self._receive(connection) if ready else b""

    def close(self) -> None:
        connection, self._socket = self._socket, None
        if connection is not None:
            with suppress(OSError):
                connection.close()

    def _forget(self, connection: socket.socket) -> None:
        for _ in range(_FORGET_READS):
            if not select.select([connection], [], [], 0)[0]:
                return
            self._receive(connection)

    def _receive(self, connection: socket.socket) -> bytes:
        heard = connection.recv(_ROOM)
        if not heard:
            raise LinkLost("bộ chuyển đổi đã đóng kết nối")
        return heard

    def _alive(self) -> socket.socket:
        if self._socket is None:
            raise LinkLost("chưa kết nối")
        return self._socket
