"""Buttons on pins, in a USB box, and simulated: what they post, and what becomes of their lamps."""

import errno
import os
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest
from gpio_chips import Chip, until

from hall.runtime.causes import Cause, Why
from hall.runtime.clock import SystemClock
from hall.runtime.devices import Device, DeviceLost, DeviceNews, DeviceWell
from hall.runtime.gpio.factory import OnChip
from printer.buttons.evdev import CODES, EvdevButtons
from printer.buttons.gpio import SETTLE_S, GpioButtons, Pins
from printer.ports import ButtonFoundDown, ButtonPressed, ButtonReleased, Lamp

CLOCK = SystemClock()


class Board:
    """Buttons on a Raspberry Pi's header, and what they posted."""

    def __init__(self, **pins: Pins) -> None:
        self.chip = Chip()
        self.posted: SimpleQueue[Any] = SimpleQueue()
        self.early: list[Any] = []
        opened = OnChip(
            None, "motcua printer-1", devices=self.chip.devices, now_ns=self.chip.now_ns
        )
        self.buttons = GpioButtons(pins, opened, CLOCK.monotonic)

    def start(self) -> "Board":
        """Returns once every pin was opened, or could not be."""
        self.buttons.start(self.posted.put)
        self.news = {each.device.name: each for each in map(self._news, self.buttons.devices)}
        return self

    def _news(self, _device: Device) -> DeviceNews:
        while not isinstance(said := self.said(), DeviceLost | DeviceWell):
            self.early.append(said)
        return said

    def settle(self) -> None:
        self.chip.advance(SETTLE_S)

    def said(self) -> Any:
        return self.posted.get(timeout=120)


@pytest.fixture
def board() -> Iterator[Board]:
    made = Board(a=Pins(17, 27), b=Pins(22, 23))
    yield made
    made.buttons.stop()
    assert (made.chip.handles, made.chip.requests) == (0, {})


def test_a_pin_drawn_to_ground_is_a_press(board: Board) -> None:
    board.start()

    board.chip.press(17, bounces=3)
    board.settle()
    board.chip.drive(17, level=None)
    board.settle()
    board.chip.press(22)
    board.settle()

    assert [board.said() for _ in range(3)] == [
        ButtonPressed("a"),
        ButtonReleased("a"),
        ButtonPressed("b"),
    ]


def test_a_button_that_is_down_from_the_start_is_told(board: Board) -> None:
    board.chip.drive(17, level=False)

    board.start()

    assert board.early == [ButtonFoundDown("a")]
    board.chip.drive(17, level=None)
    board.settle()
    assert board.said() == ButtonReleased("a")


def test_a_board_that_is_ready_lights_every_lamp(board: Board) -> None:
    board.start().buttons.lamps(Lamp.READY)

    until(lambda: (board.chip.level(27), board.chip.level(23)) == (True, True))


@pytest.mark.parametrize("lamp", [Lamp.PRINTING, Lamp.FAULT])
def test_lamps_blink_while_printing_and_flash_at_a_fault(board: Board, lamp: Lamp) -> None:
    board.start().buttons.lamps(lamp)

    blinks = [board.chip.seen.get(timeout=120) for _ in range(6)]
    assert {line for line, _ in blinks} == {27, 23}
    assert {level for _, level in blinks} == {True, False}


def test_stopped_buttons_leave_no_lamp_lit(board: Board) -> None:
    board.start().buttons.lamps(Lamp.PRINTING)

    board.buttons.stop()

    assert not board.chip.level(27)
    assert board.chip.requests == {}


def test_a_pin_that_somebody_holds_is_the_loss_of_its_button_alone_until_it_is_free(
    board: Board,
) -> None:
    board.chip.holders[22] = "gpio-fan"

    board.start()

    lost = board.news.pop("nút b (chân GPIO 22)")
    assert isinstance(lost, DeviceLost)
    assert lost.cause == Cause(Why.BUSY, "chân 22 đang bị 'gpio-fan' giữ")
    assert "gpioinfo" in lost.device.advice(lost.cause.why)
    assert "USB" not in lost.device.advice(lost.cause.why)
    assert all(isinstance(news, DeviceWell) for news in board.news.values())
    board.chip.press(17)
    board.settle()
    assert board.said() == ButtonPressed("a")

    del board.chip.holders[22]
    assert board.said() == DeviceWell(lost.device)
    board.chip.press(22)
    board.settle()
    assert board.said() == ButtonPressed("b")


def test_a_chip_that_goes_is_the_loss_of_all_its_pins_until_it_is_back(board: Board) -> None:
    board.start().buttons.lamps(Lamp.READY)
    until(lambda: board.chip.level(27))
    board.chip.press(17)
    board.settle()
    assert board.said() == ButtonPressed("a")

    board.chip.unplug()

    told = [board.said() for _ in range(5)]
    lost = [each for each in told if isinstance(each, DeviceLost)]
    assert [each for each in told if each not in lost] == [ButtonReleased("a")]
    assert {each.device for each in lost} == set(board.buttons.devices)
    assert "mất chip GPIO gpiochip0" in lost[0].cause.text
    board.chip.plug()
    until(lambda: board.chip.level(27))


EVENT = struct.Struct("llHHi")


def event(key: str, value: int) -> bytes:
    return EVENT.pack(0, 0, 1, CODES[key], value)


class Box:
    """A button box whose cable is a pipe."""

    def __init__(self) -> None:
        self.inner: int | None = None
        self.opened = threading.Event()
        self.plugged = True

    def open(self, _path: Path) -> int:
        if not self.plugged:
            raise OSError(errno.ENOENT, os.strerror(errno.ENOENT))
        outer, self.inner = os.pipe()
        os.set_blocking(outer, False)
        self.opened.set()
        return outer

    def send(self, data: bytes) -> None:
        assert self.opened.wait(5)
        assert self.inner is not None
        os.write(self.inner, data)

    def unplug(self) -> None:
        assert self.inner is not None
        self.plugged = False
        self.opened.clear()
        os.close(self.inner)


@pytest.fixture
def box() -> Iterator[tuple[Box, Callable[[], Any]]]:
    cable = Box()
    posted: SimpleQueue[Any] = SimpleQueue()
    keys = {CODES["KEY_1"]: "ho-tich", CODES["KEY_2"]: "dat-dai"}
    buttons = EvdevButtons(Path("/dev/input/box"), keys, CLOCK.monotonic, cable.open)
    buttons.start(posted.put)
    assert isinstance(posted.get(timeout=5), DeviceWell)
    yield cable, lambda: posted.get(timeout=5)
    buttons.stop()


def test_keys_of_a_box_are_presses_and_other_keys_are_nothing(box: Any) -> None:
    cable, said = box

    cable.send(event("KEY_A", 1) + event("KEY_1", 1) + event("KEY_1", 2) + event("KEY_1", 0))

    assert said() == ButtonPressed("ho-tich")
    assert said() == ButtonReleased("ho-tich")


def test_events_other_than_keys_are_skipped(box: Any) -> None:
    cable, said = box

    cable.send(EVENT.pack(0, 0, 4, 4, 458782) + event("KEY_2", 1) + EVENT.pack(0, 0, 0, 0, 0))

    assert said() == ButtonPressed("dat-dai")


def test_an_unplugged_box_is_said_once_and_found_again(box: Any) -> None:
    cable, said = box
    cable.send(event("KEY_1", 1))
    assert said() == ButtonPressed("ho-tich")

    cable.unplug()
    assert said() == ButtonReleased("ho-tich")
    assert isinstance(said(), DeviceLost)
    cable.plugged = True

    assert isinstance(said(), DeviceWell)


def test_the_names_of_keys_are_the_kernel_s() -> None:
    assert (CODES["KEY_1"], CODES["KEY_0"], CODES["KEY_A"], CODES["KEY_M"]) == (2, 11, 30, 50)
    assert (CODES["KEY_F1"], CODES["KEY_F10"], CODES["KEY_F12"]) == (59, 68, 88)
    assert (CODES["BTN_0"], CODES["BTN_TRIGGER"], CODES["BTN_BASE"]) == (0x100, 0x120, 0x126)
    assert (CODES["BTN_BASE2"], CODES["BTN_BASE6"]) == (0x127, 0x12B)
    assert len(set(CODES.values())) == len(CODES)
