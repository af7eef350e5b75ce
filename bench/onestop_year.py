"""A year of 349,247 dossiers as a table: its import, what is asked of it, and DuckDB beside it.

`python bench/onestop_year.py [ROWS]`: CPU and memory of the import's own process, look-ups
meanwhile, the same table again with 50 rows changed, and the CPU of each question. With duckdb to
import (`pip install --target DIR duckdb`, PYTHONPATH=DIR) the same questions are put to it, over
the same rows. What a hostile file may take is measured by bench/onestop_bounds.py.
"""

import csv
import importlib.util
import resource
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from hall.onestop import changes, store, tallies  # noqa: E402
from hall.onestop.dossiers import Dossier, Listed  # noqa: E402
from hall.onestop.groups import Group  # noqa: E402
from hall.onestop.intake.importing import ImportJob  # noqa: E402
from hall.onestop.intake.workshop import Workshop  # noqa: E402
from hall.onestop.sample.past import PastDossiers  # noqa: E402
from hall.onestop.sample.profiles import profile, sample_procedures  # noqa: E402

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
COLUMNS = ("MaHoSo", "TrangThaiHoSo", "MaTTHC", "TenTTHC", "TenLinhVuc")
DATES = ("NgayTiepNhan", "NgayHenTra", "NgayKetThucXuLy")
REPEATS = 5
FIRST = 1000
ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 349_247
EARLIEST = datetime.min.replace(tzinfo=ZONE)


def year() -> Iterator[Dossier]:
    past = profile("bac-tu-liem").past
    if past is None:
        raise ValueError("no such past")
    dossiers = PastDossiers(past, sample_procedures(), ZONE)
    for index in range(min(ROWS, len(dossiers))):
        found = dossiers.find(dossiers.code(index))
        if found is not None:
            yield found


@dataclass
class Table:
    """The year on disk; `codes`: of its first dossiers; `last`: its last moment."""

    path: Path
    rows: int = 0
    codes: list[str] = field(default_factory=list)
    last: datetime = EARLIEST


def written(path: Path, used: Path) -> Table:
    """The year in the national portal's columns, and a store of its first dossiers in use."""
    table, first = Table(path), list[Listed]()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow((*COLUMNS, *DATES))
        for each in year():
            days = (each.received, each.due, each.done)
            texts = (f"{day:%Y%m%d%H%M%S}" if day else "" for day in days)
            names = (each.procedure_code, each.procedure_name, each.field)
            writer.writerow((each.code, each.status, *names, *texts))
            table.rows += 1
            table.last = max(table.last, *(day for day in (each.received, each.done) if day))
            if len(first) < FIRST:
                first.append(Listed(each))
    store.write(used, first)
    table.codes = [each.dossier.code for each in first]
    return table


def job(table: Path, folder: Path, used: Path) -> ImportJob:
    now = datetime.now(ZONE)
    return ImportJob(
        path=table,
        mapping=folder / "map.yaml",
        store=used,
        folder=folder / "work",
        zone=str(ZONE),
        source="bench",
        written=now,
        now=now,
    )


@contextmanager
def looking_up(path: Path, codes: list[str]) -> Iterator[list[float]]:
    """Look-ups, ten a second, as kiosks ask; milliseconds each."""
    took: list[float] = []
    ended = threading.Event()

    def ask() -> None:
        for code in codes * 100:
            if ended.wait(0.1):
                return
            begun = time.perf_counter()
            store.find(path, code, ZONE)
            took.append((time.perf_counter() - begun) * 1000)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield took
    finally:
        ended.set()
        thread.join()


@dataclass(frozen=True)
class Spent:
    """What the processes of the imports have taken so far; `written`: bytes to disk."""

    cpu_s: float
    written: int
    peak: int


def spent() -> Spent:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Spent(used.ru_utime + used.ru_stime, used.ru_oublock * 512, used.ru_maxrss * 1024)


def imported(name: str, table: Table, folder: Path, used: Path) -> ImportJob:
    """Import the table while look-ups go on in `used`; prints what it cost."""
    task = job(table.path, folder, used)
    before, begun = spent(), time.perf_counter()
    with looking_up(used, table.codes) as took:
        outcome = Workshop(threading.Event()).run(task, lambda _count: None)
    after, whole = spent(), time.perf_counter() - begun
    if outcome is None or outcome.report.state == "refused":
        raise RuntimeError(outcome)
    p95 = statistics.quantiles(took, n=20)[-1] if len(took) > 1 else 0.0
    cpu, size = after.cpu_s - before.cpu_s, (after.written - before.written) / 2**20
    print(f"{name}: {outcome.report.rows} rows, {whole:.1f} s, CPU {cpu:.1f} s,", end=" ")
    print(f"{size:.1f} MB written, peak {after.peak / 2**20:.0f} MB;", end=" ")
    print(f"{len(took)} look-ups meanwhile, p95 {p95:.1f} ms")
    print("  ", *outcome.report.remarks, flush=True)
    return task


def again(table: Table, folder: Path, used: Path) -> None:
    """The table as it is exported the next day: 50 of its dossiers are further on."""
    step = max(1, table.rows // 50)
    aside = table.path.with_suffix(".new")
    with table.path.open(encoding="utf-8") as old, aside.open("w", encoding="utf-8") as new:
        for number, line in enumerate(old):
            code, _status, rest = line.split(",", 2)
            new.write(f"{code},7,{rest}" if number % step == 1 else line)
    aside.replace(table.path)
    task = imported("again, 50 rows changed", table, folder, used)
    begun = time.perf_counter()
    changes.put_in(task.changed, used)
    print(f"   put in: {(time.perf_counter() - begun) * 1000:.0f} ms", flush=True)


def asked(name: str, question: Callable[[], object]) -> None:
    took = []
    for _ in range(REPEATS):
        begun = time.process_time()
        question()
        took.append((time.process_time() - begun) * 1000)
    print(f"{name:44} {statistics.median(took):8.1f} ms CPU, most {max(took):8.1f} ms", flush=True)


def sqlite_questions(path: Path, table: Table) -> None:
    now = table.last
    size = path.stat().st_size / 2**20
    print(f"SQLite, {size:.0f} MB")
    asked("  year, quarter, month, day, by field", lambda: tallies.periods(path, now))
    asked("  the year by month", lambda: tallies.by_month(path, now.year))
    asked("  the year by procedure", lambda: tallies.by_procedure(path, now.year))
    asked("  how many are overdue", lambda: tallies.overdue(path, now))
    asked("  one dossier", lambda: store.find(path, table.codes[0], ZONE))


def duckdb_questions(path: Path, folder: Path, table: Table) -> None:
    now = table.last
    duckdb: Any = importlib.import_module("duckdb")
    file = folder / "year.duckdb"
    begun = time.process_time()
    with duckdb.connect(str(file)) as made:
        columns = "code, class, standing, limit_at, received_day, done_day, kind"
        rows = sqlite3.connect(path)
        dossiers = rows.execute(f"SELECT {columns} FROM dossier")
        copied(made, folder, "dossier", columns, dossiers)
        kinds = rows.execute("SELECT id, procedure_name, field FROM kind")
        copied(made, folder, "kind", "id, procedure_name, field", kinds)
        rows.close()
    size = file.stat().st_size / 2**20
    print(f"DuckDB, {size:.0f} MB, copied in {time.process_time() - begun:.1f} s CPU")
    first, last = (datetime(now.year + n, 1, 1, tzinfo=ZONE).toordinal() for n in (0, 1))
    days = f"received_day >= {first} AND received_day < {last}"
    joined = "dossier JOIN kind ON kind.id = dossier.kind"

    def ask(question: str) -> Callable[[], object]:
        def run() -> object:
            with duckdb.connect(str(file), read_only=True) as connection:
                return connection.execute(question).fetchall()

        return run

    asked(
        "  the year by field",
        ask(f"SELECT field, class, standing, count(*) FROM {joined} WHERE {days} GROUP BY ALL"),
    )
    asked(
        "  the year by month",
        ask(f"SELECT received_day // 30, count(*) FROM dossier WHERE {days} GROUP BY 1"),
    )
    asked(
        "  the year by procedure",
        ask(f"SELECT procedure_name, count(*) FROM {joined} WHERE {days} GROUP BY 1"),
    )
    late = f"class = {Group.PENDING} AND limit_at < {int(now.timestamp())}"
    asked("  how many are overdue", ask(f"SELECT count(*) FROM dossier WHERE {late}"))
    asked("  one dossier", ask(f"SELECT * FROM dossier WHERE code = '{next(year()).code}'"))
    print(
        f"  peak of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"
    )


def copied(made: Any, folder: Path, name: str, columns: str, rows: Iterable[Any]) -> None:  # noqa: ANN401 - duckdb's
    """By a CSV file, DuckDB's quickest way in without another library."""
    file = folder / f"{name}.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(columns.split(", "))
        writer.writerows(rows)
    made.execute(f"CREATE TABLE {name} AS SELECT * FROM read_csv('{file}', header = true)")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as where:
        home = Path(where)
        used = home / "used.sqlite3"
        table = written(home / "year.csv", used)
        print(
            f"{table.rows} dossiers, {table.path.stat().st_size / 2**20:.0f} MB of CSV", flush=True
        )
        imported("import", table, home, used).staged.replace(used)
        again(table, home, used)
        sqlite_questions(used, table)
        if importlib.util.find_spec("duckdb"):
            duckdb_questions(used, home, table)
