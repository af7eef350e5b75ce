"""gpiozero's devices on the kernel's lines: what they ask for, what they hear, what they lose."""

import errno
import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest
from gpio_chips import Chip, until
from gpiod.line import Bias, Direction, Edge, Value
from gpiozero import (
    LED,
    PWMLED,
    Button,
    DigitalInputDevice,
    GPIOPinInUse,
    GPIOZeroError,
    PinFixedPull,
    PinInvalidPin,
    PinPWMUnsupported,
    PinSetInput,
)

from hall.runtime.gpio.errors import (
    ChipLost,
    GpioError,
    LineBusy,
    LineRefused,
    NoSuchLine,
)
from hall.runtime.gpio.factory import GpiodFactory, OnChip
from hall.runtime.gpio.lines import Settling

SETTLE_S = 0.02


class Bench:
    """What a driver would post, with the factories it opened."""

    def __init__(self) -> None:
        self.said: SimpleQueue[Any] = SimpleQueue()
        self.factories: list[GpiodFactory] = []
        self.devices: list[Any] = []

    def open(self, chip: Chip, settling: Settling = Settling.KERNEL) -> GpiodFactory:
        on_chip = OnChip(None, "motcua test", settling, chip.devices, chip.now_ns)
        self.factories.append(on_chip(self.said.put))
        return self.factories[-1]

    def button(
        self, factory: GpiodFactory, pin: int, bounce: float | None = None
    ) -> DigitalInputDevice:
        button = DigitalInputDevice(pin, pull_up=True, bounce_time=bounce, pin_factory=factory)
        button.when_activated = lambda: self.said.put(("pressed", pin))
        button.when_deactivated = lambda: self.said.put(("released", pin))
        self.devices.append(button)
        return button

    def hears(self) -> Any:
        return self.said.get(timeout=120)

    def close(self) -> None:
        for factory in self.factories:
            factory.close()
        for device in self.devices:
            device.close()


def files() -> int:
    return len([*Path("/proc/self/fd").iterdir()])


@pytest.fixture
def bench() -> Iterator[Bench]:
    before = set(threading.enumerate()), files()
    made = Bench()
    yield made
    made.close()
    assert {t for t in threading.enumerate() if t.name == "gpio"} <= before[0]
    assert files() == before[1]


def test_a_pin_drawn_to_ground_is_a_press_and_let_go_a_release(bench: Bench) -> None:
    chip = Chip()
    bench.button(bench.open(chip), 17)

    chip.press(17)
    chip.drive(17, level=None)

    assert [bench.hears(), bench.hears()] == [("pressed", 17), ("released", 17)]
    assert chip.overlapping == 0


def test_an_edge_has_the_time_at_which_the_kernel_saw_it(bench: Bench) -> None:
    chip = Chip()
    pin = bench.open(chip).pin(17)
    pin.function = "input"
    pin.when_changed = lambda ticks, state: bench.said.put((ticks, state))

    chip.advance(1.5)
    chip.drive(17, level=True)

    assert bench.hears() == (6.5, True)


@pytest.mark.parametrize(
    ("wanted", "heard"), [("rising", [True]), ("falling", [False]), ("both", [True, False])]
)
def test_only_the_wanted_edges_are_told(bench: Bench, wanted: str, heard: list[bool]) -> None:
    chip = Chip()
    factory = bench.open(chip)
    pin = factory.pin(17)
    pin.function = "input"
    pin.edges = wanted
    pin.when_changed = lambda _, state: bench.said.put(state)

    chip.drive(17, level=True)
    chip.drive(17, level=False)
    bench.button(factory, 22)
    chip.press(22)

    assert [bench.hears() for _ in heard] == heard
    assert bench.hears() == ("pressed", 22)


@pytest.mark.parametrize(
    ("pull_up", "active", "bias", "level"),
    [
        (True, None, Bias.PULL_UP, False),
        (False, None, Bias.PULL_DOWN, True),
        (None, True, Bias.DISABLED, True),
        (None, False, Bias.DISABLED, False),
    ],
)
def test_each_way_of_wiring_a_contact_asks_for_its_resistor(
    bench: Bench, *, pull_up: bool | None, active: bool | None, bias: Bias, level: bool
) -> None:
    chip = Chip()
    chip.drive(17, level=level)
    contact = DigitalInputDevice(
        17, pull_up=pull_up, active_state=active, pin_factory=bench.open(chip)
    )

    assert contact.is_active
    assert chip.settings(17).bias is bias
    assert contact.pull_up is pull_up
    contact.close()


def test_a_resistor_asked_for_while_the_contact_is_listened_to_comes_too(bench: Bench) -> None:
    chip = Chip()
    contact = DigitalInputDevice(17, pull_up=False, pin_factory=bench.open(chip))

    contact.pin.pull = "up"

    assert chip.settings(17).bias is Bias.PULL_UP
    assert chip.settings(17).edge_detection is Edge.BOTH
    contact.close()


@pytest.mark.parametrize("active_high", [True, False])
def test_a_lamp_is_dark_until_lit_and_dark_when_given_back(
    bench: Bench, *, active_high: bool
) -> None:
    chip = Chip()
    lamp = LED(27, active_high=active_high, pin_factory=bench.open(chip))

    assert chip.level(27) is not active_high
    lamp.on()
    assert chip.level(27) is active_high
    assert chip.settings(27).direction is Direction.OUTPUT
    lamp.close()
    assert chip.asked[-1].direction is Direction.INPUT
    assert chip.requests == {}


def test_a_lamp_that_begins_lit_is_never_dark_in_between(bench: Bench) -> None:
    chip = Chip()

    lamp = LED(27, initial_value=True, pin_factory=bench.open(chip))

    assert [s.output_value for s in chip.asked] == [Value.ACTIVE]
    lamp.close()


def test_a_lamp_has_no_dimmer(bench: Bench) -> None:
    chip = Chip()

    with pytest.raises(PinPWMUnsupported):
        PWMLED(27, pin_factory=bench.open(chip))

    assert chip.requests == {}


def test_wrong_uses_are_refused_in_gpiozero_s_words(bench: Bench) -> None:
    factory = bench.open(Chip())
    pin, lamp = factory.pin("GPIO17"), factory.pin("BCM27")
    pin.function, lamp.function = "input", "output"

    assert factory.pin(17) is pin
    with pytest.raises(PinSetInput):
        pin.state = 1
    with pytest.raises(PinFixedPull):
        lamp.pull = "up"
    with pytest.raises(PinInvalidPin):
        factory.pin("BOARD11")
    for attribute, value in [("function", "alt3"), ("edges", "up"), ("bounce", -1)]:
        with pytest.raises(GPIOZeroError):
            setattr(pin, attribute, value)
    with pytest.raises(GPIOZeroError):
        pin.pull = "left"


def test_a_held_line_is_refused_with_the_name_of_its_holder(bench: Bench) -> None:
    chip = Chip(holders={8: "spi0 CS0"})

    with pytest.raises(LineBusy) as busy:
        Button(8, pin_factory=bench.open(chip))

    assert (busy.value.line, busy.value.by) == (8, "spi0 CS0")
    assert str(busy.value) == "chân 8 đang bị 'spi0 CS0' giữ"


def test_of_two_programs_the_second_is_told_who_the_first_is(bench: Bench) -> None:
    chip = Chip()
    bench.button(bench.open(chip), 17)

    with pytest.raises(LineBusy, match="'motcua test'"):
        Button(17, pin_factory=bench.open(chip))


def test_one_program_cannot_use_a_line_twice(bench: Bench) -> None:
    factory = bench.open(Chip())
    bench.button(factory, 17)

    with pytest.raises(GPIOPinInUse):
        LED(17, pin_factory=factory)


def test_a_line_that_the_chip_has_not_is_refused(bench: Bench) -> None:
    with pytest.raises(NoSuchLine, match="gpiochip0 chỉ có chân 0–7, không có chân 17"):
        Button(17, pin_factory=bench.open(Chip(lines=8)))


def test_a_line_that_the_chip_will_not_give_at_all_is_refused_with_the_reason(bench: Bench) -> None:
    with pytest.raises(LineRefused, match="Operation not permitted"):
        Button(17, pin_factory=bench.open(Chip(refuses={"all": errno.EPERM})))


# --- bouncing contacts ---


def test_the_kernel_waits_out_the_bounces_where_it_can(bench: Bench) -> None:
    chip = Chip()
    bench.button(bench.open(chip), 17, SETTLE_S)

    chip.press(17, bounces=5)
    chip.advance(SETTLE_S)

    assert chip.settings(17).debounce_period.total_seconds() == SETTLE_S
    assert bench.hears() == ("pressed", 17)
    chip.drive(17, level=None)
    chip.advance(SETTLE_S)
    assert bench.hears() == ("released", 17)


OURS = [
    (Settling.OURS, {}),
    (Settling.KERNEL, {"debounce": errno.EINVAL}),
    (Settling.KERNEL, {"debounce": 524}),
]


@pytest.mark.parametrize(("settling", "refuses"), OURS)
def test_where_it_cannot_we_do(bench: Bench, settling: Settling, refuses: dict[str, int]) -> None:
    chip = Chip(refuses=refuses)
    factory = bench.open(chip, settling)
    bench.button(factory, 17, SETTLE_S)
    bench.button(factory, 22)

    chip.press(17, bounces=5)
    chip.press(22)
    assert bench.hears() == ("pressed", 22)
    chip.advance(SETTLE_S)

    assert bench.hears() == ("pressed", 17)
    assert not chip.settings(17).debounce_period


def test_a_touch_shorter_than_the_bounces_is_no_press(bench: Bench) -> None:
    chip = Chip(refuses={"debounce": errno.EINVAL})
    bench.button(bench.open(chip), 17, SETTLE_S)

    chip.press(17)
    chip.advance(SETTLE_S / 2)
    chip.drive(17, level=None)
    chip.advance(1)
    chip.press(17)
    chip.advance(SETTLE_S)
    chip.drive(17, level=None)
    chip.advance(SETTLE_S)

    assert [bench.hears(), bench.hears()] == [("pressed", 17), ("released", 17)]


def test_while_we_wait_a_pin_shows_its_wire_and_while_the_kernel_does_what_settled(
    bench: Bench,
) -> None:
    ours, kernel = Chip(), Chip()
    wire = bench.button(bench.open(ours, Settling.OURS), 17, SETTLE_S)
    settled = bench.button(bench.open(kernel, Settling.KERNEL), 17, SETTLE_S)

    ours.press(17)
    kernel.press(17)

    assert wire.is_active
    assert not settled.is_active


def test_a_burst_of_presses_is_counted_to_the_last(bench: Bench) -> None:
    chip = Chip()
    bench.button(bench.open(chip), 17, SETTLE_S)

    for _ in range(40):
        chip.press(17, bounces=2)
        chip.advance(SETTLE_S)
        chip.drive(17, level=None)
        chip.advance(SETTLE_S)

    assert [bench.hears() for _ in range(80)] == [("pressed", 17), ("released", 17)] * 40


# --- chips that can do less ---


def test_a_chip_that_refuses_resistors_is_used_without_and_it_is_said(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    chip = Chip(refuses={"bias": errno.EOPNOTSUPP})
    chip.drive(17, level=True)
    with caplog.at_level(logging.WARNING):
        bench.button(bench.open(chip), 17, SETTLE_S)

    assert "gpiochip0 line 17: no pull resistor in the chip" in caplog.text
    assert chip.settings(17).bias is Bias.AS_IS
    chip.drive(17, level=False)
    chip.advance(SETTLE_S)
    assert bench.hears() == ("pressed", 17)


def test_a_chip_without_interrupts_is_looked_at(bench: Bench) -> None:
    chip = Chip(interrupts=False)
    bench.button(bench.open(chip), 3, SETTLE_S)

    chip.press(3)
    until(lambda: not chip.advance(0.01) and not bench.said.empty())
    chip.drive(3, level=None)

    assert bench.hears() == ("pressed", 3)
    until(lambda: not chip.advance(0.01) and not bench.said.empty())
    assert bench.hears() == ("released", 3)
    assert chip.overlapping == 0


# --- chips that go away ---


def test_an_unplugged_chip_is_told_once_and_its_files_are_given_back(bench: Bench) -> None:
    chip = Chip()
    factory = bench.open(chip)
    button = bench.button(factory, 17)
    bench.button(factory, 22)
    lamp = LED(27, pin_factory=factory)
    bench.devices.append(lamp)

    chip.unplug()

    lost = bench.hears()
    assert isinstance(lost, ChipLost)
    assert str(lost) == "mất chip GPIO gpiochip0: No such device"
    until(lambda: chip.handles == 0)
    assert chip.requests == {}
    with pytest.raises(ChipLost):
        _ = button.is_active
    with pytest.raises(ChipLost):
        Button(5, pin_factory=factory)
    lamp.on()
    assert bench.said.empty()


def test_a_blinking_lamp_finds_the_chip_gone_and_its_thread_lives(bench: Bench) -> None:
    chip = Chip()
    lamp = LED(27, pin_factory=bench.open(chip))
    bench.devices.append(lamp)
    lamp.blink(on_time=0.001, off_time=0.001)

    chip.unplug()

    assert isinstance(bench.hears(), ChipLost)
    assert lamp._blink_thread.is_alive()


def test_a_chip_without_interrupts_is_missed_when_it_is_looked_at(bench: Bench) -> None:
    chip = Chip(interrupts=False)
    bench.button(bench.open(chip), 3)

    chip.unplug()

    until(lambda: not chip.advance(0.01) and not bench.said.empty())
    assert isinstance(bench.hears(), ChipLost)


def test_a_chip_that_goes_while_it_is_asked_is_lost_and_not_refused(bench: Bench) -> None:
    chip = Chip()
    factory = bench.open(chip)
    chip.unplug()

    with pytest.raises(ChipLost):
        Button(17, pin_factory=factory)


# --- the thread ---


def test_a_callback_that_fails_is_logged_and_the_next_edge_is_heard(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    chip = Chip()
    factory = bench.open(chip)
    broken = DigitalInputDevice(22, pull_up=True, pin_factory=factory)
    broken.when_activated = lambda: 1 // 0
    bench.devices.append(broken)
    bench.button(factory, 17)

    chip.press(22)
    chip.press(17)

    assert bench.hears() == ("pressed", 17)
    assert "ZeroDivisionError" in caplog.text


def test_a_callback_may_use_other_lines(bench: Bench) -> None:
    chip = Chip()
    factory = bench.open(chip)
    lamp = LED(27, pin_factory=factory)
    button = DigitalInputDevice(17, pull_up=True, pin_factory=factory)
    bench.devices += [lamp, button]
    button.when_activated = lambda: (lamp.on(), bench.said.put(lamp.is_lit))

    chip.press(17)

    assert bench.hears() is True


def test_closing_twice_is_closing_once(bench: Bench) -> None:
    chip = Chip()
    factory = bench.open(chip)
    bench.button(factory, 17)

    factory.close()
    factory.close()

    assert (chip.handles, chip.requests) == (0, {})


def test_a_line_that_is_given_back_can_be_had_again(bench: Bench) -> None:
    chip = Chip()
    factory = bench.open(chip)
    bench.button(factory, 17).close()

    bench.button(factory, 17)
    chip.press(17)

    assert bench.hears() == ("pressed", 17)


def test_a_factory_knows_its_chip_and_nothing_of_the_board(bench: Bench) -> None:
    factory = bench.open(Chip(label="pinctrl-rp1"))

    assert factory.board_info.model == "pinctrl-rp1"
    assert factory.ticks_diff(factory.ticks(), 4.0) == 1.0


def test_every_error_is_of_one_family() -> None:
    errors = [ChipLost("gpiochip0", "x"), LineBusy(8, ""), NoSuchLine(9, "gpiochip0", 8)]

    assert all(isinstance(err, GpioError) for err in errors)
    assert str(errors[1]) == "chân 8 đang bị chương trình khác giữ"
