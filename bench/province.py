"""Halls that come back after days offline, all at once: rows a second, gaps, doubles, CPU.

    python bench/province.py                       12 halls of 1,500 events, nothing is killed
    python bench/province.py --halls 120 --events 4500 --kill
    python bench/province.py --halls 1 --events 6000 --workers 1 --kbit 64 --delay 300 --quiet 120

Each hall is the real uplink (outbox, batches, budget, link) on a journal in memory; mosquitto,
PostgreSQL and the consumers are processes of their own, and --kill ends each of them by SIGKILL in
mid-flight. Halls share processes, so that they take little of what is measured. --delay (ms, one
way) lays a line of --kbit between halls and broker, whose bytes are counted; --quiet: so many
seconds more, in which nothing happens but the controller's heartbeat.
"""

import argparse
import logging
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "kit"), str(ROOT / "bench")]

from own_postgres import OwnPostgres  # noqa: E402
from own_province import OwnProvince, until  # noqa: E402
from slow_line import SlowLine  # noqa: E402

from hall.contract import requests as req  # noqa: E402
from hall.contract.messages import HallState, PublicTicket, Reply, TicketEvent  # noqa: E402
from hall.contract.topics import STATE_HALL, Channel  # noqa: E402
from hall.province.database import Database  # noqa: E402
from hall.province.ports import StoreAway  # noqa: E402
from hall.runtime.bus import Received  # noqa: E402
from hall.runtime.bus_memory import MemoryBroker  # noqa: E402
from hall.runtime.clock import SystemClock  # noqa: E402
from hall.runtime.daemon import Ground  # noqa: E402
from hall.runtime.requester import Done  # noqa: E402
from hall.uplink import live_states  # noqa: E402
from hall.uplink.budget import ByteBudget  # noqa: E402
from hall.uplink.drivers.mqtt import BrokerLink  # noqa: E402
from hall.uplink.journal_upload import JournalUpload  # noqa: E402
from hall.uplink.link_section import LinkSurroundings  # noqa: E402
from hall.uplink.live_states import LiveStates  # noqa: E402
from hall.uplink.service import UplinkService  # noqa: E402
from hall.uplink.store import FileStore  # noqa: E402

DAY = datetime(2026, 11, 27, 1, tzinfo=UTC)
# Of the hall's controller.
HEARTBEAT_S = 10.0
KINDS = ("issued", "printed", "called", "started", "finished")


def journal(events: int) -> list[TicketEvent]:
    """A hall's days: five events a ticket."""
    made = []
    for seq in range(1, events + 1):
        ticket, at = (seq - 1) // len(KINDS), DAY + timedelta(seconds=20 * seq)
        held = PublicTicket(
            id=f"1-{ticket // 300 + 1}-{ticket}", number=f"A{ticket % 1000:03d}",
            service="ho-tich", day=f"{at:%Y-%m-%d}", issued_at=at, channel="button",
        )  # fmt: skip
        kind = KINDS[(seq - 1) % len(KINDS)]
        more: dict[str, Any] = {"wait_s": 300} if kind in ("called", "finished") else {}
        made.append(TicketEvent.model_validate(
            {"epoch": 1, "seq": seq, "type": kind, "ticket": held, "counter": "1",
             "by": "printer-1", "at": at, **more}
        ))  # fmt: skip
    return made


@dataclass
class Pages:
    """Stands for the requester and the controller behind it: answers `replay` at once."""

    events: Sequence[TicketEvent]

    def send_request(
        self, _channel: Channel, _verb: str, request: req.Replay, done: Done, _now: float
    ) -> None:
        page = self.events[request.from_seq - 1 : request.from_seq - 1 + request.limit]
        end = len(self.events)
        last = page[-1].seq if page else end
        data = req.ReplayData(events=tuple(page), last_seq=last, end_seq=end)
        # As the wire has it: dictionaries, to be read again.
        done(Reply(id=request.id, status="ok", data=data.model_dump(mode="json")))


@dataclass
class BenchHall:
    service: UplinkService
    context: Any
    told: HallState
    idle_until: float = 0.0
    beat_at: float = 0.0

    def turn(self, now: float) -> bool:
        if now >= self.beat_at:
            self.beat_at = now + HEARTBEAT_S
            self.service.handle(Received(STATE_HALL, {}, self.told, "controller"))
            self.idle_until = 0.0
        item = self.context.inbox.take_item(0.0)
        if item is None and now < self.idle_until:
            return False
        while item is not None:
            self.service.handle(item)
            item = self.context.inbox.take_item(0.0)
        self.idle_until = min(self.service.tick(now), now + 1.0)
        return True


@dataclass(frozen=True)
class Line:
    """From the halls of one process to the province."""

    url: str
    kbit_s: int
    folder: Path


def hall(name: str, word: str, events: Sequence[TicketEvent], line: Line) -> BenchHall:
    state = line.folder / name
    (state / "credentials").mkdir(parents=True, exist_ok=True)
    (state / "credentials" / "province-password").write_text(word)
    clock, memory = SystemClock(), MemoryBroker()
    ground = Ground(name, clock, state, lambda c: memory.bus(c, name, clock))
    context = ground.context_of("uplink")
    object.__setattr__(context, "requester", Pages(events))
    section = BrokerLink(url=line.url, kbit_s=line.kbit_s)
    will = lambda conn: live_states.will(context, conn)  # noqa: E731
    link = section.connect(LinkSurroundings(name, state, clock, will))
    budget = ByteBudget(line.kbit_s * 1000 / 8)
    service = UplinkService(
        context, link, LiveStates(context, link.link, budget),
        JournalUpload(context, link.link, FileStore(state / "uplink"), budget),
    )  # fmt: skip
    service.start()
    told = HallState(
        epoch=1, ver=1, day="2026-11-30", open=True, clock="trusted", board_ver=1,
        evt_seq=len(events), waiting=0, served_today=0,
    )  # fmt: skip
    return BenchHall(service, context, told)


def work(words: Mapping[str, str], events: int, line: Line) -> None:
    """One process's halls, until it is killed."""
    logging.disable()
    made = journal(events)
    halls = [hall(name, word, made, line) for name, word in words.items()]
    pause = threading.Event()
    while True:
        now = SystemClock().monotonic()
        turned = [each.turn(now) for each in halls]
        if not any(turned):
            pause.wait(0.002)


@dataclass
class Bench:
    halls: int
    events: int
    kbit_s: int
    workers: int
    province: OwnProvince
    postgres: OwnPostgres
    folder: Path
    line: SlowLine | None = None
    children: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    def spawn(self, which: int) -> "subprocess.Popen[bytes]":
        names = [f"h{n}" for n in range(which, self.halls, self.workers)]
        words = [self.province.words[name] for name in names]
        words_at = self.folder / f"words-{which}"
        words_at.write_text("\n".join(f"{n} {w}" for n, w in zip(names, words, strict=True)))
        return subprocess.Popen([
            *(sys.executable, str(Path(__file__).resolve()), "--worker", str(words_at)),
            *("--url", self.url, "--events", str(self.events)),
            *("--kbit", str(self.kbit_s)),
        ])  # fmt: skip

    @property
    def url(self) -> str:
        return self.province.url if self.line is None else f"mqtt://127.0.0.1:{self.line.port}"

    def stored(self) -> int:
        try:
            with Database(self.province.dsn) as database, database.transaction() as cursor:
                return int(cursor.rows("SELECT coalesce(sum(seq), 0) FROM place")[0][0])
        except StoreAway:
            return -1

    @property
    def wanted(self) -> int:
        return self.halls * self.events

    def verdict(self) -> tuple[int, int, int]:
        """Rows, gaps, doubles: from the rows themselves."""
        with Database(self.province.dsn) as database, database.transaction() as cursor:
            rows = cursor.rows("SELECT count(*) FROM event")[0][0]
            distinct = cursor.rows(
                "SELECT count(*) FROM (SELECT DISTINCT hall, epoch, seq FROM event) AS one"
            )[0][0]
            there = cursor.rows(
                "SELECT count(*) FROM (SELECT hall FROM event GROUP BY hall "
                "HAVING count(*) = %s AND min(seq) = 1 AND max(seq) = %s) AS whole",
                (self.events, self.events),
            )[0][0]
        return int(rows), self.halls - int(there), int(rows) - int(distinct)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--halls", type=int, default=12)
    parser.add_argument("--events", type=int, default=1500)
    parser.add_argument("--consumers", type=int, default=2)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kbit", type=int, default=10_000)
    parser.add_argument("--delay", type=float, metavar="MS")
    parser.add_argument("--quiet", type=float, metavar="SECONDS", default=0.0)
    parser.add_argument("--kill", action="store_true")
    parser.add_argument("--worker", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.worker is not None:
        words = dict(line.split() for line in args.worker.read_text().splitlines())
        work(words, args.events, Line(args.url, args.kbit, Path(f"{args.worker}-state")))
        return
    folder = Path(tempfile.mkdtemp(prefix="motcua-bench-"))
    folder.chmod(0o755)
    postgres = OwnPostgres(folder / "postgres")
    try:
        run(args, folder, postgres)
    finally:
        postgres.stop()
        shutil.rmtree(folder)
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"CPU of all processes: {spent.ru_utime + spent.ru_stime:.1f} s")


def run(args: argparse.Namespace, folder: Path, postgres: OwnPostgres) -> None:
    postgres.make()
    postgres.start()
    province = OwnProvince(folder / "province", postgres.fresh("bench"))
    province.folder.mkdir()
    province.make([f"h{n}" for n in range(args.halls)])
    for _ in range(args.consumers):
        province.start_consumer()
    bench = Bench(args.halls, args.events, args.kbit, args.workers, province, postgres, folder)
    if args.delay is not None:
        bench.line = SlowLine(province.port, args.kbit, args.delay / 1000)
        bench.line.open()
    began = time.monotonic()
    bench.children = [bench.spawn(which) for which in range(args.workers)]
    first = until(lambda: bench.stored() > 0, 300)
    assert first, "nothing came"
    flowing = time.monotonic()
    if args.kill:
        kill_all(bench)
    level = until(lambda: bench.stored() == bench.wanted, 1800, 0.2)
    took = time.monotonic() - flowing
    if bench.line is not None:
        tell_line(bench.line, args, rows=bench.wanted)
    rows, gaps, doubles = bench.verdict()
    for child in bench.children:
        child.kill()
        child.wait()
    province.stop()
    print(f"{args.halls} halls of {args.events} events, {args.consumers} consumers")
    print(
        f"level: {level}; {rows} rows of {bench.wanted}; halls with a gap: {gaps}; twice: {doubles}"
    )
    before = flowing - began
    print(f"{took:.1f} s, {before:.1f} s before the first row: {rows / took:,.0f} rows/s")


def tell_line(line: SlowLine, args: argparse.Namespace, rows: int) -> None:
    """Bytes up to when all is stored, and in a quiet time after it."""
    print(f"a line of {args.kbit} kbit/s, {args.delay:.0f} ms each way: {line.up:,} bytes up, "
          f"{line.down:,} down, {line.up / rows:.0f} a row")  # fmt: skip
    if not args.quiet:
        return
    time.sleep(10.0)
    up, down = line.up, line.down
    time.sleep(args.quiet)
    rate = (line.up - up + line.down - down) / args.quiet
    print(f"quiet for {args.quiet:.0f} s: {line.up - up:,} bytes up, {line.down - down:,} down, "
          f"{rate * 8 / 1000:.3f} kbit/s both ways")  # fmt: skip


def kill_all(bench: Bench) -> None:
    """Each once, while batches are under way."""

    def uplinks() -> None:
        bench.children[0].kill()
        bench.children[0].wait()
        bench.children[0] = bench.spawn(0)

    def consumer() -> None:
        bench.province.kill_consumer()
        bench.province.start_consumer()

    def database() -> None:
        bench.postgres.kill()
        bench.postgres.start()

    def broker() -> None:
        bench.province.kill_broker()
        bench.province.start_broker()

    deeds = (consumer, broker, database, uplinks)
    for number, deed in enumerate(deeds, 1):
        share = bench.wanted * number // (len(deeds) + 1)
        assert until(lambda share=share: bench.stored() >= share, 900, 0.05)
        at = bench.stored()
        deed()
        print(f"killed {deed.__name__} at {at:,} of {bench.wanted:,}", flush=True)


if __name__ == "__main__":
    main()
