"""Clients of the bus that cost next to nothing: bytes on a socket, one act at a time, in threads.

`run` lets each of them ask as fast as it is answered, as a clerk or dispenser does, and tells how
long every answer took.
"""

import socket
import struct
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from hall.runtime.bus_mqtt import Server

Ask = Callable[[], bool]


def _sized(body: bytes) -> bytes:
    """The remaining length of a packet, then the packet."""
    size, left = b"", len(body)
    while True:
        left, digit = divmod(left, 128)
        size += bytes([digit | (128 if left else 0)])
        if not left:
            return size + body


def _text(text: str) -> bytes:
    raw = text.encode()
    return struct.pack(">H", len(raw)) + raw


@dataclass
class WireClient:
    """MQTT 3.1.1 by hand; its replies come at QoS 0, so that nothing is left to acknowledge."""

    name: str
    hall: str
    server: Server
    _rest: bytes = b""
    _sock: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self._sock = socket.create_connection((self.server.host, self.server.port), 10)
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        password = self.server.password
        flags = 0b10 if password is None else 0b11000010
        body = _text("MQTT") + bytes([4, flags]) + struct.pack(">H", 600) + _text(self.name)
        if password is not None:
            body += _text(self.name) + _text(password)
        self._sock.sendall(b"\x10" + _sized(body))
        self._until(lambda kind, _: kind == 0x20)
        topic = _text(f"motcua/1/{self.hall}/rsp/{self.name}") + b"\0"
        self._sock.sendall(b"\x82" + _sized(b"\0\1" + topic))
        self._until(lambda kind, _: kind == 0x90)

    def send(self, verb: str, body: str, again: str = "") -> str:
        """Publish a request of the queue; its id, of the earlier one `again` or a new one.

        `body`: the JSON of its fields.
        """
        name = again or uuid.uuid4().hex
        payload = f'{{"schema":1,"hall":"{self.hall}","src":"{self.name}","id":"{name}",{body}}}'
        topic = _text(f"motcua/1/{self.hall}/req/queue/{verb}/{self.name}")
        self._sock.sendall(b"\x32" + _sized(topic + b"\0\1" + payload.encode()))
        return name

    def ask(self, verb: str, body: str) -> bool:
        """As `reply`: whether it was ok."""
        return b'"status":"ok"' in self.reply(verb, body)

    def reply(self, verb: str, body: str) -> bytes:
        """Send as the daemons do, again after 1, 1 and 2 s. Raises TimeoutError after 14 s."""
        name = ""
        for patience_s in (1, 1, 2):
            name = self.send(verb, body, name)
            self._sock.settimeout(patience_s)
            with suppress(TimeoutError):
                return self.wait_for(name)
        self._sock.settimeout(10)
        return self.wait_for(name)

    def wait_for(self, name: str) -> bytes:
        """The reply to the request of this id. Raises TimeoutError after 10 s."""
        mark = f'"id":"{name}"'.encode()
        found = self._until(lambda kind, body: kind == 0x30 and mark in body)
        return found[found.index(b"{") :]

    def kept(self, rest: str) -> str:
        """What the broker keeps on a topic below the hall, or comes to it. Or TimeoutError."""
        topic = f"motcua/1/{self.hall}/{rest}"
        self._sock.sendall(b"\x82" + _sized(b"\0\2" + _text(topic) + b"\0"))
        found = self._until(lambda kind, body: kind == 0x30 and topic.encode() in body)
        return found[found.index(b"{") :].decode()

    def drain(self) -> None:
        """Throw away whatever comes."""
        while self._sock.recv(1 << 16):
            pass

    def close(self) -> None:
        self._sock.close()

    def _until(self, wanted: Callable[[int, bytes], bool]) -> bytes:
        while True:
            kind, body = self._packet()
            if wanted(kind & 0xF0, body):
                return body

    def _packet(self) -> tuple[int, bytes]:
        while True:
            size, at = 0, 1
            while at < len(self._rest):
                size |= (self._rest[at] & 127) << 7 * (at - 1)
                at += 1
                if self._rest[at - 1] < 128:
                    break
            else:
                at = len(self._rest) + 1
            if at + size <= len(self._rest):
                kind, body = self._rest[0], self._rest[at : at + size]
                self._rest = self._rest[at + size :]
                return kind, body
            self._rest += self._sock.recv(1 << 16)


@dataclass(frozen=True)
class Round:
    """What clients did side by side: `ms` of each answer, all in `seconds`."""

    ms: list[float]
    seconds: float
    refused: int

    def at(self, share: float) -> float:
        """The so many hundredths slowest answer, in ms."""
        ordered = sorted(self.ms)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]

    @property
    def rate(self) -> float:
        return len(self.ms) / self.seconds


def press(client: WireClient) -> Ask:
    return lambda: client.ask("issue", '"service":"a","channel":"button"')


def key(client: WireClient) -> Ask:
    counter = client.name.removeprefix("bridge-")
    return lambda: client.ask("call-next", f'"counter":"{counter}"')


def run(asks: Sequence[Ask], count: int) -> Round:
    """Every client acts `count` times, at once with the others."""
    times: list[list[float]] = [[] for _ in asks]
    refused = [0] * len(asks)
    start = threading.Barrier(len(asks) + 1)

    def work(index: int, ask: Ask) -> None:
        start.wait()
        for _ in range(count):
            begun = time.perf_counter()
            refused[index] += not ask()
            times[index].append((time.perf_counter() - begun) * 1000)

    threads = [threading.Thread(target=work, args=(i, ask)) for i, ask in enumerate(asks)]
    for thread in threads:
        thread.start()
    start.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begun
    return Round([ms for each in times for ms in each], seconds, sum(refused))
