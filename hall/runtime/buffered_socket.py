"""A socket read and written in large pieces, for a library that asks for a byte at a time.

paho reads each packet in three calls and writes each by one. Here what came is read by one call
for all packets in it, and what is sent waits for `flush`.
"""

import socket
import ssl
import threading
from dataclasses import dataclass
from typing import Protocol

MOST = 64 * 1024


class Tls(Protocol):
    def wrap_socket(self, sock: socket.socket, server_hostname: str) -> ssl.SSLSocket:
        """Shake hands. Raises OSError; then the socket is closed."""


class BufferedSocket:
    """What paho asks of a socket. `raw`: the one beneath, which does not block.

    Two threads use it, one to read; a TLS connection cannot be read and written at once.
    """

    def __init__(self, raw: socket.socket) -> None:
        self.raw = raw
        self._come, self._at = b"", 0
        self._going = bytearray()
        self._lock = threading.Lock()

    def recv(self, size: int) -> bytes:
        """Raises OSError; BlockingIOError or an SSLError where nothing is there yet."""
        if self._at >= len(self._come):
            with self._lock:
                self._come, self._at = self.raw.recv(MOST), 0
        begun, self._at = self._at, self._at + size
        return self._come[begun : self._at]

    def pending(self) -> int:
        """How many bytes can be read without the system telling that there are any."""
        left = max(0, len(self._come) - self._at)
        return left + (self.raw.pending() if isinstance(self.raw, ssl.SSLSocket) else 0)

    def send(self, data: bytes) -> int:
        self._going += data
        return len(data)

    def flush(self) -> bool:
        """Send what waits; False: the system takes no more just now. Raises OSError."""
        with self._lock:
            try:
                while self._going:
                    del self._going[: self.raw.send(self._going)]
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                return False
        return True

    def fileno(self) -> int:
        return self.raw.fileno()

    def settimeout(self, seconds: float | None) -> None:
        self.raw.settimeout(seconds)

    def setblocking(self, flag: bool) -> None:  # noqa: FBT001 - a socket's own signature
        self.raw.setblocking(flag)

    def do_handshake(self) -> None:
        """Hands were shaken when the socket was wrapped."""

    def close(self) -> None:
        """A farewell that was just written is on its way out first."""
        try:
            self.flush()
        except OSError:
            # Nobody is there to be told.
            return
        finally:
            self.raw.close()


@dataclass(frozen=True, slots=True)
class Buffering:
    """Stands where paho wants an SSLContext, with or without TLS."""

    tls: Tls | None = None
    check_hostname: bool = True

    def wrap_socket(self, sock: socket.socket, server_hostname: str, **_: object) -> BufferedSocket:
        _send_at_once(sock)
        secured = sock if self.tls is None else self.tls.wrap_socket(sock, server_hostname)
        return BufferedSocket(secured)


def _send_at_once(sock: socket.socket) -> None:
    """Without NODELAY on both sides a QoS 1 round trip takes 40 ms more."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 10_000)
