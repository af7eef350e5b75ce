"""A printer on its own serial cable, through pyserial: exclusive, never blocking."""

import contextlib
import os
import termios
from collections.abc import Callable
from math import inf
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from printer.plan import Connection
from printer.ports import Lost, opening
from printer.sections import PrinterSection

if TYPE_CHECKING:
    from serial import Serial

READ = 1024
BITS_A_BYTE = 10
Flow = Literal["rtscts", "xonxoff", "none"]


class SerialPrinter(PrinterSection):
    driver: Literal["serial"]
    device: str = Field(description="Cổng nối tiếp.", examples=["/dev/hall/printer"])
    baud: int = Field(default=19200, ge=1200, le=921600, description="Tốc độ, bit/giây.")
    flow: Flow = Field(default="rtscts", description="Điều khiển luồng; none dễ mất dữ liệu.")

    @property
    def place(self) -> str:
        return self.device

    def connect(self, on_paper: Callable[[bytes], None]) -> Connection:  # noqa: ARG002
        return Connection(SerialDriver(self.device, self.baud, self.flow))


class SerialDriver:
    """Flow control is the only way in which the printer can stop us.

    Linux has none over DTR/DSR: the printer's DTR is wired to our CTS (`rtscts`), or `xonxoff`.
    """

    chunk = 512
    nudge_s = inf

    def __init__(self, device: str, baud: int, flow: Flow) -> None:
        self._device = device
        self._baud = baud
        self._flow = flow
        self.bytes_a_second = baud / BITS_A_BYTE

    def open(self) -> "SerialWire":
        """Raises WireError."""
        with opening(self._device):
            return SerialWire(self._opened())

    def _opened(self) -> "Serial":
        import serial  # noqa: PLC0415 - its absence is this printer's loss alone

        port = serial.Serial(
            self._device,
            self._baud,
            timeout=0,
            write_timeout=0,
            rtscts=self._flow == "rtscts",
            xonxoff=self._flow == "xonxoff",
            exclusive=True,
        )
        ignore_breaks(port.fileno())
        return port


def ignore_breaks(fd: int) -> None:
    """A printer that loses its power lets the line drop, which would read as the answer 00."""
    flags = termios.tcgetattr(fd)
    flags[0] |= termios.IGNBRK | termios.IGNPAR
    termios.tcsetattr(fd, termios.TCSANOW, flags)


class SerialWire:
    def __init__(self, port: "Serial") -> None:
        self._port = port

    def fileno(self) -> int:
        return int(self._port.fileno())

    def write(self, data: bytes) -> int:
        # Not the port's own write: pyserial 3.5 spins for ever on a full line (EAGAIN).
        try:
            return os.write(self._port.fileno(), data)
        except BlockingIOError:
            return 0
        except OSError as err:
            raise Lost(str(err)) from err

    def read(self) -> bytes:
        try:
            return bytes(self._port.read(READ))
        except OSError as err:
            raise Lost(str(err)) from err

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._port.close()
