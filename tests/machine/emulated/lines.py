"""Dialogues with an emulated machine over unix sockets: in lines of text, or of JSON."""

import json
import socket
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from emulated.waiting import until

_CHUNK = 65536
# Between QEMU's making of a socket's file and its listening there.
_LISTENS_S = 10.0


class Refused(Exception):
    """The other side understood and said no."""


class HungUp(OSError):
    """The other side is gone."""


@dataclass(slots=True)
class Line:
    """Whole lines, however they arrive: what came before a time-out is kept for later."""

    path: Path
    _socket: socket.socket = field(init=False)
    _held: bytes = b""

    def __post_init__(self) -> None:
        self._socket = until(self._connected, _LISTENS_S, f"nobody listens at {self.path.name}")

    def _connected(self) -> socket.socket | None:
        """None while the socket's file is there and its owner does not listen yet."""
        opened = socket.socket(socket.AF_UNIX)
        try:
            opened.connect(str(self.path))
        except ConnectionRefusedError:
            opened.close()
            return None
        except OSError:
            opened.close()
            raise
        return opened

    def say(self, words: bytes) -> None:
        self._socket.sendall(words + b"\n")

    def hear(self, seconds: float) -> bytes:
        """The next line, without its end. Raises TimeoutError, HungUp."""
        end = time.monotonic() + seconds
        while b"\n" not in self._held:
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"{self.path.name}: nothing said for {seconds:.0f} s")
            self._socket.settimeout(left)
            received = self._socket.recv(_CHUNK)
            if not received:
                raise HungUp(str(self.path))
            self._held += received
        line, _, self._held = self._held.partition(b"\n")
        return line

    def close(self) -> None:
        self._socket.close()


@dataclass(slots=True)
class Dialogue:
    """QEMU's monitor and its guest agent speak alike. `told`: what nobody had asked for."""

    line: Line
    seconds: float = 30.0
    told: deque[dict[str, Any]] = field(default_factory=deque)

    def ask(self, execute: str, **arguments: object) -> Any:
        """The answer's value. Raises Refused, HungUp, TimeoutError."""
        self.line.say(json.dumps({"execute": execute, "arguments": arguments}).encode())
        while True:
            said = self.hear(self.seconds)
            if "error" in said:
                raise Refused(f"{execute}: {said['error']}")
            if "return" in said:
                return said["return"]
            self.told.append(said)

    def hear(self, seconds: float) -> dict[str, Any]:
        """One message. What stands before a 0xff belongs to an earlier dialogue."""
        message = self.line.hear(seconds).rpartition(b"\xff")[2]
        words = json.loads(message or b"{}")
        return words if isinstance(words, dict) else {}

    def listen(self, seconds: float) -> None:
        """Take in what is told within this time."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                self.told.append(self.hear(left))
            except TimeoutError:
                return
