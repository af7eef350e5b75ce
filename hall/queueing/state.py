"""The hall's queue at one moment: a frozen value, the fold of the day's events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from hall.queueing.events import Rated
from hall.queueing.shelves import PersistentMap, RankQueue
from hall.queueing.tickets import Ticket

Place = tuple[str, str]


class Status(Enum):
    CLOSED = "closed"
    OPEN = "open"
    PAUSED = "paused"
    CALLED = "called"
    SERVING = "serving"


@dataclass(frozen=True, slots=True)
class BoardCall:
    """A call on the board's list, newest first; `wall` in ms since 1970."""

    number: str
    counter: str
    wall: int


@dataclass(frozen=True, slots=True)
class Trace:
    """What one event changed, as it was before: enough to take it back.

    `ticket`: the ticket before, `left`: as the event left it. `desk`: the counter before, None
    for an event of no counter. `served`, `pace`: what it added to the day's count and to the
    service times (ms). `calls`: the board's list before.
    """

    seq: int
    kind: str
    by: str
    at: int
    wall: int
    ticket: Ticket | None = None
    left: Ticket | None = None
    desk: "Desk | None" = None
    served: int = 0
    pace: int | None = None
    calls: tuple[BoardCall, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """A counter at work. `streak`: priority calls in a row; `last`: serial it served last.

    `traces`: the events of its last act, where that can be taken back.
    """

    status: Status = Status.CLOSED
    serial: int | None = None
    ver: int = 0
    streak: int = 0
    last: int | None = None
    traces: tuple[Trace, ...] = ()


@dataclass(frozen=True, slots=True)
class Booking:
    """An appointment; `slot` in ms since 1970; `serial`: its ticket once checked in.

    `person`: a keyed hash of an opaque key, where one was given.
    """

    service: str
    slot: int
    date: str
    priority: str | None = None
    serial: int | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """No new tickets from `closes` until `reopens` (ms since 1970), by a person's order."""

    closes: int
    reopens: int | None = None
    notice: str | None = None

    def stops(self, wall: int) -> bool:
        """Whether a moment lies between the two."""
        return self.closes <= wall and (self.reopens is None or wall < self.reopens)


# Without slots: an act makes a dozen of it, and a dict is copied at once.
@dataclass(frozen=True)
class Hall:
    """`seq`: the journal's last; `queues`: (place, priority class) -> who waits there, in order.

    `top`: last number issued by service; `floors`: numbers known from elsewhere to be taken;
    `taken`: tickets issued by service; `pace`: last service times in ms, newest last;
    `bookings`: by hashed code; `slots`: (service, date) -> slot -> the codes booked there, in
    order; `unsure_from`: the first ticket since the date became unsure; `cancels`: by client, the
    last ticket it cancelled without naming a counter; `closed`: services that give no new
    tickets today; `ratings`: by serial, the newest event about each question ("": the only one);
    `rated_lately`: ratings that may still be taken back, by sequence number, newest last.
    """

    epoch: int = 1
    seq: int = 0
    day: int = 0
    date: str = ""
    issued: int = 0
    served: int = 0
    waiting: int = 0
    board_ver: int = 0
    tickets: PersistentMap[Ticket] = field(default_factory=PersistentMap)
    numbers: Mapping[str, PersistentMap[int]] = field(default_factory=dict)
    top: Mapping[str, int] = field(default_factory=dict)
    floors: Mapping[str, int] = field(default_factory=dict)
    taken: Mapping[str, int] = field(default_factory=dict)
    queues: Mapping[Place, RankQueue] = field(default_factory=dict)
    counters: Mapping[str, Desk] = field(default_factory=dict)
    recent: tuple[BoardCall, ...] = ()
    timed: tuple[tuple[int, int], ...] = ()
    pace: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    bookings: Mapping[str, Booking] = field(default_factory=dict)
    slots: Mapping[tuple[str, str], Mapping[int, tuple[str, ...]]] = field(default_factory=dict)
    unsure_from: int | None = None
    cancels: Mapping[str, Trace] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()
    intake: Intake | None = None
    ratings: PersistentMap[Mapping[str, int]] = field(default_factory=PersistentMap)
    rated_lately: tuple[tuple[int, Rated], ...] = ()

    def ticket(self, ticket_id: str) -> Ticket | None:
        """Find by id; ids end in the day's serial."""
        tail = ticket_id.rsplit("-", 1)[-1]
        if not (tail.isascii() and tail.isdigit()):
            return None
        found = self.tickets.get(int(tail))
        return found if found is not None and found.id == ticket_id else None

    def held(self, counter: str) -> Ticket | None:
        """The ticket that a counter has called or serves."""
        serial = self.counters.get(counter, Desk()).serial
        return None if serial is None else self.tickets.get(serial)

    def lines(self, place: str) -> list[RankQueue]:
        """The queues of all priority classes at one place that hold anyone."""
        return [line for (where, _), line in self.queues.items() if where == place and line.count]


def empty(epoch: int, counters: Mapping[str, object]) -> Hall:
    """Give a hall before its first day: all counters closed."""
    return Hall(epoch=epoch, counters={counter: Desk() for counter in counters})
