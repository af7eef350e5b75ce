"""The counts of every unit, as they stand in the bridge's status for `motcua doctor`."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from firmware_bridge.ports import FieldBus
from firmware_bridge.seats import Seat
from hall.contract.messages import UnitHealth
from hall.runtime.clock import Clock


def reached_units(buses: Sequence[FieldBus]) -> frozenset[tuple[int, int]]:
    """(bus, address) of the units that were reached at some time.

    A display that never answers counts from the first time it was written to.
    """
    return frozenset(
        (index, unit.address)
        for index, bus in enumerate(buses)
        for unit in bus.counts()
        if unit.exchanges > unit.timeouts
    )


def unit_health(
    buses: Sequence[FieldBus], down: Collection[int], seats: Sequence[Seat], clock: Clock
) -> tuple[UnitHealth, ...]:
    """A unit is alive if it was reached, not lost since, and its bus is not `down`."""
    reached = reached_units(buses)
    counters = {(seat.bus, seat.address): seat.counter for seat in seats}
    found = []
    for index, bus in enumerate(buses):
        for unit in bus.counts():
            seen = unit.seen_at
            ago = None if seen is None else timedelta(seconds=clock.monotonic() - seen)
            found.append(
                UnitHealth(
                    bus=index + 1,
                    address=unit.address,
                    counter=counters[index, unit.address],
                    alive=unit.alive and (index, unit.address) in reached and index not in down,
                    seen_at=None if ago is None else clock.now() - ago,
                    round_trip_ms=unit.round_trip_ms,
                    exchanges=unit.exchanges,
                    timeouts=unit.timeouts,
                    damaged=unit.damaged,
                    retries=unit.retries,
                    keys_lost=unit.keys_lost,
                    reboots=unit.reboots,
                    wrong_shown=unit.wrong_shown,
                )
            )
    return tuple(found)
