"""Keypads on the Pi's own pins, with the keys wired between mock pins as on the real matrix."""

from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPin

from firmware_bridge.lines.keypads import GpioKeypads, SimulatedKeypads
from firmware_bridge.ports import KeypadPressed
from firmware_bridge.settings import KeypadSection
from hall.runtime.clock import SetClock

SECTION = KeypadSection.model_validate({"counter": "3"})


class MatrixPin(MockPin):  # type: ignore[misc]
    """A row that is an output at 0 pulls the columns of its closed keys low."""

    closed: ClassVar[set[tuple[int, int]]] = set()

    def _set_function(self, value: str) -> None:
        super()._set_function(value)
        self.settle()

    def _set_state(self, value: int) -> None:
        super()._set_state(value)
        self.settle()

    def output_with_state(self, state: int) -> None:
        super().output_with_state(state)
        self.settle()

    def settle(self) -> None:
        if self.info.name.removeprefix("GPIO").isdigit():
            Matrix.settle()


class Matrix:
    """The wires between rows and columns."""

    def __init__(self) -> None:
        self.factory = MockFactory(pin_class=MatrixPin)
        Device.pin_factory = self.factory
        MatrixPin.closed.clear()

    def close(self, row: int, column: int) -> None:
        MatrixPin.closed.add((SECTION.rows[row], SECTION.columns[column]))
        self.settle()

    def open(self) -> None:
        MatrixPin.closed.clear()
        self.settle()

    @staticmethod
    def settle() -> None:
        factory: Any = Device.pin_factory
        pins = {pin.info.name: pin for pin in factory.pins.values()}
        for number in SECTION.columns:
            column = pins.get(f"GPIO{number}")
            if column is None or column.function != "input":
                continue
            rows = [pins.get(f"GPIO{row}") for row, col in MatrixPin.closed if col == number]
            low = any(r is not None and r.function == "output" and r.state == 0 for r in rows)
            if low and column.state:
                column.drive_low()
            elif not low and not column.state:
                column.drive_high()


@pytest.fixture
def matrix() -> Iterator[Matrix]:
    before = Device.pin_factory
    made = Matrix()
    yield made
    made.factory.reset()
    Device.pin_factory = before


def test_every_key_is_told_apart_by_its_row_and_column(matrix: Matrix) -> None:
    clock, posted = SetClock(), list[object]()
    keypad = GpioKeypads(SECTION, clock.monotonic)
    keypad.start(posted.append)
    for row in range(4):
        for column in range(4):
            clock.advance(0.5)
            matrix.close(row, column)
            clock.advance(0.1)
            matrix.open()
    keypad.stop()

    assert [p.key for p in posted if isinstance(p, KeypadPressed)] == list("123N456R789FT0#X")


def test_a_key_held_down_is_one_press(matrix: Matrix) -> None:
    clock, posted = SetClock(), list[object]()
    keypad = GpioKeypads(SECTION, clock.monotonic)
    keypad.start(posted.append)
    matrix.close(1, 3)
    clock.advance(5)
    keypad.stop()

    assert posted == [KeypadPressed("3", "R", 1000.0)]


def test_pins_that_cannot_be_had_leave_the_bridge_running(matrix: Matrix) -> None:
    twice = SECTION.model_copy(update={"columns": SECTION.rows})
    keypad = GpioKeypads(twice, SetClock().monotonic)

    keypad.start(lambda _: None)

    assert not keypad.press("3", "N")
    keypad.stop()
    assert matrix.factory.pins


def test_a_simulated_keypad_is_pressed_only_for_its_own_counters() -> None:
    posted: list[object] = []
    keypad = SimulatedKeypads(["3"], SetClock().monotonic)
    keypad.start(posted.append)

    assert keypad.press("3", "N")
    assert not keypad.press("4", "N")
    keypad.stop()
    assert not keypad.press("3", "N")
    assert posted == [KeypadPressed("3", "N", 1000.0)]
