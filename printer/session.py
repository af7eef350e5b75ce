"""The conversation with a printer, without a line or a clock: synchronise, print, confirm.

A write proves nothing: a job is confirmed by the printer's own answer. A held job is never sent
again. Whatever breaks in the middle leaves the job `Dropped`, with the bytes that were accepted.
"""

from collections import deque
from dataclasses import replace
from enum import Enum
from typing import assert_never

from printer import commands, status
from printer.models import Model
from printer.opening import FLUSH, LONGEST_FLUSH, MORE_EACH_TIME, hello, hello_again
from printer.reports import (
    Breach,
    Confirm,
    Confirmed,
    Dropped,
    Held,
    Identified,
    Job,
    Keys,
    Patience,
    Report,
    Sent,
    State,
    Up,
)
from printer.running import Running
from printer.status import FINE, Faults

# POWER_ON: Epson's notice (a memory switch); a serial line tells nothing else of a restart.
PROCESS_ID, POWER_ON, IDENTITY = 0x37, 0x3B, 0x5F
MORE_FOLLOWS = b"\x41"


class Phase(Enum):
    CLOSED = "closed"
    SYNCING = "syncing"
    SETTLING = "settling"
    IDLE = "idle"
    SENDING = "sending"
    WAITING = "waiting"


class Session:
    """Sans I/O. The owner of the line calls in with what happened and when (monotonic seconds)."""

    def __init__(
        self,
        model: Model,
        confirm: Confirm = Confirm.AUTO,
        patience: Patience | None = None,
        bytes_a_second: float = 1e6,
    ) -> None:
        self._model = model
        self._confirm = confirm
        self._patience = patience or Patience()
        self._speed = bytes_a_second
        self._phase = Phase.CLOSED
        self._outgoing = b""
        self._reader = status.Reader()
        self._faults: Faults | None = None
        self._asked: deque[tuple[int, float]] = deque()
        self._misses = 0
        self._running: Running | None = None
        self._progress_at = self._due = self._alive_at = self._opened_at = 0.0
        self._ids_work = model.process_id
        self._order_works = True
        self._reports: list[Report] = []
        self._scrap = False
        self._asb_works = False
        self._flush, self._refill = FLUSH, False
        self._listed: tuple[str, ...] = ()
        self.breach: Breach | None = None

    # --- what the owner of the line asks ---

    @property
    def outgoing(self) -> bytes:
        """Bytes that wait to be written."""
        return self._outgoing

    @property
    def ready(self) -> bool:
        """A job would be taken now."""
        return self._phase is Phase.IDLE

    def due(self, now: float) -> float:
        """When `tick` has something to do."""
        if self._phase is Phase.CLOSED:
            return now + 3600
        times = [self._due]
        if self._asked:
            times.append(self._asked[0][1] + self._patience.answer)
        if self._outgoing:
            times.append(self._progress_at + self._patience.stall)
        return min(times)

    def reports(self) -> list[Report]:
        """What happened since last asked, in order."""
        out, self._reports = self._reports, []
        return out

    # --- what happened to the line ---

    def after_break(self) -> None:
        """Half a ticket may hang from the printer since an earlier run."""
        self._scrap = True

    def opened(self, now: float) -> None:
        """A fresh line: flush what a broken write may have left open, then synchronise."""
        self.breach = None
        self._asb_works = False
        self._listed = ()
        self._opened_at = now
        self._flush, self._refill = FLUSH, False
        self._reader, self._faults = status.Reader(), None
        self._asked.clear()
        self._misses = 0
        self._progress_at = now
        answers = self._confirm is not Confirm.NONE
        self._outgoing = hello(self._model, scrap=self._scrap, answers=answers)
        wire_s = len(self._outgoing) / self._speed
        if answers:
            self._enter(Phase.SYNCING, now + self._patience.answer + wire_s)
        else:
            self._enter(Phase.SETTLING, now + wire_s)

    def lost(self) -> None:
        """The line is gone."""
        running, self._running = self._running, None
        if running is not None:
            self._reports.append(Dropped(running.job.id, running.accepted))
            self._scrap = running.accepted > 0
        self._phase, self._outgoing = Phase.CLOSED, b""
        self._asked.clear()
        self._say(None)

    def wrote(self, count: int, now: float) -> None:
        """The kernel took `count` bytes of `outgoing`."""
        if not count:
            return
        self._outgoing = self._outgoing[count:]
        self._progress_at = now
        running = self._running
        if running is not None and self._phase is Phase.SENDING:
            running.accepted += count
            if not self._outgoing:
                self._all_sent(running, now)

    def paper_end(self) -> None:
        """The kernel says that the printer has no paper."""
        self._say(replace(self._faults or FINE, paper_out=True))

    def received(self, data: bytes, now: float) -> None:
        heard = status.hear(self._reader, data, now)
        self._reader = heard.reader
        for reply in heard.replies:
            self._misses = 0
            if self.breach is None:
                self._take(reply, now)

    def submit(self, job: Job, now: float) -> None:
        """Begin to send; refused as `Dropped` with nothing accepted unless `ready`."""
        if not self.ready:
            self._reports.append(Dropped(job.id, 0))
            return
        self._running = Running(job)
        self._outgoing += job.data
        self._progress_at = now
        self._enter(Phase.SENDING, now + 3600)

    def instruct(self, data: bytes, now: float) -> None:
        """Commands that print nothing (provisioning), behind whatever is on its way."""
        if self._phase is not Phase.CLOSED:
            self._outgoing += data
            self._progress_at = now

    def tick(self, now: float) -> None:
        if self._phase is Phase.CLOSED or self.breach is not None:
            return
        self._miss(now)
        self._watch_stall(now)
        if self.breach is None and now >= self._due:
            self._on_time(now)

    # --- replies ---

    def _take(self, reply: status.Reply, now: float) -> None:
        match reply:
            case status.Asb():
                self._asb_works = True
                self._learn(status.of_asb(reply), now)
            case status.RealTime():
                self._alive_at = now
                if self._asked:
                    asked, _ = self._asked.popleft()
                    self._learn(status.of_real_time(self._faults or FINE, asked, reply), now)
                    self._look_closer(asked, now)
            case status.InOrder():
                self._in_order(reply, now)
            case status.Block(kind=kind, data=data):
                self._block(kind, data, now)
            case _:
                assert_never(reply)

    def _look_closer(self, asked: int, now: float) -> None:
        """Offline without a cause: ask for it."""
        faults = self._faults or FINE
        if asked == 1 and faults.offline and not self._outgoing:
            self._ask(now, 2, 3, 4)

    def _in_order(self, reply: status.InOrder, now: float) -> None:
        self._order_works = True
        if self._phase is Phase.SYNCING:
            self._say(status.of_in_order(self._faults or FINE, reply))
            # A job held from before may be answered first: settle until no answer follows.
            self._enter(Phase.SETTLING, now + self._settle_s)
        elif self._phase is Phase.SETTLING:
            self._enter(Phase.SETTLING, now + self._settle_s)
            if now > self._opened_at + self._patience.silent:
                self.breach = Breach.NOISE
        elif self._phase is Phase.WAITING and self._running is not None:
            if self._came_back_from_nowhere:
                self.breach = Breach.RESTARTED
                return
            self._say(status.of_in_order(self._faults or FINE, reply))
            if self._running.job.tag is not None and self._ids_work:
                self._running.answered_at = now
                self._due = now + self._patience.grace
            else:
                self._confirm_running(by_printer=True, now=now)

    @property
    def _came_back_from_nowhere(self) -> bool:
        """It goes on, yet never said that its fault is over.

        It lost its power in between: the job's beginning, and the order to push its status.
        """
        return self._asb_works and (self._faults or FINE).blocked

    def _learn(self, faults: Faults, now: float) -> None:
        freed = (self._faults or FINE).blocked and not faults.blocked
        if freed and self._running is not None:
            self._running.free_since = now
        self._say(faults)

    @property
    def _settle_s(self) -> float:
        return self._patience.settle + FLUSH / self._speed

    def _block(self, kind: int, data: bytes, now: float) -> None:
        running = self._running
        if kind == IDENTITY:
            self._reports.append(Identified(data.decode("ascii", "replace")))
        elif kind == POWER_ON and data == b"1":
            self.breach = Breach.RESTARTED
        elif kind == PROCESS_ID and data[:1] == b"\x22":
            if running is None or data[1:] != running.job.tag:
                return
            if self._came_back_from_nowhere:
                self.breach = Breach.RESTARTED
            else:
                self._confirm_running(by_printer=True, now=now)
        elif kind == PROCESS_ID and data[:1] == b"\x72":
            self._keys(data[1:2], data[2:].decode("ascii", "replace"))

    def _keys(self, flag: bytes, text: str) -> None:
        """A list comes in blocks of forty keys; each but the last waits for our ACK."""
        self._listed += tuple(text[at : at + 2] for at in range(0, len(text), 2))
        if flag == MORE_FOLLOWS:
            self._outgoing += commands.ACK
        else:
            self._reports.append(Keys(self._listed))
            self._listed = ()

    def _confirm_running(self, *, by_printer: bool, now: float) -> None:
        running, self._running = self._running, None
        if running is not None:
            self._reports.append(Confirmed(running.job.id, by_printer))
        self._enter(Phase.IDLE, now + self._patience.beat)

    # --- time ---

    def _on_time(self, now: float) -> None:
        match self._phase:
            case Phase.SYNCING:
                self._not_yet(now)
            case Phase.SETTLING:
                self._scrap = False
                self._reports.append(Up())
                if self._confirm is Confirm.NONE:
                    self._say(FINE)
                self._enter(Phase.IDLE, now + self._patience.beat)
            case Phase.IDLE:
                self._due = now + self._patience.beat
                self._probe(now)
            case Phase.WAITING if self._running is not None:
                self._overdue(self._running, now)
            case _:
                self._due = now + 3600

    def _not_yet(self, now: float) -> None:
        """Not synchronised: a fault excuses it; one that is well may wait for more bytes."""
        self._due = now + 2 * self._patience.answer
        if (self._faults or FINE).blocked or not self._refill:
            self._refill = not (self._faults or FINE).blocked
            self._probe(now)
        elif self._faults is not None and not self._outgoing:
            self._flush_more(now)

    def _flush_more(self, now: float) -> None:
        if self._flush >= LONGEST_FLUSH:
            # Nothing can be open any more: it is well, and answers nothing in order. Its papers
            # are known by its word, after their time, that it is well.
            self._order_works = False
            self._enter(Phase.SETTLING, now)
            return
        self._flush *= MORE_EACH_TIME
        self._outgoing = hello_again(self._flush)
        self._progress_at = now
        self._refill = False
        self._due += len(self._outgoing) / self._speed

    def _overdue(self, running: Running, now: float) -> None:
        if self._confirm is Confirm.NONE:
            self._confirm_running(by_printer=False, now=now)
        elif running.answered_at is not None:
            # In order, yet no process id: this printer has no such answer.
            self._ids_work = False
            self._confirm_running(by_printer=True, now=now)
        elif (self._faults or FINE).blocked:
            self._hold(running)
            self._probe(now)
            self._due = now + self._patience.beat
        elif not self._order_works and self._alive_at > running.paper_at:
            self._confirm_running(by_printer=False, now=now)
        elif now > running.silent_at(self._patience):
            self.breach = Breach.SILENT
        else:
            self._probe(now)
            self._due = now + (2 if self._order_works else 1) * self._patience.answer

    def _hold(self, running: Running) -> None:
        if not running.held:
            running.held = True
            self._reports.append(Held(running.job.id))

    def _all_sent(self, running: Running, now: float) -> None:
        running.sent_at = now
        self._reports.append(Sent(running.job.id))
        extra = 0.0 if self._confirm is Confirm.NONE else self._patience.grace
        self._enter(Phase.WAITING, now + running.job.paper_s + extra)

    def _watch_stall(self, now: float) -> None:
        """A printer with a fault may hold the line for as long as it has the fault."""
        if not self._outgoing or now < self._progress_at + self._patience.stall:
            return
        if (self._faults or FINE).blocked:
            self._progress_at = now
            if self._running is not None:
                self._hold(self._running)
        else:
            self.breach = Breach.STALLED

    def _miss(self, now: float) -> None:
        if not self._asked or now < self._asked[0][1] + self._patience.answer:
            return
        self._asked.clear()
        if self._running is not None and (self._faults or FINE).blocked:
            # Its buffer is full of the held job: the question has not even reached it.
            return
        self._misses += 1
        if self._misses > 1:
            self.breach = Breach.MUTE
        else:
            self._probe(now)

    def _probe(self, now: float) -> None:
        """Ask how it is, unless bytes of ours still wait or the way back does not exist."""
        if self._confirm is Confirm.NONE or self._outgoing or self._asked:
            return
        self._ask(now, 1, 4)

    def _ask(self, now: float, *questions: int) -> None:
        for question in questions:
            self._outgoing += commands.real_time(question)
            self._asked.append((question, now))
        self._progress_at = now

    def _enter(self, phase: Phase, due: float) -> None:
        self._phase, self._due = phase, due

    def _say(self, faults: Faults | None) -> None:
        if faults != self._faults:
            self._faults = faults
            self._reports.append(State(faults))
