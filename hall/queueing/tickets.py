"""A ticket: one citizen's turn, from the press to its end."""

from dataclasses import dataclass
from enum import Enum


class State(Enum):
    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    PARKED = "parked"
    NO_SHOW = "no_show"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    VOIDED = "voided"
    EXPIRED = "expired"


HELD = frozenset({State.CALLED, State.SERVING})
CALLABLE = frozenset({State.WAITING, State.PARKED, State.NO_SHOW})
ENDED = frozenset({State.FINISHED, State.CANCELLED, State.VOIDED, State.EXPIRED})


class Paper(Enum):
    """What is known of the paper."""

    PENDING = "pending"
    PRINTED = "printed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Ticket:
    """`serial`: place in the day's issues. `rank`: smaller is called first (ms, hall clock).

    `first_rank`: the one it was issued with; `waited`: ms until the last call; `bound`: the only
    counter whose call-next may take it; `until`: when a parked one comes back.
    """

    id: str
    serial: int
    number: str
    n: int
    service: str
    priority: str | None
    channel: str
    lang: str
    day: str
    arrived: int
    wall: int
    rank: int
    first_rank: int
    state: State = State.WAITING
    paper: Paper = Paper.PENDING
    counter: str | None = None
    bound: str | None = None
    called_at: int | None = None
    called_wall: int | None = None
    started_at: int | None = None
    waited: int | None = None
    until: int | None = None
    recalls: int = 0
    calls: int = 0

    @property
    def place(self) -> str:
        """The queue it stands in: its service's, or one counter's own."""
        return f"@{self.bound}" if self.bound else self.service

    @property
    def key(self) -> tuple[int, int]:
        return (self.rank, self.serial)
