"""The dispenser as a process on a real broker, killed with a ticket half out of the printer."""

import json
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from printer.jobs.store import Store
from printer.simulator.bench import Bench
from printer.simulator.machine import Make
from printer.simulator.paper import CutPaper

ROOT = Path(__file__).resolve().parents[2]
YAML = """version: 1
hall: {{id: thu, name: "Xã Mù Cang Chải", hours: ["00:00-24:00"],
       days: [mon, tue, wed, thu, fri, sat, sun]}}
services: [{{id: ho-tich, name: "Hộ tịch", prefix: A}}]
counters: [{{id: "1", serves: [ho-tich]}}]
printers: [{{id: printer-1, driver: network, host: 127.0.0.1, port: {port}, profile: TM-T20III}}]
"""


@dataclass
class Place:
    folder: Path
    broker: int
    bench: Bench
    stack: ExitStack
    sheets: list[CutPaper] = field(default_factory=list)

    def start(self, module: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", module, "-c", str(self.folder / "hall.yaml")]
        command += ["--broker", f"mqtt://127.0.0.1:{self.broker}"]
        command += ["--state", str(self.folder / module)]
        with (self.folder / f"{module}.log").open("ab") as log:
            process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        self.stack.callback(self.end, process)
        return process

    def end(self, process: "subprocess.Popen[bytes]") -> None:
        process.kill()
        process.wait()

    def dispense(self) -> None:
        body = {"schema": 1, "hall": "thu", "src": "tech", "id": "d1", "service": "ho-tich"}
        topic = "motcua/1/thu/req/dev/printer-1/dispense/tech"
        command = [
            "mosquitto_pub",
            "-h",
            "127.0.0.1",
            "-p",
            str(self.broker),
            "-q",
            "1",
            "-t",
            topic,
        ]
        subprocess.run([*command, "-m", json.dumps(body)], check=True)

    def until(self, true: Callable[[], object], seconds: float = 120.0) -> None:
        end = time.monotonic() + seconds
        pause = socket.socketpair()
        pause[0].settimeout(0.05)
        try:
            while not true():
                assert time.monotonic() < end, self.logs()
                try:
                    pause[0].recv(1)
                except TimeoutError:
                    continue
        finally:
            for end_of_pause in pause:
                end_of_pause.close()

    def logs(self) -> str:
        return "\n".join(path.read_text() for path in self.folder.glob("*.log"))

    @property
    def rows(self) -> int:
        """Dot rows that hang from the printer."""
        return self.bench._machine._roll.rows


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    if shutil.which("mosquitto") is None or shutil.which("mosquitto_pub") is None:
        pytest.skip("mosquitto is not installed")
    with ExitStack() as stack:
        sheets: list[CutPaper] = []
        # Slow enough to be caught in the middle of a ticket.
        bench = Bench(Make(speed=40.0), sheets.append)
        stack.callback(bench.stop)
        (tmp_path / "hall.yaml").write_text(YAML.format(port=bench.listen()), encoding="utf-8")
        bench.start()
        # Once the printer has its port: a free one may be given out twice.
        with socket.create_server(("127.0.0.1", 0)) as free:
            broker = free.getsockname()[1]
        command = ["mosquitto", "-p", str(broker)]
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(command, stdout=quiet, stderr=quiet)
        world = Place(tmp_path, broker, bench, stack, sheets)
        stack.callback(world.end, process)
        yield world


def printed(place: Place) -> list[tuple[str, bool, str, bool]]:
    store = Store(place.folder / "printer" / "printer-1.sqlite")
    found = [(a.number, a.reprint, a.stage.value, a.told) for a in store.of_ticket("1-1-0")]
    store.close()
    return found


@pytest.mark.broker
def test_a_dispenser_killed_in_the_middle_of_a_ticket_prints_it_again_labelled(
    place: Place,
) -> None:
    place.start("hall.controller")
    first = place.start("printer")
    place.until(lambda: b"printer ready" in (place.folder / "printer.log").read_bytes())
    place.dispense()
    place.until(lambda: place.rows > 60)

    first.send_signal(signal.SIGKILL)
    first.wait()
    second = place.start("printer")

    place.until(lambda: b"printed A001" in (place.folder / "printer.log").read_bytes())
    second.send_signal(signal.SIGTERM)
    assert second.wait(20) == 0
    assert [entry[:3] for entry in printed(place)] == [
        ("A001", False, "unknown"),
        ("A001", True, "confirmed"),
    ]
    # What the network had taken may still come out, plain; the reprint says what it is.
    papers = [labelled(sheet) for sheet in place.sheets if not sheet.blank]
    assert papers in ([True], [False, True])


def labelled(sheet: CutPaper) -> bool:
    """Whether the paper begins with the black bar of IN LẠI."""
    return sheet.image.crop((40, 6, 120, 12)).convert("L").getextrema() == (0, 0)
