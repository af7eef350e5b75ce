"""What goes wrong on a wire: never a wrong number, never another unit missed, never blocked.

Each test states its outcome.
"""

import heapq
import os
import random
from collections.abc import Callable
from typing import Any

import pytest

from firmware_bridge import timing
from firmware_bridge.firmware.counter_unit import Unit
from firmware_bridge.lines.simulated_devices import SimulatedUnit
from firmware_bridge.ports import BusBack, BusLost, UnitBack, UnitLost
from firmware_bridge.protocols import rtu
from firmware_bridge.protocols.crc import sealed
from firmware_bridge.protocols.session import KeyPressed, KeysLost, Rebooted, WrongShown
from firmware_bridge.protocols.unit_face import UnitFace
from hall.runtime.causes import Why

# The `Wire` of conftest.py; tests are no package, so its class has no import here.
Wire = Any
WireOf = Callable[..., Any]

PRESSES = 10_000 if os.environ.get("MOTCUA_FAULTS") == "full" else 2_000


class Babbler:
    """Talks whenever anybody is asked anything."""

    answers_to = None

    def __init__(self, length: int) -> None:
        self.length = length

    def answer_bytes(self, _: bytes, __: float) -> bytes | None:
        return random.Random(self.length).randbytes(self.length)

    def falls_silent(self) -> None:
        pass


class Impostor:
    """Answers for another unit: everything asked of 2 is answered as from itself, 3."""

    answers_to = None

    def answer_bytes(self, data: bytes, _: float) -> bytes | None:
        own = bytes(sealed(b"\x03\x04\x02\x05\x07"))
        return own if data[:1] == b"\x02" else None

    def falls_silent(self) -> None:
        pass


def show(wire: Wire) -> None:
    for address in wire.units:
        wire.bus.want_face(address, UnitFace(f"A00{address}"))


def all_shown(wire: Wire) -> list[str]:
    return [wire.shown(address) for address in wire.units]


def keys(wire: Wire) -> list[tuple[int, str]]:
    return [(event.address, event.key) for event in wire.events_of(KeyPressed)]


def test_a_healthy_bus_shows_everything_and_hears_every_key(wire_of: WireOf) -> None:
    wire = wire_of()
    show(wire)
    wire.run(0.3)
    wire.units[2].press("N", wire.clock.monotonic())
    wire.run(0.1)

    assert all_shown(wire) == ["A001", "A002", "A003"]
    assert keys(wire) == [(2, "N")]


@pytest.mark.parametrize("kind", ["flip", "drop", "cut", "lost", "noise", "burst"])
def test_frames_damaged_in_every_way_end_in_the_right_numbers(wire_of: WireOf, kind: str) -> None:
    """Outcome: tried again in the same or the next round; no unit is given up."""
    wire = wire_of()
    chance = random.Random(7)
    faults = wire.bus.line.faults
    original = faults.spoil

    def half(frame: bytes) -> bytes:
        spoilt = frame and chance.random() < 0.1
        return bytes(faults._spoilt(kind, frame) if spoilt else original(frame))

    wire.bus.line.faults = Spoiler(half)
    show(wire)
    wire.run(2)
    shown = set(all_shown(wire))
    wire.units[1].press("N", wire.clock.monotonic())
    wire.run(2)

    assert shown == {"A001", "A002", "A003"}
    assert keys(wire) == [(1, "N")]
    assert len(wire.events_of(UnitLost)) == len(wire.events_of(UnitBack))


class Spoiler:
    def __init__(self, spoil: Callable[[bytes], bytes]) -> None:
        self.spoil = spoil


def test_noise_while_the_line_is_idle_is_stepped_over(wire_of: WireOf) -> None:
    """Outcome: the next exchange succeeds at once."""
    wire = wire_of()
    wire.run(0.3)
    for _ in range(20):
        wire.bus.line.babble(b"\x01\xff\x04\x00", 0.0)
        wire.bus.turn()
        wire.run(0.02)

    assert wire.events_of(UnitLost) == []


def test_a_reply_merged_with_the_next_request_hides_neither() -> None:
    """Outcome: a slow unit that saw no silence in between still answers."""
    unit = Unit(2, boot=1)
    peer = sealed(bytes.fromhex("01 04 02 05 07"))

    assert unit.receive(peer + rtu.read(2, 4, 0, 1).request) is not None


def test_a_request_cut_short_is_dropped_and_the_next_one_answered() -> None:
    """Outcome: silence flushes; the whole request that follows is answered."""
    unit, whole = Unit(2, boot=1), rtu.read(2, 4, 0, 1).request
    for length in range(len(whole)):
        assert unit.receive(whole[:length]) is None
        unit.silence()

        assert unit.receive(whole) is not None


def test_a_unit_that_answers_for_another_is_not_believed(wire_of: WireOf) -> None:
    """Outcome: the unit that was asked counts as lost, the others go on."""
    wire = wire_of()
    wire.bus.line.devices = {1: wire.units[1], 2: Impostor(), 3: wire.units[3]}
    show(wire)
    wire.run(2)

    assert [event.address for event in wire.events_of(UnitLost)] == [2]
    assert (wire.shown(1), wire.shown(3)) == ("A001", "A003")
    assert keys(wire) == []


def test_two_units_on_one_address_are_told_as_lost_and_disturb_nobody(wire_of: WireOf) -> None:
    """Outcome: their answers collide; the address is lost with noise heard; the others go on."""
    wire = wire_of()
    twin = SimulatedUnit(2, wire.clock.monotonic(), boot=0x0F0F)
    twin.press("X", wire.clock.monotonic())
    wire.bus.line.devices = {**wire.units, 99: twin}
    show(wire)
    wire.run(2)
    counts = {count.address: count for count in wire.bus.counts()}

    assert [event.address for event in wire.events_of(UnitLost)] == [2]
    assert counts[2].damaged >= 3
    assert (wire.shown(1), wire.shown(3)) == ("A001", "A003")


@pytest.mark.parametrize("length", [1, 60, 400, 5000])
def test_a_unit_that_babbles_when_asked_loses_only_itself(wire_of: WireOf, length: int) -> None:
    """Outcome: its slot ends at the deadline, it is probed ever more seldom, the others go on."""
    wire = wire_of()
    babbler = Babbler(length)

    class Asked(Babbler):
        def answer_bytes(self, data: bytes, now: float) -> bytes | None:
            return babbler.answer_bytes(data, now) if data[:1] == b"\x02" else None

    wire.bus.line.devices = {1: wire.units[1], 2: Asked(length), 3: wire.units[3]}
    show(wire)
    wire.run(3)
    wire.units[3].press("N", wire.clock.monotonic())
    wire.run(0.5)

    assert [event.address for event in wire.events_of(UnitLost)] == [2]
    assert (wire.shown(1), wire.shown(3)) == ("A001", "A003")
    assert keys(wire) == [(3, "N")]


def test_a_bus_drowned_by_a_babbler_is_one_alarm_and_heals_by_itself(wire_of: WireOf) -> None:
    """Outcome: BusLost once, nothing blocked, everything back when it stops."""
    wire = wire_of()
    wire.run(0.3)
    healthy = wire.bus.line.devices
    wire.bus.line.devices = {**healthy, 99: Babbler(300)}
    wire.run(5)
    lost = len(wire.events_of(BusLost))
    wire.bus.line.devices = healthy
    show(wire)
    wire.run(12)

    assert lost == 1
    assert len(wire.events_of(BusBack)) == 1
    assert all_shown(wire) == ["A001", "A002", "A003"]


def test_no_turn_takes_longer_than_its_deadline_whatever_is_heard(wire_of: WireOf) -> None:
    """Outcome: a turn ends within the settling time plus the deadline of its request."""
    wire = wire_of()
    wire.bus.line.devices = {1: Babbler(3), 2: Babbler(5000), 3: wire.units[3]}
    longest = 0.0
    for _ in range(100):
        before = wire.clock.monotonic()
        wire.bus.turn()
        longest = max(longest, wire.clock.monotonic() - before)
        wire.run(0.02)

    assert longest <= 0.05 + 2 * timing.t35_s(115200) + timing.deadline_s(19, 23, 115200)


def test_an_adapter_that_hears_itself_changes_nothing(wire_of: WireOf) -> None:
    """Outcome: the echo is never taken for a reply; a unit that is off is still found lost."""
    wire = wire_of()
    wire.bus.line.echo = True
    show(wire)
    wire.run(0.5)
    wire.units[3].switch_off()
    wire.run(2)

    assert all_shown(wire)[:2] == ["A001", "A002"]
    assert [event.address for event in wire.events_of(UnitLost)] == [3]


def test_an_adapter_pulled_in_the_middle_of_a_frame_is_found_again(wire_of: WireOf) -> None:
    """Outcome: told that it broke and is not there, tried 0.2 to 5 s apart, all shown again."""
    wire = wire_of()
    show(wire)
    wire.run(0.5)
    wire.bus.line.write(b"\x01\x10\x00\x00\x00")
    wire.bus.line.plugged = False
    wire.run(10)
    dark = all_shown(wire)
    wire.units[1].live(wire.clock.monotonic())
    wire.bus.line.plugged = True
    wire.run(6)

    lost = [(event.adapter, event.cause.why) for event in wire.events_of(BusLost)]
    assert lost == [(True, Why.BROKEN), (True, Why.ABSENT)]
    assert len(wire.events_of(BusBack)) == 1
    assert dark == ["A001", "A002", "A003"]
    assert all_shown(wire) == ["A001", "A002", "A003"]


def test_a_unit_that_was_rebooted_brings_no_phantom_keys(wire_of: WireOf) -> None:
    """Outcome: the boot is compared before events are counted; the number is written again."""
    wire = wire_of()
    show(wire)
    wire.run(0.3)
    for _ in range(3):
        wire.units[1].press("N", wire.clock.monotonic())
        wire.run(0.3)
    wire.units[1].switch_off()
    wire.units[1].switch_on(wire.clock.monotonic())
    wire.units[1].press("R", wire.clock.monotonic())
    wire.run(1)

    assert keys(wire) == [(1, "N"), (1, "N"), (1, "N"), (1, "R")]
    assert [event.cause for event in wire.events_of(Rebooted)] == [1]
    assert wire.shown(1) == "A001"


def test_a_bridge_that_starts_late_takes_no_old_keys(wire_of: WireOf) -> None:
    """Outcome: what was pressed before the bridge ran is its baseline."""
    wire = wire_of()
    wire.units[1].press("N", wire.clock.monotonic())
    wire.run(0.5)
    wire.units[1].press("R", wire.clock.monotonic())
    wire.run(0.5)

    assert keys(wire) == [(1, "R")]


def test_more_keys_than_a_unit_keeps_are_counted_as_lost(wire_of: WireOf) -> None:
    """Outcome: the last four are processed, the rest is counted, never guessed."""
    wire = wire_of()
    wire.run(0.3)
    for key in "123456":
        wire.units[1].press(key, wire.clock.monotonic())
    wire.run(0.3)

    assert [key for _, key in keys(wire)] == ["3", "4", "5", "6"]
    assert [event.count for event in wire.events_of(KeysLost)] == [2]


def test_the_count_of_keys_goes_on_past_its_eight_bits(wire_of: WireOf) -> None:
    wire = wire_of()
    wire.run(0.3)
    for _ in range(300):
        wire.units[1].press("N", wire.clock.monotonic())
        wire.run(0.05)

    assert [event.serial for event in wire.events_of(KeyPressed)] == list(range(1, 301))


def test_a_wrong_text_under_the_right_generation_is_found_and_written_again(
    wire_of: WireOf,
) -> None:
    """Outcome: the unit's CRC of its characters gives it away within the check interval."""
    wire = wire_of()
    show(wire)
    wire.run(0.5)
    wire.units[1].unit.text = b"A009  "
    wire.run(31)

    assert wire.shown(1) == "A001"
    assert len(wire.events_of(WrongShown)) == 1


def test_a_unit_that_lost_touch_shows_dashes_until_it_is_written_again(wire_of: WireOf) -> None:
    """Outcome: after five seconds unheard no number stands on the display."""
    wire = wire_of()
    show(wire)
    wire.run(0.5)
    wire.units[1].deaf = True
    wire.run(6)
    now = wire.clock.monotonic()
    seen = {wire.units[1].shown(now + step / 10) for step in range(12)}
    wire.units[1].deaf = False
    wire.run(12)

    assert seen == {"- -", ""}
    assert wire.shown(1) == "A001"


def test_dead_units_cost_the_live_ones_one_probe_a_round(wire_of: WireOf) -> None:
    """Outcome: a key of the last live unit is heard within a round of the live ones and a probe."""
    wire = wire_of(count=16)
    wire.run(1)
    for address in range(2, 16):
        wire.units[address].switch_off()
    wire.run(20)
    before = wire.clock.monotonic()
    wire.units[16].press("N", before)
    while not wire.events_of(KeyPressed):
        wire.run(0.005)

    probe = timing.deadline_s(8, 23, 115200) + timing.t35_s(115200)
    assert wire.clock.monotonic() - before <= 0.02 + 2 * timing.slot_s(15, 115200) + probe + 0.02


def test_thousands_of_presses_on_a_spoilt_bus_of_32_lose_no_key_and_show_no_wrong_number(
    wire_of: WireOf,
) -> None:
    """Outcome: with 5 % of the frames damaged every press is told once, in order, within 3 s."""
    wire = wire_of(count=32, rate=0.05, seed=20261123)
    told = {address: {""} for address in wire.units}
    pressed = dict.fromkeys(wire.units, 0)
    taken = dict.fromkeys(wire.units, 0)
    chance, wrong, oldest = random.Random(11), [], [0.0]
    seen = dict.fromkeys(wire.units, 0)
    due = [(wire.clock.monotonic() + 2 + chance.random(), address) for address in wire.units]
    heapq.heapify(due)

    def each() -> None:
        now = wire.clock.monotonic()
        for event in wire.events_of(KeyPressed):
            taken[event.address] += 1
            oldest.append(event.age_s)
            text = f"{taken[event.address]:04d}"
            told[event.address].add(text)
            wire.bus.want_face(event.address, UnitFace(text))
        wire.events.clear()
        while due[0][0] <= now and sum(pressed.values()) < PRESSES:
            _, address = heapq.heappop(due)
            wire.units[address].press("N", now)
            pressed[address] += 1
            heapq.heappush(due, (now + 0.5 + 2 * chance.random(), address))
        for address, unit in wire.units.items():
            if unit.unit.latches != seen[address]:
                seen[address] = unit.unit.latches
                if wire.shown(address) not in told[address]:
                    wrong.append((now, address, wire.shown(address)))

    wire.run(2)
    while sum(pressed.values()) < PRESSES:
        wire.run(5, each)
    wire.run(5, each)

    assert wrong == []
    assert taken == pressed
    assert max(oldest) < 3
    assert sum(count.keys_lost for count in wire.bus.counts()) == 0
    assert [wire.shown(a) for a in wire.units] == [f"{taken[a]:04d}" for a in wire.units]
