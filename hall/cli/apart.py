"""`motcua run … --apart`: each role a process of its own, forked from one that has the libraries.

What the roles have in common lies in memory once. A role that dies, or whose loop beats no
longer, is ended and started again alone; one whose configuration is wrong stays away.

A hall at work is supervised by systemd, one unit a role; this is for the demo, which runs where
no unit is installed, and for machines of 512 MB. systemd starts programs anew, so nothing would be
shared; multiprocessing's forkserver forks, but neither watches heartbeats nor starts again.
"""

import ctypes
import gc
import logging
import os
import selectors
import signal
import socket
import struct
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from hall.runtime.clock import SystemClock
from hall.runtime.notify import Notifier
from hall.runtime.reloading import START_AGAIN, hang_up, hear_reloads, hold_reloads
from hall.runtime.roles import CONFIG_ERROR

log = logging.getLogger(__name__)

RESTART_S = 0.5
LEAVE_S = 8.0
# As in the units: a loop beats twice in this time, a start may take longer.
SILENT_S = 20.0
STARTING_S = 90.0
_CREDENTIALS = struct.Struct("3i")
_END_WITH_PARENT = 1


@dataclass(slots=True)
class _Child:
    """`silent_until`: when it is taken for hung unless it beats before."""

    name: str
    silent_until: float


@dataclass(slots=True)
class Supervisor:
    """`works`: what each role does until it ends, and its exit status. One thread only.

    Says `ROLE PID` for each start and `ROLE ended STATUS` for each end. `logs`: a folder where
    each role has a file for what it would have written to the terminal.
    """

    works: Mapping[str, Callable[[], int]]
    say: Callable[[str], None]
    logs: Path | None = None
    silent_s: float = SILENT_S
    leave_s: float = LEAVE_S
    _notifier: Notifier = field(default_factory=Notifier)
    _clock: SystemClock = field(default_factory=SystemClock)
    _has_hung_up: Callable[[], bool] = field(default_factory=hang_up)
    _children: dict[int, _Child] = field(default_factory=dict)
    _due: dict[str, float] = field(default_factory=dict)
    _ready: set[str] = field(default_factory=set)
    _wrong: set[str] = field(default_factory=set)
    _leaving: bool = False

    def run(self) -> int:
        """Until SIGTERM or SIGINT, or until no role is left: 0, or 2 when none could be run."""
        self._due = dict.fromkeys(self.works, 0.0)
        gc.collect()
        # What lies in shared pages now must not be written to by the collector.
        gc.freeze()
        with _events() as events:
            while self._children or self._due:
                self._start_due(events)
                self._take_events(events)
                self._reap()
                self._kill_hung()
                self._notifier.beat()
        return CONFIG_ERROR if self._wrong == set(self.works) else 0

    def _start_due(self, events: "_Events") -> None:
        now = self._clock.monotonic()
        for name in [name for name, due in self._due.items() if due <= now]:
            del self._due[name]
            sys.stdout.flush()
            sys.stderr.flush()
            parent = os.getpid()
            hold_reloads()
            pid = os.fork()
            if pid == 0:
                _run_child(self.works[name], events, parent, self._log_of(name), self.silent_s)
            hear_reloads()
            self._children[pid] = _Child(name, now + STARTING_S)
            self.say(f"{name} {pid}")

    def _log_of(self, name: str) -> Path | None:
        return None if self.logs is None else self.logs / f"{name}.log"

    def _take_events(self, events: "_Events") -> None:
        now = self._clock.monotonic()
        until = min((*self._due.values(), *(c.silent_until for c in self._children.values())))
        for what in events.wait(min(max(0.0, until - now), self._notifier.beat_s)):
            match what:
                case signal.SIGTERM | signal.SIGINT:
                    self._leave()
                case signal.SIGHUP:
                    self._reload()
                case (int(pid), str(state)):
                    self._notified(pid, state)
                case _:
                    pass

    def _notified(self, pid: int, state: str) -> None:
        child = self._children.get(pid)
        if child is None or self._leaving:
            return
        if "WATCHDOG=1" in state:
            child.silent_until = max(child.silent_until, self._clock.monotonic() + self.silent_s)
        if "READY=1" in state:
            child.silent_until = self._clock.monotonic() + self.silent_s
            self._ready.add(child.name)
            if self._ready == set(self.works) - self._wrong:
                self._notifier.ready("sẵn sàng")

    def _reload(self) -> None:
        """Each role judges its file for itself; those that take a new one end with START_AGAIN."""
        if self._has_hung_up():
            self._leave()
            return
        for pid in self._children:
            os.kill(pid, signal.SIGHUP)

    def _leave(self) -> None:
        if not self._leaving:
            self._leaving = True
            self._notifier.stopping()
            self._due.clear()
            for pid, child in self._children.items():
                os.kill(pid, signal.SIGTERM)
                child.silent_until = self._clock.monotonic() + self.leave_s

    def _reap(self) -> None:
        while self._children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            child = self._children.pop(pid, None)
            if child is not None:
                self._ended(child.name, os.waitstatus_to_exitcode(status))

    def _ended(self, name: str, status: int) -> None:
        self.say(f"{name} ended {status}")
        if self._leaving:
            return
        if status == CONFIG_ERROR:
            log.error("%s: its configuration is wrong, it is not started again", name)
            self._wrong.add(name)
            return
        if status == START_AGAIN:
            self._due[name] = self._clock.monotonic()
            return
        log.warning("%s ended with %d: starting it again", name, status)
        self._due[name] = self._clock.monotonic() + RESTART_S

    def _kill_hung(self) -> None:
        now = self._clock.monotonic()
        for pid, child in self._children.items():
            if child.silent_until <= now:
                log.error("%s: no beat for too long, ending it", child.name)
                os.kill(pid, signal.SIGKILL)
                child.silent_until = now + self.leave_s


def _run_child(
    work: Callable[[], int], events: "_Events", parent: int, log_file: Path | None, silent_s: float
) -> None:
    """All that the child does; never returns."""
    status = 1
    try:
        events.leave_to_parent(silent_s)
        _end_with(parent)
        if log_file is not None:
            _write_to(log_file)
        gc.enable()
        status = work()
    except Exception:  # the process ends here, whatever it was
        log.exception("ended by an unforeseen error")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _end_with(parent: int) -> None:
    ctypes.CDLL(None).prctl(_END_WITH_PARENT, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)


def _write_to(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(target, 1)
    os.dup2(target, 2)
    os.close(target)


@dataclass(frozen=True, slots=True)
class _Events:
    """Signals, and what the children tell their service manager, which is this process."""

    signals: socket.socket
    waker: socket.socket
    beats: socket.socket
    selector: selectors.BaseSelector

    def wait(self, longest_s: float) -> Iterator[int | tuple[int, str]]:
        """Signal numbers, and (pid, state) of each sd_notify datagram."""
        for key, _ in self.selector.select(longest_s):
            if key.fileobj is self.signals:
                yield from self.signals.recv(64)
            else:
                yield from self._notifications()

    def _notifications(self) -> Iterator[tuple[int, str]]:
        room = socket.CMSG_SPACE(_CREDENTIALS.size)
        while True:
            try:
                state, extra, _, _ = self.beats.recvmsg(4096, room)
            except BlockingIOError:
                return
            for _, kind, what in extra:
                if kind == socket.SCM_CREDENTIALS:
                    yield _CREDENTIALS.unpack(what)[0], state.decode("utf-8", "replace")

    def leave_to_parent(self, silent_s: float) -> None:
        """In the child: nothing of these is its own; we are its service manager."""
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        name = self.beats.getsockname()
        self.selector.close()
        for sock in (self.signals, self.waker, self.beats):
            sock.close()
        os.environ["NOTIFY_SOCKET"] = name.decode().replace("\0", "@", 1)
        os.environ["WATCHDOG_USEC"] = str(int(silent_s * 1_000_000))
        os.environ.pop("WATCHDOG_PID", None)


@contextmanager
def _events() -> Iterator[_Events]:
    signals, waker = socket.socketpair()
    beats = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    beats.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    # An empty address: the kernel chooses a name that no file has and nobody else has.
    beats.bind("")
    for sock in (signals, waker):
        sock.settimeout(0)
    selector = selectors.DefaultSelector()
    selector.register(signals, selectors.EVENT_READ)
    selector.register(beats, selectors.EVENT_READ)
    signal.set_wakeup_fd(waker.fileno())
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, lambda *_: None)
    try:
        yield _Events(signals, waker, beats, selector)
    finally:
        signal.set_wakeup_fd(-1)
        selector.close()
        for sock in (signals, waker, beats):
            sock.close()
