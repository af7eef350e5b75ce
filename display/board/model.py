"""What the board knows, as the fold of what it heard. Pure: time is passed in."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import inf
from types import MappingProxyType

from display.board import calls
from display.board.calls import Calls, ShownCall
from hall.contract.messages import BoardState, CallEvent, CounterState, HallState, ServiceState
from hall.contract.onestop_messages import Figures, Notice, OnestopStatus
from hall.contract.topics import EXT_FIGURES, EXT_NOTICE, Channel
from hall.contract.words import WireModel
from hall.runtime.picture import LEASE_S, Presence, holds, newest


@dataclass(frozen=True, slots=True)
class BoardModel:
    """States of the controller only ever grow newer."""

    presence: Presence = field(default_factory=Presence)
    hall: HallState | None = None
    counters: Mapping[str, CounterState] = field(default_factory=lambda: MappingProxyType({}))
    services: Mapping[str, ServiceState] = field(default_factory=lambda: MappingProxyType({}))
    board: BoardState | None = None
    calls: Calls = field(default_factory=Calls)
    figures: Figures | None = None
    notice: Notice | None = None
    onestop: OnestopStatus | None = None
    onestop_until: float = inf

    @property
    def outside_hours(self) -> bool:
        """Whether the hall rests; not where a person has stopped tickets within its hours."""
        return self.hall is not None and not self.hall.open and self.hall.closed_by != "order"

    def onestop_lost(self, now: float) -> bool:
        """Whether figures can no longer be renewed: it said so, or has been silent too long."""
        return self.onestop is not None and (
            self.onestop.state == "lost" or now >= self.onestop_until
        )

    def alive(self, now: float) -> bool:
        """Whether what is shown can be trusted."""
        return self.presence.there(now)

    def doubtful_at(self) -> float:
        """When it will no longer be trusted unless something is heard."""
        return self.presence.due


def take_message(  # noqa: PLR0911 - an arm a message
    model: BoardModel, message: WireModel, now: float, *, retained: bool
) -> BoardModel:
    """Take one message in; what is older than what we have changes nothing."""
    match message:
        case HallState():
            return replace(model, hall=message) if holds(message, model.hall) else model
        case CounterState():
            return _counter(model, message)
        case ServiceState():
            services = newest(model.services, message.service, message)
            return replace(model, services=services)
        case BoardState():
            return _board(model, message)
        case CallEvent() if not retained:
            call = ShownCall(message.call, message.number, message.counter, message.service)
            return replace(model, calls=calls.add_call(model.calls, call, now))
        case Figures():
            return replace(model, figures=message)
        case Notice():
            return replace(model, notice=message)
        case OnestopStatus():
            return replace(model, onestop=message, onestop_until=now + LEASE_S)
        case _:
            return model


def cleared(model: BoardModel, channel: Channel) -> BoardModel:
    """What its owner has taken away is shown no longer."""
    if channel is EXT_FIGURES:
        return replace(model, figures=None)
    if channel is EXT_NOTICE:
        return replace(model, notice=None)
    return model


def _board(model: BoardModel, board: BoardState) -> BoardModel:
    """The board's counters are the counters' own states, under their own versions."""
    if not holds(board, model.board):
        return model
    for counter in board.counters:
        model = _counter(model, counter)
    return replace(model, board=board)


def _counter(model: BoardModel, counter: CounterState) -> BoardModel:
    return replace(model, counters=newest(model.counters, counter.counter, counter))
