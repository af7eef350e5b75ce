"""A day told by its journal: figures and broken promises. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles

from hall.contract.events import EVENTS, TicketPlace
from hall.contract.messages import TicketEvent
from hall.contract.onestop_messages import Figures
from hall.figures import people, shares


@dataclass(slots=True)
class DaySummary:
    """`counts`: events by type; `ended_as`: people by what became of them.

    `holder`: which counter has which ticket, or the ticket itself when it has come to an end.
    `open`: tickets that wait or are at a counter.
    """

    counts: Counter[str] = field(default_factory=Counter)
    ended_as: Counter[people.Column] = field(default_factory=Counter)
    waits_s: list[int] = field(default_factory=list)
    numbers: dict[tuple[str, str], str] = field(default_factory=dict)
    tickets: dict[str, str] = field(default_factory=dict)
    holder: dict[str, str | None] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    duplicate_numbers: list[str] = field(default_factory=list)
    double_calls: list[str] = field(default_factory=list)
    gaps: list[int] = field(default_factory=list)


def read(events: Iterable[TicketEvent]) -> DaySummary:
    """Fold a journal into its figures; what was taken back has not happened."""
    day, last, told = DaySummary(), 0, list(events)
    undone = {event.of for event in told if event.type == "undone"}
    for event in told:
        if last and event.seq != last + 1:
            day.gaps.append(event.seq)
        last = event.seq
        day.counts[event.type] += 1
        if event.ticket is not None and event.type != "undone" and event.seq not in undone:
            _ticket(day, event, event.ticket.id, event.ticket.number, event.ticket.day)
    for life in people.people(_acts(told)):
        day.ended_as.update(column for column, _ in people.counted(life))
    return day


def _acts(events: Iterable[TicketEvent]) -> Iterator[people.Act]:
    for event in events:
        if event.ticket is not None:
            yield people.Act(
                seq=event.seq,
                type=event.type,
                ticket=event.ticket.id,
                at=int(event.at.timestamp() * 1000),
                service=event.ticket.service,
                counter=event.counter or "",
                how=event.how,
                cause=event.cause,
                of=event.of,
            )


def _ticket(day: DaySummary, event: TicketEvent, ticket: str, number: str, date: str) -> None:
    if event.type == "issued":
        if (date, number) in day.numbers:
            day.duplicate_numbers.append(number)
        day.numbers[(date, number)] = ticket
        day.tickets[ticket] = number
    elif event.type == "called":
        if day.holder.get(ticket) is not None:
            day.double_calls.append(number)
        day.holder[ticket] = event.counter
        day.open.add(ticket)
        if event.wait_s is not None:
            day.waits_s.append(event.wait_s)
    match EVENTS[event.type].place:
        case TicketPlace.WAITING:
            day.open.add(ticket)
            day.holder[ticket] = None
        case TicketPlace.ASIDE:
            day.open.discard(ticket)
            day.holder[ticket] = None
        case TicketPlace.ENDED:
            day.open.discard(ticket)
            day.holder[ticket] = ticket
        case _:
            pass


def waits(seconds: Sequence[int]) -> dict[str, float | None]:
    """Median and 95th percentile; None without data."""
    if not seconds:
        return {"median_s": None, "p95_s": None}
    high = quantiles(seconds, n=20, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]
    return {"median_s": float(median(seconds)), "p95_s": float(high)}


def shown(figures: Figures | None) -> list[dict[str, object]]:
    """The figures as kiosk and board show them, each with its denominator."""
    if figures is None or not figures.periods:
        return []
    period = figures.periods[0]
    time = shares.timeliness(period)
    told = (
        time.early,
        time.on_time,
        time.early_or_on_time,
        time.overdue,
        shares.progress(period),
        shares.digitised(period),
    )
    return [
        {
            "name": share.label,
            "count": share.count,
            "denominator": share.total,
            "denominator_name": share.base.value,
            "percent": share.percent_text,
        }
        for share in told
    ]
