"""Call-click to all of 1, 50 and 200 browsers updated, with the queue's own time beside it.

`python bench/counter_pages.py [CALLS]`: needs mosquitto. Controller and staff pages are programs of
their own. A browser is what one browser holds: a stream of states, read by this process; every
tenth also follows the whole list of a counter. Per call, from the click:

    queue      the counter's new state is on the bus, read by an MQTT client
    reply      the click is answered
    browsers   the last browser has the new state
"""

import http.client
import json
import selectors
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from queue import Empty, SimpleQueue

import paho.mqtt.client as mqtt
from display_board import pss_mb
from paho.mqtt.enums import CallbackAPIVersion

CALLS = 30
BROWSERS = (1, 50, 200)
PAUSE_S = 0.2
OF_ONE_MACHINE = 20
PATIENCE_S = 20.0
MOTCUA = [sys.executable, "-m", "hall.cli"]
YAML = """version: 1
hall: {{id: bench, name: Bench, hours: ["00:00-24:00"],
       days: [mon, tue, wed, thu, fri, sat, sun]}}
broker: {{url: "mqtt://127.0.0.1:{broker}"}}
services: [{{id: ho-tich, name: Hộ tịch, prefix: A, last: 999}}]
counters: [{{id: "1", serves: [ho-tich]}}, {{id: "2", serves: [ho-tich]}}]
queue: {{issues_per_s: 1000, issue_burst: 10000}}
counter: {{port: {pages}, pairing: "off", hall_page: true}}
"""
IDS = map("b{}".format, count())


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def program(arguments: Sequence[str]) -> Iterator[int]:
    started = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield started.pid
    finally:
        started.terminate()
        started.wait(20)


class Queue:
    """The states of counter 1 as an MQTT client gets them, with the moment."""

    def __init__(self, port: int) -> None:
        self._seen: SimpleQueue[tuple[str, float]] = SimpleQueue()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="tech-bench")
        self._client.on_message = self._hear
        self._client.connect("127.0.0.1", port)
        self._client.subscribe("motcua/1/bench/state/counter/1", 1)
        self._client.loop_start()

    def _hear(self, _client: object, _data: object, message: mqtt.MQTTMessage) -> None:
        ticket = json.loads(message.payload)["ticket"]
        self._seen.put((ticket["number"] if ticket else "", time.perf_counter()))

    def forget(self) -> None:
        while True:
            try:
                self._seen.get_nowait()
            except Empty:
                return

    def when(self, number: str) -> float:
        while True:
            seen, at = self._seen.get(timeout=PATIENCE_S)
            if seen == number:
                return at

    def close(self) -> None:
        self._client.loop_stop()
        self._client.disconnect()


class Browsers:
    def __init__(self, port: int, many: int) -> None:
        self._poll = selectors.DefaultSelector()
        self._all = [self._open(port, n) for n in range(many)]

    def _open(self, port: int, n: int) -> socket.socket:
        # As many as one machine may hold are far fewer than a hall has browsers.
        source = (f"127.0.0.{2 + n // OF_ONE_MACHINE}", 0)
        opened = socket.create_connection(("127.0.0.1", port), PATIENCE_S, source)
        # The one that pressed is at counter 1, the others are at another.
        path = f"/events?xem=line/{2 if n else 1}" if n % 10 == 0 else "/events"
        opened.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        while b"event: hello" not in opened.recv(1 << 16):
            pass
        opened.settimeout(0)
        self._poll.register(opened, selectors.EVENT_READ)
        return opened

    def forget(self) -> None:
        while ready := self._poll.select(0.02):
            for key, _ in ready:
                assert isinstance(key.fileobj, socket.socket)
                key.fileobj.recv(1 << 20)

    def when_all(self, number: str, clerk: socket.socket) -> tuple[float, float]:
        """When the click is answered, and when the last of them has the counter's new state."""
        wanted = f'"number": "{number}"'.encode()
        left, held = set(self._all), dict.fromkeys(self._all, b"")
        answered, at = 0.0, time.perf_counter()
        deadline = at + PATIENCE_S
        self._poll.register(clerk, selectors.EVENT_READ)
        while (left or not answered) and time.perf_counter() < deadline:
            for key, _ in self._poll.select(0.1):
                browser = key.fileobj
                assert isinstance(browser, socket.socket)
                if browser is clerk:
                    self._poll.unregister(clerk)
                    answered = time.perf_counter()
                    continue
                held[browser] += browser.recv(1 << 20)
                if browser in left and _holds(held[browser], wanted):
                    left.discard(browser)
                    at = time.perf_counter()
        assert not left, f"{len(left)} browsers were not told"
        return answered, at

    def close(self) -> None:
        for each in self._all:
            self._poll.unregister(each)
            each.close()


def _holds(text: bytes, number: bytes) -> bool:
    start = text.find(b'"counter/1":')
    return start >= 0 and number in text[start : start + 600]


class Clerk:
    def __init__(self, port: int) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)

    @property
    def line(self) -> socket.socket:
        """Where the answer comes; there from the first request on."""
        assert self._line.sock is not None
        return self._line.sock

    def send(self, path: str, **body: str) -> None:
        text = json.dumps({"id": next(IDS), **body})
        self._line.request("POST", path, text, {"Content-Type": "application/json"})

    def read(self) -> dict[str, object]:
        told: dict[str, object] = json.loads(self._line.getresponse().read())
        assert told["status"] == "ok", told
        return told

    def ask(self, path: str, **body: str) -> dict[str, object]:
        self.send(path, **body)
        return self.read()


def main() -> int:
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else CALLS
    with tempfile.TemporaryDirectory() as name, ExitStack() as opened:
        folder, broker, pages = Path(name), free_port(), free_port()
        config = folder / "hall.yaml"
        config.write_text(YAML.format(broker=broker, pages=pages), "utf-8")
        mosquitto = folder / "mosquitto.conf"
        text = f"listener {broker} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\n"
        mosquitto.write_text(text, "utf-8")
        opened.enter_context(program(["mosquitto", "-c", str(mosquitto)]))
        pids = {}
        for role in ("controller", "counter"):
            run = [*MOTCUA, "run", role, "-c", str(config), "--state", str(folder / role)]
            (folder / role).mkdir()
            pids[role] = opened.enter_context(program(run))
        await_pages(pages)
        queue = Queue(broker)
        opened.callback(queue.close)
        print(f"{'browsers':>8} {'queue ms':>17} {'reply ms':>17} {'browsers ms':>17}  MB")
        print(f"{'':>8} {'median':>8} {'p95':>8} {'median':>8} {'p95':>8} {'median':>8} {'p95':>8}")
        clerk = Clerk(pages)
        for many in (0, *BROWSERS):
            times = measured(clerk, queue, Browsers(pages, many), calls)
            row = " ".join(f"{mid(each):8.1f} {p95(each):8.1f}" for each in times)
            print(f"{many:>8} {row}  {pss_mb(pids['counter']):.0f}", flush=True)
    return 0


def await_pages(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if Clerk(port).ask("/api/hall/issue", service="ho-tich", channel="counter"):
                return
        except (OSError, AssertionError):
            time.sleep(0.2)
    raise SystemExit("the pages did not start")


def measured(
    clerk: Clerk, queue: Queue, browsers: Browsers, calls: int
) -> tuple[list[float], list[float], list[float]]:
    """In ms from the click: the queue, the reply, the last browser."""
    own, replies, shown = [], [], []
    try:
        for _ in range(calls):
            told = clerk.ask("/api/hall/issue", service="ho-tich", channel="counter")
            number = next_number(told)
            time.sleep(PAUSE_S)
            queue.forget()
            browsers.forget()
            began = time.perf_counter()
            clerk.send("/api/counter/1/call-ticket", number=number)
            answered, at = browsers.when_all(number, clerk.line)
            clerk.read()
            replies.append((answered - began) * 1e3)
            shown.append((at - began) * 1e3)
            own.append((queue.when(number) - began) * 1e3)
    finally:
        browsers.close()
    return own, replies, shown


def next_number(told: dict[str, object]) -> str:
    data = told["data"]
    assert isinstance(data, dict)
    number: str = data["ticket"]["number"]
    return number


def mid(times: Sequence[float]) -> float:
    return statistics.median(times)


def p95(times: Sequence[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


if __name__ == "__main__":
    sys.exit(main())
