"""A Firefox steered over WebDriver BiDi, which it speaks itself: one WebSocket, no driver."""

import base64
import json
import os
import re
import socket
import struct
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PATIENCE_S = 120.0
_LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10


@dataclass
class WebSocket:
    """The client's side of RFC 6455, as much as JSON messages need."""

    url: str
    _sock: socket.socket = field(init=False)
    _held: bytes = b""

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        self._sock = socket.create_connection((parts.hostname or "", parts.port or 80), PATIENCE_S)
        key = base64.b64encode(os.urandom(16)).decode()
        asked = (
            f"GET {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        self._sock.sendall(asked.encode())
        while b"\r\n\r\n" not in self._held:
            self._read()
        head, self._held = self._held.split(b"\r\n\r\n", 1)
        assert b" 101 " in head.splitlines()[0], head

    def send(self, text: str, kind: int = _TEXT) -> None:
        body, mask = text.encode(), os.urandom(4)
        size = len(body)
        length = bytes([0x80 | size]) if size < 126 else b"\xfe" + struct.pack(">H", size)
        if size > 0xFFFF:
            length = b"\xff" + struct.pack(">Q", size)
        hidden = bytes(byte ^ mask[at % 4] for at, byte in enumerate(body))
        self._sock.sendall(bytes([0x80 | kind]) + length + mask + hidden)

    def receive(self) -> str:
        """The next message, whole."""
        text = b""
        while True:
            first, size = self._take(2)
            if size == 126:
                (size,) = struct.unpack(">H", self._take(2))
            elif size == 127:
                (size,) = struct.unpack(">Q", self._take(8))
            body = self._take(size)
            if first & 0x0F == _PING:
                self.send(body.decode(), _PONG)
                continue
            assert first & 0x0F != _CLOSE, "Firefox has closed the connection"
            text += body
            if first & 0x80:
                return text.decode()

    def close(self) -> None:
        self._sock.close()

    def _take(self, size: int) -> bytes:
        while len(self._held) < size:
            self._read()
        taken, self._held = self._held[:size], self._held[size:]
        return taken

    def _read(self) -> None:
        more = self._sock.recv(1 << 16)
        assert more, "Firefox is gone"
        self._held += more


class Firefox:
    """One headless window with one tab."""

    def __init__(self, program: str, profile: Path) -> None:
        self._process = subprocess.Popen(
            [program, "--headless", "--no-remote", "--profile", str(profile),
             "--remote-debugging-port", "0"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "HOME": str(profile), "MOZ_CRASHREPORTER_DISABLE": "1"},
        )  # fmt: skip
        self._socket = WebSocket(f"{self._address()}/session")
        self._count = 0
        self._errors: list[str] = []
        self.ask("session.new", capabilities={})
        self.ask("session.subscribe", events=["log.entryAdded"])
        self._tab = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def _address(self) -> str:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            if found := _LISTENING.search(line):
                return found[1]
        raise AssertionError("Firefox did not start")

    def ask(self, method: str, **params: Any) -> Any:
        self._count += 1
        self._socket.send(json.dumps({"id": self._count, "method": method, "params": params}))
        while True:
            told = json.loads(self._socket.receive())
            if told.get("id") == self._count:
                assert told["type"] == "success", told
                return told["result"]
            if told.get("method") == "log.entryAdded" and told["params"]["level"] == "error":
                self._errors.append(told["params"]["text"])

    def go(self, url: str) -> None:
        self.ask("browsingContext.navigate", context=self._tab, url=url, wait="complete")

    def size(self, width: int, height: int) -> None:
        viewport = {"width": width, "height": height}
        self.ask("browsingContext.setViewport", context=self._tab, viewport=viewport)

    def run(self, expression: str) -> Any:
        """A plain value of an expression; JSON for what is none."""
        told = self.ask("script.evaluate", expression=f"JSON.stringify({expression}) ?? 'null'",
                        target={"context": self._tab}, awaitPromise=True)  # fmt: skip
        assert told["type"] == "success", told
        return json.loads(told["result"]["value"])

    def text(self, selector: str) -> str:
        return str(self.run(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''"))

    def key(self, value: str) -> None:
        """As the WebDriver protocol writes keys."""
        actions = [{"type": kind, "value": value} for kind in ("keyDown", "keyUp")]
        source = {"type": "key", "id": "keys", "actions": actions}
        self.ask("input.performActions", context=self._tab, actions=[source])

    def picture(self) -> bytes:
        told = self.ask("browsingContext.captureScreenshot", context=self._tab)
        return base64.b64decode(told["data"])

    def complaints(self) -> list[str]:
        """What its console called an error since the last time."""
        told, self._errors = self._errors, []
        return told

    def close(self) -> None:
        self._socket.close()
        self._process.terminate()
        self._process.wait(30)
        if self._process.stderr is not None:
            self._process.stderr.close()
