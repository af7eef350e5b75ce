"""The one thread that owns the line to the printer: it opens, writes, reads and reopens."""

import array
import contextlib
import fcntl
import logging
import os
import select
import termios
import threading
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from printer.line.reports import Breach, JobConfirmed, PrintJob, Report, StatusReport, Up
from printer.line.session import PrinterSession
from printer.ports import Driver, HungUp, Lost, PaperEnd, Reset, Wire, WireError

log = logging.getLogger(__name__)

# After a write that took nothing although the line looked writable.
BREATHER_S = 0.2
# Some USB printers answer every poll with an empty packet: do not listen without a break.
EMPTY_S = 0.05
# A line open for so long and then closed in good order was closed by an idle timeout.
LIVED_S = 5.0


@dataclass(frozen=True, slots=True)
class Down:
    """No line. Told when the reason changes, not at every try."""

    why: WireError | Breach


LinkReport = Report | Down
Clock = Callable[[], float]


class Link:
    """`post` is called from the link's thread; everything else from the service's loop."""

    # Seconds before the line is tried again: the first time, the second …, from then on.
    reopen_s: tuple[float, ...] = (0.5, 1.0, 2.0, 5.0)

    def __init__(
        self,
        driver: Driver,
        session: PrinterSession,
        post: Callable[[LinkReport], None],
        clock: Clock,
    ) -> None:
        self._driver = driver
        self._session = session
        self._post = post
        self._clock = clock
        self._orders: SimpleQueue[PrintJob | bytes] = SimpleQueue()
        self._wake_out, self._wake_in = os.pipe()
        os.set_blocking(self._wake_out, False)
        self._stopping = False
        self._deaf_until = 0.0
        self._opened_at = 0.0
        self._served = False
        self._quietly = False
        self._down: type[WireError] | Breach | None = None
        self._thread = threading.Thread(target=self._run, name="printer-link", daemon=True)

    def start(self, *, after_break: bool = False) -> None:
        """`after_break`: an earlier run was cut off while it was printing."""
        if after_break:
            self._session.after_break()
        self._thread.start()

    def submit(self, job: PrintJob) -> None:
        """Have the job printed; what becomes of it is posted."""
        self._orders.put(job)
        self._wake()

    def instruct(self, data: bytes) -> None:
        """Have commands sent that print nothing."""
        self._orders.put(data)
        self._wake()

    def stop(self) -> None:
        self._stopping = True
        self._wake()
        if self._thread.is_alive():
            self._thread.join()
        os.close(self._wake_in)
        os.close(self._wake_out)

    # --- the thread ---

    def _wake(self) -> None:
        with contextlib.suppress(OSError):
            os.write(self._wake_in, b"!")

    def _run(self) -> None:
        tries = 0
        while not self._stopping:
            try:
                tries = 0 if self._talk(self._driver.open()) else tries
            except WireError as err:
                self._report_down(err)
            except (
                Exception
            ) as err:  # the loop's edge: without this thread no report comes any more
                log.exception("the line to the printer failed")
                self._report_down(Lost(f"lỗi phần mềm: {err}"))
            if self._quietly:
                self._quietly = False
                continue
            self._refuse_orders()
            self._nap(self.reopen_s[min(tries, len(self.reopen_s) - 1)])
            tries += 1

    def _talk(self, wire: Wire) -> bool:
        """Until the line breaks; whether a printer answered: other devices send bytes too."""
        self._opened_at, self._served = self._clock(), False
        self._session.opened(self._opened_at)
        is_printer = False
        try:
            while not self._stopping and self._session.breach is None:
                pause = self._turn(wire)
                is_printer = self._post_reports() or is_printer
                self._wait(wire, pause)
        except HungUp as err:
            self._hung_up(wire, err)
        except Reset as err:
            self._left(err)
        except WireError as err:
            self._report_down(err)
        finally:
            wire.close()
            if self._session.breach is not None:
                self._report_down(self._session.breach)
            self._session.lost(quietly=self._quietly)
            self._post_reports()
        return is_printer

    def _hung_up(self, wire: Wire, why: HungUp) -> None:
        now = self._clock()
        self._session.lingers(_unsent(wire.fileno()), now)
        self._session.hung_up(now)
        self._post_reports()
        self._left(why)

    def _left(self, why: HungUp | Reset) -> None:
        """A printer that closes the line after a job, or when there is none, is not away.

        A question of ours that arrives after its FIN is answered with a reset.
        """
        useful = self._served or self._clock() - self._opened_at > LIVED_S
        self._quietly = useful and self._session.ready
        if not self._quietly:
            self._report_down(why)

    def _turn(self, wire: Wire) -> float | None:
        """Do what can be done now; how long to keep from writing, if the line takes nothing."""
        now = self._clock()
        self._take_orders(now)
        # Before timeouts are checked: the process may have been suspended for longer than them.
        took = self._write(wire, now)
        self._session.lingers(_unsent(wire.fileno()), now)
        self._session.tick(now)
        return None if took else BREATHER_S

    def _take_orders(self, now: float) -> None:
        with contextlib.suppress(Empty):
            while True:
                match self._orders.get_nowait():
                    case PrintJob() as job:
                        self._session.submit(job, now)
                    case data:
                        self._session.instruct(data, now)

    def _write(self, wire: Wire, now: float) -> bool:
        """Write what fits; False when the line takes nothing."""
        data = self._session.outgoing
        if not data:
            return True
        try:
            count = wire.write(data[: self._driver.chunk])
        except PaperEnd:
            self._session.paper_end()
            return False
        self._session.wrote(count, now)
        return count > 0

    def _wait(self, wire: Wire, pause: float | None) -> None:
        now = self._clock()
        due = max(0.0, self._session.due(now) - now)
        wants = select.POLLIN if now >= self._deaf_until else 0
        if self._session.outgoing and pause is None:
            wants |= select.POLLOUT
        timeout = due if pause is None or not self._session.outgoing else min(due, pause)
        poller = select.poll()
        poller.register(self._wake_out, select.POLLIN)
        if wants & select.POLLIN:
            poller.register(wire.fileno(), wants)
        else:
            timeout = min(timeout, EMPTY_S)
        for fd, event in poller.poll(timeout * 1000 + 1):
            if fd == self._wake_out:
                self._drain()
            elif event & ~select.POLLOUT:
                self._read(wire)

    def _read(self, wire: Wire) -> None:
        now = self._clock()
        data = wire.read()
        if data:
            self._session.received(data, now)
        else:
            self._deaf_until = now + EMPTY_S

    def _drain(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self._wake_out, 4096)

    def _post_reports(self) -> bool:
        reports = self._session.reports()
        for report in reports:
            if isinstance(report, Up) or (isinstance(report, StatusReport) and _explains(report)):
                self._down = None
            self._served = self._served or isinstance(report, JobConfirmed)
            self._post(report)
        return any(isinstance(report, Up) for report in reports)

    def _report_down(self, why: WireError | Breach) -> None:
        mark = why if isinstance(why, Breach) else type(why)
        if mark != self._down:
            self._down = mark
            self._post(Down(why))

    def _refuse_orders(self) -> None:
        self._take_orders(self._clock())
        for report in self._session.reports():
            self._post(report)

    def _nap(self, seconds: float) -> None:
        if self._stopping:
            return
        poller = select.poll()
        poller.register(self._wake_out, select.POLLIN)
        if poller.poll(seconds * 1000):
            self._drain()


def _explains(report: StatusReport) -> bool:
    """Whether a fault of the printer itself is known, so that a lost line is news again."""
    return report.faults is not None and report.faults.blocked


def _unsent(fd: int) -> int:
    """What the kernel has taken and not passed on; 0 where it does not say (usblp)."""
    count = array.array("i", [0])
    with contextlib.suppress(OSError):
        fcntl.ioctl(fd, termios.TIOCOUTQ, count)
    return count[0]
