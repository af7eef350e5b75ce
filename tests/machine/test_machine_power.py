"""The mains fail at a moment nobody chose; the hall comes back without a hand."""

import random
import time

import pytest
from emulated import units
from emulated.computer import ADAPTERS, Start
from emulated.figures import Figures
from emulated.hall import Hall
from emulated.installation import UNITS
from emulated.waiting import until

A_BUTTON = 2


def cuts(config: pytest.Config) -> int:
    return 20 if config.getoption("--machine") == "full" else 2


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "cut" in metafunc.fixturenames:
        metafunc.parametrize("cut", range(1, cuts(metafunc.config) + 1))


def press_until_dark(hall: Hall, seconds: float) -> None:
    """People go on pressing until the lights go out."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        hall.pins.press(A_BUTTON, min(0.15, left))
        hall.pins.listen(min(0.5, left))


def place(number: str) -> int:
    return int(number.removeprefix("A"))


def last_given(hall: Hall) -> int:
    return max(place(number) for number in hall.given() if number.startswith("A"))


def test_after_a_power_cut_all_units_are_ready_without_a_hand_and_the_next_number_follows(
    hall: Hall, figures: Figures, cut: int
) -> None:
    hall.press(A_BUTTON)
    before, called = last_given(hall), hall.held("1")
    moment = random.uniform(0.0, 6.0)
    press_until_dark(hall, moment)
    hall.cut()

    hall.start(Start(), *ADAPTERS)
    until(lambda: units.are_running(hall.guest, UNITS), 900, f"cut after {moment:.2f} s: units")

    found = units.look(hall.guest, UNITS)
    assert [unit for unit in found if not unit.is_well] == []
    assert units.faults(hall.guest) == ""
    assert hall.sees(lambda: hall.state("printer-1") == "ready", 120), hall.alerts("printer-1")
    assert hall.held("1") == called
    given = last_given(hall)
    assert given >= before
    hall.press(A_BUTTON)
    assert last_given(hall) == given + 1
    figures.tell(_times(hall, found, cut, moment))


def _times(hall: Hall, found: list[units.Unit], cut: int, moment: float) -> str:
    [target] = units.look(hall.guest, ["multi-user.target"])
    ready = max(unit.entered for unit in found)
    return (
        f"cut {cut}, {moment:.2f} s into a rush of presses: all units ready {ready:.0f} s after "
        f"the kernel's start, {ready - target.entered:+.1f} s from multi-user.target"
    )
