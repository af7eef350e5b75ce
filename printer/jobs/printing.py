"""Exactly one paper per number: the journal, the queue of papers, and what the printer said."""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from hall.contract.requests import IssueData
from hall.runtime.clock import Clock
from hall.runtime.requester import new_id
from printer.jobs import attempts
from printer.jobs.attempts import Attempt, AttemptStage
from printer.jobs.composing import Composer
from printer.line.reports import JobConfirmed, JobDropped, JobHeld, JobSent, PrintJob, Report

log = logging.getLogger(__name__)

TELL_AGAIN_S = 10.0
TIDY_S = 600.0


class AttemptJournal(Protocol):
    """Durable on return of `put`."""

    def put(self, attempt: Attempt) -> None: ...
    def of_ticket(self, ticket: str) -> tuple[Attempt, ...]: ...
    def latest(self) -> Attempt | None: ...
    def open(self) -> tuple[Attempt, ...]: ...
    def tidy(self) -> None: ...


class JobSink(Protocol):
    def submit(self, job: PrintJob) -> None: ...


@dataclass(frozen=True, slots=True)
class Slip:
    """A paper without a number: it is not journalled and never printed twice."""

    job: PrintJob
    name: str


@dataclass(frozen=True, slots=True)
class TicketOutcome:
    """What the controller is to hear of a ticket; `attempt` names the act."""

    attempt: str
    ticket: str
    result: attempts.Result


@dataclass(frozen=True, slots=True)
class PrintingContext:
    """What printing is done with. `takes_jobs`: whether the printer would print one now.

    `clock_unsure`: whether the hall's clock may be wrong: a ticket then bears no time.
    """

    journal: AttemptJournal
    line: JobSink
    composer: Composer
    clock: Clock
    takes_jobs: Callable[[], bool]
    clock_unsure: Callable[[], bool]


class NoSuchPaper(Exception):
    """No ticket of that name was ever printed here."""


class TicketVoided(Exception):
    """Its paper was given up: the number is void and may never be printed."""


class Printing:
    """Loop only. `tell` sends an outcome; `outcome_delivered`: the controller has it.

    Whatever changes the journal raises AttemptStoreError where it cannot be written.
    """

    def __init__(
        self, context: PrintingContext, tell: Callable[[TicketOutcome], None], limit_s: float
    ) -> None:
        self._journal = context.journal
        self._line = context.line
        self._composer = context.composer
        self._takes_jobs = context.takes_jobs
        self._clock = context.clock
        self._clock_unsure = context.clock_unsure
        self._tell = tell
        self._limit_s = limit_s
        self._queue: deque[Attempt | Slip] = deque()
        self._running: Attempt | Slip | None = None
        self._held_since: float | None = None
        self._since: dict[str, float] = {}
        self._untold: dict[str, Attempt] = {}
        self._tell_at = 0.0
        self._tidy_at = 0.0

    # --- what may be asked ---

    @property
    def busy(self) -> bool:
        return self._running is not None or bool(self._queue)

    @property
    def current(self) -> str:
        """The number or name of the paper in the printer."""
        match self._running:
            case Attempt() as attempt:
                return attempt.number
            case Slip(name=name):
                return name
            case None:
                return "giay"

    def recover(self, now: float) -> bool:
        """Take up what an earlier run left behind; whether it was cut off while printing."""
        broken = False
        for stored in self._journal.open():
            attempt = attempts.after_restart(stored)
            if attempt is not stored:
                broken = True
                self._journal.put(attempt)
            self._since[attempt.id] = now - self._age_s(attempt)
            if attempt.waiting:
                self._queue.append(attempt)
            elif not attempt.told:
                self._untold[attempt.id] = attempt
            self._reprint_once(attempt, now)
        return broken

    def add(self, data: IssueData) -> None:
        """Print a ticket that has just been issued; one that is known already is not printed."""
        if self._journal.of_ticket(data.ticket.id):
            return
        unsure = self._clock_unsure()
        attempt = Attempt(new_id(), data, self._clock.now(), clock_unsure=unsure)
        self._since[attempt.id] = self._clock.monotonic()
        if self._takes_jobs() and not self.busy:
            self._send(attempt)
        else:
            self._journal.put(attempt)
            self._queue.append(attempt)

    def void(self, data: IssueData) -> None:
        """The number came too late for its wish: give it back; it is never printed."""
        if not self._journal.of_ticket(data.ticket.id):
            attempt = Attempt(new_id(), data, self._clock.now())
            self._settle(attempts.given_up(attempt), self._clock.monotonic())

    def again(self, ticket: str | None, now: float) -> None:
        """Print the same number once more, labelled. Raises NoSuchPaper or TicketVoided."""
        known = self._journal.of_ticket(ticket) if ticket else ()
        last = known[-1] if known else (self._journal.latest() if ticket is None else None)
        if last is None:
            raise NoSuchPaper
        if any(a.result == "failed" for a in self._journal.of_ticket(last.ticket)):
            raise TicketVoided
        self._queue_reprint(last, now)

    def compose_with(self, composer: Composer) -> None:
        """Of tickets that are sent from now on."""
        self._composer = composer

    def slip(self, job: PrintJob, name: str) -> None:
        self._queue.append(Slip(job, name))

    # --- what the line reports ---

    def job_reported(self, report: Report, now: float) -> None:
        match report:
            case JobSent(job):
                self._on_sent(job)
            case JobConfirmed(job, by_printer):
                self._on_confirmed(job, now, by_printer=by_printer)
            case JobHeld(job) if self._held_since is None and self._is_running(job):
                self._held_since = now
            case JobDropped(job, accepted):
                self._on_dropped(job, accepted, now)
            case _:
                pass

    def outcome_delivered(self, outcome: TicketOutcome) -> None:
        """The controller has this outcome."""
        attempt = self._untold.get(outcome.attempt)
        if attempt is None or attempt.result != outcome.result:
            return
        del self._untold[attempt.id]
        attempt = replace(attempt, told=True)
        self._journal.put(attempt)
        if isinstance(self._running, Attempt) and self._running.id == attempt.id:
            self._running = attempt

    def tick(self, now: float) -> float:
        """Send, give up, tell: whatever is due; the next moment to look."""
        self._give_up(now)
        self._watch_hold(now)
        if self._takes_jobs() and self._running is None and self._queue:
            self._send(self._queue.popleft())
        if self._untold and now >= self._tell_at:
            self._tell_all(now)
        if not self.busy and now >= self._tidy_at:
            self._tidy_at = now + TIDY_S
            self._journal.tidy()
        return self._due(now)

    # --- steps ---

    def _send(self, paper: Attempt | Slip) -> None:
        self._held_since = None
        if isinstance(paper, Slip):
            job = paper.job
        else:
            job = self._composer.ticket(paper)
            paper = replace(paper, stage=AttemptStage.SENDING)
            self._journal.put(paper)
        self._running = paper
        self._line.submit(job)

    def _is_running(self, job: str) -> bool:
        match self._running:
            case Attempt(id=ident) if ident == job:
                return True
            case Slip(job=PrintJob(id=ident)) if ident == job:
                return True
            case _:
                return False

    def _on_sent(self, job: str) -> None:
        if isinstance(self._running, Attempt) and self._running.id == job:
            self._running = replace(self._running, stage=AttemptStage.SENT)
            self._journal.put(self._running)

    def _on_confirmed(self, job: str, now: float, *, by_printer: bool) -> None:
        if not self._is_running(job):
            return
        paper, self._running = self._running, None
        if isinstance(paper, Attempt):
            log.info("printed %s%s", paper.number, "" if by_printer else " (unconfirmed)")
            self._settle(attempts.confirmed(paper), now)

    def _on_dropped(self, job: str, accepted: int, now: float) -> None:
        if not self._is_running(job):
            return
        paper, self._running = self._running, None
        if not isinstance(paper, Attempt):
            return
        attempt = attempts.dropped(paper, accepted)
        if attempt.waiting:
            self._journal.put(attempt)
            self._queue.appendleft(attempt)
            return
        log.warning("the end of %s is unknown: %d bytes went out", attempt.number, accepted)
        self._settle(attempt, now)
        self._reprint_once(attempt, now)

    def _settle(self, attempt: Attempt, now: float) -> None:
        """The end of an attempt: journal it, then tell."""
        self._journal.put(attempt)
        if not attempt.told:
            self._untold[attempt.id] = attempt
            self._tell_at = now

    def _reprint_once(self, attempt: Attempt, now: float) -> None:
        age = now - self._since.get(attempt.id, now)
        if not attempts.wants_reprint(attempt, age, self._limit_s):
            return
        if len(self._journal.of_ticket(attempt.ticket)) == 1:
            self._queue_reprint(attempt, now)

    def _queue_reprint(self, attempt: Attempt, now: float) -> None:
        paper = Attempt(
            new_id(),
            attempt.data,
            self._clock.now(),
            reprint=True,
            clock_unsure=attempt.clock_unsure,
        )
        self._journal.put(paper)
        self._since[paper.id] = now
        self._queue.append(paper)

    def _give_up(self, now: float) -> None:
        for paper in tuple(self._queue):
            if isinstance(paper, Attempt) and now - self._since[paper.id] > self._limit_s:
                self._queue.remove(paper)
                log.warning("%s was not printed in time", paper.number)
                self._settle(attempts.given_up(paper), now)

    def _watch_hold(self, now: float) -> None:
        paper = self._running
        if self._held_since is None or now - self._held_since <= self._limit_s:
            return
        if isinstance(paper, Attempt) and self._undecided:
            self._running = attempts.overdue(paper)
            self._settle(self._running, now)

    @property
    def _undecided(self) -> bool:
        """Whether a ticket is in the printer of which nothing has been told yet."""
        return isinstance(self._running, Attempt) and self._running.result is None

    def _tell_all(self, now: float) -> None:
        self._tell_at = now + TELL_AGAIN_S
        for attempt in tuple(self._untold.values()):
            if attempt.result is not None:
                self._tell(TicketOutcome(attempt.id, attempt.ticket, attempt.result))

    def _age_s(self, attempt: Attempt) -> float:
        """By the wall clock, if it is to be trusted; else as if it had just happened."""
        if not self._clock.trusted():
            return 0.0
        return max(0.0, (self._clock.now() - attempt.at).total_seconds())

    def _due(self, now: float) -> float:
        times = [now + 3600]
        if not self.busy:
            times.append(self._tidy_at)
        if self._untold:
            times.append(self._tell_at)
        if self._held_since is not None and self._undecided:
            times.append(self._held_since + self._limit_s + 0.01)
        times += [
            self._since[p.id] + self._limit_s + 0.01 for p in self._queue if isinstance(p, Attempt)
        ]
        return max(now + 0.01, min(times))
