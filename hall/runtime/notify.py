"""Speaks to systemd: READY, STATUS, WATCHDOG. Silent where there is no systemd."""

import os
import socket
import threading
from collections.abc import Callable, Mapping

_START_USEC = 120_000_000


class Notifier:
    """sd_notify(3) by hand: a datagram costs 6 µs, the library's import 15 ms."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._address = environ.get("NOTIFY_SOCKET", "").replace("@", "\0", 1)
        self.beat_s = _beat_s(environ)
        self._watchdog = environ.get("WATCHDOG_USEC", "")

    def ready(self, status: str) -> None:
        # Said anew, since the program may have started again in the same process.
        period = f"\nWATCHDOG_USEC={self._watchdog}" if self._watchdog else ""
        self._send(f"READY=1{period}\nSTATUS={status}")

    def starting_again(self) -> None:
        """No beat will come until the program is ready anew: as long as a first start may take."""
        if self._watchdog:
            self._send(f"WATCHDOG_USEC={_START_USEC}")

    def status(self, text: str) -> None:
        self._send(f"STATUS={text}")

    def stopping(self) -> None:
        self._send("STOPPING=1")

    def beat(self) -> None:
        self._send("WATCHDOG=1")

    def _send(self, state: str) -> None:
        if not self._address:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock:
            try:
                sock.sendto(state.encode(), self._address)
            except OSError:
                # The daemon works on without its service manager.
                return


def _beat_s(environ: Mapping[str, str]) -> float:
    """Half the watchdog's period; 5 s without a watchdog, or with that of another process."""
    usec, pid = environ.get("WATCHDOG_USEC", ""), environ.get("WATCHDOG_PID", "")
    if usec.isdigit() and pid in ("", str(os.getpid())):
        return int(usec) / 2_000_000
    return 5.0


class Heartbeat:
    """The process beats while all of its loops do: one that hangs stops it."""

    def __init__(
        self, notifier: Notifier, loops: int, when_ready: Callable[[], None] = lambda: None
    ) -> None:
        self.beat_s = notifier.beat_s
        self._notifier = notifier
        self._when_ready = when_ready
        self._loops = loops
        self._heard: set[str] = set()
        self._ready: set[str] = set()
        self._wrong: dict[str, str] = {}
        self._lock = threading.Lock()

    def ready(self, loop: str) -> None:
        """When the last loop is ready, `when_ready` is called and READY=1 goes out."""
        with self._lock:
            self._ready.add(loop)
            if not self._is_ready:
                return
        self._when_ready()
        with self._lock:
            self._notifier.ready(self._standing)

    def beat(self, loop: str) -> None:
        with self._lock:
            self._heard.add(loop)
            complete = len(self._heard) >= self._loops
            if complete:
                self._heard.clear()
        if complete:
            self._notifier.beat()

    def tell_trouble(self, loop: str, wrong: str) -> None:
        """What the service manager shows beside the name: what is wrong, "" = nothing."""
        with self._lock:
            if wrong == self._wrong.get(loop, ""):
                return
            self._wrong[loop] = wrong
            if self._is_ready:
                self._notifier.status(self._standing)

    @property
    def _is_ready(self) -> bool:
        return len(self._ready) == self._loops

    @property
    def _standing(self) -> str:
        """One line, as sd_notify wants it."""
        told = "; ".join(f"{loop}: {text}" for loop, text in self._wrong.items() if text)
        return " ".join(told.split()) or "sẵn sàng"
