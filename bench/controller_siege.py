"""A rogue with a valid password, and a slow disk: what others notice of it, process by process.

`python bench/controller_siege.py [SECONDS]` runs a mosquitto and a controller of their own whose
syncs take 0, 25 and 100 ms longer (slow_sync.c), under the limits of a hall's YAML. Eight counters
press at once; then kiosk-1 asks for 3,000 tickets a second while four dispensers and four keypads
go on working. tests/faults/test_faults_siege.py holds what must come out of it.
"""

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from wire_clients import Ask, WireClient, key, press, run

from hall.contract.acl import HallIds
from hall.runtime.broker import Location, PrivateBroker, server_for
from hall.runtime.bus_mqtt import Server

ROOT = Path(__file__).parents[1]
RATE = 3000
EIGHT = range(1, 9)
KEYPADS = tuple(f"bridge-{n}" for n in EIGHT)
DISPENSERS = tuple(f"printer-{n}" for n in EIGHT)
ROGUE = "kiosk-1"
CLIENTS = ("controller", *KEYPADS, *DISPENSERS, ROGUE, "tech", "tech-cli")
_COUNTERS = "\n".join(f'  - {{id: "{n}", serves: [a], clients: [bridge-{n}]}}' for n in EIGHT)
YAML = f"""
version: 1
hall: {{id: thu, name: Thử, hours: ["00:00-24:00"], days: [mon, tue, wed, thu, fri, sat, sun]}}
broker: {{url: "mqtt://127.0.0.1:PORT"}}
services: [{{id: a, name: Hộ tịch, prefix: A, first: 1, last: 99999, digits: 5}}]
counters:
{_COUNTERS}
printers: [{", ".join(f"{{id: {name}}}" for name in DISPENSERS)}]
kiosks: [{{id: {ROGUE}}}]
"""


@dataclass
class Besieged:
    """A broker and a controller, each a process; every client has a password of its own."""

    folder: Path
    where: Location
    broker: int
    controller: int

    def server(self, client: str) -> Server:
        return server_for(client, self.where, self.folder, "", "mqtt-password")

    def client(self, name: str) -> WireClient:
        return WireClient(name, "thu", self.server(name))

    @property
    def syncs(self) -> int:
        """How often the controller has waited for its disk so far."""
        return (self.folder / "syncs").stat().st_size

    @contextmanager
    def rogue(self) -> Iterator[None]:
        """A kiosk that asks for RATE tickets a second, in a process of its own."""
        server = self.server(ROGUE)
        command = [sys.executable, __file__, "--rogue", str(server.port), server.password or ""]
        process = subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield
        finally:
            process.kill()
            process.communicate()


@contextmanager
def stopped(pid: int, seconds: float) -> Iterator[None]:
    """This process stands still for so long, and meanwhile things are done."""
    until = time.perf_counter() + seconds
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
        time.sleep(max(0.0, until - time.perf_counter()))
    finally:
        os.kill(pid, signal.SIGCONT)


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'bench'}"}


def slow_disk(folder: Path) -> Path:
    """Compile what makes syncs slow. Needs a C compiler."""
    made = folder / "slow_sync.so"
    source = ROOT / "bench" / "slow_sync.c"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", made, source, "-ldl"], check=True)
    return made


@contextmanager
def besieged(folder: Path, sync_ms: int) -> Iterator[Besieged]:
    broker = PrivateBroker(folder, HallIds("thu", CLIENTS, tuple(map(str, EIGHT)), ("a",)))
    where = broker.start()
    yaml = folder / "hall.yaml"
    yaml.write_text(YAML.replace("PORT", str(where.port)), encoding="utf-8")
    command = [sys.executable, "-m", "hall.controller", "-c", str(yaml), "--state", str(folder)]
    (folder / "syncs").touch()
    slow = {
        "LD_PRELOAD": str(slow_disk(folder)),
        "SLOW_SYNC_MS": str(sync_ms),
        "SLOW_SYNC_LOG": str(folder / "syncs"),
    }
    process = subprocess.Popen(command, env=environment() | slow)
    try:
        assert broker.pid is not None
        place = Besieged(folder, where, broker.pid, process.pid)
        wait_for(place)
        yield place
    finally:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        process.wait()
        broker.close()


def wait_for(place: Besieged) -> None:
    client = place.client("tech")
    for _ in range(12):
        with suppress(TimeoutError):
            client.ask("ping", '"lang":"vi"')
            client.close()
            return
    raise TimeoutError("no controller")


def at_once(place: Besieged, presses: int) -> list[float]:
    """Eight counters press at the same moment, so many times: ms of each answer, in order."""
    clients = [place.client(name) for name in KEYPADS]
    found = [ms for _ in range(presses) for ms in run([key(each) for each in clients], 1).ms]
    for client in clients:
        client.close()
    return sorted(found)


def work(asks: Sequence[Ask], seconds: float) -> list[float]:
    """Everybody acts every half second, for so long: ms of each answer, in order.

    Who has no answer at all has waited for 14 s."""
    found: list[float] = []
    end = time.perf_counter() + seconds

    def one(ask: Ask) -> None:
        while time.perf_counter() < end:
            begun = time.perf_counter()
            with suppress(TimeoutError):
                ask()
            took = time.perf_counter() - begun
            found.append(took * 1000)
            time.sleep(max(0.0, 0.5 - took))

    threads = [threading.Thread(target=one, args=(ask,)) for ask in asks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)


def p99(ms: Sequence[float]) -> float:
    return ms[min(len(ms) - 1, int(len(ms) * 0.99))]


def written(place: Besieged) -> int:
    """The journal's last row."""
    client = place.client("tech-cli")
    for _ in range(20):
        told = json.loads(client.reply("board", '"lang":"vi"'))
        if "data" in told:
            client.close()
            return int(told["data"]["hall"]["evt_seq"])
        time.sleep(0.5)
    raise TimeoutError(told["error"]["code"])


@dataclass(frozen=True)
class Siege:
    """Answers in ms; `named`: the text of the alert; `ghosts`: rows written by nobody's wish."""

    during: list[float]
    after: list[float]
    named: str
    ghosts: int


def siege(place: Besieged, seconds: float) -> Siege:
    workers = [place.client(name) for name in (*DISPENSERS[:4], *KEYPADS[:4])]
    asks = [*map(press, workers[:4]), *map(key, workers[4:])]
    watcher = place.client("tech")
    with place.rogue():
        during = work(asks, seconds)
        named = watcher.kept("dev/controller/alert/flood")
    time.sleep(2.0)
    after = work(asks, 2.0)
    before = written(place)
    time.sleep(1.0)
    ghosts = written(place) - before
    for client in (*workers, watcher):
        client.close()
    return Siege(during, after, named, ghosts)


def rogue(port: int, password: str) -> None:
    """Until killed: bursts of a hundredth of a second, nothing waits for an answer."""
    client = WireClient(ROGUE, "thu", Server("127.0.0.1", port, password))
    threading.Thread(target=client.drain, daemon=True).start()
    print("begun", flush=True)
    due = time.perf_counter()
    while True:
        for _ in range(RATE // 100):
            client.send("issue", '"service":"a","channel":"kiosk"')
        due += 0.01
        time.sleep(max(0.0, due - time.perf_counter()))


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    for sync_ms in (0, 25, 100):
        with (
            tempfile.TemporaryDirectory(prefix="motcua-siege-") as folder,
            besieged(Path(folder), sync_ms) as place,
        ):
            eight = at_once(place, 20)
            found = siege(place, seconds)
        print(
            f"+{sync_ms} ms a sync: eight at once median {statistics.median(eight):.0f} ms, "
            f"p99 {p99(eight):.0f}; under siege median {statistics.median(found.during):.0f}, "
            f"p99 {p99(found.during):.0f}; 2 s after it {statistics.median(found.after):.0f}, "
            f"p99 {p99(found.after):.0f}; ghosts {found.ghosts}; {found.named or 'NOT NAMED'}"
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--rogue"]:
        rogue(int(sys.argv[2]), sys.argv[3])
    else:
        main()
