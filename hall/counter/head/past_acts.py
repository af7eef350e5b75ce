"""A line of the journal as the pages keep it, out of its event and its mark of the staff. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from hall.contract.messages import TicketEvent
from hall.figures.days import DayFigures, RatedAct, day_figures, standing
from hall.figures.people import Act

# Their cause is a person's word, whatever it spells.
_SAID_BY_PEOPLE = frozenset({"parked", "rated", "service_closed", "service_opened"})


@dataclass(frozen=True, slots=True)
class PastAct:
    """`at`: ms since 1970; `client`: who sent it; `of`: the line it takes back or replaces.

    `issued`: when the number was taken, ms since 1970.
    """

    seq: int
    type: str
    at: int
    ticket: str
    number: str
    service: str
    priority: str
    issued: int
    counter: str
    client: str
    staff: str
    wait_s: int | None
    serve_s: int | None
    how: str | None
    cause: str | None
    of: int | None
    score: int | None
    question: str
    reason: str


def past_act(event: TicketEvent, staff: str) -> PastAct:
    ticket = event.ticket
    return PastAct(
        seq=event.seq,
        type=event.type,
        at=_ms(event.at),
        ticket=ticket.id if ticket else "",
        number=ticket.number if ticket else "",
        service=ticket.service if ticket else event.service or "",
        priority=ticket.priority or "" if ticket else "",
        issued=_ms(ticket.issued_at) if ticket else 0,
        counter=event.counter or "",
        client=event.by,
        staff=staff,
        wait_s=event.wait_s,
        serve_s=event.serve_s,
        how=event.how,
        cause=event.cause,
        of=event.of,
        score=event.score,
        question=event.question or "",
        reason=event.reason or "",
    )


def figures_of(acts: Iterable[PastAct], zone: tzinfo) -> DayFigures:
    """The figures of one day, its acts oldest first: as `motcua report` counts its rows."""
    of_tickets: list[Act] = []
    ratings: list[RatedAct] = []
    taken_back: set[int] = set()
    for act in acts:
        if act.type == "unrated" and act.of is not None:
            taken_back.add(act.of)
        elif act.type == "rated":
            about = act.ticket or str(act.seq)
            ratings.append(RatedAct(about, act.score or 0, _act(act), act.question, act.reason))
        elif act.ticket:
            of_tickets.append(_act(act))
    return day_figures(of_tickets, standing(ratings, taken_back), zone)


def _act(act: PastAct) -> Act:
    return Act(
        seq=act.seq,
        type=act.type,
        ticket=act.ticket,
        at=act.at,
        service=act.service,
        counter=act.counter,
        wait_s=act.wait_s,
        serve_s=act.serve_s,
        how=act.how,
        cause=None if act.type in _SAID_BY_PEOPLE else act.cause,
        of=act.of,
        staff=act.staff,
    )


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
