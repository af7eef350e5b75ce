"""Files that would take a machine's memory, and how soon an import ends when it is told to.

`python bench/onestop_bounds.py`: 500 MB of JSON, a line of 100 MB, a workbook that unpacks to 2 GB,
each in a process of its own as in a hall; needs 600 MB of free disk under the temporary folder.
"""

import resource
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from hall.onestop.intake.importing import ImportJob  # noqa: E402
from hall.onestop.intake.workshop import Workshop  # noqa: E402

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MB = 1024 * 1024
WORKBOOK = ROOT / "tests" / "onestop" / "data" / "files" / "Dossiers.xlsx"


def json_list(path: Path) -> None:
    """Dossiers with 2 KB each of what the hall does not read, as a whole system's export has."""
    other = "Hồ sơ gồm có: đơn đề nghị, bản sao giấy tờ tùy thân, bản vẽ. " * 24
    number = 0
    with path.open("w", encoding="utf-8") as file:
        file.write("[")
        while file.tell() < 500 * MB:
            record = f'{{"MaHoSo": "H38.12-261102-{number:06d}", "TrangThaiHoSo": 4,'
            comma = "," if number else ""
            file.write(f'{comma}{record} "NgayTiepNhan": "02/11/2026", "GhiChu": "{other}"}}')
            number += 1
        file.write("]")


def long_line(path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("MaHoSo,TrangThaiHoSo,NgayTiepNhan\n")
        for _ in range(100):
            file.write("x" * MB)


def bomb(path: Path) -> None:
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made,
        zipfile.ZipFile(WORKBOOK) as real,
    ):
        for name in real.namelist():
            if not name.endswith("sheet2.xml"):
                made.writestr(name, real.read(name))
                continue
            with made.open(name, "w", force_zip64=True) as sheet:
                for _ in range(2048):
                    sheet.write(b"<row></row>" * (MB // 11))


FILES: dict[str, Callable[[Path], None]] = {
    "500 MB.json": json_list,
    "line of 100 MB.csv": long_line,
    "bomb.xlsx": bomb,
}


def job(path: Path) -> ImportJob:
    now = datetime.now(ZONE)
    return ImportJob(
        path=path,
        mapping=path.parent / "map.yaml",
        store=path.parent / "none",
        folder=path.parent / "work",
        zone=str(ZONE),
        source="bench",
        written=now,
        now=now,
    )


def take(path: Path) -> None:
    begun = time.perf_counter()
    outcome = Workshop(threading.Event()).run(job(path), lambda _rows: None)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    told = outcome.report if outcome else None
    why = "; ".join(told.reasons) if told else ""
    size = path.stat().st_size / MB
    print(
        f"{path.name:20} {size:4.0f} MB  peak {peak:4.0f} MB  {time.perf_counter() - begun:5.1f} s",
        end="  ",
    )
    print(f"{told and told.state} ({told and told.rows} rows) {why}", flush=True)


def cancel(path: Path) -> None:
    """Tell it to end as soon as it has read something."""
    ended, reads = threading.Event(), threading.Event()
    worker = threading.Thread(target=lambda: Workshop(ended).run(job(path), lambda _: reads.set()))
    worker.start()
    reads.wait()
    begun = time.perf_counter()
    ended.set()
    worker.join()
    print(f"{path.name:20} told to end: over after {time.perf_counter() - begun:.2f} s", flush=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as where:
        for name, make in FILES.items():
            path = Path(where) / name
            make(path)
            for act in ("take", "cancel") if make is json_list else ("take",):
                command = [sys.executable, __file__, act, str(path)]
                subprocess.run(command, check=True)
            path.unlink()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        {"take": take, "cancel": cancel}[sys.argv[1]](Path(sys.argv[2]))
    else:
        main()
