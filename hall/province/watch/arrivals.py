"""Who waits in a hall and since when, from its events: the longest wait is in no state. Pure.

issued ─▶ waiting ◀─▶ called, set aside ─▶ ended        by the rows of hall/contract/events.py
▲ an event that is taken back leaves its ticket where it was before ▲
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from hall.contract.events import EVENTS, TicketPlace

# An act is taken back within seconds: who has left is forgotten after this.
_KEPT = timedelta(minutes=2)
_MOST_STEPS = 12


@dataclass(frozen=True, slots=True)
class SeenEvent:
    """What of an event is needed here. `of`: the `seq` that it takes back."""

    hall: str
    epoch: int
    seq: int
    day: date
    type: str
    at: datetime
    ticket: str | None
    of: int | None


@dataclass(slots=True)
class _Turn:
    """`steps`: (seq, place) of what moved the ticket, oldest first. `left`: when it ended."""

    issued_at: datetime
    steps: list[tuple[int, TicketPlace]] = field(default_factory=list)
    left: datetime | None = None

    @property
    def waits(self) -> bool:
        return bool(self.steps) and self.steps[-1][1] is TicketPlace.WAITING


@dataclass(slots=True)
class HallArrivals:
    """One hall's tickets of its newest day. `epoch`, `seq`: of the last event that was read."""

    epoch: int = 0
    seq: int = 0
    day: date = date.min
    _turns: dict[str, _Turn] = field(default_factory=dict)

    def take_event(self, event: SeenEvent) -> None:
        """Events come in the order of their places."""
        self.epoch, self.seq = event.epoch, event.seq
        if event.day > self.day:
            self.day, self._turns = event.day, {}
        if event.ticket is None or event.day < self.day:
            return
        place = EVENTS[event.type].place if event.type in EVENTS else None
        match place:
            case None | TicketPlace.SAME:
                return
            case TicketPlace.BEFORE:
                self._take_back(event)
            case _:
                self._move(event, place)
        self._forget(event.at)

    def note_reached(self, place: tuple[int, int]) -> None:
        """Nothing up to there is still to come."""
        self.epoch, self.seq = max((self.epoch, self.seq), place)

    @property
    def longest_since(self) -> datetime | None:
        """When who has waited longest took their number; None: nobody waits."""
        return min((turn.issued_at for turn in self._turns.values() if turn.waits), default=None)

    @property
    def waiting(self) -> int:
        return sum(turn.waits for turn in self._turns.values())

    def _move(self, event: SeenEvent, place: TicketPlace) -> None:
        turn = self._turns.get(str(event.ticket))
        if turn is None:
            if event.type != "issued":
                return
            turn = self._turns[str(event.ticket)] = _Turn(event.at)
        turn.steps = [*turn.steps[-_MOST_STEPS:], (event.seq, place)]
        turn.left = event.at if place is TicketPlace.ENDED else None

    def _take_back(self, event: SeenEvent) -> None:
        turn = self._turns.get(str(event.ticket))
        if turn is not None and len(turn.steps) > 1:
            turn.steps = [step for step in turn.steps if step[0] != event.of]
            turn.left = event.at if turn.steps[-1][1] is TicketPlace.ENDED else None

    def _forget(self, now: datetime) -> None:
        gone = [
            name
            for name, turn in self._turns.items()
            if turn.left is not None and now - turn.left > _KEPT
        ]
        for name in gone:
            del self._turns[name]
