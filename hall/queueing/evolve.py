"""Apply one event to the hall. Never refuses: it has already happened."""

from collections.abc import Mapping
from typing import Any

from hall.queueing import strict_ratio, traces
from hall.queueing.amending import amend
from hall.queueing.events import (
    Appointed,
    Called,
    Cancelled,
    CounterClosed,
    CounterOpened,
    CounterPaused,
    DayDated,
    DayOpened,
    Event,
    Expired,
    Finished,
    IntakeClosed,
    Issued,
    Missed,
    NumbersSkipped,
    Parked,
    Printed,
    PrintUnknown,
    Rated,
    Recalled,
    Recovered,
    Resumed,
    Returned,
    ServiceClosed,
    ServiceOpened,
    Started,
    Transferred,
    Unbooked,
    Undone,
    Unrated,
    Voided,
)
from hall.queueing.shelves import PersistentMap, RankQueue
from hall.queueing.state import BoardCall, Booking, Desk, Hall, Intake, Status
from hall.queueing.tickets import Paper, State, Ticket
from hall.queueing.traces import RECENT

PACE = 30
# Nobody is served in less (ms): such an end is a key that was pressed twice, not a pace.
SHORTEST = 15_000
# Longer than a rating may be taken back (ms).
RATING_KEPT = 60_000


def evolve(hall: Hall, event: Event) -> Hall:
    return traces.remember(hall, event, _evolve(amend(hall, seq=hall.seq + 1), event))


def _evolve(hall: Hall, event: Event) -> Hall:  # noqa: C901, PLR0911, PLR0912 - one arm an event
    match event:
        case DayOpened():
            return _day_opened(hall, event)
        case DayDated():
            return _board(amend(hall, date=event.date, unsure_from=None))
        case Recovered():
            return _board(hall)
        case NumbersSkipped():
            return amend(hall, floors={**hall.floors, event.service: event.n})
        case Appointed():
            return _appointed(hall, event)
        case Unbooked():
            return _unbooked(hall, event.booking)
        case Issued():
            return _issued(hall, event)
        case Printed():
            return _paper(hall, event.serial, Paper.PRINTED)
        case PrintUnknown():
            return _paper(hall, event.serial, Paper.UNKNOWN)
        case Voided():
            return _leave(_promised_again(hall, event.serial), event, State.VOIDED)
        case Called():
            return _called(hall, event)
        case Recalled():
            ticket = _ticket(hall, event.serial)
            again = amend(ticket, recalls=ticket.recalls + 1)
            return _touch(_listed(_put(hall, again), ticket, event), event.counter)
        case Started():
            ticket = amend(_ticket(hall, event.serial), state=State.SERVING, started_at=event.at)
            return _desk(_put(hall, ticket), event.counter, Status.SERVING, event.serial)
        case Finished():
            return _finished(hall, event)
        case Missed():
            return _leave(hall, event, State.NO_SHOW)
        case Returned():
            return _free(_back(hall, event.serial), event.counter)
        case Transferred():
            return _transferred(hall, event)
        case Parked():
            return _parked(hall, event)
        case Resumed():
            return _board(_back(hall, event.serial))
        case Cancelled():
            left = _leave(hall, event, State.CANCELLED)
            return left if event.counter is None else _touch(left, event.counter)
        case Undone():
            return _undone(hall, event)
        case Expired():
            return _leave(hall, event, State.EXPIRED)
        case Rated():
            return _rated(hall, event)
        case Unrated():
            return _unrated(hall, event)
        case CounterOpened():
            return _desk(hall, event.counter, Status.OPEN, None)
        case CounterPaused():
            return _desk(hall, event.counter, Status.PAUSED, None)
        case CounterClosed():
            return _desk(hall, event.counter, Status.CLOSED, None)
        case ServiceClosed():
            return amend(hall, closed=hall.closed | {event.service})
        case ServiceOpened():
            return amend(hall, closed=hall.closed - {event.service})
        case IntakeClosed():
            return amend(hall, intake=Intake(event.closes, event.reopens, event.notice))


def _day_opened(hall: Hall, event: DayOpened) -> Hall:
    """A new sheet: numbers, queues and estimates begin again; versions go on."""
    return Hall(
        epoch=hall.epoch,
        seq=hall.seq,
        day=event.day,
        date=event.date,
        board_ver=hall.seq,
        counters={counter: Desk(ver=hall.seq) for counter in hall.counters},
    )


def _appointed(hall: Hall, event: Appointed) -> Hall:
    """Last in its slot, or in the place it has there already."""
    where, code = (event.service, event.due), event.booking
    booked = Booking(event.service, event.slot, event.due, event.priority, None, event.person)
    known = hall.bookings.get(code)
    if known is not None and (known.service, known.date, known.slot) == (*where, event.slot):
        return amend(hall, bookings={**hall.bookings, code: booked})
    hall = _unbooked(hall, code)
    day = hall.slots.get(where, {})
    filled = {**day, event.slot: (*day.get(event.slot, ()), code)}
    return amend(
        hall,
        bookings={**hall.bookings, code: booked},
        slots={**hall.slots, where: filled},
    )


def _unbooked(hall: Hall, code: str) -> Hall:
    known = hall.bookings.get(code)
    if known is None:
        return hall
    where = (known.service, known.date)
    day = hall.slots.get(where, {})
    left = {**day, known.slot: tuple(c for c in day.get(known.slot, ()) if c != code)}
    bookings = {other: booked for other, booked in hall.bookings.items() if other != code}
    return amend(hall, bookings=bookings, slots={**hall.slots, where: left})


def _issued(hall: Hall, event: Issued) -> Hall:
    ticket = Ticket(
        id=event.ticket,
        serial=event.serial,
        number=event.number,
        n=event.n,
        service=event.service,
        priority=event.priority,
        channel=event.channel,
        lang=event.lang,
        day=hall.date,
        arrived=event.at,
        wall=event.wall,
        rank=event.rank,
        first_rank=event.rank,
    )
    numbers = hall.numbers.get(event.service, PersistentMap())
    hall = amend(
        hall,
        issued=max(hall.issued, event.serial + 1),
        numbers={**hall.numbers, event.service: numbers.put(event.n, event.serial)},
        top={**hall.top, event.service: event.n},
        taken=_plus(hall.taken, event.service, 1),
        unsure_from=_unsure_from(hall, event),
    )
    if (booking := hall.bookings.get(event.booking or "")) is not None:
        kept = {**hall.bookings, event.booking or "": amend(booking, serial=event.serial)}
        hall = amend(hall, bookings=kept)
    return _board(_join(_put(hall, ticket), ticket))


def _unsure_from(hall: Hall, event: Issued) -> int | None:
    """A ticket of a sure clock confirms the day of those before it."""
    if event.unsure is None:
        return None
    return event.serial if hall.unsure_from is None else hall.unsure_from


def _called(hall: Hall, event: Called) -> Hall:
    waiting = _ticket(hall, event.serial)
    ticket = amend(
        waiting,
        state=State.CALLED,
        counter=event.counter,
        called_at=event.at,
        called_wall=event.wall,
        started_at=None,
        waited=event.at - waiting.arrived,
        until=None,
        recalls=0,
        calls=waiting.calls + 1,
    )
    hall = _part(hall, waiting)
    hall = _listed(hall, ticket, event)
    hall = _desk(_put(hall, ticket), event.counter, Status.CALLED, event.serial)
    desk = hall.counters[event.counter]
    streak = strict_ratio.streak_after(ticket, desk.streak)
    return amend(hall, counters={**hall.counters, event.counter: amend(desk, streak=streak)})


def _listed(hall: Hall, ticket: Ticket, event: Called | Recalled) -> Hall:
    """On top of the board's list, where one number stands once."""
    call = BoardCall(ticket.number, event.counter, event.wall)
    older = tuple(c for c in hall.recent if c.number != ticket.number)
    return amend(hall, recent=(call, *older)[:RECENT])


def _finished(hall: Hall, event: Finished) -> Hall:
    ticket = _ticket(hall, event.serial)
    begun = ticket.started_at if ticket.started_at is not None else ticket.called_at
    if event.how != "unclear":
        hall = amend(hall, served=hall.served + 1)
    if event.how == "served" and begun is not None and event.at - begun >= SHORTEST:
        times = (*hall.pace.get(ticket.service, ()), event.at - begun)[-PACE:]
        hall = amend(hall, pace={**hall.pace, ticket.service: times})
    return _served_last(_leave(hall, event, State.FINISHED), event.counter, event.serial)


def _transferred(hall: Hall, event: Transferred) -> Hall:
    before = _ticket(hall, event.serial)
    ticket = amend(
        before,
        state=State.WAITING,
        service=event.service,
        bound=event.bound,
        rank=event.rank,
        counter=None,
    )
    hall = _join(_put(_part(hall, before), ticket), ticket)
    if before.counter != event.counter:
        return _board(hall)
    return _served_last(_free(hall, event.counter), event.counter, event.serial)


def _parked(hall: Hall, event: Parked) -> Hall:
    ticket = amend(_ticket(hall, event.serial), state=State.PARKED, until=event.until, counter=None)
    if event.until is not None:
        hall = amend(hall, timed=tuple(sorted((*hall.timed, (event.until, event.serial)))))
    return _served_last(_free(_put(hall, ticket), event.counter), event.counter, event.serial)


def _rated(hall: Hall, event: Rated) -> Hall:
    fresh = tuple(each for each in hall.rated_lately if event.at - each[1].at <= RATING_KEPT)
    return _stands(amend(hall, rated_lately=(*fresh, (hall.seq, event))), event, hall.seq)


def _unrated(hall: Hall, event: Unrated) -> Hall:
    """The rating that it had replaced, where there is one, is the newest again."""
    given = dict(hall.rated_lately)
    taken = given.pop(event.of, None)
    if taken is None:
        raise LookupError(f"nothing is known of rating {event.of}: the journal is not one day's")
    return _stands(amend(hall, rated_lately=tuple(given.items())), taken, taken.of)


def _stands(hall: Hall, event: Rated, seq: int | None) -> Hall:
    """`seq`: the rating that now holds of its ticket and question."""
    if event.serial is None:
        return hall
    about = {**(hall.ratings.get(event.serial) or {}), event.question or "": seq}
    kept = {question: of for question, of in about.items() if of is not None}
    return amend(hall, ratings=hall.ratings.put(event.serial, kept))


def _promised_again(hall: Hall, serial: int) -> Hall:
    """Whose paper failed has had no ticket: the appointment behind it can be checked in anew."""
    for code, booking in hall.bookings.items():
        if booking.serial == serial:
            return amend(hall, bookings={**hall.bookings, code: amend(booking, serial=None)})
    return hall


def _leave(
    hall: Hall,
    event: Voided | Finished | Missed | Cancelled | Expired,
    state: State,
) -> Hall:
    """Out of its queue, and out of the hands of the counter that held it."""
    before = _ticket(hall, event.serial)
    counter = before.counter if before.state in (State.CALLED, State.SERVING) else None
    hall = _put(_part(hall, before), amend(before, state=state, until=None))
    return _free(hall, counter) if counter is not None else _board(hall)


def _back(hall: Hall, serial: int) -> Hall:
    ticket = _ticket(hall, serial)
    hall = _part(hall, ticket)
    again = amend(ticket, state=State.WAITING, counter=None, until=None)
    return _join(_put(hall, again), again)


def _undone(hall: Hall, event: Undone) -> Hall:
    trace = traces.newest(hall, event)
    if trace.ticket is not None:
        hall = _as_it_was(hall, trace.ticket)
    return _board(traces.taken_back(hall, event, trace))


def _as_it_was(hall: Hall, ticket: Ticket) -> Hall:
    """Paper that has come out stays, and no two calls of a ticket ever have one name."""
    now = _ticket(hall, ticket.serial)
    again = amend(ticket, paper=now.paper, calls=now.calls)
    hall = _put(_part(hall, now), again)
    if again.until is not None:
        hall = amend(hall, timed=tuple(sorted((*hall.timed, (again.until, again.serial)))))
    return _join(hall, again) if again.state is State.WAITING else hall


def _paper(hall: Hall, serial: int, paper: Paper) -> Hall:
    return _put(hall, amend(_ticket(hall, serial), paper=paper))


def _ticket(hall: Hall, serial: int) -> Ticket:
    ticket = hall.tickets.get(serial)
    if ticket is None:
        raise LookupError(f"no ticket {serial}: the journal is not one day's")
    return ticket


def _put(hall: Hall, ticket: Ticket) -> Hall:
    return amend(hall, tickets=hall.tickets.put(ticket.serial, ticket))


def _join(hall: Hall, ticket: Ticket) -> Hall:
    where = (ticket.place, ticket.priority or "")
    line = hall.queues.get(where, RankQueue()).add(ticket.key)
    return amend(hall, queues={**hall.queues, where: line}, waiting=hall.waiting + 1)


def _part(hall: Hall, ticket: Ticket) -> Hall:
    if ticket.until is not None:
        timed = tuple(entry for entry in hall.timed if entry[1] != ticket.serial)
        hall = amend(hall, timed=timed)
    if ticket.state is not State.WAITING:
        return hall
    where = (ticket.place, ticket.priority or "")
    line = hall.queues.get(where, RankQueue()).remove(ticket.key)
    return amend(hall, queues={**hall.queues, where: line}, waiting=hall.waiting - 1)


def _desk(hall: Hall, counter: str, status: Status, serial: int | None) -> Hall:
    desk = hall.counters.get(counter, Desk())
    last = serial if status is Status.SERVING else desk.last
    changed = amend(desk, status=status, serial=serial, ver=hall.seq, last=last)
    return _board(amend(hall, counters={**hall.counters, counter: changed}))


def _free(hall: Hall, counter: str) -> Hall:
    return _desk(hall, counter, Status.OPEN, None)


def _served_last(hall: Hall, counter: str, serial: int) -> Hall:
    desk = amend(hall.counters[counter], last=serial)
    return amend(hall, counters={**hall.counters, counter: desk})


def _touch(hall: Hall, counter: str) -> Hall:
    desk = amend(hall.counters.get(counter, Desk()), ver=hall.seq)
    return _board(amend(hall, counters={**hall.counters, counter: desk}))


def _board(hall: Hall) -> Hall:
    return amend(hall, board_ver=hall.seq)


def _plus(counts: Mapping[str, int], key: str, more: int) -> dict[str, Any]:
    return {**counts, key: counts.get(key, 0) + more}
