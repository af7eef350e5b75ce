"""Events as journal rows and as messages: each row can be read alone, without its neighbours."""

from dataclasses import MISSING, fields
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Any, NamedTuple

from hall.contract.messages import PublicTicket, TicketEvent
from hall.controller.ports import Body, JournalRow
from hall.queueing import events
from hall.queueing.decision import DecisionStep
from hall.queueing.tickets import Ticket

_REQUIRED = {
    model: tuple(f.name for f in fields(model) if f.default is MISSING)
    for model in events.KINDS.values()
}
_OF_A_DAY = (events.DayOpened.kind, events.DayDated.kind)
_ALL = {model: tuple(f.name for f in fields(model)) for model in events.KINDS.values()}


def row(step: DecisionStep, seq: int, epoch: int, day: int, staff: str | None = None) -> JournalRow:
    """The row of one step; beside the event's own fields it holds the ticket as people know it.

    `staff`: who of the staff asked for it.
    """
    event = step.event
    body: dict[str, str | int] = {} if staff is None else {"staff": staff}
    if step.ticket is not None:
        body |= _about(step.ticket, event)
    body |= {
        name: value for name in _ALL[type(event)] if (value := getattr(event, name)) is not None
    }
    return JournalRow(seq, epoch, day, event.kind, body)


def event(found: JournalRow) -> events.Event:
    """The event of a row. Raises KeyError when the row is not one of ours."""
    model = events.KINDS[found.kind]
    missing = [name for name in _REQUIRED[model] if name not in found.body]
    if missing:
        raise KeyError(f"row {found.seq}: {missing}")
    values: Any = {name: found.body[name] for name in _ALL[model] if name in found.body}
    return model(**values)


def message(found: JournalRow, zone: tzinfo) -> TicketEvent:
    """The row as the bus carries it."""
    body = found.body
    content: dict[str, Any] = {
        "epoch": found.epoch,
        "seq": found.seq,
        "type": found.kind,
        "by": body["by"],
        "at": _iso(body["wall"], zone),
        "counter": body.get("counter"),
        "wait_s": body.get("wait_s"),
        "serve_s": body.get("serve_s"),
        "cause": _cause(found),
        "of": body.get("of"),
        "service": None if "ticket" in body else body.get("service"),
        "how": body.get("how"),
        "ticket": _ticket(body, zone),
    }
    if found.kind in (events.Rated.kind, events.Unrated.kind):
        content |= {name: body.get(name) for name in ("score", "question", "reason")}
    return TicketEvent.model_validate(content)


def _about(ticket: Ticket, event: events.Event) -> dict[str, str | int]:
    body: dict[str, str | int] = {
        "ticket": ticket.id,
        "number": ticket.number,
        "service": ticket.service,
        "channel": ticket.channel,
        "lang": ticket.lang,
        "date": ticket.day,
        "issued": ticket.wall,
    }
    if ticket.priority is not None:
        body["priority"] = ticket.priority
    match event:
        case events.Called(at=at):
            body["wait_s"] = (at - ticket.arrived) // 1000
        case events.Finished(at=at, how=how):
            begun = ticket.started_at if ticket.started_at is not None else ticket.called_at
            body["wait_s"] = (ticket.waited or 0) // 1000
            # How long somebody was served whose end nobody told is not known.
            if how == "served":
                body["serve_s"] = (at - (begun if begun is not None else at)) // 1000
        case _:
            pass
    return body


def _cause(row: JournalRow) -> str | None:
    """What the row's kind leaves open, in one word: of a day its date."""
    body = row.body
    dated = "date" if row.kind in _OF_A_DAY else "reason"
    found = body.get("cause", body.get("score", body.get(dated)))
    return None if found is None else str(found)


class TicketFields(NamedTuple):
    """What the bus shows of a ticket; `wall`: when it was issued, ms since 1970."""

    id: object
    number: object
    service: object
    priority: object
    day: object
    wall: object
    channel: object
    lang: object


# One ticket is shown in its event, its reply, its counter's state and the board.
@lru_cache(maxsize=1024)
def public_ticket(shown: TicketFields, zone: tzinfo) -> PublicTicket:
    """Raises TypeError and ValidationError for what is no ticket."""
    content = shown._asdict()
    return PublicTicket.model_validate(content | {"issued_at": _iso(content.pop("wall"), zone)})


def _ticket(body: Body, zone: tzinfo) -> PublicTicket | None:
    if "ticket" not in body:
        return None
    return public_ticket(
        TicketFields(
            body["ticket"],
            body["number"],
            body["service"],
            body.get("priority"),
            body["date"],
            body["issued"],
            body["channel"],
            body["lang"],
        ),
        zone,
    )


def _iso(ms: object, zone: tzinfo) -> datetime:
    if not isinstance(ms, int):
        raise TypeError("time in a row is not a whole number")
    return datetime.fromtimestamp(ms / 1000, zone)
