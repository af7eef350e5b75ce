"""Which ticket people mean by a number: whole, without its zeros, or without its letter."""

from collections.abc import Iterator, Sequence

from hall.queueing import numbering
from hall.queueing.draft import Draft
from hall.queueing.refusals import Reason, Refused
from hall.queueing.rules import Service
from hall.queueing.tickets import Ticket


def meant(draft: Draft, said: str, counter: str) -> Ticket:
    """Today's ticket of this number. Raises Refused: none, none yet, or more than one.

    A whole number is that ticket's. A part of one is the counter's own, where a ticket of its
    services fits; otherwise it must fit one ticket of the hall alone.
    """
    found = list(_fitting(draft, said))
    whole = [ticket for ticket in found if ticket.number == said] or _gone(draft, said, found)
    rule = draft.rules.counters[counter]
    own = [ticket for ticket in found if rule.takes(ticket.service, ticket.bound)]
    for choice in (whole, own, found):
        if len(choice) == 1:
            return choice[0]
        if choice:
            raise Refused(Reason.SEVERAL_TICKETS, counter)
    raise Refused(_missing(draft, said), counter)


def _services(draft: Draft, said: str) -> Iterator[tuple[Service, int]]:
    for service in draft.rules.services.values():
        n = service.number_said(said)
        if n is not None:
            yield service, n


def _fitting(draft: Draft, said: str) -> Iterator[Ticket]:
    for service, n in _services(draft, said):
        shelf = draft.hall.numbers.get(service.id)
        serial = None if shelf is None else shelf.get(n)
        ticket = None if serial is None else draft.hall.tickets.get(serial)
        # Its letter may have been another when it was printed: then only its digits are on paper.
        if ticket and (said.isdigit() or service.number_said(ticket.number) == n):
            yield ticket


def _gone(draft: Draft, said: str, found: Sequence[Ticket]) -> list[Ticket]:
    """Of a service or prefix that has left the YAML since the ticket was issued."""
    return [] if found else [ticket for ticket in draft.hall.tickets if ticket.number == said]


def _missing(draft: Draft, said: str) -> Reason:
    ahead = (numbering.is_ahead(service, draft.hall, n) for service, n in _services(draft, said))
    return Reason.NOT_ISSUED_YET if any(ahead) else Reason.UNKNOWN_TICKET
