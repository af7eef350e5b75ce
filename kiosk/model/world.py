"""What the kiosk knows of the hall: the newest states it heard, and when. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import inf
from types import MappingProxyType

from hall.contract.messages import CounterState, DeviceStatus, HallState, ServiceState, TicketEvent
from hall.contract.onestop_messages import Figures, OnestopStatus
from hall.contract.topics import DEV_ALERT, DEV_STATUS, EXT_FIGURES, EXT_STATUS
from hall.runtime.bus import Cleared, Connected, Disconnected, Received
from hall.runtime.picture import LEASE_S, Peer, Presence, after, holds, newest
from hall.runtime.served import ServedToday
from kiosk.model.procedure_catalogue import ProcedureCatalogue

_NO_COUNTERS: Mapping[str, CounterState] = MappingProxyType({})
_NO_SERVICES: Mapping[str, ServiceState] = MappingProxyType({})
# With one of these a printer cannot give a ticket.
_BLOCKING = frozenset({"paper_out", "cover_open", "offline"})


@dataclass(frozen=True, slots=True)
class World:
    """`printer`: the one whose tickets this kiosk asks for, where it has one."""

    presence: Presence = field(default_factory=Presence)
    hall: HallState | None = None
    counters: Mapping[str, CounterState] = field(default_factory=lambda: _NO_COUNTERS)
    services: Mapping[str, ServiceState] = field(default_factory=lambda: _NO_SERVICES)
    printer: Peer = field(default_factory=Peer)
    printer_alerts: frozenset[str] = frozenset()
    onestop: OnestopStatus | None = None
    onestop_until: float = inf
    figures: Figures | None = None
    shelf: ProcedureCatalogue = field(default_factory=ProcedureCatalogue)
    served: ServedToday = field(default_factory=ServedToday)

    def current(self, now: float) -> bool:
        """Whether the controller would answer: else numbers shown are the last known."""
        return self.hall is not None and self.presence.reachable(now)

    @property
    def gives_tickets(self) -> bool:
        """Within the hours, and no person has stopped new tickets; as far as is known."""
        return self.hall is None or self.hall.open

    @property
    def stopped(self) -> bool:
        """A person has stopped new tickets within the hours."""
        return self.hall is not None and self.hall.closed_by == "order"

    @property
    def linked(self) -> bool:
        return self.presence.linked

    def onestop_ready(self, now: float) -> bool:
        """Whether a look-up would be answered: what it said of itself holds for a time only."""
        said = self.onestop is not None and self.onestop.state == "ready"
        return self.linked and said and now < self.onestop_until

    @property
    def paper_fault(self) -> str | None:
        """Why the printer gives no ticket, as an alert's code; None when it does."""
        if self.printer.gone:
            return "offline"
        return min(self.printer_alerts & _BLOCKING, default=None)


def learn_item(
    world: World,
    item: Connected | Disconnected | Received | Cleared,
    now: float,
    printer: str | None,
) -> World:
    """The world after a message; an older state than the known one changes nothing."""
    world = replace(world, presence=after(world.presence, item, now))
    match item:
        case Connected():
            return replace(world, printer=replace(world.printer, conn=""))
        case Disconnected():
            return world
        case Cleared():
            return _cleared(world, item, printer)
        case Received(message=OnestopStatus() as status):
            return replace(world, onestop=status, onestop_until=now + LEASE_S)
        case Received():
            return _with_state(world, item, printer)


def _with_state(world: World, item: Received, printer: str | None) -> World:  # noqa: PLR0911
    match item.message:
        case HallState() as hall:
            return _hall(world, hall)
        case CounterState() as counter:
            return replace(world, counters=newest(world.counters, counter.counter, counter))
        case ServiceState() as service:
            return replace(world, services=newest(world.services, service.service, service))
        case TicketEvent() as event:
            return replace(world, served=world.served.after(event))
        case Figures() as figures:
            return replace(world, figures=figures)
        case DeviceStatus() as status if item.levels.get("client") == printer:
            return _printer(world, status)
        case _ if item.channel is DEV_ALERT and item.levels.get("client") == printer:
            alerts = world.printer_alerts | {item.levels["code"]}
            return replace(world, printer_alerts=alerts)
        case _:
            return world


def _hall(world: World, hall: HallState) -> World:
    if not holds(hall, world.hall):
        return world
    if hall.epoch > (world.hall.epoch if world.hall else 0):
        world = _forget_older(world, hall.epoch)
    return replace(world, hall=hall)


def _forget_older(world: World, epoch: int) -> World:
    counters = {k: v for k, v in world.counters.items() if v.epoch >= epoch}
    services = {k: v for k, v in world.services.items() if v.epoch >= epoch}
    return replace(world, counters=counters, services=services, served=ServedToday())


def _printer(world: World, status: DeviceStatus) -> World:
    peer = world.printer.with_status(status)
    alerts = world.printer_alerts if peer.gone else frozenset(status.alerts)
    return replace(world, printer=peer, printer_alerts=alerts)


def _cleared(world: World, item: Cleared, printer: str | None) -> World:
    if item.channel is EXT_FIGURES:
        return replace(world, figures=None)
    if item.channel is EXT_STATUS:
        return replace(world, onestop=None)
    if item.channel is DEV_ALERT and item.levels.get("client") == printer:
        return replace(world, printer_alerts=world.printer_alerts - {item.levels["code"]})
    if item.channel is DEV_STATUS and item.levels.get("client") == printer:
        return replace(world, printer=replace(world.printer, gone=True))
    return world
