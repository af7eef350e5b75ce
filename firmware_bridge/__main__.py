"""Wires a bridge: settings → lines, masters, keypads → service → daemon."""

import sys

from firmware_bridge.bus_section import BusSurroundings
from firmware_bridge.bus_thread import BusThread
from firmware_bridge.checking import kind_of, mistakes_of
from firmware_bridge.master import Master, Station
from firmware_bridge.protocols.foreign import ForeignDisplay
from firmware_bridge.protocols.own_unit import OwnUnit
from firmware_bridge.protocols.profile import DisplayProfile
from firmware_bridge.seats import Seat
from firmware_bridge.service import BridgeService
from firmware_bridge.settings import DEFAULT_KEYS, BridgeFile, BridgeSection
from hall.runtime import roles, settings
from hall.runtime.daemon import Daemon, Ground
from hall.runtime.sections import ServiceSection


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
    context = ground.context_of(section.id)
    buses = [_bus(section, index, ground) for index in range(len(section.buses))]
    keypads = [pad.connect(section.id, ground.clock.monotonic) for pad in section.keypads]
    service = BridgeService(context, buses, _seats(config, section), keypads)
    return Daemon(context, service, chosen={"counter": [seat.counter for seat in service.seats]})


def _bus(section: BridgeSection, index: int, ground: Ground) -> BusThread:
    bus, clock = section.buses[index], ground.clock.monotonic
    profiles = {unit.address: kind_of(unit, section).profile for unit in bus.units}
    where = BusSurroundings(f"bus {index + 1}", profiles, clock, ground.pictures)
    made = bus.connect(where)
    stations = [_station(address, profile) for address, profile in profiles.items()]
    master = Master(made.line, stations, bus.baud, clock)
    name = f"{section.id}-bus{index + 1}"
    return BusThread(name, made.device, master, clock, made.steering, made.after)


def _station(address: int, profile: DisplayProfile | None) -> Station:
    if profile is None:
        return Station(OwnUnit(address))
    return Station(ForeignDisplay(address, profile), profile.min_gap_ms / 1000)


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
