"""The conversation with a printer, without a line or a clock: synchronise, print, confirm.

A write proves nothing: a job is confirmed by the printer's own answer. A held job is never sent
again. Whatever breaks in the middle leaves it `JobDropped`, with the bytes that were accepted.

    CLOSED --opened--> SYNCING --answer in order, silence--> IDLE
    IDLE --submit--> SENDING --all written--> WAITING --confirmed--> IDLE

Any of them --lost--> CLOSED.
"""

from dataclasses import replace
from enum import Enum
from math import inf
from typing import assert_never

from printer import commands
from printer.line import status
from printer.line.confirmation import Confirmation, Proof, Running
from printer.line.handshake import Handshake, Synchronising, SyncStep
from printer.line.outgoing import IN_THE_KERNEL, LineSpeed, Nudge, Outbox
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
    Up,
)
from printer.line.supervision import Supervision
from printer.models import PrinterModel


class Phase(Enum):
    CLOSED = "closed"
    SYNCING = "syncing"
    IDLE = "idle"
    SENDING = "sending"
    WAITING = "waiting"


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
        answers = confirm is not Confirm.NONE
        self._patience = patience or SessionTimeouts()
        self._phase = Phase.CLOSED
        self._out = Outbox(LineSpeed(bytes_a_second))
        self._nudge = Nudge(nudge_s if answers else inf)
        self._running: Running | None = None
        self._due = 0.0
        self._reports: list[Report] = []
        self._status = Supervision(self._patience, self._reports, answers=answers)
        self._sync = Synchronising(
            Handshake(model, answers), self._patience, self._out, self._status
        )
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
        return min(
            self._due, answer, self._status.queries.due(now), self._out.due(now, self._stall_s)
        )

    def reports(self) -> list[Report]:
        """What happened since last asked, in order."""
        out, self._reports[:] = self._reports[:], []
        return out

    # --- what happened to the line ---

    def after_break(self) -> None:
        """Half a ticket may hang from the printer since an earlier run."""
        self._sync.leave_scrap(scrap=True)

    def opened(self, now: float) -> None:
        """A fresh line: flush what a broken write may have left open, then synchronise."""
        self.breach = None
        self._listing = status.KeyListing()
        self._status.begin()
        self._sync.begin(now)
        self._nudge.answer_due(now + self._out.gone_s)
        self._phase, self._due = Phase.SYNCING, self._sync.due

    def hung_up(self, now: float) -> None:
        """The other end closed in good order: so some end every job, once they have all of it."""
        if self._proof.mode is Confirm.NONE and self._phase is Phase.WAITING and not self._out:
            self._confirm_running(by_printer=False, now=now)

    def lost(self, *, quietly: bool = False) -> None:
        """The line is gone. `quietly`: another is opened at once, so no change is reported."""
        running, self._running = self._running, None
        if running is not None:
            self._reports.append(JobDropped(running.job.id, running.accepted))
            self._sync.leave_scrap(scrap=running.accepted > 0)
        self._enter(Phase.CLOSED, 0.0)
        self._out.start(b"", 0.0)
        self._status.end(quietly=quietly)

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
        if not (self._sync_settles or self._phase is Phase.WAITING):
            return
        running = self._running
        self._out.holds(unsent, now)
        if running is not None and not running.left:
            running.pass_on(unsent)
            if unsent and not self._status.blocked:
                self._await_paper(running, now)
        elif unsent and self._phase is Phase.SYNCING:
            self._sync.lingers(now)
            self._due = self._sync.due

    def paper_end(self) -> None:
        """The kernel says that the printer has no paper."""
        statement = self._status.statement
        statement.report_faults(replace(statement.assumed, paper_out=True))

    def received(self, data: bytes, now: float) -> None:
        for reply in self._status.read(data, now):
            self._status.queries.answered()
            if self.breach is None:
                self._take_reply(reply, now)

    def submit(self, job: PrintJob, now: float) -> None:
        """Begin to send; refused as `JobDropped` with nothing accepted unless `ready`."""
        if not self.ready:
            self._reports.append(JobDropped(job.id, 0))
            return
        paper_s = max(job.paper_s, self._out.speed.seconds(len(job.data)))
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
                self._take_status(reply, now)
            case status.RealTime():
                self._proof.answer_in_real_time(now)
                self._take_status(reply, now)
            case status.InOrder():
                self._in_order(reply, now)
            case status.Block(kind=kind, data=data):
                self._block(kind, data, now)
            case _:
                assert_never(reply)

    def _take_status(self, reply: status.Asb | status.RealTime, now: float) -> None:
        unblocked = self._status.take_status(reply, now)
        if unblocked and self._running is not None:
            self._running.unblock(now)
        if self._status.cause_unknown and not self._out.data:
            self._out.put(self._status.ask_cause(now), now)

    def _in_order(self, reply: status.InOrder, now: float) -> None:
        self._proof.answer_in_order()
        if self._phase is Phase.SYNCING:
            self.breach = self._sync.answered_in_order(reply, now)
            self._due = self._sync.due
        elif self._status.queries.settle(reply):
            if self._phase is Phase.IDLE:
                self._status.answered_in_order(reply)
        elif self._phase is Phase.WAITING and self._running is not None:
            if self._status.lost_power:
                self.breach = Breach.RESTARTED
                return
            self._status.answered_in_order(reply)
            if self._running.job.tag and self._proof.ids_work:
                self._running.answer(now)
                self._due = now + self._patience.grace
            else:
                self._confirm_running(by_printer=True, now=now)

    @property
    def _awaits_answer(self) -> bool:
        """Nothing keeps the printer from answering in order, and all has gone out."""
        awaited = self._phase in (Phase.SYNCING, Phase.WAITING) and not self._sync_settles
        return awaited and not self._status.blocked and not self._out

    @property
    def _sync_settles(self) -> bool:
        return self._phase is Phase.SYNCING and self._sync.settling

    @property
    def _stall_s(self) -> float:
        return self._patience.stall + self._out.speed.seconds(IN_THE_KERNEL)

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
            if self._status.lost_power:
                self.breach = Breach.RESTARTED
            else:
                if running.answered_at is None:
                    self._status.queries.expect_order()
                self._confirm_running(by_printer=True, now=now)
        elif kind == status.PROCESS_ID and data[:1] == b"\x72":
            if (keys := self._listing.add_block(data[1:])) is not None:
                self._reports.append(Keys(keys))
            else:
                self._out.put(commands.ACK, now)

    def _confirm_running(self, *, by_printer: bool, now: float) -> None:
        running, self._running = self._running, None
        if running is not None:
            self._out.prove(len(running.job.data), now - running.began_at)
            self._reports.append(JobConfirmed(running.job.id, by_printer))
        # One that printed has no fault any more: have it say so.
        self._enter(Phase.IDLE, now if self._status.blocked else now + self._patience.beat)

    # --- time ---

    def _on_time(self, now: float) -> None:
        match self._phase:
            case Phase.SYNCING:
                self._synchronise(now)
            case Phase.IDLE:
                self._due = now + self._patience.beat
                self._probe(now)
            case Phase.WAITING if self._running is not None:
                self._overdue(self._running, now)
            case _:
                self._due = now + 3600

    def _synchronise(self, now: float) -> None:
        step = self._sync.tick(now)
        self._due = self._sync.due
        if not self._sync.answers_in_order:
            self._proof.answer_nothing_in_order()
        if step is SyncStep.PROBE:
            self._probe(now)
        elif step is SyncStep.SYNCHRONISED:
            self._reports.append(Up())
            if self._proof.mode is Confirm.NONE:
                self._status.statement.report_faults(status.FINE)
            self._enter(Phase.IDLE, now + self._patience.beat)

    def _overdue(self, running: Running, now: float) -> None:
        blocked = self._status.blocked
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
        if self._status.blocked:
            self._out.excuse(now)
            if self._running is not None:
                self._hold(self._running)
        else:
            self.breach = Breach.STALLED

    def _miss(self, now: float) -> None:
        if not self._status.is_missing(now):
            return
        queries = self._status.queries
        if self._running is not None and self._status.blocked:
            # Its buffer is full of the held job: the question has not even reached it.
            queries.forget()
            return
        queries.missed(in_order=self._proof.order_works and self._phase is Phase.IDLE)
        if self._status.is_mute:
            self.breach = Breach.MUTE
        else:
            self._probe(now)

    def _probe(self, now: float) -> None:
        """Ask how it is, unless bytes of ours still wait."""
        if not self._out.data:
            idle = self._phase is Phase.IDLE
            if question := self._status.probe(now, idle=idle):
                self._out.put(question, now)

    def _enter(self, phase: Phase, due: float) -> None:
        self._phase, self._due = phase, due
        self._out.ask_kernel_anew()
