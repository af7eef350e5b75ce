"""A look-up from a kiosk to the software at the province and back: median, p95, CPU.

    python bench/province_lookup.py              300 look-ups, one after the other
    python bench/province_lookup.py 1000 --busy  the same while 20 other halls ask all the time

Two mosquittos, TLS to the province's, PostgreSQL, the hall's one-stop role and the gateway are
processes of their own; the software is simulated and answers at once, so that the figure is the way
alone. The kiosk speaks by the contract, as client kiosk-1. The other halls share a process.
"""

import argparse
import resource
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "kit")]

from broker_of_ones_own import certificate  # noqa: E402
from own_postgres import OwnPostgres  # noqa: E402
from own_province import OwnProvince  # noqa: E402
from whole_hall import HALL, WholeHall  # noqa: E402

from hall.contract import codec  # noqa: E402
from hall.contract.onestop_messages import OnestopStatus  # noqa: E402
from hall.contract.onestop_requests import DossierLookup  # noqa: E402
from hall.contract.topics import EXT_STATUS, REQ_ONESTOP, RSP  # noqa: E402
from hall.onestop.sample.live import LiveDossiers  # noqa: E402
from hall.onestop.sample.profiles import profile, sample_procedures  # noqa: E402
from hall.runtime.bus import Subscription  # noqa: E402
from hall.runtime.bus_mqtt import Server  # noqa: E402
from hall.runtime.clock import SystemClock  # noqa: E402
from hall.runtime.far_link import FarItem  # noqa: E402
from hall.runtime.far_link_mqtt import FarMqttLink, FarOptions  # noqa: E402
from hall.runtime.requester import new_id  # noqa: E402

OTHERS = [f"khac-{n}" for n in range(20)]
# Of each of the other halls: near what it may ask in a minute.
PAUSE_S = 0.6
KIOSK = {
    "onestop": {"driver": "province", "lookups_per_minute": 600},
    "printers": [{"id": "printer-1", "driver": "simulated"}],
    "kiosks": [
        {
            "id": "kiosk-1",
            "printer": "printer-1",
            "screen": {"width": 1080, "height": 1920, "diagonal_inch": 32},
        }
    ],
}
SOFTWARE = {
    "supplier": {"driver": "simulated", "delay_ms": [0, 0], "every_s": 3600},
    "lookups_per_minute": 6000,
}


def a_code() -> str:
    now = SystemClock().now().astimezone(ZoneInfo("Asia/Ho_Chi_Minh"))
    dossiers = LiveDossiers(profile("mau").org, sample_procedures())
    return max(each.code for each in dossiers.everything(now - timedelta(days=1)))


@contextmanager
def running(folder: Path) -> Iterator[tuple[OwnProvince, WholeHall]]:
    server = OwnPostgres(folder / "postgres")
    server.make()
    server.start()
    tls = certificate(folder / "tls")
    province = OwnProvince(folder / "province", server.fresh("lookup"), tls, onestop=SOFTWARE)
    province.folder.mkdir()
    try:
        province.make([HALL, *OTHERS])
        province.start_desk()
        (folder / "hall").mkdir()
        hall = WholeHall(
            folder / "hall",
            province,
            ("onestop",),
            KIOSK,
            (Subscription(EXT_STATUS),),
            client="kiosk-1",
        )
        with hall:
            yield province, hall
    finally:
        province.stop()
        server.stop()


def ask_all_the_time(province: OwnProvince, hall: str, code: str, ended: threading.Event) -> None:
    """A hall that only asks; what is answered is let go."""

    def hear(_item: FarItem) -> None:
        return

    ca = f"{province.tls}/broker.crt"
    where = Server("127.0.0.1", province.port, province.words[hall], tls=True, ca=ca)
    clock, client = SystemClock(), "kiosk-1"
    options = FarOptions(f"{hall}-onestop", hall, (RSP.filter(hall),))
    link = FarMqttLink(options, lambda: where, clock)
    link.open(hear)
    topic = REQ_ONESTOP.topic(hall, verb="dossier-lookup", client=client)
    while not ended.wait(PAUSE_S):
        asked = DossierLookup(id=new_id(), code=code)
        link.publish(topic, codec.pack(asked, hall=hall, src=client, ts=clock.now()), retain=False)
    link.close()


def cpu_ms(pid: int) -> float:
    """All that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / 100


def measure(hall: WholeHall, code: str, times: int) -> list[float]:
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        asked = DossierLookup(id=new_id(), code=code)
        reply = hall.terminal.ask_hall(REQ_ONESTOP, "dossier-lookup", asked)
        if reply.status == "ok":
            taken.append((time.perf_counter() - begun) * 1000)
        # A kiosk may ask ten times a second here, its hall as often.
        time.sleep(max(0.0, 0.101 - (time.perf_counter() - begun)))
    return taken


def main() -> None:
    told = argparse.ArgumentParser()
    told.add_argument("times", nargs="?", type=int, default=300)
    told.add_argument("--busy", action="store_true")
    args = told.parse_args()
    with tempfile.TemporaryDirectory(prefix="motcua-lookup-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with running(folder) as (province, hall):
            ready = hall.terminal.until(lambda: is_ready(hall), 60.0)
            assert ready, "the gateway is not there"
            ended, code = threading.Event(), a_code()
            others = [
                threading.Thread(target=ask_all_the_time, args=(province, each, code, ended))
                for each in (OTHERS if args.busy else ())
            ]
            for each in others:
                each.start()
            measure(hall, code, 20)
            assert province.desk is not None
            pids = {"gateway": province.desk.pid, "hall": hall.processes["onestop"].pid}
            before = {what: cpu_ms(pid) for what, pid in pids.items()}
            taken = measure(hall, code, args.times)
            used = {what: cpu_ms(pid) - before[what] for what, pid in pids.items()}
            ended.set()
            for each in others:
                each.join()
    p95 = statistics.quantiles(taken, n=20)[-1]
    print(f"{len(taken)} of {args.times} answered; others: {len(others)} halls")
    print(f"median {statistics.median(taken):.1f} ms, p95 {p95:.1f} ms, most {max(taken):.1f} ms")
    for what, spent in used.items():
        print(f"CPU of the {what}: {spent / args.times:.2f} ms a look-up of ours")
    print(f"peak of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


def is_ready(hall: WholeHall) -> bool:
    found = hall.terminal.state(EXT_STATUS, OnestopStatus)
    return found is not None and found.state == "ready"


if __name__ == "__main__":
    main()
