"""What the province's service needs: a store for events, in its own words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from hall.contract.province import JournalPlace, UpEvents, UpRefusal


class StoreAway(Exception):
    """The database does not answer. What was asked may be asked again, and has no effect twice."""


class StoreRefuses(Exception):
    """The database is there and does not take this."""


@dataclass(frozen=True, slots=True)
class ReceivedBatch:
    """`sent_at`: by the hall's clock; `at`: by ours."""

    hall: str
    batch: UpEvents
    sent_at: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True)
class HallAnswer:
    """What is held of a hall after its batches, committed."""

    hall: str
    held: JournalPlace
    refused: UpRefusal | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """`stored`: how many events are new in the database."""

    answers: tuple[HallAnswer, ...]
    stored: int = 0
    gaps: tuple[str, ...] = field(default=())


class EventStore(Protocol):
    """Raises StoreAway, StoreRefuses."""

    def take_batches(self, batches: Sequence[ReceivedBatch]) -> Taken:
        """In one transaction, committed when this returns. An answer for every hall."""

    def refuse(self, hall: str, refusal: UpRefusal, at: datetime) -> HallAnswer | None:
        """Note what could not be read; None: there is no such hall."""

    def answers(self) -> tuple[HallAnswer, ...]:
        """What is held of every registered hall."""

    def close(self) -> None: ...
