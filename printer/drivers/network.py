"""A printer on the network, TCP port 9100. The connection is held and kept alive."""

import contextlib
import socket
from collections.abc import Callable
from math import inf
from typing import Literal

from pydantic import Field

from hall.runtime.sections import HostName
from printer.plan import Connection
from printer.ports import HungUp, Lost, Reset, opening
from printer.sections import PrinterSection

CONNECT_S = 2.0
READ = 4096


class NetworkPrinter(PrinterSection):
    driver: Literal["network"]
    host: HostName = Field(description="Địa chỉ máy in trong mạng.", examples=["10.0.0.20"])
    port: int = Field(default=9100, ge=1, le=65535, description="Cổng TCP.")

    @property
    def place(self) -> str:
        return f"{self.host}:{self.port}"

    def connect(self, on_paper: Callable[[bytes], None]) -> Connection:  # noqa: ARG002
        return Connection(NetworkDriver(self.host, self.port))


class NetworkDriver:
    bytes_a_second = 1_000_000.0
    chunk = 4096
    nudge_s = inf

    def __init__(self, host: str, port: int = 9100) -> None:
        self._address = (host, port)

    def open(self) -> "SocketWire":
        """Raises WireError."""
        with opening("{}:{}".format(*self._address)):
            line = socket.create_connection(self._address, timeout=CONNECT_S)
        keep_alive(line)
        return SocketWire(line)


def keep_alive(line: socket.socket) -> None:
    """A printer that loses its power sends no FIN: probe after 10 s, give up after 25 s."""
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 10)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 5)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3)


class SocketWire:
    """Any connected stream socket as a printer's line."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._line.settimeout(0)

    def fileno(self) -> int:
        return self._line.fileno()

    def write(self, data: bytes) -> int:
        try:
            return self._line.send(data)
        except BlockingIOError:
            return 0
        except (ConnectionResetError, BrokenPipeError) as err:
            raise Reset(str(err)) from err
        except OSError as err:
            raise Lost(str(err)) from err

    def read(self) -> bytes:
        try:
            data = self._line.recv(READ)
        except BlockingIOError:
            return b""
        except (ConnectionResetError, BrokenPipeError) as err:
            raise Reset(str(err)) from err
        except OSError as err:
            raise Lost(str(err)) from err
        if not data:
            raise HungUp("máy in đóng kết nối")
        return data

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._line.close()
