"""What the hall looks like to others: who waits next, how many stand before a ticket."""

from collections.abc import Iterator, Mapping
from heapq import merge
from itertools import islice

from hall.queueing.rules import Rules
from hall.queueing.state import Hall, Status
from hall.queueing.tickets import Ticket

_AWAY = frozenset({Status.CLOSED, Status.PAUSED})


def sent(hall: Hall, most: int) -> Mapping[str, tuple[int, tuple[str, ...]]]:
    """By counter: how many wait for it alone, and the numbers of the first."""
    counters = {
        where[1:] for (where, _), line in hall.queues.items() if line.count and where[0] == "@"
    }
    return {
        counter: (waiting(hall, f"@{counter}"), next_numbers(hall, f"@{counter}", most))
        for counter in counters
    }


def away(hall: Hall, counter: str) -> Status | None:
    """What keeps a counter from calling just now, when something does."""
    status = hall.counters[counter].status
    return status if status in _AWAY else None


def unattended(rules: Rules, hall: Hall, service: str) -> Status | None:
    """What keeps whoever is sent to a service from a turn just now, when something does.

    Closed: a person has stopped it, or every counter that calls it is closed; paused: none is at
    work, and one of them will come back.
    """
    if service in hall.closed:
        return Status.CLOSED
    able = (c.id for c in rules.counters.values() if service in (*c.serves, *c.helps))
    found = {hall.counters[counter].status for counter in able}
    if not found <= _AWAY:
        return None
    return Status.PAUSED if Status.PAUSED in found else Status.CLOSED


def everyone(rules: Rules, hall: Hall) -> int:
    """How many wait for a service or a counter of the hall."""
    places = {*rules.services, *(f"@{counter}" for counter in rules.counters)}
    return sum(len(line) for (where, _), line in hall.queues.items() if where in places)


def waiting(hall: Hall, service: str) -> int:
    """How many wait for a service in its common queue, or for a counter ("@3") alone."""
    return sum(len(line) for line in hall.lines(service))


def in_order(hall: Hall, service: str) -> Iterator[Ticket]:
    """Those who wait for a service, in the order of their rank times."""
    for key in merge(*hall.lines(service)):
        ticket = hall.tickets.get(key[1])
        if ticket is not None:
            yield ticket


def next_numbers(hall: Hall, service: str, most: int) -> tuple[str, ...]:
    return tuple(ticket.number for ticket in islice(in_order(hall, service), most))


def ahead(hall: Hall, ticket: Ticket) -> int:
    """How many of the same queue are called before this one, as things stand."""
    return sum(line.before(ticket.key) for line in hall.lines(ticket.place))


def serving_counters(rules: Rules, hall: Hall, service: str) -> tuple[str, ...]:
    """The counters where a ticket of this service is called: those at work, else all that could."""
    able = tuple(c.id for c in rules.counters.values() if service in c.serves)
    at_work = tuple(c for c in able if hall.counters[c].status not in _AWAY)
    return at_work or able
