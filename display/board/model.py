"""What the board knows, as the fold of what it heard. Pure: time is passed in."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from display import watching
from display.board import calls
from display.board.calls import Call, Calls
from display.watching import Controller
from hall.contract.messages import (
    BoardState,
    CallEvent,
    CounterState,
    DeviceStatus,
    Figures,
    HallState,
    Notice,
    OnestopStatus,
    ServiceState,
)
from hall.contract.words import Part

# A broker that restarts is back within this time: no reason to alarm a full hall.
GRACE_S = 5.0


@dataclass(frozen=True, slots=True)
class Model:
    """`offline_at`: since when our own link to the broker is gone, None while it is there.

    States of the controller only ever grow newer.
    """

    controller: Controller
    offline_at: float | None = None
    hall: HallState | None = None
    counters: Mapping[str, CounterState] = field(default_factory=lambda: MappingProxyType({}))
    services: Mapping[str, ServiceState] = field(default_factory=lambda: MappingProxyType({}))
    board: BoardState | None = None
    calls: Calls = field(default_factory=Calls)
    figures: Figures | None = None
    notice: Notice | None = None
    onestop_lost: bool = False

    def alive(self, now: float) -> bool:
        """Whether what is shown can be trusted."""
        linked = self.offline_at is None or now < self.offline_at + GRACE_S
        return linked and self.controller.alive(now)

    def doubtful_at(self) -> float:
        """When it will no longer be trusted unless something is heard."""
        unlinked = [] if self.offline_at is None else [self.offline_at + GRACE_S]
        return min([self.controller.due(), *unlinked])


def heard(model: Model, message: Part, now: float, *, retained: bool) -> Model:  # noqa: PLR0911
    """Take one message in; what is older than what we have changes nothing."""
    match message:
        case HallState():
            controller = watching.beat(model.controller, now, retained=retained)
            hall = message if _newer(message, model.hall) else model.hall
            return replace(model, controller=controller, hall=hall)
        case CounterState():
            return _counter(model, message)
        case ServiceState():
            known = model.services.get(message.service)
            services = {**model.services, message.service: message}
            return replace(model, services=services) if _newer(message, known) else model
        case BoardState():
            return _board(model, message)
        case CallEvent() if not retained:
            call = Call(message.call, message.number, message.counter, message.service)
            return replace(model, calls=calls.hear(model.calls, call, now))
        case DeviceStatus():
            return replace(model, controller=watching.heard(model.controller, message))
        case Figures():
            return replace(model, figures=message)
        case Notice():
            return replace(model, notice=message)
        case OnestopStatus():
            return replace(model, onestop_lost=message.state == "lost")
        case _:
            return model


def _board(model: Model, board: BoardState) -> Model:
    """The board's counters are the counters' own states, under their own versions."""
    if not _newer(board, model.board):
        return model
    for counter in board.counters:
        model = _counter(model, counter)
    return replace(model, board=board)


def _counter(model: Model, counter: CounterState) -> Model:
    if not _newer(counter, model.counters.get(counter.counter)):
        return model
    return replace(model, counters={**model.counters, counter.counter: counter})


def _newer(
    told: HallState | CounterState | ServiceState | BoardState,
    known: HallState | CounterState | ServiceState | BoardState | None,
) -> bool:
    """Of the same version the later one holds: a hall opens, a wait changes, without an event."""
    return known is None or (told.epoch, told.ver) >= (known.epoch, known.ver)
