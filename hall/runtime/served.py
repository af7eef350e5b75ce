"""Whom each counter has finished with, newest last, as the journal's events tell it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from hall.contract.messages import TicketEvent

# More than one act can take back.
_KEPT = 3
_NOBODY: Mapping[str, tuple["ServedThere", ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ServedThere:
    """`seq`: of the event that told it."""

    counter: str
    ticket: str
    number: str
    seq: int


@dataclass(frozen=True, slots=True)
class ServedToday:
    """By counter. A kiosk that has just started knows nobody until somebody is finished with."""

    by_counter: Mapping[str, tuple[ServedThere, ...]] = field(default_factory=lambda: _NOBODY)

    def last(self, counter: str) -> ServedThere | None:
        return next(reversed(self.by_counter.get(counter, ())), None)

    def after(self, event: TicketEvent) -> "ServedToday":
        match event.type:
            case "finished" if event.how != "unclear":
                return self._with(event)
            case "undone":
                return self._without(event)
            case "day_opened":
                return ServedToday()
            case _:
                return self

    def _with(self, event: TicketEvent) -> "ServedToday":
        ticket, counter = event.ticket, event.counter
        if ticket is None or counter is None:
            return self
        known = self.by_counter.get(counter, ())
        if any(one.seq == event.seq for one in known):
            return self
        newest = ServedThere(counter, ticket.id, ticket.number, event.seq)
        return replace(self, by_counter={**self.by_counter, counter: (*known, newest)[-_KEPT:]})

    def _without(self, event: TicketEvent) -> "ServedToday":
        kept = {
            counter: tuple(one for one in known if one.seq != event.of)
            for counter, known in self.by_counter.items()
        }
        return replace(self, by_counter=kept)
