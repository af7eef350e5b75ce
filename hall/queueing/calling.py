"""Who may be called at a counter: its own queues, and the helped ones when their time has come."""

from collections.abc import Sequence
from dataclasses import dataclass

from hall.queueing.rules import Counter, Now
from hall.queueing.state import Hall
from hall.queueing.tickets import Ticket


@dataclass(frozen=True, slots=True)
class Head:
    """The first of one queue: one service (or counter) and one priority class."""

    place: str
    ticket: Ticket


def heads(hall: Hall, places: tuple[str, ...]) -> list[Head]:
    """The first ticket of every queue at these places."""
    return [
        Head(place, ticket)
        for place in places
        for line in hall.lines(place)
        if (key := line.first()) is not None and (ticket := hall.tickets.get(key[1])) is not None
    ]


def candidates(hall: Hall, counter: Counter, now: Now) -> Sequence[Head]:
    """Heads that this counter may call now."""
    own = heads(hall, (f"@{counter.id}", *counter.serves))
    return eligible(own, heads(hall, counter.helps), counter, now)


def eligible(
    own: Sequence[Head], helped: Sequence[Head], counter: Counter, now: Now
) -> Sequence[Head]:
    """Of the heads of its own queues and of those it helps, the ones it may call now.

    A helped service counts when the counter's own queues are empty, or when someone there has
    waited longer than `help_after`.
    """
    if not own:
        return helped
    late = {h.place for h in helped if now.at - h.ticket.arrived > counter.help_after_ms}
    return [*own, *(h for h in helped if h.place in late)]


def only(hall: Hall, counter: Counter, services: tuple[str, ...]) -> list[Head]:
    """Heads of exactly these services, and of the counter's own queue where they match."""
    own = [
        Head(f"@{counter.id}", ticket)
        for line in hall.lines(f"@{counter.id}")
        for key in line
        if (ticket := hall.tickets.get(key[1])) is not None and ticket.service in services
    ]
    return own + heads(hall, services)
