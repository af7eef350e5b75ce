"""What a trainer may do to simulated units, told over the bus with the verb `simulate`."""

from collections.abc import Sequence

from firmware_bridge.ports import Steer
from firmware_bridge.seats import Seat
from hall.contract.requests import Simulate

_OF_A_UNIT = {"key", "unit-off", "unit-on"}
_OF_A_BUS = {"bus-off", "bus-on", "faults"}


def steer_of(order: Simulate, seats: Sequence[Seat]) -> tuple[Seat, Steer] | None:
    """The seat that is meant and what to do there; None when there is no such thing.

    key {counter, key} · unit-off, unit-on {counter} · bus-off, bus-on {bus} · faults {bus, rate}
    """
    if order.action in _OF_A_UNIT:
        return _unit(order, seats)
    if order.action in _OF_A_BUS:
        return _bus(order, seats)
    return None


def _unit(order: Simulate, seats: Sequence[Seat]) -> tuple[Seat, Steer] | None:
    key, counter = str(order.args.get("key", "")), str(order.args.get("counter", ""))
    if order.action == "key" and len(key) != 1:
        return None
    mine = [seat for seat in seats if seat.counter == counter]
    pressable = [seat for seat in mine if seat.keys] if order.action == "key" else mine
    if not pressable:
        return None
    return pressable[0], Steer(order.action, pressable[0].address, key)


def _bus(order: Simulate, seats: Sequence[Seat]) -> tuple[Seat, Steer] | None:
    """Buses count from 1; without one the first is meant."""
    wanted = order.args.get("bus", 1)
    rate = order.args.get("rate", 0.0)
    if isinstance(wanted, str | bool) or isinstance(rate, str | bool):
        return None
    found = next((seat for seat in seats if seat.bus == int(wanted) - 1), None)
    return None if found is None else (found, Steer(order.action, value=float(rate)))
