"""The far ends of the machine's cables: the project's own simulated devices behind unix sockets.

A USB adapter is plugged into the machine for as long as somebody holds its socket.
"""

import contextlib
import select
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from emulated.waiting import until

from firmware_bridge.lines.simulated_bus import steady
from firmware_bridge.lines.simulated_devices import SimulatedUnit
from printer.simulator.bench import Bench
from printer.simulator.machine import Make
from printer.simulator.paper import CutPaper

_CHUNK = 4096
# Longer than any break within a frame: what was half heard was for others.
_SILENCE_S = 0.1


@dataclass(slots=True)
class Cable:
    """A socket of the machine and a thread that serves it while it is plugged in."""

    path: Path
    serve: Callable[[socket.socket], None]
    _socket: socket.socket | None = None
    _thread: threading.Thread | None = None

    def plug(self) -> None:
        """Plug in; in the machine this is a device that appears."""
        self.pull()
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(self.path))
        self._thread = threading.Thread(
            target=self._run, args=(self._socket,), name=self.path.stem, daemon=True
        )
        self._thread.start()

    def pull(self) -> None:
        if self._socket is not None and self._thread is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self._thread.join(10)
            self._socket.close()
        self._socket = self._thread = None

    def send(self, data: bytes) -> None:
        """What the device says of its own accord, as a scanner does."""
        assert self._socket is not None, f"{self.path.stem} is not plugged in"
        self._socket.sendall(data)

    def _run(self, line: socket.socket) -> None:
        # A machine whose power is cut resets its end.
        with contextlib.suppress(OSError):
            self.serve(line)


@dataclass(slots=True)
class Server:
    """A device on the machine's network: every connection is served by a thread of its own.

    `port_file` says where, for as long as it is switched on.
    """

    port_file: Path
    serve: Callable[[socket.socket], None]
    _listener: socket.socket | None = None
    _guests: list[socket.socket] = field(default_factory=list)

    def switch(self, *, on: bool) -> None:
        """Switched off, it hangs up on everybody and lets nobody in."""
        self.port_file.unlink(missing_ok=True)
        for line in (*self._guests, self._listener):
            if line is not None:
                with contextlib.suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)
                line.close()
        self._guests, self._listener = [], None
        if on:
            self._listener = socket.create_server(("127.0.0.1", 0))
            self.port_file.write_text(str(self._listener.getsockname()[1]), encoding="ascii")
            threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _ = listener.accept()
                self._guests.append(line)
                threading.Thread(target=self._run, args=(line,), daemon=True).start()

    def _run(self, line: socket.socket) -> None:
        with contextlib.suppress(OSError):
            self.serve(line)
        line.close()


@dataclass(slots=True)
class Paper:
    """A simulated receipt printer; what falls out of it is kept, oldest first."""

    bench: Bench = field(init=False)
    sheets: list[tuple[float, CutPaper]] = field(default_factory=list)
    line: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self.bench = Bench(Make(), self._falls_out)
        self.line = self.bench.plug()
        self.bench.start()

    def serve(self, cable: socket.socket) -> None:
        """Carry bytes both ways until the cable is pulled."""
        ways = {cable: self.line, self.line: cable}
        while True:
            for ready in select.select(list(ways), [], [])[0]:
                data = ready.recv(_CHUNK)
                if not data:
                    return
                ways[ready].sendall(data)

    def after(self, count: int, seconds: float = 90.0) -> CutPaper:
        """The first sheet that falls out once `count` lie there. Raises TimeoutError."""
        until(lambda: len(self.sheets) > count, seconds, "no paper fell out")
        return self.sheets[count][1]

    def close(self) -> None:
        self.bench.stop()
        self.line.close()

    def _falls_out(self, sheet: CutPaper) -> None:
        if not sheet.blank:
            self.sheets.append((time.monotonic(), sheet))


@dataclass(slots=True)
class Bus:
    """Counter units on one RS-485 pair: the reference firmware itself."""

    addresses: Sequence[int]
    units: dict[int, SimulatedUnit] = field(init=False)
    frames: int = 0
    _hands: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        now = time.monotonic()
        self.units = {address: SimulatedUnit(address, now) for address in self.addresses}

    def serve(self, cable: socket.socket) -> None:
        cable.settimeout(_SILENCE_S)
        while True:
            try:
                data = cable.recv(_CHUNK)
            except TimeoutError:
                with self._hands:
                    for unit in self.units.values():
                        unit.falls_silent()
                continue
            if not data:
                return
            for answer in self._answers(data):
                cable.sendall(answer)

    def shown(self, address: int) -> str:
        """The digits of a unit; `- -` when it has not been spoken to for a while."""
        with self._hands:
            return steady(self.units[address], time.monotonic())[0]

    def press(self, address: int, key: str) -> None:
        with self._hands:
            self.units[address].press(key, time.monotonic())

    def switch(self, address: int, *, on: bool) -> None:
        with self._hands:
            if on:
                self.units[address].switch_on(time.monotonic())
            else:
                self.units[address].switch_off()

    def _answers(self, data: bytes) -> list[bytes]:
        with self._hands:
            self.frames += 1
            now = time.monotonic()
            heard = (unit.answer_bytes(data, now) for unit in self.units.values())
            return [answer for answer in heard if answer is not None]


def listen_only(cable: socket.socket) -> None:
    """A scanner's end: it never reads, and knows only that it is plugged in."""
    while cable.recv(_CHUNK):
        pass
