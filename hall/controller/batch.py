"""Requests that were decided one after the other and wait for the sync that they share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hall.contract.messages import CallEvent
from hall.contract.requests import Request
from hall.controller.ports import JournalEntry, StoredReply
from hall.queueing.rules import Now
from hall.queueing.state import Hall

# So many in one transaction: nobody waits for more than this behind the sync that goes on.
MOST_TOGETHER = 64


@dataclass(frozen=True, slots=True)
class NamedRequest:
    """A request with the client and verb of its topic.

    `unknown`: its fields that nobody knows. `at`: when it arrived, in monotonic seconds.
    """

    client: str
    verb: str
    request: Request
    unknown: Mapping[str, object] = field(default_factory=dict)
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class DueReply:
    """Who waits for what was decided; `tell` answers once it is on the disk."""

    asked: NamedRequest
    tell: Callable[[], None]


@dataclass(slots=True)
class Batch:
    """`hall`: as it is when all of this is on the disk, decided at `now`. `answers`: by id."""

    hall: Hall
    now: Now | None = None
    entries: list[JournalEntry] = field(default_factory=list)
    answers: dict[str, StoredReply] = field(default_factory=dict)
    calls: list[CallEvent] = field(default_factory=list)
    due: list[DueReply] = field(default_factory=list)
