"""The job that a printer has just now, and when its paper must be out."""

from dataclasses import dataclass

from printer.reports import Job


@dataclass(slots=True)
class Running:
    """Times are monotonic seconds. `accepted`: bytes; `free_since`: when a fault let it go on."""

    job: Job
    accepted: int = 0
    sent_at: float = 0.0
    held: bool = False
    free_since: float = 0.0
    answered_at: float | None = None

    @property
    def paper_at(self) -> float:
        """When a healthy printer has cut it off."""
        return max(self.sent_at, self.free_since) + self.job.paper_s
