"""The bytes on the wire: the vectors of the register map, on both ends of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.firmware import counter_unit
from firmware_bridge.firmware import counter_unit as unit_map
from firmware_bridge.firmware.counter_unit import Unit
from firmware_bridge.protocols import rtu
from firmware_bridge.protocols.crc import crc16, sealed
from firmware_bridge.protocols.own_unit import OwnUnit
from firmware_bridge.protocols.rtu import NoRtuResponse, RtuExceptionResponse, RtuResponse
from firmware_bridge.protocols.session import KeyPressed, KeysLost
from firmware_bridge.protocols.unit_face import UnitFace

POLL = bytes.fromhex("01 04 00 00 00 01 31 CA")
POLL_32 = bytes.fromhex("20 04 00 00 00 01 37 7B")
POLLED = bytes.fromhex("01 04 02 05 07 FB A2")
READ_EVENTS = bytes.fromhex("01 04 00 00 00 05 30 09")
EVENTS = bytes.fromhex("01 04 0A 05 07 4E 04 52 FF 00 00 00 00 3E 87")
BOOT_CHECK = bytes.fromhex("01 04 00 00 00 09 30 0C")
WRITE = bytes.fromhex("01 10 00 00 00 05 0A 00 08 30 31 30 35 20 20 00 00 C6 11")
WRITTEN = bytes.fromhex("01 10 00 00 00 05 00 0A")
READ_WRITE = bytes.fromhex("01 17 00 00 00 05 00 00 00 05 0A 00 08 30 31 30 35 20 20 00 00 55 80")


def unit_with_two_presses() -> Unit:
    unit = Unit(1, boot=0xBEEF)
    unit.seq, unit.gen = 3, 7
    unit.press(ord("R"))
    unit.tick(30_000)
    unit.press(ord("N"))
    unit.tick(400)
    unit.gen = 7
    return unit


def seen(unit: Unit, step_ms: int, times: int) -> set[bytes]:
    """All that is lit while time passes."""
    shown = set()
    for _ in range(times):
        unit.tick(step_ms)
        shown.add(unit.shown())
    return shown


@pytest.mark.parametrize("crc", [crc16, counter_unit.crc16])
def test_both_ends_count_the_same_checksum(crc: object) -> None:
    assert callable(crc)
    assert crc(b"123456789") == 0x4B37
    assert crc(b"0105  ") == 0x397F


@given(st.binary(max_size=40))
def test_the_table_of_a_nibble_agrees_with_the_table_of_a_byte(raw: bytes) -> None:
    assert counter_unit.crc16(raw) == crc16(raw)
    assert crc16(sealed(raw)) == 0


def test_requests_are_the_bytes_of_the_register_map() -> None:
    assert rtu.read(1, rtu.READ_INPUT, 0, 1).request == POLL
    assert rtu.read(32, rtu.READ_INPUT, 0, 1).request == POLL_32
    assert rtu.read(1, rtu.READ_INPUT, 0, 5).request == READ_EVENTS
    assert rtu.read(1, rtu.READ_INPUT, 0, 9).request == BOOT_CHECK
    assert rtu.write(1, 0, (8, 0x3031, 0x3035, 0x2020, 0)).request == WRITE


def test_a_unit_tells_its_sequence_and_what_it_shows() -> None:
    unit = Unit(1, boot=1)
    unit.seq, unit.gen = 5, 7

    assert unit.receive(POLL) == POLLED


def test_a_unit_tells_its_last_keys_and_how_old_they_are() -> None:
    assert unit_with_two_presses().receive(READ_EVENTS) == EVENTS


def test_a_face_is_latched_whole_and_acknowledged() -> None:
    unit = Unit(1, boot=1)

    assert unit.receive(WRITE) == WRITTEN
    assert (unit.gen, unit.text, unit.flags) == (8, b"0105  ", 0)


def test_one_exchange_may_write_a_face_and_read_it_back() -> None:
    reply = Unit(1, boot=1).receive(READ_WRITE)

    assert reply == sealed(bytes.fromhex("01 17 0A 00 08 30 31 30 35 20 20 00 00"))


@pytest.mark.parametrize(
    ("request_hex", "reply_hex"),
    [
        ("01 04 00 0D 00 01", "01 84 02 C2 C1"),
        ("01 05 00 00 FF 00", "01 85 01 83 50"),
        ("01 06 00 00 00 01", "01 86 01"),
        ("01 03 00 05 00 01", "01 83 02"),
        ("01 04 00 00 00 00", "01 84 03"),
        ("01 10 00 00 00 02 04 00 08 30 31", "01 90 02"),
        ("01 10 00 00 00 05 0A 00 00 30 31 30 35 20 20 00 00", "01 90 03"),
        ("01 10 00 00 00 05 0A 00 08 30 07 30 35 20 20 00 00", "01 90 03"),
        ("01 10 00 10 00 01 02 00 21", "01 90 03"),
    ],
)
def test_what_a_unit_cannot_do_it_refuses(request_hex: str, reply_hex: str) -> None:
    wanted = bytes.fromhex(reply_hex)
    unit = Unit(1, boot=1)

    reply = unit.receive(sealed(bytes.fromhex(request_hex)))

    assert reply == (wanted if len(wanted) == 5 else sealed(wanted))
    assert unit.gen == 0


def test_a_broadcast_is_obeyed_and_never_answered() -> None:
    unit = Unit(9, boot=1)

    assert unit.receive(rtu.write(0, 0, (1, 0x2020, 0x2020, 0x2020, 0)).request) is None
    assert unit.gen == 1
    assert unit.receive(rtu.read(0, rtu.READ_INPUT, 0, 1).request) is None


def test_a_new_address_holds_from_the_next_request_on() -> None:
    unit = Unit(1, boot=1)

    reply = unit.receive(rtu.write(1, counter_unit.ADDRESS_REGISTER, (7,)).request)

    assert reply is not None
    assert reply[0] == 1
    assert unit.moved
    assert unit.receive(POLL) is None
    assert unit.receive(rtu.read(7, rtu.READ_INPUT, 0, 1).request) is not None


@given(st.binary(max_size=30), st.lists(st.integers(1, 8), max_size=12))
def test_noise_before_a_request_and_any_chunks_do_not_hide_it(
    noise: bytes, cuts: list[int]
) -> None:
    unit = Unit(1, boot=1)
    heard = noise + READ_EVENTS
    replies, at = [], 0
    for size in [*cuts, len(heard)]:
        replies.append(unit.receive(heard[at : at + size]))
        at += size

    assert any(replies)


@given(st.integers(0, len(WRITE) - 1), st.integers(1, 255))
def test_one_damaged_byte_never_changes_what_is_shown(at: int, damage: int) -> None:
    unit = Unit(1, boot=1)
    spoilt = bytearray(WRITE)
    spoilt[at] ^= damage

    unit.receive(bytes(spoilt))

    assert unit.text == b"      "


@given(st.binary(max_size=64))
def test_a_unit_never_trips_over_what_it_hears(raw: bytes) -> None:
    unit = Unit(1, boot=1)

    unit.receive(raw)
    unit.silence()

    assert unit.receive(POLL) is not None


def test_a_damaged_request_is_counted() -> None:
    unit = Unit(1, boot=1)

    unit.receive(POLL[:-1] + b"\x00")
    unit.silence()

    assert unit.crc_errors == 1


def test_a_unit_that_nobody_speaks_to_shows_dashes_and_forgets_its_number() -> None:
    unit = Unit(1, boot=1)
    unit.receive(WRITE)

    unit.tick(5000)

    assert unit.gen == 0
    assert unit.status & counter_unit.COMMS_LOST
    assert seen(unit, 250, 4) == {b"- -   ", b"      "}


def test_a_press_that_nobody_takes_is_flashed_back() -> None:
    unit = Unit(1, boot=1)
    unit.receive(WRITE)
    unit.press(ord("N"))

    unit.tick(1400)
    before = unit.shown()
    unit.tick(200)
    flashes = seen(unit, 50, 8)

    assert before == b"0105  "
    assert flashes == {b"0105  ", b"------"}


def test_a_face_that_follows_a_press_is_its_acknowledgement() -> None:
    unit = Unit(1, boot=1)
    unit.press(ord("N"))
    unit.receive(WRITE)

    unit.tick(1600)

    assert unit.shown() == b"0105  "


def test_the_same_face_written_again_does_not_blink_again() -> None:
    unit = Unit(1, boot=1)
    blinking = rtu.write(1, 0, (8, 0x3031, 0x3035, 0x2020, UnitFace("0105", blink=3).flags)).request
    unit.receive(blinking)
    unit.tick(3100)

    unit.receive(blinking)

    assert unit.latches == 1
    assert seen(unit, 100, 6) == {b"0105  "}


def test_a_reply_is_found_behind_noise_and_behind_our_own_echo() -> None:
    ask = rtu.read(1, rtu.READ_INPUT, 0, 1)

    assert rtu.find_reply(ask, b"\xff\x01" + POLLED) == RtuResponse(POLLED)
    assert rtu.find_reply(ask, POLL + POLLED) == RtuResponse(POLLED)
    assert rtu.find_reply(ask, POLL) == NoRtuResponse(8)


def test_a_reply_of_another_unit_is_no_reply() -> None:
    reply = sealed(b"\x02" + POLLED[1:-2])

    assert rtu.find_reply(rtu.read(1, rtu.READ_INPUT, 0, 1), reply) == NoRtuResponse(7)


def test_a_refusal_is_a_sign_of_life() -> None:
    refusal = bytes.fromhex("01 84 02 C2 C1")

    assert rtu.find_reply(rtu.read(1, rtu.READ_INPUT, 13, 1), refusal) == RtuExceptionResponse(2)


def test_a_damaged_refusal_is_no_sign_of_anything() -> None:
    ask = rtu.read(7, rtu.READ_INPUT, 0, 1)
    damaged = bytes((7, rtu.READ_INPUT | 0x80, 2, 0xDE, 0xAD))

    assert rtu.find_reply(ask, damaged) == NoRtuResponse(5)


def test_an_acknowledgement_of_another_write_is_none() -> None:
    one, two = rtu.write(7, 0, (1,)), rtu.write(7, 0, (1, 2))

    assert rtu.find_reply(one, sealed(one.request[:6])) == RtuResponse(sealed(one.request[:6]))
    assert rtu.find_reply(one, sealed(two.request[:6])) == NoRtuResponse(8)


def test_a_read_that_brings_another_count_of_registers_is_no_reply() -> None:
    wrong = sealed(b"\x01\x04\x04\x05\x07")

    assert rtu.find_reply(rtu.read(1, rtu.READ_INPUT, 0, 1), wrong) == NoRtuResponse(7)


@given(st.integers(0, len(EVENTS) - 1), st.integers(1, 255))
def test_a_damaged_reply_is_never_taken(at: int, damage: int) -> None:
    spoilt = bytearray(EVENTS)
    spoilt[at] ^= damage

    assert isinstance(rtu.find_reply(rtu.read(1, 4, 0, 5), bytes(spoilt)), NoRtuResponse)


def test_a_look_is_four_nibbles() -> None:
    look = UnitFace("1", blink=3, brightness=4, beep=1, lamp=2)

    assert look.flags == 0x3412
    assert look.lasting_flags == 0x0402


def test_what_the_bridge_writes_is_what_the_unit_latches() -> None:
    unit, session = Unit(1, boot=5), OwnUnit(1)
    session.want_face(UnitFace("0105"))
    for _ in range(3):
        ask = session.next(0.0)
        session.take_outcome(session.settle(ask, unit.receive(ask.request) or b""))

    assert unit.text == b"0105  "
    assert session.shown


def talk(session: OwnUnit, unit: Unit, turns: int) -> list[object]:
    """So many exchanges without loss; what was heard of keys and boots."""
    events: list[object] = []
    for _ in range(turns):
        ask = session.next(0.0)
        events += session.take_outcome(session.settle(ask, unit.receive(ask.request) or b""))
    return events


def test_after_face_255_comes_face_1_since_0_is_a_blank_unit() -> None:
    unit, session = Unit(1, boot=5), OwnUnit(1)
    unit.gen = 255
    session.want_face(UnitFace("0105"))
    talk(session, unit, 3)

    assert unit.gen == 1
    assert session.shown


@pytest.mark.parametrize(("leap", "registers"), [(63, unit_map.BOOT), (64, unit_map.STATUS + 1)])
def test_a_leap_of_sixty_four_keys_is_checked_before_it_is_believed(
    leap: int, registers: int
) -> None:
    unit, session = Unit(1, boot=5), OwnUnit(1)
    session.want_face(UnitFace("0105"))
    talk(session, unit, 4)
    unit.seq = leap
    talk(session, unit, 1)

    assert session.next(0.0) == rtu.read(1, rtu.READ_INPUT, 0, registers)


def test_of_six_keys_since_the_last_check_four_are_known_and_two_are_lost() -> None:
    unit, session = Unit(1, boot=5), OwnUnit(1)
    session.want_face(UnitFace("0105"))
    talk(session, unit, 2)
    for key in "ABCDEF":
        unit.press(ord(key))
    events = talk(session, unit, 1)

    assert events[0] == KeysLost(1, 2)
    assert [event.key for event in events if isinstance(event, KeyPressed)] == list("CDEF")


def test_a_unit_that_refuses_a_write_is_still_polled_for_keys() -> None:
    session, unit = OwnUnit(1), Unit(1, boot=5)
    refusal = sealed(b"\x01\x90\x03")
    session.want_face(UnitFace("0105"))
    heard: list[object] = []
    for _ in range(6):
        ask = session.next(0.0)
        is_write = ask.request[1] == rtu.WRITE
        reply = refusal if is_write else unit.receive(ask.request) or b""
        heard += session.take_outcome(session.settle(ask, reply))
        if is_write:
            unit.press(ord("N"))

    assert [event.key for event in heard if isinstance(event, KeyPressed)][:2] == ["N", "N"]


@pytest.mark.parametrize("key", [7, 32, 127, 200])
def test_the_flags_of_a_key_that_is_no_character_are_counted_as_lost(key: int) -> None:
    session, unit = OwnUnit(1), Unit(1, boot=5)
    events: list[object] = []
    for step in range(4):
        ask = session.next(0.0)
        events += session.take_outcome(session.settle(ask, unit.receive(ask.request) or b""))
        if step == 0:
            unit.press(key)

    assert events == [KeysLost(1, 1)]
