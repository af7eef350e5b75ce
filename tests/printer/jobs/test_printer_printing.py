"""Exactly one paper per number, whatever the line says: the queue of papers without a line."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from hall.contract.messages import PublicTicket
from hall.contract.requests import IssueData
from hall.runtime.clock import SetClock
from printer.jobs.attempts import Attempt
from printer.jobs.printing import Printing, PrintingContext, TicketOutcome
from printer.line.reports import JobConfirmed, JobDropped, JobHeld, PrintJob

LIMIT_S = 60.0


@dataclass
class Paper:
    """Journal, line and composer of a dispenser, all in memory; `jobs` in the order sent."""

    kept: dict[str, Attempt] = field(default_factory=dict)
    jobs: list[str] = field(default_factory=list)
    told: list[TicketOutcome] = field(default_factory=list)
    up: bool = True
    printing: Printing = field(init=False)

    def __post_init__(self) -> None:
        context = PrintingContext(
            *(self, self, self),  # type: ignore[arg-type]
            SetClock(elapsed_s=0.0),
            takes_jobs=lambda: self.up,
            clock_unsure=lambda: False,
        )
        self.printing = Printing(context, self.told.append, LIMIT_S)

    # --- the journal ---

    def put(self, attempt: Attempt) -> None:
        self.kept[attempt.id] = attempt

    def of_ticket(self, ticket: str) -> tuple[Attempt, ...]:
        return tuple(each for each in self.kept.values() if each.ticket == ticket)

    def latest(self) -> Attempt | None:
        return next(reversed(self.kept.values()), None)

    def open(self) -> tuple[Attempt, ...]:
        return tuple(self.kept.values())

    def tidy(self) -> None:
        pass

    # --- line and composer ---

    def submit(self, job: PrintJob) -> None:
        self.jobs.append(job.id)

    def ticket(self, attempt: Attempt) -> PrintJob:
        return PrintJob(attempt.id, b"x")

    # --- what a test says ---

    def add(self, number: int) -> None:
        self.printing.add(issued(number))

    def sent(self) -> list[str]:
        """The numbers that went to the printer, in their order."""
        return [self.kept[job].number for job in self.jobs]

    def dropped(self, accepted: int, now: float = 1.0) -> None:
        self.up = False
        self.printing.job_reported(JobDropped(self.jobs[-1], accepted), now)
        self.up = True
        self.printing.tick(now)


def issued(number: int) -> IssueData:
    ticket = PublicTicket(
        id=f"t{number}",
        number=f"A{number:03}",
        service="ho-tich",
        day="2026-11-23",
        issued_at=datetime(2026, 11, 23, 0, 42, tzinfo=UTC),
        channel="button",
    )
    return IssueData(ticket=ticket, ahead=0)


@pytest.fixture
def paper() -> Paper:
    return Paper()


def test_a_paper_of_which_nothing_went_out_goes_before_those_behind_it(paper: Paper) -> None:
    paper.add(1)
    paper.add(2)

    paper.dropped(accepted=0)

    assert paper.sent() == ["A001", "A001"]


def test_a_paper_whose_end_nobody_knows_is_printed_once_more_and_no_oftener(paper: Paper) -> None:
    paper.add(1)
    paper.dropped(accepted=50)
    assert paper.sent() == ["A001", "A001"]
    assert paper.kept[paper.jobs[-1]].reprint

    paper.dropped(accepted=50)

    assert paper.sent() == ["A001", "A001"]


def test_a_second_unknown_end_of_one_number_is_not_printed_again(paper: Paper) -> None:
    """Two attempts are in the journal: whoever reads it after a restart must see that."""
    paper.add(1)
    first = paper.jobs[0]
    paper.dropped(accepted=50)
    paper.printing.job_reported(JobConfirmed(paper.jobs[-1], by_printer=True), 2.0)
    again = Paper(kept=dict(paper.kept))
    again.printing.recover(3.0)
    again.printing.tick(3.0)

    assert first in again.kept
    assert again.jobs == []


def test_a_number_that_comes_twice_is_printed_once(paper: Paper) -> None:
    paper.add(1)
    paper.add(1)
    paper.printing.job_reported(JobConfirmed(paper.jobs[0], by_printer=True), 1.0)
    paper.printing.tick(1.0)

    assert paper.sent() == ["A001"]


def test_a_paper_that_waits_longer_than_its_limit_is_given_up(paper: Paper) -> None:
    paper.up = False
    paper.add(1)
    paper.printing.tick(LIMIT_S)
    assert paper.told == []
    paper.printing.tick(LIMIT_S + 0.1)

    assert [(each.ticket, each.result) for each in paper.told] == [("t1", "failed")]
    paper.up = True
    paper.printing.tick(LIMIT_S + 1)
    assert paper.jobs == []


def test_the_controller_that_knows_of_a_doubt_is_still_told_that_it_ended_well(
    paper: Paper,
) -> None:
    paper.add(1)
    paper.printing.job_reported(JobHeld(paper.jobs[0]), 1.0)
    paper.printing.tick(2.0 + LIMIT_S)
    paper.printing.job_reported(JobConfirmed(paper.jobs[0], by_printer=True), 3.0 + LIMIT_S)
    (doubt,) = paper.told
    assert doubt.result == "unknown"

    paper.printing.outcome_delivered(doubt)
    paper.printing.tick(4.0 + LIMIT_S)

    assert [each.result for each in paper.told] == ["unknown", "printed"]
