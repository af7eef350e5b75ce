"""Threads that keep devices: they open, serve, reopen, and end when they are told to."""

import errno
import os
import threading
from collections.abc import Callable, Iterator
from queue import SimpleQueue

import pytest

from hall.runtime.clock import SystemClock
from hall.runtime.devices import Device, DeviceLost, DeviceNews, DeviceWatch, DeviceWell
from hall.runtime.keeping import InterruptibleWait, Keeper, Rounds

CLOCK = SystemClock()
DEADLINE_S = 20.0
SCANNER = Device("scanner_offline", "máy quét")
BUTTON, LAMP = Device("buttons_lost", "nút"), Device("lamps_lost", "đèn")


class Told:
    """What a keeper told, with a deadline on each piece of news and of what was sent."""

    def __init__(self) -> None:
        self._news: SimpleQueue[bytes | DeviceNews] = SimpleQueue()

    def care(self, device: Device) -> DeviceWatch:
        return DeviceWatch(device, self._news.put, CLOCK.monotonic)

    def post(self, item: bytes | DeviceNews) -> None:
        self._news.put(item)

    def next(self) -> bytes | DeviceNews:
        return self._news.get(timeout=DEADLINE_S)


class Cable:
    """A device whose cable is a pipe; `gone`: what opening raises."""

    def __init__(self, gone: Exception | None = None) -> None:
        self.gone = gone
        self.inner = -1
        self.closed = 0

    def serve(
        self,
        patience: InterruptibleWait,
        works: Callable[[], None],
        post: Callable[[bytes | DeviceNews], None],
    ) -> None:
        if self.gone is not None:
            raise self.gone
        outer, self.inner = os.pipe()
        try:
            works()
            while not patience.over:
                if patience.wait(DEADLINE_S, outer):
                    data = os.read(outer, 100)
                    if not data:
                        raise OSError(errno.ENODEV, "unplugged")
                    post(data)
        finally:
            self.closed += 1
            os.close(outer)


@pytest.fixture
def kept() -> Iterator[Callable[[Cable], Told]]:
    keepers: list[Keeper[bytes]] = []

    def keep(cable: Cable) -> Told:
        told = Told()
        keepers.append(Keeper(SCANNER, CLOCK.monotonic, cable.serve))
        keepers[-1].start(told.post)
        return told

    yield keep
    for keeper in keepers:
        keeper.stop()


def test_a_device_is_served_until_it_is_unplugged_and_again_when_it_is_back(
    kept: Callable[[Cable], Told],
) -> None:
    cable = Cable()
    told = kept(cable)
    assert told.next() == DeviceWell(SCANNER)
    os.write(cable.inner, b"A001")
    assert told.next() == b"A001"

    os.close(cable.inner)
    assert isinstance(told.next(), DeviceLost)
    assert told.next() == DeviceWell(SCANNER)
    os.write(cable.inner, b"A002")

    assert told.next() == b"A002"
    os.close(cable.inner)


def test_a_device_that_appears_late_is_opened_then(kept: Callable[[Cable], Told]) -> None:
    cable = Cable(gone=FileNotFoundError(errno.ENOENT, "x"))
    told = kept(cable)
    assert isinstance(told.next(), DeviceLost)

    cable.gone = None

    assert told.next() == DeviceWell(SCANNER)
    os.close(cable.inner)


def test_a_keeper_ends_at_once_and_closes_what_it_opened() -> None:
    cable, told = Cable(), Told()
    keeper: Keeper[bytes] = Keeper(SCANNER, CLOCK.monotonic, cable.serve)
    keeper.start(told.post)
    told.next()
    begun = CLOCK.monotonic()

    keeper.stop()

    assert CLOCK.monotonic() - begun < DEADLINE_S
    assert cable.closed == 1
    os.close(cable.inner)


def test_a_keeper_that_was_never_started_can_be_stopped_again_and_again() -> None:
    keeper: Keeper[bytes] = Keeper(SCANNER, CLOCK.monotonic, Cable().serve)

    keeper.stop()
    keeper.stop()


class Pin:
    """A quiet device; `fault`: what using it raises."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.fault = fault
        self.looked = threading.Semaphore(0)
        self.opened = self.closed = 0

    def open(self) -> None:
        if self.fault is not None:
            raise self.fault
        self.opened += 1

    def look(self) -> None:
        if self.fault is not None:
            raise self.fault
        self.looked.release()

    def close(self) -> None:
        self.closed += 1
        if self.fault is not None:
            raise self.fault


@pytest.fixture
def rounds() -> Iterator[Callable[..., tuple[Rounds, Told]]]:
    made: list[Rounds] = []

    def keep(**pins: Pin) -> tuple[Rounds, Told]:
        told = Told()
        devices = {"button": BUTTON, "lamp": LAMP}
        kept = [(told.care(devices[name]), pin) for name, pin in pins.items()]
        made.append(Rounds("pins", kept, CLOCK.monotonic))
        made[-1].start()
        return made[-1], told

    yield keep
    for each in made:
        each.stop()


def test_a_busy_pin_takes_no_other_along(rounds: Callable[..., tuple[Rounds, Told]]) -> None:
    busy, free = Pin(OSError(errno.EBUSY, "x")), Pin()

    _, told = rounds(button=busy, lamp=free)

    lost = told.next()
    assert isinstance(lost, DeviceLost)
    assert lost.device == BUTTON
    assert told.next() == DeviceWell(LAMP)
    busy.fault = None
    assert told.next() == DeviceWell(BUTTON)


def test_a_pin_that_fails_when_it_is_looked_at_is_closed_and_opened_again(
    rounds: Callable[..., tuple[Rounds, Told]],
) -> None:
    pin = Pin()
    going, told = rounds(button=pin)
    assert told.next() == DeviceWell(BUTTON)

    pin.fault = OSError(errno.EIO, "x")
    going.hurry()
    assert isinstance(told.next(), DeviceLost)
    pin.fault = None

    assert told.next() == DeviceWell(BUTTON)
    assert pin.opened == 2


def test_who_is_in_a_hurry_is_looked_at_at_once(rounds: Callable[..., tuple[Rounds, Told]]) -> None:
    pin = Pin()
    going, _ = rounds(button=pin)
    assert pin.looked.acquire(timeout=DEADLINE_S)

    going.hurry()

    assert pin.looked.acquire(timeout=4.0)


def test_all_pins_are_closed_at_the_end(rounds: Callable[..., tuple[Rounds, Told]]) -> None:
    button, lamp = Pin(), Pin()
    going, told = rounds(button=button, lamp=lamp)
    told.next()
    told.next()

    going.stop()

    assert (button.closed, lamp.closed) == (1, 1)
