"""Wires a bridge: settings → lines, masters, keypads → service → daemon."""

import sys

from firmware_bridge.bus_thread import BusThread
from firmware_bridge.checking import Kind, kind_of, mistakes_of
from firmware_bridge.lines.serial import SerialLine
from firmware_bridge.lines.simulated import Faults, RealPace, SimulatedLine
from firmware_bridge.lines.simulated_bus import Hands, LedPictures
from firmware_bridge.lines.simulated_devices import (
    SimulatedDisplay,
    SimulatedThing,
    SimulatedUnit,
)
from firmware_bridge.lines.tcp import TcpLine
from firmware_bridge.master import Master, Station
from firmware_bridge.ports import BUS_DOWN, Line
from firmware_bridge.protocols.foreign import ForeignDisplay
from firmware_bridge.protocols.own_unit import OwnUnit
from firmware_bridge.seats import Seat
from firmware_bridge.service import BridgeService
from firmware_bridge.settings import (
    DEFAULT_KEYS,
    BridgeFile,
    BridgeSection,
    BusSection,
    UnitSection,
    tcp_place,
)
from hall.runtime import roles, settings
from hall.runtime.attachments import converter, rs485_bus
from hall.runtime.daemon import Daemon, Ground
from hall.runtime.devices import Device
from hall.runtime.sections import ServiceSection

SIMULATED = "simulated"


def build(document: settings.Document, ground: Ground, only: str | None) -> list[Daemon]:
    """One daemon for every bridge of the YAML, or the one that is wanted."""
    config = settings.check(document.part(BridgeFile.model_fields), BridgeFile)
    wrong = mistakes_of(document, config)
    if wrong:
        raise settings.ConfigError(document.file, tuple(wrong))
    return [
        _daemon(config, section, ground) for section in config.bridges if only in (None, section.id)
    ]


def _daemon(config: BridgeFile, section: BridgeSection, ground: Ground) -> Daemon:
    desk = ground.desk(section.id)
    buses = [_bus(section, index, ground) for index in range(len(section.buses))]
    keypads = [pad.connect(section.id, ground.clock.monotonic) for pad in section.keypads]
    service = BridgeService(desk, buses, _seats(config, section), keypads)
    return Daemon(desk, service, chosen={"counter": [seat.counter for seat in service.seats]})


def _bus(section: BridgeSection, index: int, ground: Ground) -> BusThread:
    bus, clock = section.buses[index], ground.clock.monotonic
    kinds = {unit.address: kind_of(unit, section) for unit in bus.units}
    stations = [_station(unit, kinds[unit.address]) for unit in bus.units]
    name = f"{section.id}-bus{index + 1}"
    if bus.port != SIMULATED:
        master = Master(_line(bus), stations, bus.baud, clock)
        return BusThread(name, _attached(bus, index), master, clock)
    things = {unit.address: _thing(unit, kinds[unit.address], clock()) for unit in bus.units}
    line = SimulatedLine(things, bus.baud, RealPace(clock), Faults(bus.faults))
    drawn = {unit.counter: things[unit.address] for unit in bus.units}
    after = None if ground.pictures is None else LedPictures(ground.pictures, drawn, clock)
    master = Master(line, stations, bus.baud, clock)
    return BusThread(name, _attached(bus, index), master, clock, Hands(line, things), after)


def _attached(bus: BusSection, index: int) -> Device:
    name, place = f"bus {index + 1}", tcp_place(bus.port)
    if place is not None:
        return converter(BUS_DOWN, name, "{}:{}".format(*place))
    return rs485_bus(BUS_DOWN, name, bus.port)


def _line(bus: BusSection) -> Line:
    place = tcp_place(bus.port)
    if place is not None:
        return TcpLine(*place)
    return SerialLine(bus.port, bus.baud, bus.format, rs485=bus.rs485)


def _station(unit: UnitSection, kind: Kind) -> Station:
    if kind.profile is None:
        return Station(OwnUnit(unit.address))
    gap_s = kind.profile.min_gap_ms / 1000
    return Station(ForeignDisplay(unit.address, kind.profile), gap_s)


def _thing(unit: UnitSection, kind: Kind, now: float) -> SimulatedThing:
    if kind.profile is None:
        return SimulatedUnit(unit.address, now)
    return SimulatedDisplay(unit.address, kind.profile)


def _seats(config: BridgeFile, section: BridgeSection) -> list[Seat]:
    seats = []
    for index, bus in enumerate(section.buses):
        for unit in bus.units:
            kind = kind_of(unit, section)
            has_keys = kind.profile is None and unit.keypad
            keys = {**DEFAULT_KEYS, **section.keys, **unit.keys} if has_keys else {}
            services = _services(config, unit.counter)
            seats.append(
                Seat(unit.counter, index, unit.address, keys, services, kind.fits, kind.unfit)
            )
    for pad in section.keypads:
        keys = {**DEFAULT_KEYS, **section.keys, **pad.keys}
        services = _services(config, pad.counter)
        seats.append(Seat(pad.counter, None, 0, keys, services, fits=lambda _: True))
    return seats


def _services(config: BridgeFile, counter: str) -> list[ServiceSection]:
    """The services of a counter in its own order: those it serves, then those it helps."""
    by_id = {service.id: service for service in config.services}
    mine = next(c for c in config.counters if c.id == counter)
    return [by_id[name] for name in (*mine.serves, *mine.helps) if name in by_id]


if __name__ == "__main__":
    sys.exit(roles.main("firmware_bridge", build))
