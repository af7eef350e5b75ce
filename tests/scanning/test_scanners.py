"""Scanners: a real pseudo-terminal, key events as Linux writes them, a keyboard's pace."""

import os
import queue
import struct
import tty
from collections.abc import Iterator

import pytest

from hall.runtime.clock import SystemClock
from hall.runtime.devices import DeviceLost, DeviceNews, DeviceWell
from hall.runtime.input_events import keys_in
from hall.scanning.drivers.evdev import EvdevScanner
from hall.scanning.drivers.serial import SerialScanner
from hall.scanning.drivers.simulated import UNPLUGGED, SimulatedScanner
from hall.scanning.keymap import KeyReader
from hall.scanning.lines import LineCutter
from hall.scanning.ports import Scan
from kiosk.decoding.wedge import DecodedKeys, Wedge

CODE = "H38.12-181129-0001"
DEADLINE_S = 120.0
Posted = Scan | DeviceNews
CLOCK = SystemClock().monotonic


@pytest.fixture
def line() -> Iterator[tuple[int, str]]:
    """Our end of a serial line, and the device's name of the other."""
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    yield ours, os.ttyname(theirs)
    for end in (ours, theirs):
        os.close(end)


def test_a_serial_scanner_posts_each_code(line: tuple[int, str]) -> None:
    ours, device = line
    posted: queue.Queue[Posted] = queue.Queue()
    scanner = SerialScanner(device, CLOCK)
    scanner.start(posted.put)
    assert posted.get(timeout=DEADLINE_S) == DeviceWell(scanner.device)
    os.write(ours, f"{CODE}\r\n".encode())
    os.write(ours, b"]Q1G09.20-20260609-0092637\r")

    assert posted.get(timeout=DEADLINE_S) == Scan(CODE)
    assert posted.get(timeout=DEADLINE_S) == Scan("]Q1G09.20-20260609-0092637")
    scanner.close()


def test_a_serial_scanner_without_an_end_mark_is_cut_by_its_pause(line: tuple[int, str]) -> None:
    ours, device = line
    posted: queue.Queue[Posted] = queue.Queue()
    scanner = SerialScanner(device, CLOCK)
    scanner.start(posted.put)
    assert posted.get(timeout=DEADLINE_S) == DeviceWell(scanner.device)
    os.write(ours, CODE.encode())

    assert posted.get(timeout=DEADLINE_S) == Scan(CODE)
    scanner.close()


@pytest.mark.parametrize("make", [SerialScanner, EvdevScanner])
def test_a_missing_scanner_is_told_once(make: type[SerialScanner | EvdevScanner]) -> None:
    posted: queue.Queue[Posted] = queue.Queue()
    scanner = make("/dev/motcua-no-such-scanner", CLOCK)
    scanner.start(posted.put)
    told = posted.get(timeout=DEADLINE_S)
    scanner.close()
    scanner.close()

    assert isinstance(told, DeviceLost)
    assert told.cause.text == "không thấy thiết bị"
    assert posted.empty()


def test_a_file_that_cannot_be_grabbed_is_no_scanner(line: tuple[int, str]) -> None:
    posted: queue.Queue[Posted] = queue.Queue()
    scanner = EvdevScanner(line[1], CLOCK)
    scanner.start(posted.put)
    told = posted.get(timeout=DEADLINE_S)
    scanner.close()

    assert isinstance(told, DeviceLost)
    assert "không phải loại cần" in told.cause.text


def test_codes_come_whole_however_the_bytes_come() -> None:
    cutter = LineCutter()

    assert cutter.feed(b"H38.12-18") == ()
    assert cutter.feed(b"1129-0001\r\nG09") == (CODE,)
    assert cutter.pause() == ("G09",)
    assert cutter.pause() == ()


def test_a_card_in_a_wrong_code_page_is_still_read() -> None:
    assert LineCutter().feed(b"099190000001||NGUY\xca\xd1N|\n") == ("099190000001||NGUYÊÑN|",)


def test_an_endless_line_is_thrown_away() -> None:
    cutter = LineCutter()
    for _ in range(5):
        assert cutter.feed(b"x" * 1000) == ()

    assert cutter.feed(b"\n" + CODE.encode() + b"\n")[-1] == CODE


@pytest.mark.parametrize(("length", "count"), [(2048, 1), (2049, 0)])
def test_a_scan_is_at_most_two_thousand_and_forty_eight_bytes_long(length: int, count: int) -> None:
    assert len(LineCutter().feed(b"x" * length + b"\n")) == count


def test_what_an_endless_line_began_with_is_not_kept() -> None:
    cutter = LineCutter()
    cutter.feed(b"x" * 3000)

    assert cutter.pause() == ()


def event(kind: int, code: int, value: int) -> bytes:
    return struct.pack("llHHi", 0, 0, kind, code, value)


def press(code: int) -> bytes:
    return event(1, code, 1) + event(0, 0, 0) + event(1, code, 0)


def shifted(code: int) -> bytes:
    return event(1, 42, 1) + press(code) + event(1, 42, 0)


def scanned(received: bytes) -> tuple[str, ...]:
    return tuple(KeyReader().scans(keys_in(received)))


def test_key_events_become_a_code() -> None:
    typed = shifted(35) + press(4) + press(9) + press(52) + press(12) + press(28)

    assert scanned(typed) == ("H38.-",)


def test_a_shift_that_repeats_itself_while_held_stays_down() -> None:
    typed = event(1, 42, 1) + event(1, 42, 2) + press(35) + event(1, 42, 0) + press(28)

    assert scanned(typed) == ("H",)


def test_the_enter_of_the_number_block_ends_a_scan_too() -> None:
    assert scanned(press(4) + press(96)) == ("3",)


@pytest.mark.parametrize("end", [28, 96, 15], ids=["enter", "enter of the block", "tab"])
def test_every_usual_end_mark_ends_a_scan(end: int) -> None:
    assert scanned(press(30) + press(2) + press(end) + press(48)) == ("a1",)


def test_digits_of_the_number_block_are_digits_whatever_shift_says() -> None:
    block = b"".join(press(code) for code in (82, 79, 80, 81, 75, 76, 77, 71, 72, 73, 74, 83))

    assert scanned(block + press(96)) == ("0123456789-.",)
    assert scanned(event(1, 42, 1) + press(79) + event(1, 42, 0) + press(28)) == ("1",)


def test_a_scan_without_an_end_mark_ends_by_silence_and_never_begins_the_next() -> None:
    reader = KeyReader()
    assert tuple(reader.scans(keys_in(press(30) + press(2)))) == ()
    assert reader.holds
    assert reader.pause() == "a1"

    assert not reader.holds
    assert reader.pause() is None
    assert tuple(reader.scans(keys_in(press(48) + press(28)))) == ("b",)


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\t"])
def test_a_serial_line_may_end_in_any_usual_mark(end: bytes) -> None:
    assert LineCutter().feed(b"H38.12-261110-0042" + end) == ("H38.12-261110-0042",)


def test_only_key_events_are_read() -> None:
    assert scanned(event(4, 4, 1) + press(5) + press(28)) == ("4",)


def test_an_enter_alone_is_no_scan() -> None:
    assert scanned(press(28)) == ()


def test_half_an_event_is_left_alone() -> None:
    assert scanned(press(4)[:10]) == ()
    assert scanned(press(4) + press(28) + event(1, 5, 1)[:7]) == ("3",)


def test_a_fast_burst_with_an_enter_is_a_scan() -> None:
    wedge = Wedge()
    for place, letter in enumerate(CODE):
        assert wedge.typed(letter, 1.0 + 0.004 * place) == DecodedKeys()

    assert wedge.entered() == DecodedKeys(scan=CODE)


def test_a_person_types_letters() -> None:
    wedge = Wedge()
    wedge.typed("H", 1.0)

    assert wedge.typed("3", 1.4) == DecodedKeys(letters="H")
    assert wedge.tick(1.41) == DecodedKeys()
    assert wedge.tick(1.6) == DecodedKeys(letters="3")
    assert wedge.entered() is None


def test_a_burst_without_an_enter_is_a_scan_when_it_rests() -> None:
    wedge = Wedge()
    for letter in CODE:
        wedge.typed(letter, 1.0)

    assert wedge.tick(1.2) == DecodedKeys(scan=CODE)


def test_of_a_burst_that_a_wipe_cuts_nothing_is_left_for_who_comes_next() -> None:
    wedge = Wedge()
    for place, letter in enumerate(CODE):
        if place == len(CODE) // 2:
            wedge.wipe()
        assert wedge.typed(letter, 1.0 + 0.004 * place) == DecodedKeys()
    assert wedge.entered() == DecodedKeys()
    assert wedge.entered() is None

    for letter in CODE:
        wedge.typed(letter, 1.2)
    assert wedge.entered() == DecodedKeys(scan=CODE)


def test_who_types_after_a_cut_burst_has_rested_is_heard() -> None:
    wedge = Wedge()
    wedge.typed("H38.1", 1.0)
    wedge.wipe()
    wedge.typed("2", 1.01)
    assert wedge.tick(1.2) == DecodedKeys()
    assert wedge.entered() is None
    wedge.typed("7", 1.3)

    assert wedge.tick(1.5) == DecodedKeys(letters="7")


def test_a_simulated_scanner_reads_while_it_is_connected() -> None:
    posted: list[Posted] = []
    scanner = SimulatedScanner()
    scanner.show_code("early")
    scanner.start(posted.append)
    scanner.show_code(CODE)
    scanner.unplug()
    scanner.plug()
    scanner.close()
    scanner.show_code("late")

    assert posted == [
        DeviceWell(scanner.device),
        Scan(CODE),
        DeviceLost(scanner.device, UNPLUGGED),
        DeviceWell(scanner.device),
    ]


def test_what_was_scanned_is_not_in_its_own_description() -> None:
    assert CODE not in repr(Scan(CODE))
