"""Drives a paho client by its calls for outer loops: one thread reads, whoever publishes writes.

    network's thread    poll ─▶ read all that came ─▶ callbacks ─▶ write all ─▶ poll …
    whoever publishes   publish, publish, … ─▶ write all

paho's own thread is woken by a byte for every packet, reads each in three calls, and writes each
by one; a hand-over between threads costs more than the packet.
"""

import logging
import select
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import paho.mqtt.client as paho

from hall.runtime.buffered_socket import BufferedSocket
from hall.runtime.clock import Clock
from hall.runtime.standstill import TURN_S
from hall.runtime.standstill_watch import StandStillWatch

log = logging.getLogger(__name__)


class PahoLoop:
    """`failed`: hears why there is no connection, and returns when to try again."""

    def __init__(
        self,
        client: paho.Client,
        name: str,
        clock: Clock,
        watch: StandStillWatch,
        failed: Callable[[Exception], None],
    ) -> None:
        self._client = client
        self._name = name
        self._clock = clock
        self._watch = watch
        self._failed = failed
        self._writing = threading.Lock()
        self._together = 0
        self._is_lost = False
        self._misc_at = 0.0
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._woken, self._waker = socket.socketpair()
        self._woken.settimeout(0)
        self._waker.settimeout(0)
        # Without it paho writes in the thread that publishes, whoever else is writing.
        client.on_socket_register_write = lambda *_: None

    @property
    def is_alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    @property
    def _line(self) -> BufferedSocket | None:
        found: object = self._client.socket()
        return found if isinstance(found, BufferedSocket) else None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name=f"mqtt-{self._name}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread, then say goodbye."""
        self._ended.set()
        self._wake()
        if self._thread is not None:
            self._thread.join()
        self._client.disconnect()
        self.write()
        self._woken.close()
        self._waker.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """What one thread publishes in here leaves at once, at the end."""
        self._together += 1
        try:
            yield
        finally:
            self._together -= 1
            self.write()

    def write(self) -> None:
        """Send what waits. What the system does not take the network's thread sends later."""
        if self._together:
            return
        if not self._write():
            self._wake()

    def _write(self) -> bool:
        with self._writing:
            if self._client.want_write():
                self._client.loop_write()
            line = self._line
            if line is None:
                return True
            try:
                return line.flush()
            except OSError:
                # The network's thread finds it when it reads.
                return False

    def _wake(self) -> None:
        with suppress(BlockingIOError, OSError):
            self._waker.send(b"\0")

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                line = self._line
                if self._is_lost or line is None:
                    self._connect()
                else:
                    self._turn(line)
            except Exception as err:
                log.exception("the network thread stumbled; it connects anew")
                self._is_lost = True
                self._failed(err)

    def _connect(self) -> None:
        self._is_lost = False
        try:
            self._client.reconnect()
        except OSError as err:
            self._failed(err)
        self._write()

    def _turn(self, line: BufferedSocket) -> None:
        self._watch.rests()
        came = self._poll(line)
        self._watch.wakes(hears=came)
        while came and self._line is line:
            self._client.loop_read()
            came = line.pending() > 0
        now = self._clock.monotonic()
        if now >= self._misc_at:
            self._misc_at = now + TURN_S
            self._client.loop_misc()
        self._watch.ends()

    def _poll(self, line: BufferedSocket) -> bool:
        """Wait for a turn at most; whether there is something to read."""
        is_out = self._write()
        wanted = select.poll()
        wanted.register(line, select.POLLIN if is_out else select.POLLIN | select.POLLOUT)
        wanted.register(self._woken, select.POLLIN)
        found = dict(wanted.poll(TURN_S * 1000))
        if self._woken.fileno() in found:
            with suppress(BlockingIOError):
                self._woken.recv(1024)
        return bool(found.get(line.fileno(), 0) & ~select.POLLOUT)
