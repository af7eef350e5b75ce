"""The lines that one user holds of one chip, and the thread that hears their edges.

Calls on the chip and its requests never overlap, as gpiod demands. Callbacks run on the thread
with no lock held, so they may use the lines themselves. A chip that goes away is told once, and
its files are closed, so that a new one can have its number.
"""

import contextlib
import errno
import logging
import os
import select
import threading
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from enum import Enum, auto

from gpiod.line import Bias

from hall.runtime.gpio import listening
from hall.runtime.gpio.chips import Chip
from hall.runtime.gpio.errors import ChipLost, GpioError, LineBusy, LineRefused, NoSuchLine
from hall.runtime.gpio.listening import EdgeHandler, HeldLine
from hall.runtime.gpio.requesting import Input, LineRequest, Output, Wish, granted, plainly, value

log = logging.getLogger(__name__)

# A press and its bounces are some tens of edges; the kernel drops the oldest beyond this many.
EVENTS = 128
# Before Linux 6.6 poll() does not return when a chip goes away: the next timeout finds it.
LONGEST_REST_NS = 2_000_000_000

Lost = Callable[[GpioError], None]


class Settling(Enum):
    """Who waits until a contact has stopped bouncing."""

    KERNEL = auto()  # No wake-ups for the bounces; `read` gives the level that has settled.
    OURS = auto()  # `read` gives the wire's level of this moment, as a key matrix needs.


class Lines:
    """`consumer`: what the kernel tells others about who holds the lines (31 bytes of it).

    `lost` is called once, on any thread, when the chip has gone.
    """

    def __init__(
        self,
        chip: Chip,
        consumer: str,
        settling: Settling,
        lost: Lost,
        now_ns: Callable[[], int],
    ) -> None:
        self._chip = chip
        self._consumer = consumer
        self._settling = settling
        self._tell_lost = lost
        self._now_ns = now_ns
        self._name = chip.get_info().name
        self._count = chip.get_info().num_lines
        self._held: dict[int, HeldLine] = {}
        self._lock = threading.Lock()
        self._gone: ChipLost | None = None
        self._closing = False
        self._wake = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._thread: threading.Thread | None = None

    def put(self, line: int, wish: Wish) -> None:
        """Request the line as wished, without its edges. Raises GpioError."""
        with self._lock:
            listening.turn_away(self._have(line, wish))

    def listen(self, line: int, bias: Bias, debounce_s: float, heard: EdgeHandler) -> None:
        """Have the line as an input and hear its edges from now on. Raises GpioError."""
        by_kernel = debounce_s if self._settling is Settling.KERNEL else 0.0
        with self._lock:
            held = self._have(line, Input(bias, edges=True, debounce_s=by_kernel))
            with self._refusals(line):
                listening.listen(held, debounce_s, heard, self._now_ns())
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="gpio", daemon=True)
            self._thread.start()
        self._stir()

    def read(self, line: int) -> bool:
        """The level, True: high. Raises ChipLost."""
        try:
            with self._lock, plainly():
                self._check()
                return bool(self._held[line].request.get_value(line))
        except OSError as err:
            raise self._lose(err) from err

    def drive(self, line: int, level: bool) -> None:  # noqa: FBT001 - a level
        """Without the line nothing is raised: `lost` was called, and a lamp may still blink."""
        try:
            with self._lock, plainly():
                if (held := self._held.get(line)) is not None:
                    held.request.set_value(line, value(level))
        except OSError as err:
            self._lose(err)

    def release(self, line: int) -> None:
        """An output becomes an input first, so that no lamp stays lit. Idempotent."""
        with self._lock:
            held = self._held.pop(line, None)
            if held is None:
                return
            if isinstance(held.wish, Output):
                with contextlib.suppress(OSError), plainly():
                    self._reconfigure(held, Input(Bias.AS_IS))
            held.request.release()

    def close(self) -> None:
        """Idempotent. The thread has ended, and no file is left open."""
        if self._closing:
            return
        self._closing = True
        self._stir()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
        for line in tuple(self._held):
            self.release(line)
        self._chip.close()
        os.close(self._wake)

    # --- requests; the lock is held ---

    def _check(self) -> None:
        if self._gone is not None:
            raise ChipLost(self._gone.chip, self._gone.said)

    def _have(self, line: int, wish: Wish) -> HeldLine:
        self._check()
        if not 0 <= line < self._count:
            raise NoSuchLine(line, self._name, self._count)
        with self._refusals(line):
            held = self._held.get(line)
            if held is None:
                held = self._held[line] = self._request(line, wish)
            else:
                self._reconfigure(held, wish)
        return held

    def _request(self, line: int, wish: Wish) -> HeldLine:
        request, got = granted(
            lambda s: self._chip.request_lines({line: s}, self._consumer, EVENTS),
            wish,
            f"{self._name} line {line}",
        )
        return HeldLine(line, request, got)

    def _reconfigure(self, held: HeldLine, wish: Wish) -> None:
        _, held.wish = granted(
            lambda s: held.request.reconfigure_lines({held.line: s}),
            wish,
            f"{self._name} line {held.line}",
        )

    @contextlib.contextmanager
    def _refusals(self, line: int) -> Iterator[None]:
        try:
            with plainly():
                yield
        except OSError as err:
            why = err.strerror or str(err)
            match err.errno:
                case errno.EBUSY:
                    raise LineBusy(line, self._holder(line)) from err
                case errno.ENODEV:
                    raise ChipLost(self._name, why) from err
                case _:
                    raise LineRefused(line, self._name, why) from err

    def _holder(self, line: int) -> str:
        try:
            with plainly():
                return self._chip.get_line_info(line).consumer
        except OSError:
            return ""

    # --- the thread ---

    def _stir(self) -> None:
        os.eventfd_write(self._wake, 1)

    def _run(self) -> None:
        while not self._closing:
            try:
                self._turn()
            except OSError as err:
                self._lose(err)

    def _turn(self) -> None:
        ready = self._ready()
        # Taken before the events are read: no edge older than this is still unread.
        now = self._now_ns()
        with self._lock, plainly():
            news = [
                (held.heard, edge)
                for held in self._held.values()
                if held.heard is not None
                for edge in listening.settled_edges(held, ready, now)
            ]
        for heard, edge in news:
            try:
                heard(edge)
            except ChipLost:
                log.debug("a callback met the lost chip")
            except Exception:
                log.exception("a callback of a GPIO line failed")

    def _ready(self) -> AbstractSet[LineRequest]:
        """Wait for events. A chip that has gone is ready too: reading it says so."""
        poller = select.poll()
        poller.register(self._wake, select.POLLIN)
        with self._lock:
            heard = {h.request.fd: h.request for h in self._held.values() if h.heard is not None}
            rest_ns = self._rest_ns()
        for fd in heard:
            poller.register(fd, select.POLLIN)
        ready = {fd for fd, _ in poller.poll(None if rest_ns is None else rest_ns / 1e6)}
        if self._wake in ready:
            os.eventfd_read(self._wake)
        return {request for fd, request in heard.items() if fd in ready}

    def _rest_ns(self) -> int | None:
        """How long the thread may rest; None: until it is stirred."""
        if not self._held:
            return None
        dues = [due for held in self._held.values() for due in listening.due(held)]
        soonest = min(dues) - self._now_ns() if dues else LONGEST_REST_NS
        return max(0, min(soonest, LONGEST_REST_NS))

    def _lose(self, err: OSError) -> ChipLost:
        with self._lock:
            known = self._gone
            gone = self._gone = known or ChipLost(self._name, err.strerror or str(err))
            for held in self._held.values():
                held.request.release()
            self._held.clear()
            self._chip.close()
        if known is None:
            self._tell_lost(gone)
        return gone
