"""The last act at a counter is taken back, while nothing has come of it elsewhere."""

from hall.queueing import commands, events
from hall.queueing.amending import amend
from hall.queueing.draft import Draft
from hall.queueing.refusals import Reason, Refused
from hall.queueing.rules import Now
from hall.queueing.state import Hall, Trace

# A slip is noticed at once; what is older has been acted on by people.
UNDO_MS = 10_000


def undo(draft: Draft, command: commands.Undo) -> int | None:
    """Take back the last act, its events newest first; the ticket that it was about."""
    counter = draft.counter(command).id
    act = _last_act(draft.hall, counter, command.by)
    if not act:
        raise Refused(Reason.NOTHING_TO_UNDO, counter)
    if is_too_late(act[-1], draft.now):
        raise Refused(Reason.UNDO_TOO_LATE, counter)
    if not all(_stands(draft.hall, trace) for trace in act):
        raise Refused(Reason.MOVED_ON, counter)
    for trace in reversed(act):
        serial = None if trace.ticket is None else trace.ticket.serial
        draft.add(events.Undone(*draft.stamp, counter, trace.kind, trace.seq, serial))
    return None if act[-1].ticket is None else act[-1].ticket.serial


def is_too_late(trace: Trace, now: Now) -> bool:
    return now.at - trace.at > UNDO_MS


def _last_act(hall: Hall, counter: str, client: str) -> tuple[Trace, ...]:
    """What this client may take back here; a cancelled ticket only who cancelled it."""
    desk = hall.counters[counter]
    cancelled = hall.cancels.get(client)
    if cancelled is not None and cancelled.seq > desk.ver:
        return (cancelled,)
    act = desk.traces
    if any(trace.kind == events.Cancelled.kind and trace.by != client for trace in act):
        return ()
    return act


def _stands(hall: Hall, trace: Trace) -> bool:
    """Whether the ticket is still as the act left it: paper may have come out since."""
    if trace.left is None:
        return True
    now = hall.tickets.get(trace.left.serial)
    return now is not None and amend(now, paper=trace.left.paper) == trace.left
