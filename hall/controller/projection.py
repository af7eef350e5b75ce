"""The queue as the bus shows it: states and replies out of the hall's state. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from itertools import islice
from typing import Any, Protocol

from hall.contract import following
from hall.contract import requests as req
from hall.contract.messages import (
    BoardState,
    CallEvent,
    CounterState,
    HallState,
    PublicTicket,
    RecentCall,
    Sent,
    ServiceState,
    WaitingRow,
)
from hall.contract.turns import TurnsData, WaitingTurn
from hall.controller import records
from hall.queueing import closing, numbering, slots, turning, turns, undoing, views, waits
from hall.queueing import tickets as core
from hall.queueing.issuing import refuse_when_closed
from hall.queueing.refusals import Refused
from hall.queueing.rules import Now, Rules
from hall.queueing.state import Desk, Hall
from hall.queueing.turns import Turn

NEXT = 5
# A reply holds at most 48 KiB.
MOST_SLOTS = 500


# What a counter's state is made of: the epoch, the counter, its ticket, who is sent there, until
# when its last act can be taken back.
ShownDesk = tuple[int, Desk, core.Ticket | None, Sent, datetime | None]


@dataclass(frozen=True, slots=True)
class HallNames:
    """What people call counters and services."""

    counters: Mapping[str, str]
    services: Mapping[str, str]


class Tokens(Protocol):
    def turn(self, ticket: str) -> str:
        """What the holder of a ticket follows its turn with."""

    def ticket_of(self, token: str) -> str | None:
        """The ticket that it was given for; None for what was never given."""


@dataclass(frozen=True, slots=True)
class Projection:
    """`tokens`: in a hall whose people may follow their turn."""

    rules: Rules
    names: HallNames
    zone: tzinfo
    tokens: Tokens | None = None
    _shown: dict[str, tuple[ShownDesk, CounterState]] = field(default_factory=dict)

    def ticket(self, ticket: core.Ticket) -> PublicTicket:
        return records.public_ticket(
            records.TicketFields(
                ticket.id,
                ticket.number,
                ticket.service,
                ticket.priority,
                ticket.day,
                ticket.wall,
                ticket.channel,
                ticket.lang,
            ),
            self.zone,
        )

    def hall(self, hall: Hall, now: Now) -> HallState:
        today = turning.as_found_by_the_next(hall, now)
        closed_by = closing.closed_by(today, now)
        return HallState(
            epoch=hall.epoch,
            ver=hall.seq,
            day=hall.date,
            open=closed_by is None,
            closed_by=closed_by,
            clock="trusted" if now.trusted else "unsure",
            board_ver=hall.board_ver,
            evt_seq=hall.seq,
            waiting=views.everyone(self.rules, hall),
            served_today=hall.served,
            notice=closing.notice(today, now),
            opens_next=self._opens_next(today, now),
        )

    def _opens_next(self, hall: Hall, now: Now) -> datetime | None:
        reopens = closing.reopens(hall, now)
        return None if reopens is None else self._time(reopens)

    def sent(self, hall: Hall) -> Mapping[str, Sent]:
        """Who waits for one counter alone, by counter; only counters with people."""
        found = views.sent(hall, NEXT)
        return {c: Sent(count=count, next=numbers) for c, (count, numbers) in found.items()}

    def undo_until(self, hall: Hall, counter: str, now: Now) -> datetime | None:
        """Until when the counter's last act can be taken back; None when it cannot any more."""
        traces = hall.counters[counter].traces
        if not traces or undoing.is_too_late(traces[-1], now):
            return None
        return self._time(traces[-1].wall + undoing.UNDO_MS)

    def counter(self, hall: Hall, counter: str, now: Now) -> CounterState:
        """The same state object as long as all that it shows is the same."""
        shown = (
            hall.epoch,
            hall.counters[counter],
            hall.held(counter),
            self.sent(hall).get(counter, Sent()),
            self.undo_until(hall, counter, now),
        )
        known = self._shown.get(counter)
        if known is None or known[0] != shown:
            known = self._shown[counter] = shown, self._counter(counter, shown)
        return known[1]

    def _counter(self, counter: str, shown: ShownDesk) -> CounterState:
        epoch, desk, ticket, sent, undo_until = shown
        content: dict[str, Any] = {
            "epoch": epoch,
            "ver": desk.ver,
            "counter": counter,
            "name": self.names.counters[counter],
            "status": desk.status.value,
            "sent": sent,
            "undo_until": undo_until,
        }
        if ticket is not None:
            content["ticket"] = self.ticket(ticket)
            content["recalls"] = ticket.recalls
            content["called_at"] = self._time(ticket.called_wall or ticket.wall)
        return CounterState.model_validate(content)

    def away(self, hall: Hall, sent_to: req.Destination) -> str | None:
        """What keeps whoever is sent there from being called just now: closed, paused, nothing."""
        status = None
        if sent_to.counter is not None:
            status = views.away(hall, sent_to.counter)
        elif sent_to.service is not None:
            status = views.unattended(self.rules, hall, sent_to.service)
        return None if status is None else status.value

    def service(self, hall: Hall, service: str, now: Now) -> ServiceState:
        rule = self.rules.services[service]
        today = turning.as_found_by_the_next(hall, now)
        left = max(0, numbering.left(rule, today) - slots.promised(today, rule, now))
        count = views.waiting(hall, service)
        top = numbering.highest(rule, hall)
        return ServiceState(
            epoch=hall.epoch,
            ver=hall.seq,
            service=service,
            name=self.names.services[service],
            open=left > 0 and self._takes_tickets(today, service, now),
            waiting=count,
            last_issued=None if top is None else rule.label(top),
            wait_min=waits.estimate(self.rules, hall, service),
            left=left,
        )

    def board(self, hall: Hall, counters: Mapping[str, CounterState]) -> BoardState:
        return BoardState(
            epoch=hall.epoch,
            ver=hall.board_ver,
            counters=tuple(counters[c] for c in self.rules.counters),
            recent=tuple(
                RecentCall(number=c.number, counter=c.counter, at=self._time(c.wall))
                for c in hall.recent
            ),
            waiting=tuple(self._waiting(hall)),
        )

    def _waiting(self, hall: Hall) -> Iterator[WaitingRow]:
        """Every service, and each counter to which people were sent."""
        for service in self.rules.services:
            numbers = views.next_numbers(hall, service, NEXT)
            yield WaitingRow(service=service, count=views.waiting(hall, service), next=numbers)
        sent = self.sent(hall)
        for counter in self.rules.counters:
            if counter in sent:
                people = sent[counter]
                yield WaitingRow(counter=counter, count=people.count, next=people.next)

    def call(self, hall: Hall, counter: str) -> CallEvent | None:
        """The announcement of what the counter has called."""
        ticket = hall.held(counter)
        if ticket is None:
            return None
        return CallEvent(
            call=f"{ticket.id}-{ticket.calls}-{ticket.recalls}",
            number=ticket.number,
            counter=counter,
            counter_name=self.names.counters[counter],
            service=ticket.service,
            lang=ticket.lang,
            recall=ticket.recalls > 0,
        )

    def issued(self, hall: Hall, ticket: core.Ticket) -> req.IssueData:
        ahead = views.ahead(hall, ticket)
        return req.IssueData(
            ticket=self.ticket(ticket),
            ahead=ahead,
            wait_min=waits.estimate(self.rules, hall, ticket.service, ticket.key),
            counters=views.serving_counters(self.rules, hall, ticket.service),
            token=None if self.tokens is None else self.tokens.turn(ticket.id),
        )

    def followed(self, hall: Hall, tokens: Iterable[str]) -> following.FollowData:
        found = (self._followed(hall, token) for token in dict.fromkeys(tokens))
        return following.FollowData(tickets=tuple(one for one in found if one is not None))

    def _followed(self, hall: Hall, token: str) -> following.FollowedTicket | None:
        ticket_id = None if self.tokens is None else self.tokens.ticket_of(token)
        ticket = None if ticket_id is None else hall.ticket(ticket_id)
        if ticket is None or ticket.state is core.State.EXPIRED:
            return None
        content: dict[str, Any] = {
            "token": token,
            "number": ticket.number,
            "service": ticket.service,
            "status": ticket.state.value,
            "counter": ticket.counter,
        }
        if ticket.state is core.State.WAITING:
            content |= self._standing(hall, ticket)
        return following.FollowedTicket.model_validate(content)

    def _standing(self, hall: Hall, ticket: core.Ticket) -> dict[str, Any]:
        """Of who waits for one counter alone no wait is known: its people are no service's."""
        if ticket.bound is not None:
            return {"ahead": views.ahead(hall, ticket), "counters": (ticket.bound,)}
        stands = self.issued(hall, ticket)
        return {
            "ahead": stands.ahead,
            "wait_min": stands.wait_min,
            "counters": stands.counters,
        }

    def checked_in(self, hall: Hall, ticket: core.Ticket, hidden: str, now: Now) -> req.IssueData:
        """The ticket of an appointment."""
        booked = hall.bookings[hidden]
        kept = slots.is_kept(self.rules.services[booked.service], booked.slot, now)
        promised = req.Promised(slot=self._time(booked.slot), kept=kept)
        return self.issued(hall, ticket).model_copy(update={"promised": promised})

    def appointment(self, hall: Hall, hidden: str) -> req.Appointment:
        """An appointment as whoever shows its code is told of it."""
        booked = hall.bookings[hidden]
        rule = self.rules.services.get(booked.service)
        first = None if rule is None else slots.first_moment(rule, booked.slot)
        ticket = None if booked.serial is None else hall.tickets.get(booked.serial)
        content: dict[str, Any] = {
            "slot": self._time(booked.slot),
            "service": booked.service,
            "from": None if first is None else self._time(first),
            "ticket": None if ticket is None else self.ticket(ticket),
        }
        return req.Appointment.model_validate(content)

    def appointed(self, hall: Hall, code: str, hidden: str) -> req.AppointData:
        """An appointment under the code that people know, which is `hidden` in the hall."""
        booked = hall.bookings[hidden]
        rule = self.rules.services[booked.service]
        return req.AppointData(
            code=code,
            slot=self._time(booked.slot),
            service=booked.service,
            place=slots.booked(hall, rule, booked.date, booked.slot).index(hidden),
        )

    def offers(self, hall: Hall, service: str, dates: tuple[str, ...], now: Now) -> req.SlotsData:
        """What can be booked of a service on these dates. Raises KeyError for an unknown one."""
        free = slots.free(self.rules, hall, self.rules.services[service], dates, now)
        shown = [req.Slot(at=self._time(slot.at), left=slot.left) for slot in free[:MOST_SLOTS]]
        return req.SlotsData(slots=tuple(shown))

    def everything(self, hall: Hall, now: Now) -> req.BoardData:
        counters = {c: self.counter(hall, c, now) for c in self.rules.counters}
        return req.BoardData(
            hall=self.hall(hall, now),
            board=self.board(hall, counters),
            counters=counters,
            services={s: self.service(hall, s, now) for s in self.rules.services},
        )

    def turns(self, hall: Hall, counter: str, limit: int, now: Now) -> TurnsData:
        """Who waits for a counter, in order. Raises KeyError for an unknown one."""
        rule = self.rules.counters[counter]
        found = islice(turns.turns(self.rules, hall, rule, now), limit)
        shown = tuple(self._turn(each) for each in found)
        return TurnsData(counter=counter, count=turns.count(hall, rule), turns=shown)

    def _turn(self, turn: Turn) -> WaitingTurn:
        ticket = turn.ticket
        return WaitingTurn(
            ticket=ticket.id,
            number=ticket.number,
            service=ticket.service,
            priority=ticket.priority,
            since=self._time(ticket.wall),
            why=turn.why.value,
        )

    def _takes_tickets(self, hall: Hall, service: str, now: Now) -> bool:
        try:
            refuse_when_closed(self.rules.services[service], now)
            closing.refuse_new_tickets(hall, service, now)
        except Refused:
            return False
        return True

    def _time(self, wall: int) -> datetime:
        return datetime.fromtimestamp(wall / 1000, self.zone)
