"""A line asked for with as much as its chip can do: what is refused is given up step by step.

    all → without debounce → without bias → without edges       EINVAL, ENOTSUPP, …
    all → without edges (and debounce, which needs them)        ENXIO, ENODEV: no interrupts

What is given up is made good where it can be: debounce by `debounce`, edges by looking at the
level again and again. A missing pull resistor cannot, and is logged. Most chips without
resistors do not refuse at all: the kernel passes the wish on and nothing happens.
"""

import errno
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol, TypeVar

from gpiod import EdgeEvent, LineSettings
from gpiod import line as gpiod_line
from gpiod.line import Bias, Direction, Value

log = logging.getLogger(__name__)

# The kernel's own, which no C library names: "not supported" by the driver.
_ENOTSUPP = 524
_CANNOT = frozenset({errno.EINVAL, errno.EOPNOTSUPP, errno.ENOSYS, _ENOTSUPP})
# ENODEV up to Linux 6.1, ENXIO later. A chip that is really gone answers the same to any wish.
_NO_INTERRUPTS = frozenset({errno.ENXIO, errno.ENODEV})


Config = dict[Iterable[int | str] | int | str, LineSettings | None]


class LineRequest(Protocol):
    """What is used of `gpiod.LineRequest`. Every call may raise what `plainly` makes plain."""

    @property
    def fd(self) -> int: ...

    def get_value(self, line: int, /) -> Value: ...

    def set_value(self, line: int, value: Value, /) -> None: ...

    def reconfigure_lines(self, config: Config, /) -> None: ...

    def read_edge_events(self) -> list[EdgeEvent]: ...

    def release(self) -> None: ...


@contextmanager
def plainly() -> Iterator[None]:
    """Around calls of gpiod, which has other classes for some errnos: here all are OSErrors.

    EINVAL is a ValueError there, EOPNOTSUPP a NotImplementedError, both with (errno, text).
    """
    try:
        yield
    except (ValueError, NotImplementedError) as err:
        match err.args:
            case (int(number), str(text)):
                raise OSError(number, text) from err
            case _:
                raise


@dataclass(frozen=True, slots=True)
class Input:
    """`edges`: whether the line's changes are heard; `debounce_s` 0: told as they come."""

    bias: Bias = Bias.DISABLED
    edges: bool = False
    debounce_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Output:
    level: bool


Wish = Input | Output
_T = TypeVar("_T")


def settings(wish: Wish) -> LineSettings:
    """Levels are always the wire's own: gpiozero turns them round where a contact is active low."""
    match wish:
        case Input(bias=bias, edges=edges, debounce_s=debounce_s):
            return LineSettings(
                direction=Direction.INPUT,
                bias=bias,
                edge_detection=gpiod_line.Edge.BOTH if edges else gpiod_line.Edge.NONE,
                debounce_period=timedelta(seconds=debounce_s),
            )
        case Output(level=level):
            return LineSettings(direction=Direction.OUTPUT, output_value=value(level))


def value(level: bool) -> Value:  # noqa: FBT001 - a level
    return Value.ACTIVE if level else Value.INACTIVE


def weaker(wish: Wish, why: int) -> Wish | None:
    """What to ask for after the errno `why`; None: there is nothing less to ask for."""
    if not isinstance(wish, Input):
        return None
    if why in _NO_INTERRUPTS and wish.edges:
        return replace(wish, edges=False, debounce_s=0.0)
    if why not in _CANNOT:
        return None
    if wish.debounce_s:
        return replace(wish, debounce_s=0.0)
    if wish.bias is not Bias.AS_IS:
        return replace(wish, bias=Bias.AS_IS)
    return replace(wish, edges=False) if wish.edges else None


def granted(put: Callable[[LineSettings], _T], wish: Wish, line: str) -> tuple[_T, Wish]:
    """The answer to the strongest wish that is not refused. Raises OSError if all are."""
    while True:
        try:
            with plainly():
                return put(settings(wish)), wish
        except OSError as err:
            less = weaker(wish, err.errno or 0)
            if less is None:
                raise
            _log_weaker_wish(line, wish, less, err)
            wish = less


def _log_weaker_wish(line: str, wish: Wish, less: Wish, err: OSError) -> None:
    match wish, less:
        case Input(bias=Bias.PULL_UP | Bias.PULL_DOWN), Input(bias=Bias.AS_IS):
            log.warning("%s: no pull resistor in the chip (%s), it needs one outside", line, err)
        case _:
            log.info("%s: the chip does less than asked for (%s): %s", line, err, less)
