"""From a press to the first byte at the printer and to its confirmation, over a private cable.

`python bench/printer_link.py`: the real link, journal and encoder against a simulated printer that
prints in no time; what is left is our own cost. Wall time, and the processor time of the process.
"""

import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue

sys.path.insert(0, str(Path(__file__).parents[1]))

from hall.contract.messages import PublicTicket
from hall.contract.requests import IssueData
from printer.drivers.simulated import SimulatedDriver
from printer.jobs.attempts import Attempt, AttemptStage
from printer.jobs.store import Store
from printer.line.link import Link, LinkReport
from printer.line.reports import JobConfirmed, PrintJob, Up
from printer.line.session import PrinterSession
from printer.models import MODELS
from printer.paper.drawing import Studio
from printer.paper.encoder import Encoder
from printer.paper.layout import Content, Dress, lay_out
from printer.simulator.bench import Bench
from printer.simulator.machine import Machine, Make

TICKETS = 60
DRESS = Dress("Trung tâm Phục vụ hành chính công xã Mù Cang Chải")
AT = datetime(2026, 11, 23, 0, 42, tzinfo=UTC)


class Watched(Machine):
    """Remembers when the first byte of a job arrived."""

    first: float | None = None

    def receive(self, data: bytes, now: float) -> None:
        if self.first is None:
            self.first = now
        super().receive(data, now)


def attempt(n: int) -> Attempt:
    ticket = PublicTicket(
        id=f"t{n}", number=f"A{n:03}", service="a", day="2026-11-23", issued_at=AT, channel="button"
    )
    return Attempt(f"a{n}", IssueData(ticket=ticket, ahead=n), AT, AttemptStage.SENDING)


def main() -> None:
    reports: SimpleQueue[LinkReport] = SimpleQueue()
    bench = Bench(Make(), lambda _sheet: None)
    machine = bench._machine = Watched(Make(), lambda _sheet: None)  # noqa: SLF001
    bench.start()
    link = Link(
        SimulatedDriver(bench), PrinterSession(MODELS["TM-T20III"]), reports.put, time.monotonic
    )
    link.start()
    while not isinstance(reports.get(timeout=10), Up):
        pass
    studio = Studio()
    encoder = Encoder(MODELS["TM-T20III"], studio)
    first, whole, cpu = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "p.sqlite")
        for n in range(TICKETS):
            machine.first = None
            began, worked = time.monotonic(), time.process_time()
            rows = lay_out(Content(f"A{n:03}", "Hộ tịch", n, ("Quầy 1",)), DRESS, 576, studio)
            data = encoder.encode(rows, b"0000").data
            store.put(attempt(n))
            link.submit(PrintJob(f"a{n}", data, 0.0, b"0000"))
            while not isinstance(reports.get(timeout=10), JobConfirmed):
                pass
            whole.append(time.monotonic() - began)
            cpu.append(time.process_time() - worked)
            first.append((machine.first or began) - began)
        store.close()
    link.stop()
    bench.stop()
    for name, values in (
        ("number known → first byte", first),
        ("→ confirmed", whole),
        ("CPU, printer included", cpu),
    ):
        middle = statistics.median(values[5:]) * 1e3
        print(f"{name:28} median {middle:6.1f} ms   max {max(values[5:]) * 1e3:6.1f} ms")


if __name__ == "__main__":
    main()
