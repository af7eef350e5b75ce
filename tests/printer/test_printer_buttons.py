"""Buttons on pins, in a USB box, and simulated: what they post, and what becomes of their lamps."""

import errno
import os
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import gpiozero
import pytest
from gpiozero.pins.mock import MockFactory, MockPWMPin

from printer.buttons.evdev import EvdevButtons
from printer.buttons.gpio import GpioButtons, Pins
from printer.buttons.keys import CODES
from printer.ports import ButtonsFound, ButtonsLost, FoundDown, Lamp, Pressed, Released


class LeanedOn(MockPWMPin):
    """A chair stands against the button while the board starts."""

    def _set_pull(self, value: str) -> None:
        super()._set_pull(value)
        self._change_state(0)


@pytest.fixture
def pins() -> Iterator[MockFactory]:
    before = gpiozero.Device.pin_factory
    factory = gpiozero.Device.pin_factory = MockFactory(pin_class=MockPWMPin)
    yield factory
    factory.reset()
    gpiozero.Device.pin_factory = before


@pytest.fixture
def board(pins: MockFactory) -> Iterator[tuple[GpioButtons, list[Any], MockFactory]]:
    posted: list[Any] = []
    buttons = GpioButtons({"ho-tich": Pins(17, 27), "dat-dai": Pins(22)})
    buttons.start(posted.append)
    yield buttons, posted, pins
    buttons.stop()


def test_a_pin_drawn_to_ground_is_a_press(board: Any) -> None:
    _, posted, pins = board

    pins.pin(17).drive_low()
    pins.pin(17).drive_high()
    pins.pin(22).drive_low()

    assert posted == [Pressed("ho-tich"), Released("ho-tich"), Pressed("dat-dai")]


def test_a_button_that_is_down_from_the_start_is_told(pins: MockFactory) -> None:
    pins.pin(17, pin_class=LeanedOn)
    posted: list[Any] = []
    buttons = GpioButtons({"ho-tich": Pins(17)})

    buttons.start(posted.append)

    assert posted == [FoundDown("ho-tich")]
    buttons.stop()


@pytest.mark.parametrize("lamp", list(Lamp))
def test_every_state_has_its_light(board: Any, lamp: Lamp) -> None:
    buttons, _, pins = board

    buttons.lamps(lamp)

    assert buttons._lamps[0].is_lit
    assert (buttons._lamps[0]._blink_thread is None) == (lamp is Lamp.READY)
    assert pins.pin(27).function == "output"


@pytest.mark.usefixtures("pins")
def test_a_board_without_pins_is_an_alert_and_not_a_crash() -> None:
    posted: list[Any] = []
    first = gpiozero.Button(17)

    GpioButtons({"a": Pins(17)}).start(posted.append)

    assert isinstance(posted[0], ButtonsLost)
    first.close()


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
    buttons = EvdevButtons(Path("/dev/input/box"), keys, cable.open)
    buttons.reopen_s = 0.05
    buttons.start(posted.put)
    yield cable, lambda: posted.get(timeout=5)
    buttons.stop()


def test_keys_of_a_box_are_presses_and_other_keys_are_nothing(box: Any) -> None:
    cable, said = box

    cable.send(event("KEY_A", 1) + event("KEY_1", 1) + event("KEY_1", 2) + event("KEY_1", 0))

    assert said() == Pressed("ho-tich")
    assert said() == Released("ho-tich")


def test_events_other_than_keys_are_skipped(box: Any) -> None:
    cable, said = box

    cable.send(EVENT.pack(0, 0, 4, 4, 458782) + event("KEY_2", 1) + EVENT.pack(0, 0, 0, 0, 0))

    assert said() == Pressed("dat-dai")


def test_an_unplugged_box_is_said_once_and_found_again(box: Any) -> None:
    cable, said = box
    cable.send(event("KEY_1", 1))
    assert said() == Pressed("ho-tich")

    cable.unplug()
    assert isinstance(said(), ButtonsLost)
    cable.plugged = True

    assert said() == ButtonsFound()


def test_the_names_of_keys_are_the_kernel_s() -> None:
    assert (CODES["KEY_1"], CODES["KEY_0"], CODES["KEY_A"], CODES["KEY_M"]) == (2, 11, 30, 50)
    assert (CODES["KEY_F1"], CODES["KEY_F10"], CODES["KEY_F12"]) == (59, 68, 88)
    assert (CODES["BTN_0"], CODES["BTN_TRIGGER"], CODES["BTN_BASE"]) == (0x100, 0x120, 0x126)
    assert (CODES["BTN_BASE2"], CODES["BTN_BASE6"]) == (0x127, 0x12B)
    assert len(set(CODES.values())) == len(CODES)
