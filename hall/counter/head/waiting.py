"""Who waits now and since when, out of the day's lines in their order. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hall.contract.events import EVENTS, TicketPlace
from hall.counter.head.past_acts import PastAct

# More lines than any hall has within the time in which one can be taken back.
_UNDOABLE = 200


@dataclass(frozen=True, slots=True)
class Waiter:
    """`since`: when the number was taken, ms since 1970."""

    number: str
    service: str
    since: int


@dataclass(slots=True)
class Waiting:
    """`_before`: by the number of a line, what stood of its ticket before it."""

    _now: dict[str, Waiter] = field(default_factory=dict)
    _before: dict[int, Waiter | None] = field(default_factory=dict)

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
            self._set(act.ticket, self._before.get(act.of or 0))
        elif place is not TicketPlace.SAME:
            self._before[act.seq] = self._now.get(act.ticket)
            if len(self._before) > _UNDOABLE:
                del self._before[next(iter(self._before))]
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
