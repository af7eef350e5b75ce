"""What a hall has decided: its services, counters, priorities and policy. Durations are ms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

MINUTE = 60_000


class PolicyName(Enum):
    RANK_TIME = "rank-time"
    STRICT_RATIO = "strict-ratio"


class Order(Enum):
    """How a counter chooses among its own services."""

    ARRIVAL = "arrival"
    LISTED = "listed"


# The hours of a service on a date, as (start, end) in ms since 1970.
Openings = Callable[[str, str], tuple[tuple[int, int], ...]]


def never_open(_service: str, _date: str) -> tuple[tuple[int, int], ...]:
    return ()


@dataclass(frozen=True, slots=True)
class BookingPlan:
    """How a service is booked ahead, in slots of `length_ms` for `capacity` people each.

    Without a length: at any moment of its hours, by somebody else's plan. `days_ahead`: how many
    days after today. `early_ms`: how long before its slot a person may check in, None: all day;
    `late_ms`: how long after its begin the slot is kept.
    """

    length_ms: int | None = None
    capacity: int | None = None
    days_ahead: int = 30
    per_person_day: int | None = None
    early_ms: int | None = None
    late_ms: int = 15 * MINUTE


@dataclass(frozen=True, slots=True)
class Band:
    """Numbers `first` to `last`, both included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Service:
    """`bands`: used in turn, never wrapped. `cut_off`: minutes before closing without tickets.

    `intake_until`: the minute of the day from which it gives no tickets, earlier than the hall.
    """

    id: str
    bands: tuple[Band, ...]
    prefix: str = ""
    digits: int = 3
    quota: int | None = None
    cut_off_min: int = 0
    intake_until: int | None = None
    expected_ms: int = 8 * MINUTE
    plan: BookingPlan = BookingPlan()

    def label(self, n: int) -> str:
        return f"{self.prefix}{n:0{self.digits}d}"

    def number_of(self, label: str) -> int | None:
        """The number behind a label, when it is one of this service's."""
        n = self.number_said(label)
        return n if n is not None and self.label(n) == label else None

    def number_said(self, said: str) -> int | None:
        """The number that can be meant by A006, A6, or 6 alone."""
        rest = said.removeprefix(self.prefix)
        return int(rest) if rest.isascii() and rest.isdigit() else None


@dataclass(frozen=True, slots=True)
class Counter:
    id: str
    serves: tuple[str, ...]
    helps: tuple[str, ...] = ()
    help_after_ms: int = 10 * MINUTE
    order: Order = Order.ARRIVAL

    def takes(self, service: str, bound: str | None) -> bool:
        """Whether it may call whoever waits for this service, or for the counter `bound` alone."""
        return bound == self.id or service in (*self.serves, *self.helps)


@dataclass(frozen=True, slots=True)
class Rules:
    """`priorities`: head start by class. `ratio`: priority calls before one normal call.

    `questions`, `reasons`: what a rating may be about, and why.
    """

    services: Mapping[str, Service]
    counters: Mapping[str, Counter]
    priorities: Mapping[str, int] = field(default_factory=dict)
    policy: PolicyName = PolicyName.RANK_TIME
    ratio: int = 2
    recall_limit: int = 3
    auto_open: bool = True
    openings: Openings = never_open
    questions: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()

    def head_start(self, priority: str | None) -> int:
        return self.priorities.get(priority, 0) if priority else 0


@dataclass(frozen=True, slots=True)
class Now:
    """The moment of a decision.

    `at`: ms on the hall's own clock, which never goes back. `wall`: ms since 1970, for people.
    `date`: the business day the wall clock stands in. `open`: by the hours of the hall; None
    when the clock is unsure, as are the rest. `closes_in_min`: until the end of the last opening
    of the day. `minute`: of the local day. `opens_wall`: when a closed hall opens next.
    """

    at: int
    wall: int
    trusted: bool
    date: str
    open: bool | None = True
    closes_in_min: int | None = None
    minute: int | None = None
    opens_wall: int | None = None
