"""A number as it is asked for: on paper of the printer, or of the queue alone. Pure."""

from hall.contract.requests import CheckIn, Dispense, DispenseBooked, Issue, Request
from hall.contract.topics import REQ_DEV, REQ_QUEUE, Channel
from kiosk.model.actions import AskCheckIn, AskTicket


def request_of(ask: AskTicket | AskCheckIn) -> tuple[Channel, str, Request]:
    """Of whom it is asked, the verb, and what it is asked with."""
    match ask:
        case AskTicket(paperless=True):
            issue = Issue(
                id=ask.id,
                service=ask.service,
                priority=ask.priority,
                channel="kiosk",
                lang=ask.lang,
            )
            return REQ_QUEUE, "issue", issue
        case AskTicket():
            dispense = Dispense(
                id=ask.id, service=ask.service, priority=ask.priority, lang=ask.lang
            )
            return REQ_DEV, "dispense", dispense
        case AskCheckIn(paperless=True):
            check_in = CheckIn(id=ask.id, code=ask.code, channel="kiosk", lang=ask.lang)
            return REQ_QUEUE, "check-in", check_in
        case AskCheckIn():
            return REQ_DEV, "check-in", DispenseBooked(id=ask.id, code=ask.code, lang=ask.lang)
