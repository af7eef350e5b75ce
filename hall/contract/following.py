"""Where one ticket stands, told to who holds it: by the token on the paper, and no list."""

from typing import Literal

from pydantic import Field

from hall.contract.messages import Lean
from hall.contract.requests import Request
from hall.contract.words import Count, Name, Number, TurnToken, WireModel

Standing = Literal[
    "waiting", "called", "serving", "parked", "no_show", "finished", "cancelled", "voided"
]
# Their reply fits 48 KiB with room to spare.
MOST_FOLLOWED = 100


class Follow(Request):
    """A token that is none of today's is answered with nothing."""

    tokens: tuple[TurnToken, ...] = Field(min_length=1, max_length=MOST_FOLLOWED)


class FollowedTicket(Lean):
    """`ahead`, `wait_min`, `counters` as in IssueData, while it waits.

    `counter`: where it was called, last of all.
    """

    token: TurnToken
    number: Number
    service: Name
    status: Standing
    ahead: Count | None = None
    wait_min: tuple[Count, Count] | None = None
    counters: tuple[Name, ...] | None = None
    counter: Name | None = None


class FollowData(WireModel):
    tickets: tuple[FollowedTicket, ...] = ()
