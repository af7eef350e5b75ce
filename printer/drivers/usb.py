"""A USB printer through the kernel's usblp: /dev/usb/lpN. No root, no libusb, no reset."""

import contextlib
import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from pydantic import Field

from printer.plan import Connection
from printer.ports import Lost, PaperEnd, opening
from printer.sections import PrinterSection

READ = 1024
Opener = Callable[[Path], int]


def open_device(path: Path) -> int:
    """Read and write, never waiting, never as the controlling terminal."""
    return os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)


class UsbPrinter(PrinterSection):
    driver: Literal["usb"]
    device: str = Field(
        default="/dev/usb/lp0", description="Thiết bị usblp.", examples=["/dev/hall/printer"]
    )

    @property
    def place(self) -> str:
        return self.device

    def connect(self, on_paper: Callable[[bytes], None]) -> Connection:  # noqa: ARG002
        return Connection(UsbDriver(Path(self.device)))


class UsbDriver:
    """`opener` is the kernel's open."""

    # USB full speed, as far as the bulk endpoint of a receipt printer gets; unverified on a bench.
    bytes_a_second = 800_000.0
    chunk = 4096
    nudge_s = 0.25

    def __init__(self, device: Path, opener: Opener = open_device) -> None:
        self._device = device
        self._opener = opener

    def open(self) -> "UsbWire":
        """Raises WireError."""
        with opening(str(self._device)):
            return UsbWire(self._opener(self._device))


class UsbWire:
    def __init__(self, fd: int) -> None:
        self._fd = fd

    def fileno(self) -> int:
        return self._fd

    def write(self, data: bytes) -> int:
        try:
            return os.write(self._fd, data)
        except BlockingIOError:
            return 0
        except OSError as err:
            if err.errno == errno.ENOSPC:
                raise PaperEnd from err
            raise Lost(err.strerror or str(err)) from err

    def read(self) -> bytes:
        """An unplugged usblp says ENODEV here; it never hangs up. No bytes is no end."""
        try:
            return os.read(self._fd, READ)
        except BlockingIOError:
            return b""
        except OSError as err:
            raise Lost(err.strerror or str(err)) from err

    def close(self) -> None:
        with contextlib.suppress(OSError):
            os.close(self._fd)
