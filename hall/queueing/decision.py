"""What a command comes to: its events, and the state after them."""

from dataclasses import dataclass

from hall.queueing import events
from hall.queueing.state import Hall
from hall.queueing.tickets import Ticket


@dataclass(frozen=True, slots=True)
class DecisionStep:
    """One event, and the ticket it is about as it is afterwards."""

    event: events.Event
    ticket: Ticket | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """`hall`: the state after the steps; `serial`: the ticket the command was about."""

    steps: tuple[DecisionStep, ...]
    hall: Hall
    serial: int | None = None

    @property
    def events(self) -> tuple[events.Event, ...]:
        return tuple(step.event for step in self.steps)
