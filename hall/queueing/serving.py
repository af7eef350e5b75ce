"""A counter at work: it opens, calls, serves, lets go."""

from hall.queueing import calling, commands, events, policy
from hall.queueing.draft import Draft
from hall.queueing.naming import meant
from hall.queueing.refusals import Reason, Refused
from hall.queueing.rules import Counter
from hall.queueing.state import Status
from hall.queueing.tickets import CALLABLE, HELD, State, Ticket

OnHeld = commands.Recall | commands.Start | commands.Finish | commands.MarkNoShow


def call_next(draft: Draft, command: commands.CallNext) -> int | None:
    counter = draft.counter(command)
    services = _asked_services(draft, counter, command.services)
    made_room = _make_room(draft, counter)
    ticket = _next(draft, counter, services)
    if ticket is None:
        return None
    _call(draft, ticket, counter.id, made_room=made_room)
    return ticket.serial


def _asked_services(
    draft: Draft, counter: Counter, services: tuple[str, ...] | None
) -> tuple[str, ...] | None:
    for service in services or ():
        if service not in draft.rules.services:
            raise Refused(Reason.UNKNOWN_SERVICE, counter.id)
        if service not in (*counter.serves, *counter.helps):
            raise Refused(Reason.NOT_ITS_SERVICE, counter.id)
    return services


def _next(draft: Draft, counter: Counter, services: tuple[str, ...] | None) -> Ticket | None:
    found = (
        calling.candidates(draft.hall, counter, draft.now)
        if services is None
        else calling.only(draft.hall, counter, services)
    )
    return policy.choose(draft.rules, found, counter, draft.hall.counters[counter.id].streak)


def call_ticket(draft: Draft, command: commands.CallTicket) -> int:
    counter = draft.counter(command)
    ticket = _named(draft, command)
    _check_callable(ticket, counter.id)
    made_room = _make_room(draft, counter)
    _call(draft, ticket, counter.id, made_room=made_room)
    return ticket.serial


def _check_callable(ticket: Ticket, counter: str) -> None:
    if ticket.state in HELD:
        here = ticket.counter == counter
        raise Refused(Reason.HELD_HERE if here else Reason.HELD_ELSEWHERE, counter)
    if ticket.state not in CALLABLE:
        raise Refused(Reason.NOT_CALLABLE, counter)


def _named(draft: Draft, command: commands.CallTicket) -> Ticket:
    if command.ticket is not None:
        return draft.ticket(command.ticket, command.counter)
    if command.number is None:
        raise Refused(Reason.NO_TICKET_NAMED, command.counter)
    return meant(draft, command.number, command.counter)


def _make_room(draft: Draft, counter: Counter) -> bool:
    """End what the counter holds; open it first when it is not open and may be.

    Whether either was needed.
    """
    held = draft.hall.held(counter.id)
    if held is not None:
        how: events.How = "served" if held.state is State.SERVING else "unclear"
        draft.add(events.Finished(*draft.stamp, held.serial, counter.id, "next", how=how))
        return True
    status = draft.hall.counters[counter.id].status
    if status is Status.CLOSED and not draft.rules.auto_open:
        raise Refused(Reason.COUNTER_CLOSED, counter.id)
    if status is not Status.OPEN:
        draft.add(events.CounterOpened(*draft.stamp, counter.id, cause="call"))
        return True
    return False


def _call(draft: Draft, ticket: Ticket, counter: str, *, made_room: bool) -> None:
    follows = 1 if made_room else None
    draft.add(events.Called(*draft.stamp, ticket.serial, counter, follows))


def on_held(draft: Draft, command: OnHeld) -> int:
    """What is done with the one the counter has called or serves."""
    counter = draft.counter(command).id
    ticket = draft.held(counter)
    if not isinstance(command, commands.Finish) and ticket.state is not State.CALLED:
        raise Refused(Reason.NOT_CALLED, counter)
    match command:
        case commands.Recall():
            if ticket.recalls >= draft.rules.recall_limit:
                raise Refused(Reason.RECALLS, counter)
            draft.add(events.Recalled(*draft.stamp, ticket.serial, counter))
        case commands.Start():
            draft.add(events.Started(*draft.stamp, ticket.serial, counter))
        case commands.Finish(outcome=outcome):
            draft.add(events.Finished(*draft.stamp, ticket.serial, counter, None, outcome))
        case commands.MarkNoShow():
            draft.add(events.Missed(*draft.stamp, ticket.serial, counter))
    return ticket.serial


def open_counter(draft: Draft, command: commands.OpenCounter) -> None:
    counter = draft.counter(command).id
    if draft.hall.counters[counter].status in (Status.CLOSED, Status.PAUSED):
        draft.add(events.CounterOpened(*draft.stamp, counter))


def step_away(draft: Draft, command: commands.PauseCounter | commands.CloseCounter) -> None:
    """Pause or close; who was called and has not come yet goes back to their place."""
    counter = draft.counter(command).id
    held = draft.hall.held(counter)
    if held is not None and held.state is State.SERVING:
        raise Refused(Reason.STILL_SERVING, counter)
    if held is not None:
        draft.add(events.Returned(*draft.stamp, held.serial, counter))
    status = draft.hall.counters[counter].status
    match command:
        case commands.PauseCounter():
            if status is not Status.PAUSED:
                draft.add(events.CounterPaused(*draft.stamp, counter))
        case commands.CloseCounter():
            if status is not Status.CLOSED:
                draft.add(events.CounterClosed(*draft.stamp, counter))
