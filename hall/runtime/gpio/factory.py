"""gpiozero's pins on the kernel's character devices.

A pin is a line of one chip and is named by its offset there, which on a Raspberry Pi's header is
the BCM number. gpiozero's own factories want to know the board from /proc; names that need the
board (BOARD11, J8:11) are not known here. No PWM: a lamp is on, off or blinks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from gpiod import ChipInfo
from gpiod.line import Bias
from gpiozero import (
    PinFixedPull,
    PinInvalidBounce,
    PinInvalidEdges,
    PinInvalidFunction,
    PinInvalidPin,
    PinInvalidPull,
    PinSetInput,
)
from gpiozero.pins import BoardInfo, Factory, HeaderInfo, Pin, PinInfo

from hall.runtime.clock import monotonic_ns
from hall.runtime.gpio.chips import GpioChips, kernel, open_chip
from hall.runtime.gpio.debounce import Edge
from hall.runtime.gpio.errors import NoSuchLine
from hall.runtime.gpio.lines import Lines, Lost, Settling
from hall.runtime.gpio.requesting import Input, Output, Wish

_PULLS = {"floating": Bias.DISABLED, "up": Bias.PULL_UP, "down": Bias.PULL_DOWN}
_EDGES = {"none": (), "rising": (True,), "falling": (False,), "both": (True, False)}

WhenChanged = Callable[[float, bool], None]


class OpenPins(Protocol):
    """Pins for a driver, which is told by `lost` when their chip has gone. Raises GpioError."""

    def __call__(self, lost: Lost, /) -> Factory: ...


@dataclass(frozen=True, slots=True)
class OnChip:
    """Opens pins anew each time it is called. `chip`: see `open_chip`."""

    chip: str | None
    consumer: str
    settling: Settling = Settling.KERNEL
    devices: Callable[[], GpioChips] = kernel
    now_ns: Callable[[], int] = monotonic_ns

    def __call__(self, lost: Lost) -> "GpiodFactory":
        chip = open_chip(self.chip, self.devices())
        lines = Lines(chip, self.consumer, self.settling, lost, self.now_ns)
        return GpiodFactory(lines, chip.get_info(), self.now_ns)


class GpiodFactory(Factory):  # type: ignore[misc] # gpiozero has no types
    def __init__(self, lines: Lines, chip: ChipInfo, now_ns: Callable[[], int]) -> None:
        super().__init__()
        self._lines = lines
        self._chip = chip
        self._board = _board(chip)
        self._now_ns = now_ns
        self._pins: dict[PinInfo, GpiodPin] = {}

    def pin(self, name: int | str) -> "GpiodPin":
        """The same object for the same line. Raises NoSuchLine or PinInvalidPin."""
        for _, pin in self._board.find_pin(name):
            if pin not in self._pins:
                self._pins[pin] = GpiodPin(self._lines, pin)
            return self._pins[pin]
        if isinstance(name, int):
            raise NoSuchLine(name, self._chip.name, self._chip.num_lines)
        raise PinInvalidPin(f"{name} is no line of {self._chip.name}")

    def close(self) -> None:
        self._lines.close()
        self._pins.clear()

    def ticks(self) -> float:
        return self._now_ns() / 1e9

    def ticks_diff(self, later: float, earlier: float) -> float:
        return later - earlier

    def _get_board_info(self) -> BoardInfo:
        return self._board


class GpiodPin(Pin):  # type: ignore[misc] # gpiozero has no types
    """Asked for when its function is first set, given back when it is closed."""

    def __init__(self, lines: Lines, info: PinInfo) -> None:
        self._lines = lines
        self._info = info
        self._line: int = info.number
        self._wish: Wish | None = None
        self._pull = "floating"
        self._bounce: float | None = None
        self._edges = "both"
        self._when_changed: WhenChanged | None = None

    def __repr__(self) -> str:
        return str(self._info.name)

    def close(self) -> None:
        self._wish = self._when_changed = None
        self._lines.release(self._line)

    def output_with_state(self, state: float) -> None:
        self._have(Output(bool(state)))

    def input_with_pull(self, pull: str) -> None:
        self._have(Input(_known(_PULLS, pull, PinInvalidPull)))
        self._pull = pull

    def _have(self, wish: Wish) -> None:
        """As wished; an input has edge detection where a callback is set."""
        if isinstance(wish, Input) and self._when_changed is not None:
            self._lines.listen(self._line, wish.bias, self._bounce or 0.0, self._deliver_edge)
        else:
            self._lines.put(self._line, wish)
        self._wish = wish

    def _deliver_edge(self, edge: Edge) -> None:
        tell = self._when_changed
        if tell is not None and edge.level in _EDGES[self._edges]:
            tell(edge.at_ns / 1e9, edge.level)

    def _again(self) -> None:
        if self._wish is not None:
            self._have(self._wish)

    # --- what gpiozero asks of a pin ---

    def _get_info(self) -> PinInfo:
        return self._info

    def _get_function(self) -> str:
        return "output" if isinstance(self._wish, Output) else "input"

    def _set_function(self, function: str) -> None:
        match function:
            case "input":
                self._have(Input(_PULLS[self._pull]))
            case "output":
                self._have(Output(level=False))
            case _:
                raise PinInvalidFunction(f"invalid function '{function}' for pin {self!r}")

    def _get_state(self) -> bool:
        return self._lines.read(self._line)

    def _set_state(self, state: float) -> None:
        if not isinstance(self._wish, Output):
            raise PinSetInput(f"cannot set state of pin {self!r}")
        self._lines.drive(self._line, bool(state))

    def _get_pull(self) -> str:
        return self._pull

    def _set_pull(self, pull: str) -> None:
        if isinstance(self._wish, Output):
            raise PinFixedPull(f"cannot set pull on non-input pin {self!r}")
        self.input_with_pull(pull)

    def _get_bounce(self) -> float | None:
        return self._bounce

    def _set_bounce(self, bounce: float | None) -> None:
        if bounce is not None and bounce < 0:
            raise PinInvalidBounce("bounce must be 0 or greater")
        self._bounce = bounce
        if self._when_changed is not None:
            self._again()

    def _get_edges(self) -> str:
        return self._edges

    def _set_edges(self, edges: str) -> None:
        _known(_EDGES, edges, PinInvalidEdges)
        self._edges = edges

    def _get_when_changed(self) -> WhenChanged | None:
        return self._when_changed

    def _set_when_changed(self, tell: WhenChanged | None) -> None:
        self._when_changed = tell
        self._again()


_T = TypeVar("_T")


def _known(table: Mapping[str, _T], name: str, error: type[Exception]) -> _T:
    if name not in table:
        raise error(f"'{name}' is none of {', '.join(table)}")
    return table[name]


def _board(chip: ChipInfo) -> BoardInfo:
    """A board of one header, whose pins are the chip's lines."""
    pins = {line: _pin(line) for line in range(chip.num_lines)}
    header = HeaderInfo(name=chip.name, rows=chip.num_lines, columns=1, pins=pins)
    blank = dict.fromkeys(BoardInfo._fields, "")
    return BoardInfo(**{**blank, "model": chip.label, "headers": {chip.name: header}})


def _pin(line: int) -> PinInfo:
    return PinInfo(
        number=line,
        name=f"GPIO{line}",
        names=frozenset({line, str(line), f"GPIO{line}", f"BCM{line}"}),
        pull="",
        row=line + 1,
        col=1,
        interfaces=frozenset({"gpio"}),
    )
