"""Whom the clerk of a keypad has seen at the counter when a key was pressed. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf

from hall.contract.messages import CounterState
from hall.runtime.picture import newest

# A person looks, decides and presses: what changed less than this before a press was not seen.
SEEN_S = 0.7


@dataclass(frozen=True, slots=True)
class Glance:
    """`ticket`: the id of who is at the counter since `at` (monotonic s), None for nobody.

    `before`: who had stood there for longer than SEEN_S at that moment.
    """

    ticket: str | None
    before: str | None
    at: float = -inf

    def then(self, ticket: str | None, now: float) -> "Glance":
        return self if ticket == self.ticket else Glance(ticket, self.ticket_seen(now), now)

    def ticket_seen(self, at: float) -> str | None:
        """Whom a person who pressed at this moment had seen."""
        return self.before if at - self.at < SEEN_S else self.ticket


@dataclass(frozen=True, slots=True)
class Glances:
    """By counter; a counter that was never heard of stands in neither."""

    states: Mapping[str, CounterState] = field(default_factory=dict)
    held: Mapping[str, Glance] = field(default_factory=dict)

    def counter_changed(self, state: CounterState, now: float) -> "Glances":
        """After a counter's state, unless a newer one is known."""
        states = newest(self.states, state.counter, state)
        if states is self.states:
            return self
        ticket = None if state.ticket is None else state.ticket.id
        known = self.held.get(state.counter, Glance(ticket, ticket))
        return Glances(states, {**self.held, state.counter: known.then(ticket, now)})

    def expected(self, counter: str, at: float) -> dict[str, str | None]:
        """What a press at this moment is bound to, as the request's field; nothing if unknown."""
        glance = self.held.get(counter)
        return {} if glance is None else {"expect_ticket": glance.ticket_seen(at)}
