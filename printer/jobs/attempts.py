"""The life of one attempt to put one ticket on paper, and what a restart makes of it. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Literal

from hall.contract.requests import IssueData

Result = Literal["printed", "failed", "unknown"]


class AttemptStage(Enum):
    """Written before the step it names.

    ALLOCATED: a number, no byte sent. SENDING: before the first byte. SENT: the kernel has all.
    CONFIRMED: the printer answered. FAILED: surely nothing was accepted. UNKNOWN: nobody can say.
    """

    ALLOCATED = "allocated"
    SENDING = "sending"
    SENT = "sent"
    CONFIRMED = "confirmed"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Attempt:
    """`reprint`: the paper is labelled. `result`: what the controller is to be told; `told`: was.

    `clock_unsure`: the hall's time was not to be trusted when the number was given.
    """

    id: str
    data: IssueData
    at: datetime
    stage: AttemptStage = AttemptStage.ALLOCATED
    reprint: bool = False
    clock_unsure: bool = False
    result: Result | None = None
    told: bool = True

    @property
    def ticket(self) -> str:
        return self.data.ticket.id

    @property
    def number(self) -> str:
        return self.data.ticket.number

    @property
    def waiting(self) -> bool:
        """To be sent as soon as the printer takes it."""
        return self.stage in (AttemptStage.ALLOCATED, AttemptStage.FAILED) and self.result is None


def confirmed(attempt: Attempt) -> Attempt:
    return replace(attempt, stage=AttemptStage.CONFIRMED, result="printed", told=False)


def dropped(attempt: Attempt, accepted: int) -> Attempt:
    """The line broke under it: harmless if nothing was accepted, else nobody can say."""
    if accepted == 0:
        return replace(attempt, stage=AttemptStage.FAILED)
    return unknown(attempt)


def unknown(attempt: Attempt) -> Attempt:
    return replace(attempt, stage=AttemptStage.UNKNOWN, result="unknown", told=False)


def overdue(attempt: Attempt) -> Attempt:
    """A hold outlasted its limit: its end is unknown, though a late answer may still come."""
    return replace(attempt, result="unknown", told=False)


def given_up(attempt: Attempt) -> Attempt:
    """Nothing was printed in time: the ticket is void and may never be printed."""
    if attempt.reprint:
        return replace(attempt, stage=AttemptStage.FAILED, result="unknown", told=True)
    return replace(attempt, stage=AttemptStage.FAILED, result="failed", told=False)


def after_restart(attempt: Attempt) -> Attempt:
    """What a power cut in this stage means."""
    match attempt.stage:
        case AttemptStage.SENDING | AttemptStage.SENT:
            return unknown(attempt)
        case _:
            return attempt


def wants_reprint(attempt: Attempt, age_s: float, limit_s: float) -> bool:
    """An unknown paper is printed once more, labelled, while its owner may still be waiting."""
    return attempt.stage is AttemptStage.UNKNOWN and not attempt.reprint and age_s <= limit_s
