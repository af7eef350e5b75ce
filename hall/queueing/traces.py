"""What the last act at each counter changed: kept as it happens, put back when it is taken back.

call-next          ──▶  finished ─ called          one act, two traces: undone newest first
recall, start, …   ──▶  (none)                     anything else at a counter ends the undo
undone             ──▶  the traces still older     none left: a second undo finds nothing
"""

from hall.queueing.amending import amend
from hall.queueing.events import (
    Called,
    Cancelled,
    CounterOpened,
    Event,
    Finished,
    Missed,
    Parked,
    Transferred,
    Undone,
)
from hall.queueing.state import Desk, Hall, Trace

# How many calls the board's list holds.
RECENT = 10


def remember(before: Hall, event: Event, after: Hall) -> Hall:
    """`after`, with what the event changed noted at its counter."""
    match event:
        case Undone():
            return after
        case Cancelled(by=by, counter=None):
            return amend(after, cancels={**after.cancels, by: _trace(before, event, after)})
        case _:
            return _at_counter(before, event, after)


def _at_counter(before: Hall, event: Event, after: Hall) -> Hall:
    counter: str = getattr(event, "counter", None) or ""
    desk = after.counters.get(counter)
    if desk is None or desk.ver != after.seq:
        return after
    kept: tuple[Trace, ...] = ()
    if _can_be_undone(event):
        joined = desk.traces if getattr(event, "follows", None) else ()
        kept = (*joined, _trace(before, event, after))
    return _with(after, counter, amend(desk, traces=kept))


def _can_be_undone(event: Event) -> bool:
    match event:
        case Finished(cause=cause):
            return cause in (None, "next")
        case CounterOpened(cause=cause):
            return cause == "call"
        case Called() | Missed() | Transferred() | Parked() | Cancelled():
            return True
        case _:
            return False


def _trace(before: Hall, event: Event, after: Hall) -> Trace:
    serial, counter = getattr(event, "serial", None), getattr(event, "counter", None)
    ticket = None if serial is None else before.tickets.get(serial)
    pace = None
    if ticket is not None and after.pace is not before.pace:
        pace = after.pace[ticket.service][-1]
    desk = None if counter is None else amend(before.counters.get(counter, Desk()), traces=())
    return Trace(
        seq=after.seq,
        kind=event.kind,
        by=event.by,
        at=event.at,
        wall=event.wall,
        ticket=ticket,
        left=None if serial is None else after.tickets.get(serial),
        desk=desk,
        served=after.served - before.served,
        pace=pace,
        calls=before.recent,
    )


def newest(hall: Hall, event: Undone) -> Trace:
    """The trace of the event that is taken back. Raises LookupError: it must be there."""
    kept = hall.counters.get(event.counter, Desk()).traces[-1:]
    for trace in (*kept, *hall.cancels.values()):
        if trace.seq == event.of:
            return trace
    raise LookupError(f"nothing is known of event {event.of}: the journal is not one day's")


def taken_back(hall: Hall, event: Undone, trace: Trace) -> Hall:
    """Counter, counts, service times and the board's list without the event."""
    desk = hall.counters.get(event.counter, Desk())
    if trace.desk is None:
        cancels = {by: each for by, each in hall.cancels.items() if each is not trace}
        hall = amend(hall, cancels=cancels)
        desk = amend(desk, traces=(), ver=hall.seq)
    else:
        desk = amend(trace.desk, traces=desk.traces[:-1], ver=hall.seq)
    hall = _without_pace(amend(hall, served=hall.served - trace.served), trace)
    return _with(_without_call(hall, trace), event.counter, desk)


def _without_pace(hall: Hall, trace: Trace) -> Hall:
    if trace.pace is None or trace.ticket is None:
        return hall
    service = trace.ticket.service
    newest_first = list(reversed(hall.pace[service]))
    if trace.pace in newest_first:
        newest_first.remove(trace.pace)
    kept = {**hall.pace, service: tuple(reversed(newest_first))}
    return amend(hall, pace={name: times for name, times in kept.items() if times})


def _without_call(hall: Hall, trace: Trace) -> Hall:
    if trace.kind != Called.kind or trace.left is None:
        return hall
    number = trace.left.number
    since = tuple(c for c in hall.recent if c.number != number and c not in trace.calls)
    called_since = {call.number for call in since}
    moved_up = any(call.number == number for call in trace.calls)
    put_off = () if moved_up else trace.calls[RECENT - 1 :]
    # Another counter's call that is no longer listed was itself taken back.
    older = (
        call
        for call in trace.calls
        if call.number == number or call in put_off or call in hall.recent
    )
    kept = (*since, *(call for call in older if call.number not in called_since))
    return amend(hall, recent=kept[:RECENT])


def _with(hall: Hall, counter: str, desk: Desk) -> Hall:
    return amend(hall, counters={**hall.counters, counter: desk})
