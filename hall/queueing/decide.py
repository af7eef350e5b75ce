"""Answer a command: events, or a refusal. Pure; the same inputs give the same events."""

from dataclasses import dataclass, field

from hall.queueing import calling, commands, events, numbering, rank_time, strict_ratio
from hall.queueing.evolve import evolve
from hall.queueing.refusals import Reason, Refused
from hall.queueing.rules import MINUTE, Counter, Now, PolicyName, Rules, Service
from hall.queueing.state import Desk, Hall, Status
from hall.queueing.tickets import CALLABLE, ENDED, Paper, State, Ticket


@dataclass(frozen=True, slots=True)
class Step:
    """One event, and the ticket it is about as it is afterwards."""

    event: events.Event
    ticket: Ticket | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """`hall`: the state after the steps; `serial`: the ticket the command was about."""

    steps: tuple[Step, ...]
    hall: Hall
    serial: int | None = None

    @property
    def events(self) -> tuple[events.Event, ...]:
        return tuple(step.event for step in self.steps)


@dataclass(slots=True)
class Draft:
    """Collects the events of one command, each seen by the next step at once."""

    rules: Rules
    hall: Hall
    now: Now
    by: str
    written: list[Step] = field(default_factory=list)

    def add(self, event: events.Event) -> None:
        self.hall = evolve(self.hall, event)
        serial = getattr(event, "serial", None)
        ticket = None if serial is None else self.hall.tickets.get(serial)
        self.written.append(Step(event, ticket))

    def decision(self, serial: int | None = None) -> Decision:
        return Decision(tuple(self.written), self.hall, serial)


def decide(rules: Rules, hall: Hall, command: commands.Command, now: Now) -> Decision:
    """Decide a command at `now`. Raises Refused; then the command has no effect.

    A day that has turned is opened first, as part of the same decision; of a refusal that part
    is in `Refused.passed` and stands all the same.
    """
    draft = Draft(rules, hall, now, command.by)
    _pass_time(draft)
    passed = draft.decision()
    try:
        return draft.decision(_act(draft, command))
    except Refused as refusal:
        refusal.passed = passed
        raise


def due(hall: Hall) -> int | None:
    """When (hall clock, ms) something happens without a command: a parked ticket comes back."""
    return hall.timed[0][0] if hall.timed else None


def _pass_time(draft: Draft) -> None:
    """Turn the day over when its time has come, and bring back parked tickets that are due."""
    if _day_is_over(draft.hall, draft.now):
        _turn_day(draft)
    while draft.hall.timed and draft.hall.timed[0][0] <= draft.now.at:
        serial = draft.hall.timed[0][1]
        draft.add(events.Resumed(draft.now.at, draft.now.wall, draft.by, serial, "timer"))


def _day_is_over(hall: Hall, now: Now) -> bool:
    if not hall.date:
        return True
    return now.trusted and now.date > hall.date


def _turn_day(draft: Draft) -> None:
    at, wall, by = draft.now.at, draft.now.wall, draft.by
    for ticket in draft.hall.tickets:
        if ticket.state not in ENDED:
            draft.add(events.Expired(at, wall, by, ticket.serial, ticket.counter))
    for counter, desk in draft.hall.counters.items():
        if desk.status is not Status.CLOSED:
            draft.add(events.CounterClosed(at, wall, by, counter))
    draft.add(events.DayOpened(at, wall, by, draft.hall.day + 1, draft.now.date))


def _act(draft: Draft, command: commands.Command) -> int | None:  # noqa: C901, PLR0911 - one arm a command
    match command:
        case commands.PassTime():
            return None
        case commands.Issue():
            return _issue(draft, command)
        case commands.PrintResult():
            return _print_result(draft, command)
        case commands.Resume():
            return _resume(draft, command)
        case commands.Cancel():
            return _cancel(draft, command)
        case commands.Rate():
            return _rate(draft, command)
        case commands.CallNext():
            return _call_next(draft, command)
        case commands.CallTicket():
            return _call_ticket(draft, command)
        case commands.OpenCounter():
            _open(draft, command)
            return None
        case commands.PauseCounter() | commands.CloseCounter():
            _step_away(draft, command)
            return None
        case commands.Recall() | commands.Start() | commands.Finish() | commands.MarkNoShow():
            return _serve(draft, command)
        case commands.Transfer() | commands.Park():
            return _pass_on(draft, command)


# --- issuing ------------------------------------------------------------------------------------


def _issue(draft: Draft, command: commands.Issue) -> int:
    service = draft.rules.services.get(command.service)
    if service is None:
        raise Refused(Reason.UNKNOWN_SERVICE)
    if command.priority is not None and command.priority not in draft.rules.priorities:
        raise Refused(Reason.UNKNOWN_PRIORITY)
    refuse_when_closed(service, draft.now)
    n = _free_number(service, draft.hall)
    serial = draft.hall.issued
    draft.add(
        events.Issued(
            draft.now.at,
            draft.now.wall,
            draft.by,
            f"{draft.hall.epoch}-{draft.hall.day}-{serial}",
            serial,
            service.label(n),
            n,
            service.id,
            command.channel,
            command.lang,
            draft.now.at - draft.rules.head_start(command.priority),
            command.priority,
        )
    )
    return serial


def refuse_when_closed(service: Service, now: Now) -> None:
    """Outside the hours, or so late that a ticket would not be served. Raises Refused."""
    if now.open is False:
        raise Refused(Reason.HALL_CLOSED)
    closes = now.closes_in_min
    if now.open and closes is not None and closes < service.cut_off_min:
        raise Refused(Reason.SERVICE_CLOSED)


def _free_number(service: Service, hall: Hall) -> int:
    if service.quota is not None and hall.taken.get(service.id, 0) >= service.quota:
        raise Refused(Reason.QUOTA)
    n = numbering.next_number(service, hall)
    if n is None:
        raise Refused(Reason.NUMBERS_USED_UP)
    return n


def _print_result(draft: Draft, command: commands.PrintResult) -> int:
    ticket = _find(draft.hall, command.ticket)
    at, wall, by = draft.now.at, draft.now.wall, draft.by
    match command.result:
        case commands.Result.PRINTED:
            if ticket.state is State.VOIDED:
                raise Refused(Reason.PAPER_SETTLED, ticket.counter)
            if ticket.paper is not Paper.PRINTED:
                draft.add(events.Printed(at, wall, by, ticket.serial))
        case commands.Result.UNKNOWN:
            if ticket.state is not State.VOIDED and ticket.paper is Paper.PENDING:
                draft.add(events.PrintUnknown(at, wall, by, ticket.serial))
        case commands.Result.FAILED:
            _void(draft, ticket)
    return ticket.serial


def _void(draft: Draft, ticket: Ticket) -> None:
    if ticket.state is State.VOIDED:
        return
    if ticket.state is State.SERVING or ticket.state in ENDED:
        raise Refused(Reason.PAPER_SETTLED, ticket.counter)
    counter = ticket.counter if ticket.state is State.CALLED else None
    draft.add(events.Voided(draft.now.at, draft.now.wall, draft.by, ticket.serial, counter))


# --- calling ------------------------------------------------------------------------------------


def _call_next(draft: Draft, command: commands.CallNext) -> int | None:
    counter = _counter(draft, command)
    services = _asked_services(draft, counter, command.services)
    _make_room(draft, counter)
    ticket = _next(draft, counter, services)
    if ticket is None:
        return None
    _call(draft, ticket, counter.id)
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
    match draft.rules.policy:
        case PolicyName.RANK_TIME:
            return rank_time.choose(found, counter)
        case PolicyName.STRICT_RATIO:
            streak = draft.hall.counters[counter.id].streak
            return strict_ratio.choose(found, counter, streak, draft.rules.ratio)


def _call_ticket(draft: Draft, command: commands.CallTicket) -> int:
    counter = _counter(draft, command)
    ticket = _named(draft, command)
    if ticket.state is State.EXPIRED:
        raise Refused(Reason.EXPIRED, counter.id)
    if ticket.state not in CALLABLE:
        raise Refused(Reason.NOT_CALLABLE, counter.id)
    _make_room(draft, counter)
    _call(draft, ticket, counter.id)
    return ticket.serial


def _named(draft: Draft, command: commands.CallTicket) -> Ticket:
    if command.ticket is not None:
        return _find(draft.hall, command.ticket, command.counter)
    if command.number is None:
        raise Refused(Reason.NO_TICKET_NAMED, command.counter)
    found = by_number(draft.rules, draft.hall, command.number)
    if found is None:
        raise Refused(Reason.UNKNOWN_TICKET, command.counter)
    return found


def by_number(rules: Rules, hall: Hall, number: str) -> Ticket | None:
    """Today's ticket with this label; its service when issued is told by the label."""
    for service in rules.services.values():
        n = service.number_of(number)
        shelf = hall.numbers.get(service.id)
        serial = shelf.get(n) if shelf is not None and n is not None else None
        if serial is not None:
            return hall.tickets.get(serial)
    return None


def _make_room(draft: Draft, counter: Counter) -> None:
    """End what the counter holds; open it first when it is not open and may be."""
    at, wall, by = draft.now.at, draft.now.wall, draft.by
    held = draft.hall.held(counter.id)
    if held is not None:
        draft.add(events.Finished(at, wall, by, held.serial, counter.id, "next"))
        return
    status = draft.hall.counters[counter.id].status
    if status is Status.CLOSED and not draft.rules.auto_open:
        raise Refused(Reason.COUNTER_CLOSED, counter.id)
    if status is not Status.OPEN:
        draft.add(events.CounterOpened(at, wall, by, counter.id))


def _call(draft: Draft, ticket: Ticket, counter: str) -> None:
    draft.add(events.Called(draft.now.at, draft.now.wall, draft.by, ticket.serial, counter))


# --- at the counter -----------------------------------------------------------------------------


def _serve(
    draft: Draft,
    command: commands.Recall | commands.Start | commands.Finish | commands.MarkNoShow,
) -> int:
    counter = _counter(draft, command).id
    ticket = _held(draft, counter)
    at, wall, by = draft.now.at, draft.now.wall, draft.by
    if not isinstance(command, commands.Finish) and ticket.state is not State.CALLED:
        raise Refused(Reason.NOT_CALLED, counter)
    match command:
        case commands.Recall():
            if ticket.recalls >= draft.rules.recall_limit:
                raise Refused(Reason.RECALLS, counter)
            draft.add(events.Recalled(at, wall, by, ticket.serial, counter))
        case commands.Start():
            draft.add(events.Started(at, wall, by, ticket.serial, counter))
        case commands.Finish(outcome=outcome):
            draft.add(events.Finished(at, wall, by, ticket.serial, counter, None, outcome))
        case commands.MarkNoShow():
            draft.add(events.NoShow(at, wall, by, ticket.serial, counter))
    return ticket.serial


def _pass_on(draft: Draft, command: commands.Transfer | commands.Park) -> int:
    counter = _counter(draft, command).id
    ticket = _held(draft, counter)
    at, wall, by = draft.now.at, draft.now.wall, draft.by
    match command:
        case commands.Park(minutes=minutes, reason=reason):
            until = None if minutes is None else at + minutes * MINUTE
            draft.add(events.Parked(at, wall, by, ticket.serial, counter, until, reason))
        case commands.Transfer():
            service, bound = _destination(draft, command, ticket)
            rank = _rank_at(draft, ticket, command.position, service, bound)
            moved = events.Transferred(at, wall, by, ticket.serial, counter, service, rank, bound)
            draft.add(moved)
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


def _rank_at(
    draft: Draft, ticket: Ticket, position: commands.Position, service: str, bound: str | None
) -> int:
    """Keep the waiting clock, or go before or behind all who wait there."""
    lines = draft.hall.lines(f"@{bound}" if bound else service)
    match position:
        case commands.Position.ARRIVAL:
            return ticket.arrived - draft.rules.head_start(ticket.priority)
        case commands.Position.FRONT:
            ranks = [key[0] for line in lines if (key := line.first()) is not None]
            return min([*(r - 1 for r in ranks), ticket.rank])
        case commands.Position.BACK:
            ranks = [key[0] for line in lines if (key := line.last()) is not None]
            return max([*(r + 1 for r in ranks), draft.now.at])


def _open(draft: Draft, command: commands.OpenCounter) -> None:
    counter = _counter(draft, command).id
    if draft.hall.counters[counter].status in (Status.CLOSED, Status.PAUSED):
        draft.add(
            events.CounterOpened(draft.now.at, draft.now.wall, draft.by, counter, command.staff)
        )


def _step_away(draft: Draft, command: commands.PauseCounter | commands.CloseCounter) -> None:
    counter = _counter(draft, command).id
    at, wall, by = draft.now.at, draft.now.wall, draft.by
    held = draft.hall.held(counter)
    if held is not None and held.state is State.SERVING:
        raise Refused(Reason.STILL_SERVING, counter)
    if held is not None:
        draft.add(events.Returned(at, wall, by, held.serial, counter))
    status = draft.hall.counters[counter].status
    match command:
        case commands.PauseCounter(staff=staff):
            if status is not Status.PAUSED:
                draft.add(events.CounterPaused(at, wall, by, counter, staff))
        case commands.CloseCounter(staff=staff):
            if status is not Status.CLOSED:
                draft.add(events.CounterClosed(at, wall, by, counter, staff))


# --- tickets aside ------------------------------------------------------------------------------


def _resume(draft: Draft, command: commands.Resume) -> int:
    ticket = _find(draft.hall, command.ticket)
    if ticket.state not in (State.PARKED, State.NO_SHOW):
        raise Refused(Reason.NOT_ASIDE, ticket.counter)
    draft.add(events.Resumed(draft.now.at, draft.now.wall, draft.by, ticket.serial))
    return ticket.serial


def _cancel(draft: Draft, command: commands.Cancel) -> int:
    ticket = _find(draft.hall, command.ticket)
    if ticket.state is not State.WAITING:
        raise Refused(Reason.NOT_WAITING, ticket.counter)
    draft.add(events.Cancelled(draft.now.at, draft.now.wall, draft.by, ticket.serial))
    return ticket.serial


def _rate(draft: Draft, command: commands.Rate) -> int | None:
    serial = None
    if command.ticket is not None:
        serial = _find(draft.hall, command.ticket).serial
    if command.counter is not None and command.counter not in draft.rules.counters:
        raise Refused(Reason.UNKNOWN_COUNTER)
    if serial is None and command.counter is not None:
        serial = draft.hall.counters[command.counter].last
    rated = events.Rated(
        draft.now.at, draft.now.wall, draft.by, command.score, serial, command.counter
    )
    draft.add(rated)
    return serial


# --- finding ------------------------------------------------------------------------------------


def _counter(draft: Draft, command: commands.CounterCommand) -> Counter:
    counter = draft.rules.counters.get(command.counter)
    if counter is None:
        raise Refused(Reason.UNKNOWN_COUNTER)
    desk = draft.hall.counters.get(counter.id, Desk())
    if command.expect_ver is not None and command.expect_ver != desk.ver:
        raise Refused(Reason.VERSION, counter.id)
    return counter


def _held(draft: Draft, counter: str) -> Ticket:
    held = draft.hall.held(counter)
    if held is None:
        raise Refused(Reason.HOLDS_NOTHING, counter)
    return held


def _find(hall: Hall, ticket_id: str, counter: str | None = None) -> Ticket:
    found = hall.ticket(ticket_id)
    if found is None:
        raise Refused(Reason.UNKNOWN_TICKET, counter)
    return found
