"""GPIO chips that behave as the kernel's do, at the edge of gpiod's chips and requests.

Wires are driven from outside or pulled by the chip, lines that are joined short each other, edges
are stamped and queued, a held line is busy, a chip may refuse what it cannot do and may go away.
"""

import errno
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import SimpleQueue

from gpiod import ChipInfo, EdgeEvent, LineInfo, LineSettings
from gpiod.line import Bias, Clock, Direction, Drive, Edge, Value

from hall.runtime.gpio.chips import GpioChips
from hall.runtime.gpio.requesting import Config


def until(true: Callable[[], bool]) -> None:
    """The thread gets to it by itself."""
    tick = threading.Event()
    for _ in range(1000):
        if true():
            return
        tick.wait(0.01)
    raise AssertionError("it never came to that")


def _no(number: int) -> Exception:
    """As gpiod says it: two errnos have classes that are no OSError."""
    other = {errno.EINVAL: ValueError, errno.EOPNOTSUPP: NotImplementedError}
    return other.get(number, OSError)(number, os.strerror(number))


@dataclass
class Chip:
    """The hardware. `refuses`: settings that its driver answers with an errno.

    `seen`: what the outputs were set to, one after the other.
    """

    path: str = "/dev/gpiochip0"
    label: str = "pinctrl-bcm2711"
    lines: int = 58
    interrupts: bool = True
    refuses: dict[str, int] = field(default_factory=dict)
    holders: dict[int, str] = field(default_factory=dict)
    shut: bool = False
    ns: int = 5_000_000_000
    asked: list[LineSettings] = field(default_factory=list)
    handles: int = 0
    requests: "dict[int, FakeRequest]" = field(default_factory=dict)
    driven: dict[int, bool] = field(default_factory=dict)
    joined: set[tuple[int, int]] = field(default_factory=set)
    lock: threading.RLock = field(default_factory=threading.RLock)
    gone: bool = False
    seen: "SimpleQueue[tuple[int, bool]]" = field(default_factory=SimpleQueue)
    overlapping: int = 0
    _using: threading.Lock = field(default_factory=threading.Lock)

    def devices(self) -> GpioChips:
        return machine(self)

    def now_ns(self) -> int:
        return self.ns

    def advance(self, seconds: float) -> None:
        with self.lock:
            self.ns += round(seconds * 1e9)
            self._settle()

    def drive(self, line: int, *, level: bool | None) -> None:
        """From outside; None: the wire is let go."""
        with self.lock:
            if level is None:
                self.driven.pop(line, None)
            else:
                self.driven[line] = level
            self._settle()

    def press(self, line: int, bounces: int = 0, every_s: float = 0.001) -> None:
        """To ground; the contact springs back `bounces` times."""
        for _ in range(bounces):
            self.drive(line, level=False)
            self.advance(every_s)
            self.drive(line, level=None)
            self.advance(every_s)
        self.drive(line, level=False)

    def join(self, one: int, other: int) -> None:
        with self.lock:
            self.joined.add((one, other))
            self._settle()

    def part(self) -> None:
        with self.lock:
            self.joined.clear()
            self._settle()

    def unplug(self) -> None:
        with self.lock:
            self.gone = True
            for request in self.requests.values():
                request.hang_up()

    def plug(self) -> None:
        with self.lock:
            self.gone = False

    def settings(self, line: int) -> LineSettings:
        return self.requests[line].settings

    def level(self, line: int) -> bool:
        """What a voltmeter says: the output's own, else joined outputs, else outside, else pull."""
        if self._is_output(line):
            return self.requests[line].output
        joined = {a if b == line else b for a, b in self.joined if line in (a, b)}
        outputs = [self.requests[other].output for other in joined if self._is_output(other)]
        if outputs:
            return all(outputs)
        if line in self.driven:
            return self.driven[line]
        held = self.requests.get(line)
        return held is not None and held.settings.bias is Bias.PULL_UP

    def _is_output(self, line: int) -> bool:
        held = self.requests.get(line)
        return held is not None and held.settings.direction is Direction.OUTPUT

    def _settle(self) -> None:
        for request in tuple(self.requests.values()):
            request.see(level=self.level(request.line))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """gpiod leaves it to its user that calls on one object do not overlap."""
        if not self._using.acquire(blocking=False):
            self.overlapping += 1
            self._using.acquire()
        try:
            with self.lock:
                yield
        finally:
            self._using.release()


def machine(*chips: Chip) -> GpioChips:
    """A machine with these chips."""
    there = {chip.path: chip for chip in chips}

    def opened(path: str) -> FakeChip:
        if path not in there:
            raise _no(errno.ENOENT)
        if there[path].shut:
            raise _no(errno.EACCES)
        return FakeChip(there[path])

    return GpioChips(lambda: list(there), opened)


class FakeChip:
    """`gpiod.Chip`: an open file."""

    def __init__(self, chip: Chip) -> None:
        self._chip = chip
        self._open = True
        self._info: ChipInfo | None = None
        chip.handles += 1

    @property
    def path(self) -> str:
        return self._chip.path

    def get_info(self) -> ChipInfo:
        if self._chip.gone and self._info is None:
            raise _no(errno.ENODEV)
        name = self._chip.path.removeprefix("/dev/")
        self._info = self._info or ChipInfo(name, self._chip.label, self._chip.lines)
        return self._info

    def get_line_info(self, line: int, /) -> LineInfo:
        with self._chip.alone():
            if self._chip.gone:
                raise _no(errno.ENODEV)
            held = self._chip.requests.get(line)
            by = self._chip.holders.get(line, held.consumer if held else "")
            return LineInfo(
                line,
                "",
                by != "",
                by,
                Direction.INPUT.value,
                active_low=False,
                bias=Bias.UNKNOWN.value,
                drive=Drive.PUSH_PULL.value,
                edge_detection=Edge.NONE.value,
                event_clock=Clock.MONOTONIC.value,
                debounced=False,
                debounce_period_us=0,
            )

    def request_lines(self, config: Config, consumer: str, event_buffer_size: int) -> "FakeRequest":
        ((line, settings),) = config.items()
        assert isinstance(line, int)
        assert settings is not None
        with self._chip.alone():
            if self._chip.gone:
                raise _no(errno.ENODEV)
            if line in self._chip.requests or line in self._chip.holders:
                raise _no(errno.EBUSY)
            return FakeRequest(self._chip, line, consumer, settings, event_buffer_size)

    def close(self) -> None:
        if self._open:
            self._open = False
            self._chip.handles -= 1


class FakeRequest:
    """`gpiod.LineRequest`: an open file with a queue of edges."""

    def __init__(
        self, chip: Chip, line: int, consumer: str, settings: LineSettings, queue: int
    ) -> None:
        self.chip, self.line, self.consumer = chip, line, consumer
        self.settings = settings
        self.output = False
        self._check(settings)
        self._queue = queue
        self._events: list[EdgeEvent] = []
        self._outer, self._inner = os.pipe()
        self._wire = self._told = False
        self._since = chip.ns
        chip.requests[line] = self
        self._apply(settings)

    @property
    def fd(self) -> int:
        return self._outer

    def get_value(self, line: int, /) -> Value:
        with self._use(line):
            level = self._told if self.settings.debounce_period else self.chip.level(line)
            return Value.ACTIVE if level else Value.INACTIVE

    def set_value(self, line: int, value: Value, /) -> None:
        with self._use(line):
            if self.settings.direction is not Direction.OUTPUT:
                raise _no(errno.EPERM)
            self.output = bool(value)
            self.chip.seen.put((line, self.output))
            self.chip._settle()

    def reconfigure_lines(self, config: Config, /) -> None:
        ((line, settings),) = config.items()
        assert isinstance(line, int)
        assert settings is not None
        with self._use(line):
            self._check(settings)
            self._apply(settings)

    def read_edge_events(self) -> list[EdgeEvent]:
        with self._use(self.line):
            assert self._events, "the kernel would block here"
            events, self._events = self._events, []
            os.read(self._outer, len(events))
            return events

    def release(self) -> None:
        with self.chip.lock:
            if self.chip.requests.get(self.line) is self:
                del self.chip.requests[self.line]
                self.hang_up()
                os.close(self._outer)
                self.chip._settle()

    def hang_up(self) -> None:
        if self._inner >= 0:
            os.close(self._inner)
            self._inner = -1

    def see(self, *, level: bool) -> None:
        """The wire may have moved, or time has passed."""
        if level != self._wire:
            self._wire, self._since = level, self.chip.ns
        period = self.settings.debounce_period.total_seconds() * 1e9
        if self._told != self._wire and self.chip.ns >= self._since + period:
            self._told = self._wire
            if self.settings.edge_detection is not Edge.NONE:
                self._event()

    def _event(self) -> None:
        kind = EdgeEvent.Type.RISING_EDGE if self._told else EdgeEvent.Type.FALLING_EDGE
        if len(self._events) == self._queue:
            del self._events[0]
        else:
            os.write(self._inner, b"!")
        self._events.append(EdgeEvent(kind.value, self.chip.ns, self.line, 0, 0))

    def _check(self, settings: LineSettings) -> None:
        self.chip.asked.append(settings)
        refuses = self.chip.refuses
        if settings.bias is not Bias.AS_IS and "bias" in refuses:
            raise _no(refuses["bias"])
        if settings.debounce_period and "debounce" in refuses:
            raise _no(refuses["debounce"])
        hears = settings.edge_detection is not Edge.NONE or settings.debounce_period
        if hears and not self.chip.interrupts:
            raise _no(errno.ENXIO)
        if "all" in refuses:
            raise _no(refuses["all"])

    def _apply(self, settings: LineSettings) -> None:
        self.settings = settings
        self.output = bool(settings.output_value)
        # The kernel begins with the level it finds: no edge for what was so before.
        self._wire = self._told = self.chip.level(self.line)
        self.chip._settle()

    @contextmanager
    def _use(self, line: int) -> Iterator[None]:
        with self.chip.alone():
            if self.chip.gone:
                raise _no(errno.ENODEV)
            assert line == self.line
            yield
