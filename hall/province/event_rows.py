"""An event as a row of the table `event`. Pure."""

from datetime import date

from hall.contract.upward import UpEvent
from hall.province.database import copied

COLUMNS = (
    *("hall", "epoch", "seq", "day", "type", "at", "client", "ticket", "number", "service"),
    *("channel", "preferred", "counter", "wait_s", "serve_s", "cause", "how", "of_seq"),
    *("score", "question", "reason"),
)


def day_of(event: UpEvent) -> date:
    """The ticket's business day; of what concerns no ticket, the day by the hall's own clock."""
    return event.at.date() if event.ticket is None else date.fromisoformat(event.ticket.day)


def line(hall: str, epoch: int, event: UpEvent) -> str:
    """For COPY, in the order of COLUMNS."""
    ticket = event.ticket
    return copied(
        (
            hall,
            epoch,
            event.seq,
            day_of(event),
            event.type,
            event.at.isoformat(),
            event.by,
            None if ticket is None else ticket.id,
            None if ticket is None else ticket.number,
            event.service if ticket is None else ticket.service,
            None if ticket is None else ticket.channel,
            ticket is not None and ticket.preferred is True,
            event.counter,
            event.wait_s,
            event.serve_s,
            event.cause,
            event.how,
            event.of,
            event.score,
            event.question,
            event.reason,
        )
    )
