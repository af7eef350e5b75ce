"""What the kiosk knows of the hall: the newest states it heard, and when. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TypeVar

from hall.contract.messages import (
    CounterState,
    DeviceStatus,
    Figures,
    HallState,
    OnestopStatus,
    ServiceState,
)
from hall.contract.topics import DEV_ALERT, DEV_STATUS
from hall.runtime.bus import Cleared, Received
from kiosk.shelf import Shelf

STALE_S = 20.0
S = TypeVar("S", CounterState, ServiceState)
_NO_COUNTERS: Mapping[str, CounterState] = MappingProxyType({})
_NO_SERVICES: Mapping[str, ServiceState] = MappingProxyType({})
# With one of these a printer cannot give a ticket.
_BLOCKING = frozenset({"paper_out", "cover_open", "offline"})
_GONE = frozenset({"lost", "disconnected"})


@dataclass(frozen=True, slots=True)
class World:
    """`hall_at`: monotonic second of the last heartbeat. None: never heard."""

    linked: bool = False
    hall: HallState | None = None
    hall_at: float | None = None
    counters: Mapping[str, CounterState] = field(default_factory=lambda: _NO_COUNTERS)
    services: Mapping[str, ServiceState] = field(default_factory=lambda: _NO_SERVICES)
    controller_gone: bool = False
    printer_gone: bool = False
    printer_alerts: frozenset[str] = frozenset()
    onestop: OnestopStatus | None = None
    figures: Figures | None = None
    shelf: Shelf = field(default_factory=Shelf)

    def current(self, now: float) -> bool:
        """Whether the controller was heard lately: else numbers shown are the last known."""
        heard = self.hall_at is not None and now - self.hall_at < STALE_S
        return self.linked and heard and not self.controller_gone

    @property
    def onestop_ready(self) -> bool:
        return self.linked and self.onestop is not None and self.onestop.state == "ready"

    @property
    def paper_fault(self) -> str | None:
        """Why the printer gives no ticket, as an alert's code; None when it does."""
        if self.printer_gone:
            return "offline"
        return min(self.printer_alerts & _BLOCKING, default=None)


def learn(  # noqa: PLR0911 - one case for each message
    world: World, item: Received | Cleared, now: float, printer: str | None
) -> World:
    """The world after a message; an older state than the known one changes nothing."""
    if isinstance(item, Cleared):
        return _solved(world, item, printer)
    match item.message:
        case HallState() as hall:
            return _hall(world, hall, now, retained=item.retained)
        case CounterState() as counter:
            return replace(world, counters=_newer(world.counters, counter.counter, counter))
        case ServiceState() as service:
            return replace(world, services=_newer(world.services, service.service, service))
        case OnestopStatus() as status:
            return replace(world, onestop=status)
        case Figures() as figures:
            return replace(world, figures=figures)
        case DeviceStatus() as status:
            return _device(world, item.levels.get("client", ""), status, printer)
        case _ if item.channel is DEV_ALERT and item.levels.get("client") == printer:
            alerts = world.printer_alerts | {item.levels["code"]}
            return replace(world, printer_alerts=alerts)
        case _:
            return world


def _hall(world: World, hall: HallState, now: float, *, retained: bool) -> World:
    """A retained heartbeat may be hours old: it fills the picture and proves no life."""
    if world.hall is not None and (hall.epoch, hall.ver) < (world.hall.epoch, world.hall.ver):
        return world
    at = world.hall_at if retained else now
    if hall.epoch > (world.hall.epoch if world.hall else 0):
        world = _forget_older(world, hall.epoch)
    return replace(world, hall=hall, hall_at=at)


def _forget_older(world: World, epoch: int) -> World:
    counters = {k: v for k, v in world.counters.items() if v.epoch >= epoch}
    services = {k: v for k, v in world.services.items() if v.epoch >= epoch}
    return replace(world, counters=counters, services=services)


def _newer(known: Mapping[str, S], key: str, state: S) -> Mapping[str, S]:
    old = known.get(key)
    if old is not None and (state.epoch, state.ver) < (old.epoch, old.ver):
        return known
    return {**known, key: state}


def _device(world: World, client: str, status: DeviceStatus, printer: str | None) -> World:
    gone = status.state in _GONE
    if client == "controller":
        return replace(world, controller_gone=gone)
    if client == printer:
        alerts = world.printer_alerts if gone else frozenset(status.alerts)
        return replace(world, printer_gone=gone, printer_alerts=alerts)
    return world


def _solved(world: World, item: Cleared, printer: str | None) -> World:
    if item.channel is DEV_ALERT and item.levels.get("client") == printer:
        return replace(world, printer_alerts=world.printer_alerts - {item.levels["code"]})
    if item.channel is DEV_STATUS and item.levels.get("client") == printer:
        return replace(world, printer_gone=True)
    return world
