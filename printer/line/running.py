"""The job in the printer, from its first byte to its end."""

from dataclasses import dataclass

from printer.line.reports import PrintJob, SessionTimeouts


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
