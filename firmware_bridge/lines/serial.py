"""A serial port by pyserial."""

import select
import termios
from contextlib import suppress
from typing import TYPE_CHECKING

from firmware_bridge.lines.link import linked
from firmware_bridge.ports import LinkLost

if TYPE_CHECKING:
    from serial import Serial

_WRITE_S = 0.3


class SerialLine:
    """`rs485`: the kernel switches the direction; for adapters that do not by themselves."""

    def __init__(self, port: str, baud: int, line_format: str = "8N1", *, rs485: bool) -> None:
        self._port_name = port
        self._baud = baud
        self._format = line_format
        self._rs485 = rs485
        self._port: Serial | None = None

    def open(self) -> None:
        with linked():
            self._port = self._opened()

    def _opened(self) -> "Serial":
        import serial  # noqa: PLC0415 - 16 ms and 3.6 MB only where there is a port

        port = serial.Serial(
            baudrate=self._baud,
            bytesize=int(self._format[0]),
            parity=self._format[1],
            stopbits=int(self._format[2]),
            timeout=0,
            write_timeout=_WRITE_S,
            exclusive=True,
        )
        # Opening toggles DTR, which resets Arduino-class boards.
        port.dtr = False
        port.rts = False
        port.port = self._port_name
        port.open()
        # Not every adapter has them, a pseudo-terminal has neither.
        with suppress(OSError, ValueError, NotImplementedError, AttributeError):
            port.set_low_latency_mode(low_latency_settings=True)
        if self._rs485:
            from serial.rs485 import RS485Settings  # noqa: PLC0415

            port.rs485_mode = RS485Settings()
        return port

    def write(self, data: bytes) -> None:
        with linked():
            port = self._alive()
            port.reset_input_buffer()
            try:
                port.write(data)
            except OSError as err:
                from serial import SerialTimeoutException  # noqa: PLC0415

                # It has no errno by which it could be told apart.
                if not isinstance(err, SerialTimeoutException):
                    raise
                raise LinkLost("bộ chuyển đổi không gửi được dữ liệu: có thể đang treo") from err

    def read(self, timeout_s: float) -> bytes:
        with linked():
            port = self._alive()
            ready, _, _ = select.select([port.fileno()], [], [], max(0.0, timeout_s))
            if not ready:
                return b""
            heard = port.read(max(1, port.in_waiting))
            if not heard:
                raise LinkLost("cổng báo có dữ liệu nhưng không đọc được: đã bị rút")
            return bytes(heard)

    def close(self) -> None:
        port, self._port = self._port, None
        if port is not None:
            with suppress(OSError, termios.error, TypeError, ValueError):
                port.close()

    def _alive(self) -> "Serial":
        if self._port is None:
            raise LinkLost("cổng chưa mở")
        return self._port
