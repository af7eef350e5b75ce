"""Tells the hall what has changed: events and calls as they happened, states where they differ."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from hall.contract.messages import BoardState, CounterState, ServiceState
from hall.contract.topics import (
    EVT_CALL,
    EVT_TICKET,
    STATE_BOARD,
    STATE_COUNTER,
    STATE_HALL,
    STATE_SERVICE,
)
from hall.controller import records
from hall.controller.ports import Row
from hall.controller.projection import Projection
from hall.queueing.rules import Now
from hall.queueing.state import Hall
from hall.runtime.bus import Bus


@dataclass(slots=True)
class Publisher:
    bus: Bus
    projection: Projection
    _counters: dict[str, CounterState] = field(default_factory=dict)
    _services: dict[str, ServiceState] = field(default_factory=dict)
    _board: BoardState | None = None

    def happened(self, rows: Sequence[Row], hall: Hall, now: Now) -> None:
        """Publish what a commit has brought."""
        for row in rows:
            self.bus.publish(EVT_TICKET, records.message(row, self.projection.zone))
        self.changed(hall, now)
        for row in rows:
            if row.kind in ("called", "recalled"):
                self._announce(hall, str(row.body["counter"]))

    def changed(self, hall: Hall, now: Now) -> None:
        """Publish the states that differ from what was said last."""
        for counter in self.projection.rules.counters:
            self._counter(self.projection.counter(hall, counter))
        for service in self.projection.rules.services:
            self._service(self.projection.service(hall, service, now))
        if self._board is None or hall.board_ver != self._board.ver:
            self._board = self.projection.board(hall)
            self.bus.publish(STATE_BOARD, self._board)
        self.heartbeat(hall, now)

    def everything(self, hall: Hall, now: Now) -> None:
        """Publish every state: the broker may have lost them."""
        self._counters.clear()
        self._services.clear()
        self._board = None
        self.changed(hall, now)

    def heartbeat(self, hall: Hall, now: Now) -> None:
        if hall.date:
            self.bus.publish(STATE_HALL, self.projection.hall(hall, now))

    def _counter(self, state: CounterState) -> None:
        if self._counters.get(state.counter) != state:
            self._counters[state.counter] = state
            self.bus.publish(STATE_COUNTER, state, counter=state.counter)

    def _service(self, state: ServiceState) -> None:
        said = self._services.get(state.service)
        if said is None or state.model_copy(update={"ver": said.ver}) != said:
            self._services[state.service] = state
            self.bus.publish(STATE_SERVICE, state, service=state.service)

    def _announce(self, hall: Hall, counter: str) -> None:
        call = self.projection.call(hall, counter)
        if call is not None:
            self.bus.publish(EVT_CALL, call)
