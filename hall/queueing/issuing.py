"""A ticket comes into being: issued at a press, put on paper, found by its number."""

from hall.queueing import closing, commands, events, numbering, slots
from hall.queueing.draft import Draft, ticket_id
from hall.queueing.refusals import Reason, Refused
from hall.queueing.rules import Now, Service
from hall.queueing.tickets import ENDED, Paper, State, Ticket


def issue(draft: Draft, command: commands.Issue) -> int:
    service = service_of(draft, command.service)
    check_priority(draft, command.priority)
    refuse_when_closed(service, draft.now)
    closing.refuse_new_tickets(draft.hall, service.id, draft.now)
    _check_room(draft, service)
    rank = draft.now.at - draft.rules.head_start(command.priority)
    return give_number(draft, service, command.channel, command.lang, rank, command.priority)


def _check_room(draft: Draft, service: Service) -> None:
    """Tickets that are kept for who is booked today are not for who walks in."""
    kept = slots.promised(draft.hall, service, draft.now)
    taken = draft.hall.taken.get(service.id, 0)
    if service.quota is not None and taken + kept >= service.quota:
        raise Refused(Reason.QUOTA)
    if kept and numbering.left(service, draft.hall) <= kept:
        raise Refused(Reason.NUMBERS_USED_UP)


def give_number(  # noqa: PLR0913, PLR0917 - what a ticket is made of
    draft: Draft,
    service: Service,
    channel: str,
    lang: str,
    rank: int,
    priority: str | None,
    booking: str | None = None,
) -> int:
    n = numbering.next_number(service, draft.hall)
    if n is None:
        raise Refused(Reason.NUMBERS_USED_UP)
    serial = draft.hall.issued
    draft.add(
        events.Issued(
            *draft.stamp,
            ticket_id(draft.hall, serial),
            serial,
            service.label(n),
            n,
            service.id,
            channel,
            lang,
            rank,
            priority,
            booking,
            None if draft.now.trusted else 1,
        )
    )
    return serial


def refuse_when_closed(service: Service, now: Now) -> None:
    """Outside the hours, or so late that a ticket would not be served. Raises Refused."""
    if now.open is False:
        raise Refused(Reason.HALL_CLOSED)
    closes, until = now.closes_in_min, service.intake_until
    if now.open and closes is not None and closes < service.cut_off_min:
        raise Refused(Reason.SERVICE_CLOSED)
    if until is not None and now.minute is not None and now.minute >= until:
        raise Refused(Reason.SERVICE_CLOSED)


def print_result(draft: Draft, command: commands.PrintResult) -> int:
    ticket = draft.ticket(command.ticket)
    match command.result:
        case commands.PaperResult.PRINTED:
            if ticket.state is State.VOIDED:
                raise Refused(Reason.PAPER_SETTLED, ticket.counter)
            if ticket.paper is not Paper.PRINTED:
                draft.add(events.Printed(*draft.stamp, ticket.serial))
        case commands.PaperResult.UNKNOWN:
            if ticket.state is not State.VOIDED and ticket.paper is Paper.PENDING:
                draft.add(events.PrintUnknown(*draft.stamp, ticket.serial))
        case commands.PaperResult.FAILED:
            _void(draft, ticket)
    return ticket.serial


def _void(draft: Draft, ticket: Ticket) -> None:
    if ticket.state is State.VOIDED:
        return
    if ticket.paper is Paper.PRINTED or ticket.state is State.SERVING or ticket.state in ENDED:
        raise Refused(Reason.PAPER_SETTLED, ticket.counter)
    counter = ticket.counter if ticket.state is State.CALLED else None
    draft.add(events.Voided(*draft.stamp, ticket.serial, counter))


def service_of(draft: Draft, service: str) -> Service:
    found = draft.rules.services.get(service)
    if found is None:
        raise Refused(Reason.UNKNOWN_SERVICE)
    return found


def check_priority(draft: Draft, priority: str | None) -> None:
    if priority is not None and priority not in draft.rules.priorities:
        raise Refused(Reason.UNKNOWN_PRIORITY)
