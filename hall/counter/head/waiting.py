"""Who waits now and since when, out of the day's lines in their order. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hall.contract.events import EVENTS, TicketPlace
from hall.counter.head.past_acts import PastAct
from hall.counter.undoable import Undoable


@dataclass(frozen=True, slots=True)
class Waiter:
    """`since`: when the number was taken, ms since 1970."""

    number: str
    service: str
    since: int


@dataclass(slots=True)
class Waiting:
    _now: dict[str, Waiter] = field(default_factory=dict)
    _undoable: Undoable[Waiter] = field(default_factory=Undoable)

    @property
    def people(self) -> Mapping[str, Waiter]:
        """By ticket."""
        return self._now

    def take_act(self, act: PastAct) -> None:
        if act.type == "day_opened":
            self._now.clear()
        if not act.ticket:
            return
        place = EVENTS[act.type].place
        if place is TicketPlace.BEFORE:
            self._set(act.ticket, self._undoable.before(act.of))
        elif place is not TicketPlace.SAME:
            self._undoable.note(act.seq, self._now.get(act.ticket))
            waits = place is TicketPlace.WAITING
            self._set(act.ticket, Waiter(act.number, act.service, act.issued) if waits else None)

    def oldest(self) -> Mapping[str, Waiter]:
        """By service, who has waited longest."""
        found: dict[str, Waiter] = {}
        for waiter in self._now.values():
            if waiter.service not in found or waiter.since < found[waiter.service].since:
                found[waiter.service] = waiter
        return found

    def _set(self, ticket: str, waiter: Waiter | None) -> None:
        if waiter is None:
            self._now.pop(ticket, None)
        else:
            self._now[ticket] = waiter
