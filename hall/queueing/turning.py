"""What time and a new start bring by themselves: a new day, parked tickets back, lost ground."""

from collections.abc import Mapping

from hall.queueing import events, numbering
from hall.queueing.amending import amend
from hall.queueing.draft import Draft
from hall.queueing.rules import MINUTE, Now, Rules
from hall.queueing.state import Desk, Hall, Status
from hall.queueing.tickets import ENDED, HELD, State, Ticket

# Tickets issued without knowing the date belong to the day that is found out within this time.
UNSURE_MS = 12 * 60 * MINUTE


def pass_time(draft: Draft) -> None:
    """Turn the day over when its time has come, and bring back parked tickets that are due."""
    if is_over(draft.hall, draft.now):
        _turn(draft, draft.now.date)
    _clear_removed_counters(draft)
    while draft.hall.timed and draft.hall.timed[0][0] <= draft.now.at:
        draft.add(events.Resumed(*draft.stamp, draft.hall.timed[0][1], "timer"))


def is_over(hall: Hall, now: Now) -> bool:
    """A day ends when a trusted clock says so, never before; the first begins at once."""
    if not hall.date:
        return True
    return now.trusted and now.date > hall.date


def as_found_by_the_next(hall: Hall, now: Now) -> Hall:
    """The hall as far as new tickets go, as whoever asks next will find it.

    A day turns with its first act: until then yesterday's numbers and orders stand, and must keep
    nobody from asking.
    """
    if not hall.date or not is_over(hall, now) or hall.unsure_from is not None:
        return hall
    numbers: dict[str, int] = {}
    sheet = amend(hall, date=now.date, top=numbers, floors=numbers, taken=numbers)
    return amend(sheet, closed=frozenset(), intake=None)


def recover(draft: Draft, date: str, tops: Mapping[str, int]) -> None:
    """Go on after a journal that had lost its end: skip the numbers others have seen on `date`.

    A later day than ours that was seen elsewhere has begun, whatever our clock says.
    """
    if date > draft.hall.date:
        _turn(draft, date)
    draft.add(events.Recovered(*draft.stamp))
    if date != draft.hall.date:
        return
    for service, n in tops.items():
        rule = draft.rules.services.get(service)
        if rule is not None and numbering.is_to_skip(rule, draft.hall, n):
            draft.add(events.NumbersSkipped(*draft.stamp, service, n))


def _turn(draft: Draft, date: str) -> None:
    """Begin the next day; who waits with a ticket of before is told that it has expired.

    Tickets of an unsure clock belong to the day whose date has only now come to light: it goes
    on under its right name, with its people and its numbers.
    """
    begun = _unsure_since(draft)
    for ticket in draft.hall.tickets:
        if ticket.state not in ENDED and (begun is None or ticket.serial < begun):
            _end(draft, ticket)
    if begun is not None:
        draft.add(events.DayDated(*draft.stamp, date))
        return
    for counter, desk in draft.hall.counters.items():
        if desk.status is not Status.CLOSED:
            draft.add(events.CounterClosed(*draft.stamp, counter))
    booked = draft.hall.bookings
    draft.add(events.DayOpened(*draft.stamp, draft.hall.day + 1, date))
    for code, one in booked.items():
        if one.date >= date:
            draft.add(
                events.Appointed(
                    *draft.stamp, code, one.service, one.slot, one.date, one.priority, one.person
                )
            )


def _end(draft: Draft, ticket: Ticket) -> None:
    """Whoever is at a counter when the day turns has not waited in vain."""
    if ticket.state in HELD and ticket.counter is not None:
        how: events.How = "left_open" if ticket.state is State.SERVING else "unclear"
        cause, serial = "day", ticket.serial
        draft.add(events.Finished(*draft.stamp, serial, ticket.counter, cause, how=how))
    else:
        draft.add(events.Expired(*draft.stamp, ticket.serial, ticket.counter))


def _unsure_since(draft: Draft) -> int | None:
    """The first ticket of a clock that did not know its date, when that was not long ago."""
    serial = draft.hall.unsure_from
    ticket = None if serial is None else draft.hall.tickets.get(serial)
    if ticket is None or draft.now.at - ticket.arrived >= UNSURE_MS:
        return None
    return ticket.serial


def removed_counters(rules: Rules, hall: Hall) -> list[str]:
    """Counters that are at work, or that people were sent to, and are in the YAML no more."""
    gone = hall.counters.keys() - rules.counters.keys()
    found = {counter for counter in gone if hall.counters[counter].status is not Status.CLOSED}
    for (place, _), line in hall.queues.items():
        if place.startswith("@") and place[1:] not in rules.counters and line:
            found.add(place[1:])
    return sorted(found)


def _clear_removed_counters(draft: Draft) -> None:
    """A counter that has left the YAML keeps nobody, at its desk or in a queue of its own."""
    for counter in removed_counters(draft.rules, draft.hall):
        desk = draft.hall.counters.get(counter, Desk())
        _let_go(draft, counter)
        for line in draft.hall.lines(f"@{counter}"):
            for _, serial in line:
                _unbind(draft, counter, serial)
        if desk.status is not Status.CLOSED:
            draft.add(events.CounterClosed(*draft.stamp, counter))


def _let_go(draft: Draft, counter: str) -> None:
    held = draft.hall.held(counter)
    if held is None:
        return
    if held.state is State.CALLED:
        draft.add(events.Returned(*draft.stamp, held.serial, counter))
    else:
        cause = "removed"
        draft.add(events.Finished(*draft.stamp, held.serial, counter, cause, how="left_open"))


def _unbind(draft: Draft, counter: str, serial: int) -> None:
    ticket = draft.hall.tickets.get(serial)
    if ticket is not None:
        draft.add(events.Transferred(*draft.stamp, serial, counter, ticket.service, ticket.rank))
