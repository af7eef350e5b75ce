"""Eight clients at once, against a peer's shape of work: HTTP and SQLite, one process, one file.

`python bench/controller_crowd.py [ACTS]` runs a private mosquitto with a controller, and the peer
(bench/peer.py), in three rounds each, by turns; ACTS are a client's acts in a round. It prints
medians over the rounds, and the CPU that controller and peer took themselves for one act.
The peer is as such programs are: it is told nothing twice, keeps no reply, tells no screen, and
two counters that call at once may call one person.
"""

import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from wire_clients import Ask, Round, WireClient, key, press, run

from hall.contract.acl import HallIds
from hall.runtime.broker import Location, PrivateBroker, server_for

ROOT = Path(__file__).parents[1]
CLIENTS = 8
ROUNDS = 3
TICK = os.sysconf("SC_CLK_TCK")
PRESSES = tuple(f"printer-{n}" for n in range(1, CLIENTS + 1))
KEYS = tuple(f"bridge-{n}" for n in range(1, CLIENTS + 1))
COUNTERS = tuple(str(n) for n in range(1, CLIENTS + 1))


def yaml(port: int) -> str:
    counters = "\n".join(
        f'  - {{id: "{n}", serves: [a], clients: [bridge-{n}]}}' for n in range(1, CLIENTS + 1)
    )
    return f"""
version: 1
hall: {{id: thu, name: Thử, hours: ["00:00-24:00"], days: [mon, tue, wed, thu, fri, sat, sun]}}
broker: {{url: "mqtt://127.0.0.1:{port}"}}
services: [{{id: a, name: Hộ tịch, prefix: A, first: 1, last: 99999, digits: 5}}]
counters:
{counters}
queue: {{requests_per_s: 1000, burst: 10000, issues_per_s: 1000, issue_burst: 10000}}
"""


@dataclass
class Measured:
    """One side's rounds of one act, and the CPU of its process for each of them."""

    name: str
    rounds: list[tuple[Round, float]]

    def add(self, pid: int, asks: list[Ask], count: int) -> None:
        before = cpu_s(pid)
        done = run(asks, count)
        self.rounds.append((done, (cpu_s(pid) - before) * 1000 / len(done.ms)))

    def __str__(self) -> str:
        def middle(of: Callable[[Round], float]) -> float:
            return statistics.median(of(done) for done, _ in self.rounds)

        cpu = statistics.median(cpu for _, cpu in self.rounds)
        refused = sum(done.refused for done, _ in self.rounds)
        return (
            f"{self.name:>16}: median {middle(lambda r: r.at(0.5)):6.2f} ms, "
            f"p99 {middle(lambda r: r.at(0.99)):6.2f} ms, {middle(lambda r: r.rate):5.0f}/s, "
            f"{cpu:.2f} ms CPU an act" + (f", {refused} REFUSED" if refused else "")
        )


def cpu_s(pid: int) -> float:
    """What the process has taken so far, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


class PeerClient:
    """A browser's or dispenser's connection to the peer, kept open."""

    def __init__(self, port: int, called: list[str]) -> None:
        self._link = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        self._called = called

    def ask(self, path: str) -> bool:
        self._link.request("POST", path, b"{}", {"content-type": "application/json"})
        answer = self._link.getresponse()
        told = json.loads(answer.read())
        if told.get("number") and "call" in path:
            self._called.append(told["number"])
        return answer.status == http.HTTPStatus.OK


def controller(state: Path, where: Location) -> subprocess.Popen[bytes]:
    (state / "hall.yaml").write_text(yaml(where.port), encoding="utf-8")
    command = [sys.executable, "-m", "hall.controller", "-c", str(state / "hall.yaml")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([*command, "--state", str(state)], env=environment)


def peer(state: Path) -> tuple["subprocess.Popen[bytes]", int]:
    command = [sys.executable, str(ROOT / "bench" / "peer.py"), str(state / "peer.db")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    return process, int(process.stdout.readline())


def wire(state: Path, where: Location, names: tuple[str, ...]) -> list[WireClient]:
    return [
        WireClient(name, "thu", server_for(name, where, state, "", "mqtt-password"))
        for name in names
    ]


def wait_for(client: WireClient) -> None:
    for _ in range(50):
        try:
            client.ask("ping", '"lang":"vi"')
        except TimeoutError:
            continue
        return
    raise TimeoutError("no controller")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as folder:
        state = Path(folder)
        broker = PrivateBroker(
            state, HallIds("thu", ("controller", *PRESSES, *KEYS), COUNTERS, ("a",))
        )
        where = broker.start()
        ours = controller(state, where)
        theirs, port = peer(state)
        try:
            measure(state, where, (ours.pid, theirs.pid, port), count)
        finally:
            for child in (ours, theirs):
                child.terminate()
                child.wait()
            broker.close()


def measure(state: Path, where: Location, sides: tuple[int, int, int], count: int) -> None:
    ours, theirs, port = sides
    dispensers, keypads = wire(state, where, PRESSES), wire(state, where, KEYS)
    wait_for(dispensers[0])
    called: list[str] = []
    browsers = [PeerClient(port, called) for _ in range(CLIENTS)]
    rows = [Measured(name, []) for name in ("issue", "peer's issue", "call", "peer's call")]
    for _ in range(ROUNDS):
        rows[0].add(ours, [press(client) for client in dispensers], count)
        rows[1].add(theirs, [lambda b=b: b.ask("/issue") for b in browsers], count)
        rows[2].add(ours, [key(client) for client in keypads], count)
        rows[3].add(
            theirs, [lambda b=b, n=n: b.ask(f"/call/{n}") for n, b in enumerate(browsers)], count
        )
    for row in rows:
        print(row)
    twice = len(called) - len(set(called))
    print(f"the peer called {twice} of {len(set(called))} people twice")


if __name__ == "__main__":
    main()
