"""A dispenser on each kind of line, with the hands that reach a line and not the printer."""

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from printer.drivers import usb
from printer.drivers.network import NetworkDriver
from printer.drivers.serial import SerialDriver
from printer.drivers.simulated import SimulatedDriver
from printer.drivers.usb import UsbDriver
from printer.line.reports import SessionTimeouts


class Cable:
    """The private cable of a simulated printer."""

    def __init__(self, hall: Any) -> None:
        self.hall, self.bench = hall, hall.bench
        self.driver: Any = SimulatedDriver(hall.bench)

    def unplug(self) -> None:
        self.bench.unplug()

    def replug(self) -> None:
        self.bench.replug()

    def power(self, *, on: bool) -> None:
        self.bench.change(power=on)


class Tcp(Cable):
    def __init__(self, hall: Any) -> None:
        super().__init__(hall)
        self.port = hall.bench.listen()
        self.driver = NetworkDriver("127.0.0.1", self.port)


class Serial(Cable):
    """A pty under a name of its own, as udev gives one; unplugged, name and pty are gone."""

    def __init__(self, hall: Any) -> None:
        super().__init__(hall)
        self.path = hall.folder / "printer"
        self.path.symlink_to(hall.bench.open_pty())
        self.driver = SerialDriver(str(self.path), 115200, "none")

    def unplug(self) -> None:
        self.path.unlink()
        self.bench.unplug()

    def replug(self) -> None:
        self.path.symlink_to(self.bench.open_pty())

    def occupy(self) -> Callable[[], None]:
        """Another program takes the device; how it lets go."""
        return SerialDriver(str(self.path), 115200, "none").open().close


class Lp(Cable):
    """A pty behind the manners of the kernel's usblp."""

    def __init__(self, hall: Any) -> None:
        super().__init__(hall)
        self.kernel = Usblp()
        hall.patch.setattr(usb, "os", self.kernel)
        self.path = Path(hall.bench.open_pty())
        self.driver = UsbDriver(self.path, self.kernel.take)

    def unplug(self) -> None:
        self.kernel.gone = True

    def replug(self) -> None:
        self.kernel.gone = False

    def power(self, *, on: bool) -> None:
        """A USB printer without power is unplugged."""
        super().power(on=on)
        self.kernel.gone = not on

    def occupy(self) -> Callable[[], None]:
        return UsbDriver(self.path, self.kernel.take).open().close


@dataclass
class Usblp:
    """One opener at a time; ENODEV and no hang-up once unplugged; ENOSPC without paper."""

    gone: bool = False
    empty: bool = False
    taken: set[int] = field(default_factory=set)

    def take(self, path: Path) -> int:
        if self.gone or self.taken:
            number = errno.ENOENT if self.gone else errno.EBUSY
            raise OSError(number, os.strerror(number))
        fd = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
        self.taken.add(fd)
        return fd

    def write(self, fd: int, data: bytes) -> int:
        self._present()
        if self.empty:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return os.write(fd, data)

    def read(self, fd: int, count: int) -> bytes:
        self._present()
        return os.read(fd, count)

    def close(self, fd: int) -> None:
        self.taken.discard(fd)
        os.close(fd)

    def _present(self) -> None:
        if self.gone:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))


LINES: dict[str, type[Cable]] = {"cable": Cable, "tcp": Tcp, "serial": Serial, "lp": Lp}


@pytest.fixture
def wire(hall: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """A dispenser at such a line; its daemon is started, unless it is to be `started` later."""
    hall.patch = monkeypatch

    def wired(
        line: str,
        *,
        speed: float = 0.0,
        started: bool = True,
        patience: SessionTimeouts | None = None,
    ) -> Any:
        hall.speed = speed
        hall.patience = patience or replace(hall.patience, answer=0.4, stall=0.6)
        hall.with_printer()
        hall.line = LINES[line](hall)
        hall.driver = hall.line.driver
        hall.bench.start()
        return hall.start().ready() if started else hall

    return wired
