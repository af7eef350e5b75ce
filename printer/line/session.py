"""The conversation with a printer, without a line or a clock: synchronise, print, confirm.

A write proves nothing: a job is confirmed by the printer's own answer. A held job is never sent
again. Whatever breaks in the middle leaves it `JobDropped`, with the bytes that were accepted.
"""

from dataclasses import replace
from math import inf
from typing import assert_never

from printer import commands
from printer.line import status
from printer.line.confirmation import Confirmation, Proof, Running
from printer.line.handshake import FLUSH, Handshake
from printer.line.outgoing import IN_THE_KERNEL, LOOK_S, LineSpeed, Nudge, Outbox
from printer.line.phase import Phase
from printer.line.queries import StatusQueries
from printer.line.reports import (
    Breach,
    Confirm,
    Identified,
    JobConfirmed,
    JobDropped,
    JobHeld,
    JobSent,
    Keys,
    PrintJob,
    Report,
    SessionTimeouts,
    Statement,
    Up,
)
from printer.models import PrinterModel


class PrinterSession:
    """Sans I/O. The owner of the line calls in with what happened and when (monotonic seconds)."""

    def __init__(
        self,
        model: PrinterModel,
        confirm: Confirm = Confirm.AUTO,
        patience: SessionTimeouts | None = None,
        bytes_a_second: float = 1e6,
        nudge_s: float = inf,
    ) -> None:
        self._proof = Confirmation(confirm, model.process_id)
        self._greeting = Handshake(model, confirm is not Confirm.NONE)
        self._patience = patience or SessionTimeouts()
        self._phase = Phase.CLOSED
        self._out = Outbox()
        self._reader = status.PartialReply()
        self._asking = StatusQueries(self._patience.answer)
        self._pace = LineSpeed(bytes_a_second)
        self._nudge = Nudge(nudge_s if self._greeting.answers else inf)
        self._running: Running | None = None
        self._due = 0.0
        self._asb_works = False
        self._reports: list[Report] = []
        self._statement = Statement(self._reports)
        self._listing = status.KeyListing()
        self.breach: Breach | None = None

    # --- what the owner of the line asks ---

    @property
    def outgoing(self) -> bytes:
        """Bytes that wait to be written."""
        return self._out.data

    @property
    def ready(self) -> bool:
        """A job would be taken now."""
        return self._phase is Phase.IDLE

    def due(self, now: float) -> float:
        """When `tick` has something to do."""
        if self._phase is Phase.CLOSED:
            return now + 3600
        answer = self._nudge.at if self._awaits_answer else inf
        return min(self._due, answer, self._asking.due(now), self._out.due(now, self._stall_s))

    def reports(self) -> list[Report]:
        """What happened since last asked, in order."""
        out, self._reports[:] = self._reports[:], []
        return out

    # --- what happened to the line ---

    def after_break(self) -> None:
        """Half a ticket may hang from the printer since an earlier run."""
        self._greeting.leave_scrap(scrap=True)

    def opened(self, now: float) -> None:
        """A fresh line: flush what a broken write may have left open, then synchronise."""
        self.breach, self._asb_works = None, False
        self._listing = status.KeyListing()
        self._reader = status.PartialReply()
        self._statement.forget()
        self._asking.afresh()
        self._out.start(self._greeting.begin(now), now)
        gone_at = now + self._pace.seconds(len(self._out.data))
        self._nudge.answer_due(gone_at)
        if self._greeting.answers:
            self._enter(Phase.SYNCING, gone_at + self._patience.answer)
        else:
            # Long enough to be told if the other end closes at once.
            self._enter(Phase.SETTLING, gone_at + self._patience.settle)

    def hung_up(self, now: float) -> None:
        """The other end closed in good order: so some end every job, once they have all of it."""
        if self._proof.mode is Confirm.NONE and self._phase is Phase.WAITING and not self._out:
            self._confirm_running(by_printer=False, now=now)

    def lost(self, *, quietly: bool = False) -> None:
        """The line is gone. `quietly`: another is opened at once, so no change is reported."""
        running, self._running = self._running, None
        if running is not None:
            self._reports.append(JobDropped(running.job.id, running.accepted))
            self._greeting.leave_scrap(scrap=running.accepted > 0)
        self._enter(Phase.CLOSED, 0.0)
        self._out.start(b"", 0.0)
        self._asking.forget()
        if not quietly:
            self._statement.report_faults(None)
        self._statement.forget()

    def wrote(self, count: int, now: float) -> None:
        """The kernel took `count` bytes of `outgoing`."""
        if not count:
            return
        self._out.drop_sent(count, now)
        running = self._running
        if running and self._phase is Phase.SENDING:
            running.accept(count)
            if not self._out.data:
                self._reports.append(JobSent(running.job.id))
                self._await_paper(running, now)

    def lingers(self, unsent: int, now: float) -> None:
        """Of what was written, the kernel has not been able to pass on `unsent` bytes."""
        if self._phase not in (Phase.SETTLING, Phase.WAITING):
            return
        running = self._running
        self._out.holds(unsent, now)
        if running is not None and not running.left:
            running.pass_on(unsent)
            if unsent and not self._statement.blocked:
                self._await_paper(running, now)
        elif unsent and self._phase is Phase.SETTLING:
            self._due = max(self._due, now + LOOK_S)

    def paper_end(self) -> None:
        """The kernel says that the printer has no paper."""
        self._statement.report_faults(replace(self._statement.assumed, paper_out=True))

    def received(self, data: bytes, now: float) -> None:
        heard = status.parse_bytes(self._reader, data, now)
        self._reader = heard.reader
        for reply in heard.replies:
            self._asking.answered()
            if self.breach is None:
                self._take_reply(reply, now)

    def submit(self, job: PrintJob, now: float) -> None:
        """Begin to send; refused as `JobDropped` with nothing accepted unless `ready`."""
        if not self.ready:
            self._reports.append(JobDropped(job.id, 0))
            return
        paper_s = max(job.paper_s, self._pace.seconds(len(job.data)))
        self._running = Running(job, paper_s, now)
        self._out.put(job.data, now)
        self._enter(Phase.SENDING, now + 3600)

    def instruct(self, data: bytes, now: float) -> None:
        """Commands that print nothing (provisioning), behind whatever is on its way."""
        if self._phase is not Phase.CLOSED:
            self._out.put(data, now)

    def tick(self, now: float) -> None:
        if self._phase is Phase.CLOSED or self.breach is not None:
            return
        self._miss(now)
        self._watch_stall(now)
        if self._awaits_answer and (nul := self._nudge.take_due(now)):
            self._out.put(nul, now)
        if self.breach is None and now >= self._due:
            self._on_time(now)

    # --- replies ---

    def _take_reply(self, reply: status.Reply, now: float) -> None:
        match reply:
            case status.Asb():
                self._asb_works = True
                self._learn_faults(status.of_asb(reply), now)
            case status.RealTime():
                self._proof.answer_in_real_time(now)
                asked = self._asking.match_reply(reply, now)
                if asked is not None:
                    self._learn_faults(
                        status.of_real_time(self._statement.assumed, asked, reply), now
                    )
                if asked == 1 and self._statement.assumed.offline and not self._out.data:
                    # Offline without a cause: ask for it.
                    self._ask_status(now, 2, 3, 4)
            case status.InOrder():
                self._in_order(reply, now)
            case status.Block(kind=kind, data=data):
                self._block(kind, data, now)
            case _:
                assert_never(reply)

    def _in_order(self, reply: status.InOrder, now: float) -> None:
        self._proof.answer_in_order()
        if self._phase is Phase.SYNCING:
            if not self._statement.blocked and not self._out:
                self._pace = self._pace.measured(self._greeting.flush, now - self._greeting.said_at)
            self._statement.report_faults(status.of_in_order(self._statement.assumed, reply))
            # A job held from before may be answered first: settle until no answer follows.
            self._enter(Phase.SETTLING, now + self._settle_s)
        elif self._phase is Phase.SETTLING:
            self._enter(Phase.SETTLING, now + self._settle_s)
            if now > self._greeting.opened_at + self._patience.silent:
                self.breach = Breach.NOISE
        elif self._asking.settle(reply):
            if self._phase is Phase.IDLE:
                self._statement.report_faults(status.of_in_order(self._statement.assumed, reply))
        elif self._phase is Phase.WAITING and self._running is not None:
            if self._came_back_from_nowhere:
                self.breach = Breach.RESTARTED
                return
            self._statement.report_faults(status.of_in_order(self._statement.assumed, reply))
            if self._running.job.tag and self._proof.ids_work:
                self._running.answer(now)
                self._due = now + self._patience.grace
            else:
                self._confirm_running(by_printer=True, now=now)

    @property
    def _awaits_answer(self) -> bool:
        """Nothing keeps the printer from answering in order, and all has gone out."""
        awaited = self._phase in (Phase.SYNCING, Phase.WAITING)
        return awaited and not self._statement.blocked and not self._out

    @property
    def _came_back_from_nowhere(self) -> bool:
        """It goes on, yet never said that its fault is over.

        It lost its power in between: the job's beginning, and the order to push its status.
        """
        return self._asb_works and self._statement.blocked

    def _learn_faults(self, faults: status.PrinterFaults, now: float) -> None:
        if self._statement.blocked and not faults.blocked and self._running is not None:
            self._running.unblock(now)
        self._statement.report_faults(faults)

    @property
    def _settle_s(self) -> float:
        return self._patience.settle + self._pace.seconds(FLUSH)

    @property
    def _stall_s(self) -> float:
        return self._patience.stall + self._pace.seconds(IN_THE_KERNEL)

    def _block(self, kind: int, data: bytes, now: float) -> None:
        running = self._running
        if kind == status.IDENTITY:
            self._reports.append(Identified(data.decode("ascii", "replace")))
        elif kind == status.POWER_ON and data == b"1":
            self.breach = Breach.RESTARTED
        elif kind == status.PROCESS_ID and data[:1] == b"\x22":
            if running is None or data[1:] != running.job.tag:
                return
            self._proof.answer_process_id()
            if self._came_back_from_nowhere:
                self.breach = Breach.RESTARTED
            else:
                if running.answered_at is None:
                    self._asking.expect_order()
                self._confirm_running(by_printer=True, now=now)
        elif kind == status.PROCESS_ID and data[:1] == b"\x72":
            if (keys := self._listing.add_block(data[1:])) is not None:
                self._reports.append(Keys(keys))
            else:
                self._out.put(commands.ACK, now)

    def _confirm_running(self, *, by_printer: bool, now: float) -> None:
        running, self._running = self._running, None
        if running is not None:
            self._pace = self._pace.proven(len(running.job.data), now - running.began_at)
            self._reports.append(JobConfirmed(running.job.id, by_printer))
        # One that printed has no fault any more: have it say so.
        self._enter(Phase.IDLE, now if self._statement.blocked else now + self._patience.beat)

    # --- time ---

    def _on_time(self, now: float) -> None:
        match self._phase:
            case Phase.SYNCING:
                self._not_yet(now)
            case Phase.SETTLING:
                self._greeting.leave_scrap(scrap=False)
                self._reports.append(Up())
                if self._proof.mode is Confirm.NONE:
                    self._statement.report_faults(status.FINE)
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
        if self._statement.blocked or not self._greeting.refill:
            self._greeting.allow_refill(allowed=not self._statement.blocked)
            self._probe(now)
        elif self._statement.faults is not None and not self._out.data:
            self._flush_more(now)

    def _flush_more(self, now: float) -> None:
        if more := self._greeting.again(now):
            self._out.start(more, now)
            self._due += self._pace.seconds(len(more))
        else:
            # It is well and answers nothing in order: that it is well has to do for its papers.
            self._proof.answer_nothing_in_order()
            self._enter(Phase.SETTLING, now)

    def _overdue(self, running: Running, now: float) -> None:
        blocked = self._statement.blocked
        match self._proof.judge(running, self._patience, now, blocked=blocked):
            case Proof.BY_PRINTER:
                self._confirm_running(by_printer=True, now=now)
            case Proof.BY_TIME:
                self._confirm_running(by_printer=False, now=now)
            case Proof.HELD:
                self._hold(running)
                self._probe(now)
                self._due = now + self._patience.beat
            case Proof.SILENT:
                self.breach = Breach.SILENT
            case Proof.NOT_YET:
                self._probe(now)
                self._due = now + (2 if self._proof.order_works else 1) * self._patience.answer

    def _hold(self, running: Running) -> None:
        if running.hold():
            self._reports.append(JobHeld(running.job.id))

    def _await_paper(self, running: Running, now: float) -> None:
        """Its time begins, now that the kernel has passed on what it holds."""
        running.begin_paper(now)
        self._nudge.answer_due(now + running.job.paper_s)
        extra = 0.0 if self._proof.mode is Confirm.NONE else self._patience.grace
        self._phase, self._due = Phase.WAITING, running.paper_at + extra

    def _watch_stall(self, now: float) -> None:
        """A printer with a fault may hold the line for as long as it has the fault."""
        if not self._out or now < self._out.moved_at + self._stall_s:
            return
        if self._statement.blocked:
            self._out.excuse(now)
            if self._running is not None:
                self._hold(self._running)
        else:
            self.breach = Breach.STALLED

    def _miss(self, now: float) -> None:
        if not self._asking or now < self._asking.due(now):
            return
        if self._running is not None and self._statement.blocked:
            # Its buffer is full of the held job: the question has not even reached it.
            self._asking.forget()
            return
        self._asking.missed(in_order=self._proof.order_works and self._phase is Phase.IDLE)
        if self._asking.misses >= self._patience.tries:
            self.breach = Breach.MUTE
        else:
            self._probe(now)

    def _probe(self, now: float) -> None:
        """Ask how it is, unless bytes of ours still wait or the way back does not exist."""
        if self._proof.mode is Confirm.NONE or self._out.data or self._asking:
            return
        self._ask_status(now, *self._asking.whether_well(idle=self._phase is Phase.IDLE))

    def _ask_status(self, now: float, *questions: int) -> None:
        self._out.put(self._asking.put(questions, now), now)

    def _enter(self, phase: Phase, due: float) -> None:
        self._phase, self._due = phase, due
        self._out.ask_kernel_anew()
