"""The mains fail at a moment nobody chose, and what has to hold once they are back."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

from emulated import units
from emulated.hall import Hall
from emulated.waiting import until

_RUSH_S = 6.0


@dataclass(frozen=True, slots=True)
class Outage:
    """`given`: the last number of this button's service that somebody held beforehand; `called`:
    who was at counter 1."""

    button: int
    moment: float
    given: int
    called: str


def in_a_rush(hall: Hall, button: int) -> Outage:
    """People go on pressing until the lights go out."""
    hall.press(button)
    given, called = _last_given(hall), hall.held("1")
    moment = random.uniform(0.0, _RUSH_S)
    end = time.monotonic() + moment
    while (left := end - time.monotonic()) > 0:
        hall.pins.press(button, min(0.15, left))
        hall.pins.listen(min(0.5, left))
    hall.cut()
    return Outage(button, moment, given, called)


def is_overcome(hall: Hall, outage: Outage, names: Sequence[str]) -> str:
    """All units run without a hand, nothing is lost and the next number follows.

    Returns how long it took. Raises AssertionError, TimeoutError.
    """
    until(lambda: units.are_running(hall.guest, names), 900, f"{outage}: not all units run")
    found = units.look(hall.guest, names)
    assert [unit for unit in found if not unit.is_well] == []
    assert units.faults(hall.guest) == ""
    assert hall.sees(lambda: hall.state("printer-1") == "ready", 120), hall.alerts("printer-1")
    assert hall.held("1") == outage.called
    given = _last_given(hall)
    assert given >= outage.given
    hall.press(outage.button)
    assert _last_given(hall) == given + 1
    return _times(hall, found, outage)


def _last_given(hall: Hall) -> int:
    """The A's: the button's own service."""
    return max(int(number[1:]) for number in hall.given() if number.startswith("A"))


def _times(hall: Hall, found: Sequence[units.Unit], outage: Outage) -> str:
    [target] = units.look(hall.guest, ["multi-user.target"])
    ready = max(unit.entered for unit in found)
    return (
        f"cut {outage.moment:.2f} s into a rush of presses: all units ready {ready:.0f} s after "
        f"the kernel's start, {ready - target.entered:+.1f} s from multi-user.target"
    )
