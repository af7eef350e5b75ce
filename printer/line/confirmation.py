"""The job in the printer, from its first byte to its end, and what proves that end."""

from dataclasses import dataclass
from enum import Enum, auto

from printer.line.reports import Confirm, PrintJob, SessionTimeouts


@dataclass(slots=True)
class Running:
    """`accepted`: bytes the kernel took; `left`: and has passed on. Times in monotonic seconds."""

    job: PrintJob
    paper_s: float
    began_at: float
    accepted: int = 0
    sent_at: float = 0.0
    left: bool = False
    held: bool = False
    free_since: float = 0.0
    answered_at: float | None = None

    @property
    def paper_at(self) -> float:
        """When a healthy printer has cut its paper off."""
        return max(self.sent_at, self.free_since) + self.paper_s

    def silent_at(self, patience: SessionTimeouts) -> float:
        """From when on silence cannot be the time of paper and mechanics any more."""
        return self.paper_at + patience.silent

    def accept(self, count: int) -> None:
        """The kernel took `count` bytes more."""
        self.accepted += count

    def pass_on(self, unsent: int) -> None:
        """All but `unsent` bytes have left the kernel."""
        self.left = not unsent

    def begin_paper(self, now: float) -> None:
        self.sent_at = now

    def unblock(self, now: float) -> None:
        """The fault that kept it inside the printer is over."""
        self.free_since = now

    def answer(self, now: float) -> None:
        """The printer answered in order behind it."""
        self.answered_at = now

    def hold(self) -> bool:
        """A fault keeps it inside the printer; whether that is news."""
        news, self.held = not self.held, True
        return news


class Proof(Enum):
    """What stands at the time by which a job should have ended."""

    BY_PRINTER = auto()
    BY_TIME = auto()
    HELD = auto()
    SILENT = auto()
    NOT_YET = auto()


@dataclass(slots=True)
class Confirmation:
    """What this printer's answers prove. `alive_at`: its last answer in real time.

    `ids_work`: it is taken to answer process ids, `ids_seen`: it did. `order_works`: it answers in
    order.
    """

    mode: Confirm
    ids_work: bool
    ids_seen: bool = False
    order_works: bool = True
    alive_at: float = 0.0

    def answer_in_order(self) -> None:
        self.order_works = True

    def answer_nothing_in_order(self) -> None:
        self.order_works = False

    def answer_process_id(self) -> None:
        self.ids_seen = True

    def answer_in_real_time(self, now: float) -> None:
        self.alive_at = now

    def judge(
        self, running: Running, timeouts: SessionTimeouts, now: float, *, blocked: bool
    ) -> Proof:
        """`blocked`: the printer says that it cannot print."""
        if self.mode is Confirm.NONE:
            return Proof.BY_TIME
        if running.answered_at is not None and not self.ids_seen:
            # In order, yet no process id: this printer has no such answer.
            self.ids_work = False
            return Proof.BY_PRINTER
        if blocked:
            return Proof.HELD
        if (running.answered_at or not self.order_works) and self.alive_at > running.paper_at:
            return Proof.BY_TIME
        return Proof.SILENT if now > running.silent_at(timeouts) else Proof.NOT_YET
