"""Keypads on the Pi's own pins, with the keys wired between a chip's lines as on a real matrix."""

from collections.abc import Iterator
from queue import SimpleQueue
from typing import Any

import pytest
from gpio_chips import Chip
from pydantic import ValidationError

from firmware_bridge.keypads.gpio import GpioKeypad, GpioKeypads
from firmware_bridge.keypads.simulated import SimulatedKeypads
from firmware_bridge.ports import KeypadPressed
from firmware_bridge.settings import BridgeSection
from hall.runtime.clock import SetClock
from hall.runtime.devices import DeviceLost, DeviceWell
from hall.runtime.gpio.factory import OnChip
from hall.runtime.gpio.lines import Settling

SECTION = GpioKeypad.model_validate({"counter": "3"})
SETTLED_S = 0.03


class Matrix:
    """A keypad of sixteen keys on a Raspberry Pi's header."""

    def __init__(self) -> None:
        self.chip, self.clock = Chip(), SetClock()
        self.posted: SimpleQueue[Any] = SimpleQueue()
        pins = OnChip(None, "motcua 3", Settling.OURS, self.chip.devices, self.chip.now_ns)
        self.keypad = GpioKeypads(SECTION, self.clock.monotonic, pins)

    def start(self) -> "Matrix":
        """Returns once its pins were opened, or could not be."""
        self.keypad.start(self.posted.put)
        self.news = self.posted.get(timeout=10)
        return self

    def close(self, row: int, column: int) -> None:
        self.clock.advance(0.5)
        self.chip.join(SECTION.rows[row], SECTION.columns[column])
        self.chip.advance(SETTLED_S)

    def open(self) -> None:
        self.chip.part()
        self.chip.advance(SETTLED_S)

    def hears(self) -> str:
        said = self.posted.get(timeout=120)
        assert isinstance(said, KeypadPressed)
        return said.key


@pytest.fixture
def matrix() -> Iterator[Matrix]:
    made = Matrix()
    yield made
    made.keypad.stop()
    assert (made.chip.handles, made.chip.requests) == (0, {})


def test_every_key_is_told_apart_by_its_row_and_column(matrix: Matrix) -> None:
    matrix.start()
    heard = []
    for row in range(4):
        for column in range(4):
            matrix.close(row, column)
            heard.append(matrix.hears())
            matrix.open()

    assert "".join(heard) == "123N456R789FT0#X"


def test_a_key_held_down_is_one_press(matrix: Matrix) -> None:
    matrix.start().close(1, 3)
    assert matrix.hears() == "R"

    matrix.clock.advance(5)
    matrix.chip.advance(5)
    matrix.open()
    matrix.close(0, 0)

    assert matrix.hears() == "1"


def test_rows_are_never_driven_high(matrix: Matrix) -> None:
    matrix.start().close(2, 1)

    assert matrix.hears() == "8"
    assert not any(asked.output_value.value for asked in matrix.chip.asked)


@pytest.mark.parametrize(
    ("pads", "why"),
    [
        ([{"rows": [1, 6, 13, 19]}], "chân BCM 1 dành cho EEPROM"),
        ([{"columns": [12, 16, 20, 28]}], "chân BCM 28 không có trên đầu nối"),
        ([{"rows": [5, 6, 13, 12]}], "chân BCM 12 được dùng hai lần"),
        ([{}, {}], "chân BCM 5 được dùng hai lần"),
    ],
)
def test_wires_that_cannot_be_laid_are_refused(pads: list[dict[str, Any]], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        bridge(pads)


def test_keypads_on_two_chips_or_simulated_ones_take_no_pin_from_each_other() -> None:
    assert bridge([{}, {"gpiochip": "/dev/gpiochip1"}, {"driver": "simulated"}])


def bridge(pads: list[dict[str, Any]]) -> BridgeSection:
    keypads = [{"counter": str(at), **pad} for at, pad in enumerate(pads)]
    return BridgeSection.model_validate({"id": "bridge-1", "keypads": keypads})


def test_a_pin_that_is_held_is_told_and_taken_when_it_is_free(matrix: Matrix) -> None:
    matrix.chip.holders[SECTION.columns[0]] = "uart0"

    matrix.start()

    lost = matrix.news
    assert isinstance(lost, DeviceLost)
    assert lost.device.name == "bàn phím quầy 3 (chân GPIO hàng 5 6 13 19, cột 12 16 20 21)"
    assert lost.cause.text == "chân 12 đang bị 'uart0' giữ"
    assert not matrix.keypad.press("3", "N")
    matrix.chip.holders.clear()
    matrix.clock.advance(1.0)
    assert matrix.posted.get(timeout=10) == DeviceWell(lost.device)
    matrix.close(0, 0)
    assert matrix.hears() == "1"


def test_a_keypad_whose_chip_goes_is_lost_until_the_chip_is_back(matrix: Matrix) -> None:
    matrix.start().chip.unplug()

    lost = matrix.posted.get(timeout=10)
    assert isinstance(lost, DeviceLost)
    assert "mất chip GPIO gpiochip0" in lost.cause.text
    matrix.chip.plug()
    matrix.clock.advance(1.0)
    assert matrix.posted.get(timeout=10) == DeviceWell(lost.device)


def test_a_simulated_keypad_is_pressed_only_for_its_own_counters() -> None:
    posted: list[object] = []
    keypad = SimulatedKeypads(["3"], SetClock().monotonic)
    keypad.start(posted.append)

    assert keypad.press("3", "N")
    assert not keypad.press("4", "N")
    keypad.stop()
    assert not keypad.press("3", "N")
    assert posted == [KeypadPressed("3", "N", 1000.0)]
