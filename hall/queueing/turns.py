"""In which order a counter would call those who wait, were it to call them all now."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import accumulate

from hall.queueing import calling, policy, strict_ratio
from hall.queueing.calling import Head
from hall.queueing.rules import Counter, Now, Rules
from hall.queueing.state import Hall
from hall.queueing.tickets import Ticket


class TurnReason(Enum):
    """TurnReason it is somebody's turn.

    SENT: to this counter. HELP: of a service that the counter only helps. ARRIVAL: nobody who
    could be called came earlier; who did is passed by PRIORITY, or PLACED by a clerk or by the
    counter's list of services.
    """

    SENT = "sent"
    HELP = "help"
    ARRIVAL = "arrival"
    PRIORITY = "priority"
    PLACED = "placed"


@dataclass(frozen=True, slots=True)
class Turn:
    ticket: Ticket
    why: TurnReason


@dataclass(frozen=True, slots=True)
class _WaitingLine:
    place: str
    tickets: deque[Ticket]


def turns(rules: Rules, hall: Hall, counter: Counter, now: Now) -> Iterator[Turn]:
    """Everyone it may call, each as its next call would choose after the one before."""
    own = _lines(hall, (f"@{counter.id}", *counter.serves))
    helped = _lines(hall, tuple(s for s in counter.helps if s not in counter.serves))
    earliest = _earliest([*own, *helped])
    streak = hall.counters[counter.id].streak
    while True:
        found = calling.eligible(_heads(own), _heads(helped), counter, now)
        ticket = policy.choose(rules, found, counter, streak)
        if ticket is None:
            return
        yield Turn(ticket, _why(ticket, found, counter, earliest))
        streak = strict_ratio.streak_after(ticket, streak)
        for line in (*own, *helped):
            if line.tickets and line.tickets[0] is ticket:
                line.tickets.popleft()


def count(hall: Hall, counter: Counter) -> int:
    """How many wait whom this counter may call, now or later."""
    places = {f"@{counter.id}", *counter.serves, *counter.helps}
    return sum(len(line) for (where, _), line in hall.queues.items() if where in places)


def _lines(hall: Hall, places: tuple[str, ...]) -> list[_WaitingLine]:
    tickets = hall.tickets
    return [
        _WaitingLine(place, deque(found for _, serial in line if (found := tickets.get(serial))))
        for place in places
        for line in hall.lines(place)
    ]


def _heads(lines: Sequence[_WaitingLine]) -> list[Head]:
    return [Head(line.place, line.tickets[0]) for line in lines if line.tickets]


def _earliest(lines: Sequence[_WaitingLine]) -> Mapping[int, int]:
    """By serial: when the first of those came who stand from there to the end of its line."""
    found: dict[int, int] = {}
    for line in lines:
        arrived = (ticket.arrived for ticket in reversed(line.tickets))
        minima = accumulate(arrived, min)
        found |= zip((ticket.serial for ticket in reversed(line.tickets)), minima, strict=True)
    return found


def _why(
    ticket: Ticket, found: Sequence[Head], counter: Counter, earliest: Mapping[int, int]
) -> TurnReason:
    place = ticket.place
    if place == f"@{counter.id}":
        return TurnReason.SENT
    if place not in counter.serves:
        return TurnReason.HELP
    if all(earliest[head.ticket.serial] >= ticket.arrived for head in found):
        return TurnReason.ARRIVAL
    return TurnReason.PRIORITY if ticket.priority else TurnReason.PLACED
