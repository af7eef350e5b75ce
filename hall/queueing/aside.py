"""A ticket leaves the straight way: passed on, parked, brought back, cancelled."""

from hall.queueing import commands, events
from hall.queueing.draft import Draft
from hall.queueing.refusals import Reason, Refused
from hall.queueing.rules import MINUTE
from hall.queueing.tickets import State, Ticket


def transfer(draft: Draft, command: commands.Transfer) -> int:
    """To a service or a counter, with its number and its waiting clock."""
    counter = draft.counter(command).id
    ticket = draft.held(counter)
    service, bound = _destination(draft, command, ticket)
    rank = _rank_at(draft, ticket, command.position, f"@{bound}" if bound else service)
    draft.add(events.Transferred(*draft.stamp, ticket.serial, counter, service, rank, bound))
    return ticket.serial


def _destination(
    draft: Draft, command: commands.Transfer, ticket: Ticket
) -> tuple[str, str | None]:
    if command.to_service is None and command.to_counter is None:
        raise Refused(Reason.NO_DESTINATION, command.counter)
    if command.to_service is not None and command.to_service not in draft.rules.services:
        raise Refused(Reason.UNKNOWN_SERVICE, command.counter)
    if command.to_counter is not None and command.to_counter not in draft.rules.counters:
        raise Refused(Reason.UNKNOWN_COUNTER, command.counter)
    return command.to_service or ticket.service, command.to_counter


def _rank_at(draft: Draft, ticket: Ticket, position: commands.Position, place: str) -> int:
    """Keep the rank it was issued with, or go before or behind all who wait there."""
    lines = draft.hall.lines(place)
    match position:
        case commands.Position.ARRIVAL:
            return ticket.first_rank
        case commands.Position.FRONT:
            ranks = [key[0] for line in lines if (key := line.first()) is not None]
            return min([*(r - 1 for r in ranks), ticket.rank])
        case commands.Position.BACK:
            ranks = [key[0] for line in lines if (key := line.last()) is not None]
            return max([*(r + 1 for r in ranks), draft.now.at])


def park(draft: Draft, command: commands.Park) -> int:
    counter = draft.counter(command).id
    serial = draft.held(counter).serial
    minutes = command.minutes
    until = None if minutes is None else draft.now.at + minutes * MINUTE
    draft.add(events.Parked(*draft.stamp, serial, counter, until, command.reason))
    return serial


def resume(draft: Draft, command: commands.Resume) -> int:
    ticket = draft.ticket(command.ticket)
    if command.counter is not None:
        _check_its_own(draft, command.counter, ticket)
    if ticket.state not in (State.PARKED, State.NO_SHOW):
        raise Refused(Reason.NOT_ASIDE, ticket.counter)
    draft.add(events.Resumed(*draft.stamp, ticket.serial))
    return ticket.serial


def cancel(draft: Draft, command: commands.Cancel) -> int:
    ticket = draft.ticket(command.ticket)
    if command.counter is not None:
        _check_its_own(draft, command.counter, ticket)
    if ticket.state is not State.WAITING:
        raise Refused(Reason.NOT_WAITING, ticket.counter)
    draft.add(events.Cancelled(*draft.stamp, ticket.serial, command.counter))
    return ticket.serial


def _check_its_own(draft: Draft, counter: str, ticket: Ticket) -> None:
    """A clerk decides only on who waits for a service of their counter, or for it alone."""
    found = draft.rules.counters.get(counter)
    if found is None:
        raise Refused(Reason.UNKNOWN_COUNTER)
    if not found.takes(ticket.service, ticket.bound):
        raise Refused(Reason.NOT_ITS_TICKET, counter)
