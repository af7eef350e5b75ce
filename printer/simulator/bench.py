"""The simulated printer on a line: one thread owns it and talks over a socket, TCP or a pty."""

import contextlib
import os
import select
import socket
import threading
import time
import tty
from collections.abc import Callable
from queue import Empty, SimpleQueue

from printer.simulator.machine import Machine, MachineCondition, Make
from printer.simulator.paper import CutPaper

CHUNK = 4096
IDLE_S = 5.0

Order = Callable[[Machine, float], None]


class Bench:
    """A machine, its thread and its line. Tests and `simulate` reach it by `do_order`."""

    def __init__(self, make: Make, on_sheet: Callable[[CutPaper], None]) -> None:
        self._machine = Machine(make, on_sheet)
        self._orders: SimpleQueue[Order] = SimpleQueue()
        self._wake_out, self._wake_in = os.pipe()
        os.set_blocking(self._wake_out, False)
        self._thread = threading.Thread(target=self._serve, name="simulated-printer", daemon=True)
        self._stopping = False
        self._listener: socket.socket | None = None
        self._line: int | None = None
        self._keep: object = None
        self._outgoing = b""
        self._cuts_line_without_power = True
        self._plugged = True

    # --- the ways to reach it ---

    def plug(self) -> socket.socket:
        """A private cable: the host's end. Without power the other end is closed."""
        ours, theirs = socket.socketpair()
        self.do_order(lambda _machine, _now: self._connect(theirs.fileno(), theirs))
        return ours

    def listen(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Serve TCP as a network printer does, one host at a time; the port is returned."""
        self._listener = socket.create_server((host, port))
        self._listener.settimeout(0)
        return int(self._listener.getsockname()[1])

    def open_pty(self) -> str:
        """Serve a raw pseudo-terminal; its path is a serial device or an lp device to the host."""
        master, slave = os.openpty()
        tty.setraw(slave)
        name = os.ttyname(slave)
        self._cuts_line_without_power = False
        # The slave stays open here, or the master reads EIO between two hosts.
        self.do_order(lambda _machine, _now: self._connect(master, _Terminal(master, slave)))
        return name

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping = True
        self._wake()
        if self._thread.is_alive():
            self._thread.join()
        # A line that was plugged in and never served has ends to close, too.
        self._run_orders(time.monotonic())
        self._disconnect()
        if self._listener is not None:
            self._listener.close()
        os.close(self._wake_in)
        os.close(self._wake_out)

    # --- hands ---

    def do_order(self, order: Order) -> None:
        """Have the owner thread do something to the machine."""
        self._orders.put(order)
        self._wake()

    def change(self, **what: bool) -> None:
        self.do_order(lambda machine, now: machine.change(now, **what))

    def new_roll(self, mm: int | None = None) -> None:
        self.do_order(lambda machine, now: machine.new_roll(now, mm))

    def unplug(self) -> None:
        """Pull the line out. A pseudo-terminal is gone for good: `open_pty` makes another."""
        self._plugged = False
        self.do_order(lambda _machine, _now: self._disconnect())

    def replug(self) -> None:
        self._plugged = True

    @property
    def condition(self) -> MachineCondition:
        return self._machine.condition

    @property
    def reachable(self) -> bool:
        """Whether a host can open the line."""
        return self._plugged and self._powered

    @property
    def _powered(self) -> bool:
        return self._machine.condition.power

    # --- the owner thread ---

    def _wake(self) -> None:
        with contextlib.suppress(OSError):
            os.write(self._wake_in, b"!")

    def _serve(self) -> None:
        while not self._stopping:
            now = time.monotonic()
            self._run_orders(now)
            self._machine.advance(now)
            self._outgoing += self._machine.answers()
            self._send()
            if not self._outgoing and self._machine.hangs_up():
                self._disconnect()
            if self._line is not None and not self._powered and self._cuts_line_without_power:
                self._disconnect()
            self._wait(self._machine.due(now), now)

    def _run_orders(self, now: float) -> None:
        with contextlib.suppress(Empty):
            while True:
                self._orders.get_nowait()(self._machine, now)

    def _wait(self, due: float | None, now: float) -> None:
        poller = select.poll()
        poller.register(self._wake_out, select.POLLIN)
        if self._listener is not None:
            poller.register(self._listener, select.POLLIN)
        if self._line is not None:
            wanted = (select.POLLIN if self._machine.room else 0) | (
                select.POLLOUT if self._outgoing else 0
            )
            if wanted:
                # Not polled while stalled: poll() would report a peer that left again and again.
                poller.register(self._line, wanted)
        timeout = IDLE_S if due is None else max(0.0, due - now)
        for fd, _ in poller.poll(timeout * 1000 + 1):
            self._ready(fd)

    def _ready(self, fd: int) -> None:
        if fd == self._wake_out:
            with contextlib.suppress(BlockingIOError):
                os.read(fd, CHUNK)
        elif fd == self._line:
            self._receive(fd)
        elif self._listener is not None and fd == self._listener.fileno():
            self._accept(self._listener)

    def _receive(self, fd: int) -> None:
        room = min(CHUNK, self._machine.room)
        if not room:
            return
        try:
            data = os.read(fd, room)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self._machine.receive(data, time.monotonic())
        else:
            self._disconnect()

    def _send(self) -> None:
        if self._line is None:
            self._outgoing = b""
        if not self._outgoing or self._line is None:
            return
        try:
            sent = os.write(self._line, self._outgoing)
        except BlockingIOError:
            return
        except OSError:
            self._disconnect()
            return
        self._outgoing = self._outgoing[sent:]

    def _accept(self, listener: socket.socket) -> None:
        peer, _ = listener.accept()
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.reachable:
            self._connect(peer.fileno(), peer)
        else:
            peer.close()

    def _connect(self, fd: int, keep: "socket.socket | _Terminal") -> None:
        self._disconnect()
        os.set_blocking(fd, False)
        self._line, self._keep, self._outgoing = fd, keep, b""

    def _disconnect(self) -> None:
        keep, self._keep, self._line = self._keep, None, None
        if isinstance(keep, socket.socket | _Terminal):
            keep.close()


class _Terminal:
    """Both ends of a pty, so that they are closed together."""

    def __init__(self, master: int, slave: int) -> None:
        self._ends = (master, slave)

    def close(self) -> None:
        for fd in self._ends:
            os.close(fd)
