"""A decision in the making: the events of one command so far, and who they are about."""

from dataclasses import dataclass, field

from hall.queueing import commands, events
from hall.queueing.decision import Decision, DecisionStep
from hall.queueing.evolve import evolve
from hall.queueing.refusals import Reason, Refused
from hall.queueing.rules import Counter, Now, Rules
from hall.queueing.state import Desk, Hall
from hall.queueing.tickets import Ticket


@dataclass(slots=True)
class Draft:
    """Collects the events of one command, each seen by the next step at once."""

    rules: Rules
    hall: Hall
    now: Now
    by: str
    written: list[DecisionStep] = field(default_factory=list)

    @property
    def stamp(self) -> tuple[int, int, str]:
        """What every event of this decision begins with: at, wall, by."""
        return self.now.at, self.now.wall, self.by

    def add(self, event: events.Event) -> None:
        self.hall = evolve(self.hall, event)
        serial = getattr(event, "serial", None)
        ticket = None if serial is None else self.hall.tickets.get(serial)
        self.written.append(DecisionStep(event, ticket))

    def decision(self, serial: int | None = None) -> Decision:
        return Decision(tuple(self.written), self.hall, serial)

    def counter(self, command: commands.CounterCommand) -> Counter:
        """The counter a command names, as the clerk saw it. Raises Refused."""
        counter = self.rules.counters.get(command.counter)
        if counter is None:
            raise Refused(Reason.UNKNOWN_COUNTER)
        desk = self.hall.counters.get(counter.id, Desk())
        if command.expect_ver is not None and command.expect_ver != desk.ver:
            raise Refused(Reason.VERSION, counter.id)
        held = self.hall.held(counter.id)
        if command.expect_ticket not in (None, "" if held is None else held.id):
            raise Refused(Reason.OTHER_TICKET, counter.id)
        return counter

    def held(self, counter: str) -> Ticket:
        """What the counter has called or serves. Raises Refused."""
        held = self.hall.held(counter)
        if held is None:
            raise Refused(Reason.HOLDS_NOTHING, counter)
        return held

    def ticket(self, ticket_id: str, counter: str | None = None) -> Ticket:
        """Today's ticket of this id. Raises Refused: expired when it is of an earlier day."""
        found = self.hall.ticket(ticket_id)
        if found is not None:
            return found
        day = day_of(ticket_id)
        is_past = day is not None and day < self.hall.day
        raise Refused(Reason.EXPIRED if is_past else Reason.UNKNOWN_TICKET, counter)


def ticket_id(hall: Hall, serial: int) -> str:
    """An id that no other ticket ever gets: epoch, business day, place in the day."""
    return f"{hall.epoch}-{hall.day}-{serial}"


def day_of(ticket_id: str) -> int | None:
    """The business day in an id of ours; None when it is none."""
    parts = ticket_id.split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):  # noqa: PLR2004
        return None
    return int(parts[1])
