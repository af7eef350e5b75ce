"""Whom the master of a bus asks, how often, and when it gives somebody up."""

from collections.abc import Callable
from typing import Any

import pytest

from firmware_bridge.ports import BusLost, UnitLost

# The `Wire` of conftest.py; tests are no package, so its class has no import here.
Wire = Any
WireOf = Callable[..., Any]


class Noise:
    """Answers for unit 2, unreadably."""

    answers_to = None

    def answer_bytes(self, data: bytes, _: float) -> bytes | None:
        return b"\xff\xff\xff" if data[:1] == b"\x02" else None

    def falls_silent(self) -> None:
        pass


@pytest.fixture
def wire(wire_of: WireOf) -> Wire:
    """Three units that have been found; what is asked from now on stands in `asked`."""
    made = wire_of()
    made.run(0.3)
    made.asked = []
    made.bus.master.watch = lambda sent, _heard: made.asked.append(sent[0])
    return made


def until_lost(wire: Wire) -> None:
    while not wire.events_of(UnitLost):
        wire.bus.turn()
        wire.run(0.001)


def test_three_silences_are_a_lost_unit(wire: Wire) -> None:
    wire.units[2].switch_off()
    until_lost(wire)

    assert wire.asked.count(2) == 3


def test_six_answers_that_cannot_be_read_are_a_lost_unit(wire: Wire) -> None:
    wire.bus.line.devices = {1: wire.units[1], 2: Noise(), 3: wire.units[3]}
    until_lost(wire)

    assert wire.asked.count(2) == 6


def test_a_unit_that_missed_once_is_asked_again_before_the_others(wire: Wire) -> None:
    wire.units[2].switch_off()
    until_lost(wire)
    first = wire.asked.index(2)

    assert wire.asked[first : first + 3] == [2, 2, 3]


def test_a_lost_unit_is_looked_for_ever_more_seldom(wire: Wire) -> None:
    wire.units[2].switch_off()
    until_lost(wire)
    wire.asked.clear()
    wire.run(60)
    minute = wire.asked.count(2)
    wire.asked.clear()
    wire.run(60)

    assert minute < 25
    assert 5 <= wire.asked.count(2) <= 7


def test_a_dead_bus_whose_adapter_is_pulled_as_well_is_told_of_both(wire: Wire) -> None:
    for unit in wire.units.values():
        unit.switch_off()
    wire.run(5)
    wire.bus.line.plugged = False
    wire.run(15)

    assert [event.adapter for event in wire.events_of(BusLost)][:2] == [False, True]
