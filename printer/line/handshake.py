"""The first bytes on a new line: fill up what a broken write left open, then ask.

begin ──▶ asked ──answer in order──▶ settling ──no further answer──▶ SYNCHRONISED
            ├──a fault─────────▶ PROBE, until the fault is over
            └──no fault────────▶ filled eight times as long, and asked again
                 └──longer than any command──▶ settling: it answers nothing in order
"""

from dataclasses import dataclass
from enum import Enum, auto

from printer import commands
from printer.line import status
from printer.line.outgoing import LOOK_S, Outbox
from printer.line.reports import Breach, SessionTimeouts
from printer.line.supervision import Supervision
from printer.models import PrinterModel

# More than any band or native code needs (GS v 0 of 24 x 72 bytes and its header: 1,736).
FLUSH = 2048
# More than a strip for the printer's memory can be (GS ( L: 65,535 and its header).
LONGEST_FLUSH = 1 << 17
MORE_EACH_TIME = 8


def hello(model: PrinterModel, *, scrap: bool, answers: bool) -> bytes:
    """`scrap`: half a ticket may hang from the printer; the next must not be glued to it."""
    clear = commands.CLEAR if model.clears else b""
    cut = commands.FULL_CUT if scrap else b""
    start = commands.NUL * FLUSH + clear + commands.INIT + commands.ASB_ON + cut
    name = commands.MODEL_NAME if model.identifies else b""
    return start + name + commands.IN_ORDER if answers else start


def hello_again(flush: int) -> bytes:
    """To a printer that reports its state alone: it may wait for the end of something longer."""
    return commands.NUL * flush + commands.INIT + commands.ASB_ON + commands.IN_ORDER


class SyncStep(Enum):
    """What the session does next: nothing, ask for the status, take jobs."""

    WAIT = auto()
    PROBE = auto()
    SYNCHRONISED = auto()


@dataclass(slots=True)
class Handshake:
    """What was sent on this line so far, and when (monotonic seconds).

    `scrap`: half a ticket may hang from the printer. `refill`: it was asked how it is, and may be
    given more.
    """

    model: PrinterModel
    answers: bool
    scrap: bool = False
    refill: bool = False
    flush: int = FLUSH
    opened_at: float = 0.0
    said_at: float = 0.0

    def leave_scrap(self, *, scrap: bool) -> None:
        """Whether half a ticket may hang from the printer at the next beginning."""
        self.scrap = scrap

    def begin(self, now: float) -> bytes:
        self.opened_at = self.said_at = now
        self.flush, self.refill = FLUSH, False
        return hello(self.model, scrap=self.scrap, answers=self.answers)

    def next_step(self, *, blocked: bool) -> SyncStep:
        """A printer with a fault need not answer; one without may wait for the end of a command."""
        if blocked or not self.refill:
            self.refill = not blocked
            return SyncStep.PROBE
        return SyncStep.WAIT

    @property
    def is_longest(self) -> bool:
        """Nothing that a broken write left open can be longer than what was filled."""
        return self.flush >= LONGEST_FLUSH

    def again(self, now: float) -> bytes:
        """A longer fill than before, and the question again."""
        self.flush *= MORE_EACH_TIME
        self.said_at, self.refill = now, False
        return hello_again(self.flush)


class Synchronising:
    """From the first byte on a line until jobs may be sent. `due`: when `tick` has to be called."""

    def __init__(
        self, greeting: Handshake, timeouts: SessionTimeouts, out: Outbox, supervision: Supervision
    ) -> None:
        self._greeting, self._timeouts = greeting, timeouts
        self._out, self._status = out, supervision
        self.answers_in_order = True
        self.settling = False
        self.due = 0.0

    def begin(self, now: float) -> None:
        self._out.start(self._greeting.begin(now), now)
        gone_at = now + self._out.gone_s
        # A printer without a way back: long enough to be told if the other end closes at once.
        wait_s = self._timeouts.answer if self._greeting.answers else self._timeouts.settle
        self.settling, self.answers_in_order = not self._greeting.answers, True
        self.due = gone_at + wait_s
        self._out.ask_kernel_anew()

    def leave_scrap(self, *, scrap: bool) -> None:
        """Whether half a ticket may hang from the printer at the next beginning."""
        self._greeting.leave_scrap(scrap=scrap)

    def answered_in_order(self, reply: status.InOrder, now: float) -> Breach | None:
        greeting, first = self._greeting, not self.settling
        self.answers_in_order = True
        if first:
            if not self._status.blocked and not self._out:
                self._out.measure(greeting.flush, now - greeting.said_at)
            self._status.answered_in_order(reply)
        # A job held from before may be answered first: settle until no answer follows.
        self._settle(now + self._timeouts.settle + self._out.speed.seconds(FLUSH))
        noisy = not first and now > greeting.opened_at + self._timeouts.silent
        return Breach.NOISE if noisy else None

    def lingers(self, now: float) -> None:
        """What was written is still in the kernel."""
        if self.settling:
            self.due = max(self.due, now + LOOK_S)

    def tick(self, now: float) -> SyncStep:
        if self.settling:
            self._greeting.leave_scrap(scrap=False)
            return SyncStep.SYNCHRONISED
        self.due = now + 2 * self._timeouts.answer
        step = self._greeting.next_step(blocked=self._status.blocked)
        known = self._status.statement.faults is not None
        if step is SyncStep.WAIT and known and not self._out.data:
            self._fill_more(now)
        return step

    def _fill_more(self, now: float) -> None:
        if self._greeting.is_longest:
            # It has no fault and answers nothing in order: that must do for its papers.
            self.answers_in_order = False
            self._settle(now)
            return
        self._out.start(self._greeting.again(now), now)
        self.due += self._out.gone_s

    def _settle(self, due: float) -> None:
        self.settling, self.due = True, due
        self._out.ask_kernel_anew()
