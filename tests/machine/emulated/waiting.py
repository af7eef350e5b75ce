"""Waiting for the machine: on a condition, with an end."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
_LOOK_S = 0.1


def until(condition: Callable[[], T], seconds: float, otherwise: str) -> T:
    """The first true value of the condition. Raises TimeoutError with `otherwise`."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > end:
            raise TimeoutError(f"{otherwise} within {seconds:.0f} s")
        time.sleep(_LOOK_S)
    return found


def pause(seconds: float) -> None:
    """As long as a finger stays, or a lamp is watched."""
    time.sleep(seconds)
