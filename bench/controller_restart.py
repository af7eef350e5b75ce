"""A controller's start with a million events behind it, and what a press costs with and without.

`python bench/controller_restart.py [EVENTS]` builds a journal in a temporary folder (a minute for
a million), kills a controller on it with SIGKILL, and times the next one until it is ready.
"""

import resource
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from hall.controller import chain, store_sqlite
from hall.controller.journal_sqlite import open_journal
from hall.controller.ports import JournalEntry, JournalRow, StoredReply

ROOT = Path(__file__).parents[1]
ISSUER = ROOT / "tests" / "faults" / "issuer.py"
PER_DAY = 3200
KINDS = ("issued", "printed", "called", "finished")


def body(day: int, place: int, kind: str) -> dict[str, str | int]:
    if kind == "day_opened":
        return {
            "at": day * 10**8,
            "wall": 1_700_000_000_000,
            "by": "c",
            "day": day,
            "date": f"{day:010d}",
        }
    serial = place // 4
    found: dict[str, str | int] = {
        "at": day * 10**8 + place * 1000,
        "wall": 1_700_000_000_000 + day * 86_400_000 + place * 1000,
        "by": "printer-1",
        "ticket": f"1-{day}-{serial}",
        "serial": serial,
        "number": f"A{serial + 1:03d}",
        "service": "a",
        "channel": "button",
        "lang": "vi",
        "date": "2026-11-23",
        "issued": 1_700_000_000_000,
    }
    if kind == "issued":
        found |= {"n": serial + 1, "rank": day * 10**8 + place}
    if kind in ("called", "finished"):
        found |= {"counter": "1", "wait_s": 300}
    return found


def build(path: Path, events: int) -> None:
    """A journal of whole days of 800 tickets, written without syncs."""
    journal, _ = open_journal(path)
    journal.close()
    db = store_sqlite.connect(path)
    db.execute("PRAGMA synchronous=OFF")
    db.execute("BEGIN")
    head, seq, day = chain.START, 0, 0
    while seq < events:
        day += 1
        for place in range(-1, PER_DAY):
            kind = "day_opened" if place < 0 else KINDS[place % 4]
            seq += 1
            row = JournalRow(seq, 1, day, kind, body(day, place, kind))
            line = chain.line(head, row)
            head = line.chain
            store_sqlite.insert(db, line, row.body)
    db.execute("COMMIT")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def ready_s(folder: Path) -> tuple[float, float]:
    """Seconds from exec to READY, and the process's own share without Python's imports."""
    code = (
        "import sys, time; sys.path.insert(0, sys.argv[2]);\n"
        "from hall.controller import __main__\n"
        "from hall.controller.journal_sqlite import open_journal\n"
        "from hall.controller.books import fold\n"
        "from hall.queueing.rules import *\n"
        "from pathlib import Path\n"
        "begun = time.monotonic()\n"
        "j, f = open_journal(Path(sys.argv[1]) / 'journal.db')\n"
        "fold(f, Rules({'a': Service('a', (Band(1, 99999),), 'A')}, {'1': Counter('1', ('a',))}))\n"
        "print('READY', time.monotonic() - begun, flush=True)\n"
        "time.sleep(60)\n"
    )
    begun = time.monotonic()
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(folder), str(ROOT)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    own = float(child.stdout.readline().split()[1])
    took = time.monotonic() - begun
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    return took, own


def press_us(path: Path, presses: int = 300) -> float:
    """Median CPU of an append with its reply, microseconds; the disk's own time left out."""
    journal, found = open_journal(path)
    seq, times = found.seq, []
    reply = "x" * 400
    for number in range(presses):
        row = JournalRow(
            seq + number + 1, found.epoch, 10**6, "called", body(1, 4 * number, "called")
        )
        answer = StoredReply(f"bench-{seq}-{number}", "bridge-1", "call-next", "d" * 32, reply, 1)
        begun = time.process_time()
        journal.append([JournalEntry((row,), answer)])
        times.append(time.process_time() - begun)
    journal.close()
    return statistics.median(times) * 1e6


def main() -> None:
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as folder:
        empty, full = Path(folder) / "empty", Path(folder) / "full"
        for place in (empty, full):
            place.mkdir()
        build(empty / "journal.db", 10)
        begun = time.monotonic()
        build(full / "journal.db", events)
        size = (full / "journal.db").stat().st_size / 1e6
        print(f"{events} events, {size:.0f} MB, built in {time.monotonic() - begun:.0f} s")
        for name, place in (("one day", empty), ("full", full)):
            runs = [ready_s(place) for _ in range(5)]
            whole, own = (statistics.median(r[i] for r in runs) for i in (0, 1))
            print(f"{name:>8}: ready after {whole:.2f} s, of which journal and fold {own:.2f} s")
        few, many = press_us(empty / "journal.db"), press_us(full / "journal.db")
        print(f"append: {few:.0f} us CPU empty, {many:.0f} us full (x{many / few:.2f})")
        begun = time.monotonic()
        journal, _ = open_journal(full / "journal.db")
        journal.inspect(100_000)
        print(f"history verified at {100_000 / (time.monotonic() - begun):,.0f} rows/s")
        journal.close()
        with sqlite3.connect(full / "journal.db") as db:
            begun = time.monotonic()
            db.execute("PRAGMA quick_check(1)").fetchone()
            print(f"quick_check of the whole file: {time.monotonic() - begun:.2f} s")
        db.close()
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"peak memory of a start: {peak:.0f} MB")


if __name__ == "__main__":
    main()
