"""Tells the hall what has changed: events and calls as they happened, states where they differ."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from hall.contract.events import EVENTS
from hall.contract.messages import BoardState, CallEvent, CounterState, Sent, ServiceState
from hall.contract.topics import (
    EVT_CALL,
    EVT_TICKET,
    STATE_BOARD,
    STATE_COUNTER,
    STATE_HALL,
    STATE_SERVICE,
    Channel,
)
from hall.contract.words import WireModel
from hall.controller import records
from hall.controller.ports import JournalRow
from hall.controller.projection import Projection
from hall.queueing.rules import Now
from hall.queueing.state import Hall
from hall.runtime.bus import Bus


@dataclass(slots=True)
class Publisher:
    """`owner`: the mark under which this controller leads the queue."""

    bus: Bus
    projection: Projection
    owner: str = ""
    _counters: dict[str, CounterState] = field(default_factory=dict)
    _services: dict[str, ServiceState] = field(default_factory=dict)
    _board: BoardState | None = None
    _unsent: set[str] = field(default_factory=set)

    def happened(
        self, rows: Sequence[JournalRow], calls: Sequence[CallEvent], hall: Hall, now: Now
    ) -> None:
        """Publish what a commit has brought: every event, then each state once, then the calls."""
        for row in rows:
            self.bus.publish(EVT_TICKET, records.message(row, self.projection.zone))
        self.changed(hall, now)
        for call in calls:
            self.bus.publish(EVT_CALL, call)

    def calls(self, rows: Sequence[JournalRow], hall: Hall) -> list[CallEvent]:
        """What is to be announced of these rows; `hall`: as they left it."""
        counters = [str(row.body["counter"]) for row in rows if EVENTS[row.kind].announced]
        found = [self.projection.call(hall, counter) for counter in counters]
        return [call for call in found if call is not None]

    def changed(self, hall: Hall, now: Now, *, again: bool = False) -> None:
        """Publish the states that differ from what was said last; `again`: all of them."""
        sent = self.projection.sent(hall)
        touched = [
            self._counter(hall, counter, sent.get(counter, Sent()), now, again=again)
            for counter in self.projection.rules.counters
        ]
        for service in self.projection.rules.services:
            self._service(self.projection.service(hall, service, now), again=again)
        stale = again or any(touched)
        if self._board is None or _order(self._board) != (hall.epoch, hall.board_ver) or stale:
            self._board = self.projection.board(hall, self._counters)
            self._unsent.add("board")
        if "board" in self._unsent:
            self._send("board", STATE_BOARD, self._board)
        self.heartbeat(hall, now)

    def everything(self, hall: Hall, now: Now) -> None:
        """Publish every state: the broker may have lost them."""
        self.changed(hall, now, again=True)

    def heartbeat(self, hall: Hall, now: Now) -> None:
        if hall.date:
            state = self.projection.hall(hall, now)
            self.bus.publish(STATE_HALL, state.model_copy(update={"owner": self.owner}))

    def _counter(self, hall: Hall, counter: str, sent: Sent, now: Now, *, again: bool) -> bool:
        """What happens at a counter moves its version; who is sent there, and time, do not.

        Whether its state is another than was said last.
        """
        said = self._counters.get(counter)
        ver = hall.epoch, hall.counters[counter].ver
        until = self.projection.undo_until(hall, counter, now)
        same = said is not None and (_order(said), said.sent, said.undo_until) == (ver, sent, until)
        if not same:
            self._counters[counter] = self.projection.counter(hall, counter, now)
        key = f"counter/{counter}"
        if not same or again or key in self._unsent:
            self._send(key, STATE_COUNTER, self._counters[counter], counter=counter)
        return not same

    def _service(self, state: ServiceState, *, again: bool) -> None:
        """Its version is that of the change it shows, not of the moment it is said again."""
        said = self._services.get(state.service)
        same = said is not None and state.model_copy(update={"ver": said.ver}) == said
        if not same:
            self._services[state.service] = state
        key = f"service/{state.service}"
        if not same or again or key in self._unsent:
            said = self._services[state.service]
            self._send(key, STATE_SERVICE, said, service=state.service)

    def _send(self, key: str, channel: Channel, state: WireModel, **levels: str) -> None:
        """A state that found no room on its way out goes with the next heartbeat."""
        if self.bus.publish(channel, state, **levels):
            self._unsent.discard(key)
        else:
            self._unsent.add(key)


def _order(state: BoardState | CounterState) -> tuple[int, int]:
    return state.epoch, state.ver
