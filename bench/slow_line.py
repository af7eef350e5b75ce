"""A line of so many kbit/s and so long a delay each way; every byte that it carries is counted.

near ─▶ read at the line's rate ─▶ held back by the delay ─▶ far, and the same the other way

Bytes are those of the connection's content; TCP/IP adds some 40 a packet. What a sender may have
under way is bounded by small buffers, as a router's are.
"""

import queue
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

_PACKET = 1400
_BUFFER = 16 * 1024
Held = tuple[float, bytes]


@dataclass(slots=True)
class SlowLine:
    """From a port of loopback to `target`, a port there too. `delay_s`: one way."""

    target: int
    kbit_s: float
    delay_s: float
    port: int = 0
    up: int = 0
    down: int = 0
    _door: socket.socket = field(default_factory=socket.socket)
    _counting: threading.Lock = field(default_factory=threading.Lock)

    def open(self) -> None:
        # What is accepted has its buffers from the listener.
        self._door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        self._door.bind(("127.0.0.1", 0))
        self._door.listen()
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._door.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
                far = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                return
            for source, sink, count in ((near, far, self._count_up), (far, near, self._count_down)):
                held: queue.Queue[Held | None] = queue.Queue()
                threading.Thread(target=self._read, args=(source, held, count), daemon=True).start()
                threading.Thread(target=self._write, args=(sink, held), daemon=True).start()

    def _count_up(self, size: int) -> None:
        with self._counting:
            self.up += size

    def _count_down(self, size: int) -> None:
        with self._counting:
            self.down += size

    def _read(
        self, source: socket.socket, held: "queue.Queue[Held | None]", count: Callable[[int], None]
    ) -> None:
        free_at = time.monotonic()
        while True:
            try:
                read = source.recv(_PACKET)
            except OSError:
                read = b""
            if not read:
                held.put(None)
                return
            count(len(read))
            free_at = max(free_at, time.monotonic()) + len(read) * 8 / (self.kbit_s * 1000)
            held.put((free_at + self.delay_s, read))
            time.sleep(max(0.0, free_at - time.monotonic()))

    def _write(self, sink: socket.socket, held: "queue.Queue[Held | None]") -> None:
        while (found := held.get()) is not None:
            at, read = found
            time.sleep(max(0.0, at - time.monotonic()))
            try:
                sink.sendall(read)
            except OSError:
                return
        try:
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            return
