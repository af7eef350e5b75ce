"""Issue and call over MQTT against a bare echo of the same size on the same broker.

`python bench/controller_latency.py [REQUESTS]` runs a private mosquitto, a controller and an echo,
each a process of its own, and prints medians and the ratio; also the controller's memory.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from hall.contract.acl import HallIds
from hall.contract.requests import CallNext, Issue, Ping, Request
from hall.contract.topics import REQ_ONESTOP, REQ_QUEUE, RSP, Channel
from hall.runtime.broker import PrivateBroker, server_for
from hall.runtime.bus import Connected, Received, Subscription
from hall.runtime.bus_mqtt import MqttBus
from hall.runtime.clock import SystemClock
from hall.runtime.inbox import Inbox
from hall.runtime.requester import new_id

ROOT = Path(__file__).parents[1]
YAML = """
version: 1
hall: {id: thu, name: Thử, hours: ["00:00-24:00"], days: [mon, tue, wed, thu, fri, sat, sun]}
broker: {url: "mqtt://127.0.0.1:%d"}
services: [{id: a, name: Hộ tịch, prefix: A, first: 1, last: 99999, digits: 5}]
counters: [{id: "1", serves: [a]}, {id: "2", serves: [a]}, {id: "3", serves: [a]}]
queue: {requests_per_s: 1000, burst: 10000, issues_per_s: 1000, issue_burst: 10000}
"""
# Answers every request to the one-stop side with as many bytes as an issue's reply has.
ECHO = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from hall.contract.topics import REQ_ONESTOP, RSP
from hall.contract.messages import (Reply)
from hall.runtime.admission import Admission, AdmissionSection
from hall.runtime.broker import Location, server_for
from hall.runtime.bus import Received, Subscription
from hall.runtime.bus_mqtt import MqttBus
from hall.runtime.clock import SystemClock
from hall.runtime.inbox import Inbox
state, port = Path(sys.argv[2]), int(sys.argv[3])
server = server_for("onestop", Location("127.0.0.1", port), state, "", "mqtt-password")
rates = Admission(AdmissionSection(requests_per_s=1000, burst=10_000))
bus, inbox = MqttBus("onestop", "thu", server, SystemClock()), Inbox(admission=rates)
bus.open(inbox, [Subscription(REQ_ONESTOP)], ())
data = {"ticket": "x" * 330}
while True:
    item = inbox.take_item(60)
    if isinstance(item, Received):
        reply = Reply(id=item.message.id, status="ok", data=data)
        bus.publish(RSP, reply, client=item.levels["client"])
"""


class Asker:
    def __init__(self, bus: MqttBus) -> None:
        self.bus = bus
        self.inbox = Inbox()
        bus.open(self.inbox, [Subscription(RSP, {"client": bus.client})], ())
        while not isinstance(self.inbox.take_item(10), Connected):
            pass

    def ms(self, channel: Channel, verb: str, request: Request) -> float:
        """Milliseconds from request to reply."""
        begun = time.perf_counter()
        self.bus.publish(channel, request, verb=verb, client=self.bus.client)
        while True:
            item = self.inbox.take_item(10)
            if item is None:
                raise TimeoutError(verb)
            if isinstance(item, Received) and getattr(item.message, "id", "") == request.id:
                return (time.perf_counter() - begun) * 1000


def wait_for(asker: Asker) -> None:
    """Until controller and echo answer."""
    for channel in (REQ_QUEUE, REQ_ONESTOP):
        for _ in range(50):
            request = Ping(id=new_id())
            asker.bus.publish(channel, request, verb="ping", client=asker.bus.client)
            item = asker.inbox.take_item(0.3)
            if isinstance(item, Received) and getattr(item.message, "id", "") == request.id:
                break


def memory_mb(pid: int) -> float:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")) / 1024


def sync_ms(folder: Path) -> float:
    """Median of writing and syncing 12 KiB, as one commit does."""
    times = []
    with (folder / "sync").open("wb", buffering=0) as file:
        for _ in range(100):
            file.write(bytes(12 * 1024))
            begun = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def show(name: str, times: list[float], base: float) -> None:
    ordered = sorted(times)
    p99 = ordered[int(len(ordered) * 0.99)]
    median = statistics.median(ordered)
    print(f"{name:>6}: median {median:.2f} ms, p99 {p99:.2f} ms, x{median / base:.2f} of the echo")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as folder:
        state = Path(folder)
        broker = PrivateBroker(
            state, HallIds("thu", ("controller", "onestop", "tech"), ("1", "2", "3"), ("a",))
        )
        where = broker.start()
        (state / "hall.yaml").write_text(YAML % where.port, encoding="utf-8")
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "hall.controller", "-c", str(state / "hall.yaml")]
        children = [
            subprocess.Popen([*command, "--state", folder], env=environment),
            subprocess.Popen([sys.executable, "-c", ECHO, str(ROOT), folder, str(where.port)]),
        ]
        try:
            measure(state, where, count, children[0].pid)
        finally:
            for child in children:
                child.terminate()
                child.wait()
            broker.close()


def measure(state: Path, where: object, count: int, pid: int) -> None:
    server = server_for("tech", where, state, "", "mqtt-password")  # type: ignore[arg-type]
    asker = Asker(MqttBus("tech", "thu", server, SystemClock()))
    wait_for(asker)
    echoes, issues, calls = [], [], []
    for number in range(count):
        plain = Issue(id=new_id(), service="a", channel="counter")
        echoes.append(asker.ms(REQ_ONESTOP, "ping", Ping(id=new_id())))
        issues.append(asker.ms(REQ_QUEUE, "issue", plain))
        calls.append(
            asker.ms(REQ_QUEUE, "call-next", CallNext(id=new_id(), counter=str(number % 3 + 1)))
        )
    base = statistics.median(echoes)
    for name, times in (("echo", echoes), ("issue", issues), ("call", calls)):
        show(name, times, base)
    sync = sync_ms(state)
    print(f"one bare sync of this disk: median {sync:.2f} ms; echo and sync: {base + sync:.2f} ms")
    print(f"memory of the controller's process: {memory_mb(pid):.0f} MB (PSS)")
    asker.bus.close()


if __name__ == "__main__":
    main()
