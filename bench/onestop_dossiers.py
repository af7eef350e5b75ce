"""What 349,247 dossiers cost: derived from their codes, kept as objects, and imported from a table.

`python bench/onestop_dossiers.py`: time and memory until the first look-up can be answered, and the
time of one look-up. The rival keeps every dossier in a dictionary, as a first draft would.
"""

import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from hall.onestop import store  # noqa: E402
from hall.onestop.dossiers import Dossier, Listed  # noqa: E402
from hall.onestop.sample.past import PastDossiers  # noqa: E402
from hall.onestop.sample.profiles import profile, sample_procedures  # noqa: E402

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
LOOKUPS = 2000

Find = Callable[[str], Dossier | None]


def derived() -> Find:
    past = profile("bac-tu-liem").past
    if past is None:
        raise ValueError("no such past")
    return PastDossiers(past, sample_procedures(), ZONE).find


def everything() -> Iterator[Dossier]:
    past = profile("bac-tu-liem").past
    if past is None:
        raise ValueError("no such past")
    dossiers = PastDossiers(past, sample_procedures(), ZONE)
    for index in range(len(dossiers)):
        found = dossiers.find(dossiers.code(index))
        if found is not None:
            yield found


def kept() -> Find:
    return {each.code: each for each in everything()}.get


def imported(folder: Path) -> Find:
    path = folder / "dossiers.sqlite3"
    store.write(path, map(Listed, everything()))
    return lambda code: store.find(path, code, ZONE)


def measure(name: str, make: Callable[[], Find]) -> None:
    codes = [f"000.00.19.H26-1905{day}-{nth:04d}" for day in (20, 21, 22, 23) for nth in range(500)]
    begun = time.perf_counter()
    find = make()
    ready_s = time.perf_counter() - begun
    begun = time.perf_counter()
    found = sum(find(code) is not None for code in codes[:LOOKUPS])
    each_us = (time.perf_counter() - begun) / LOOKUPS * 1e6
    print(f"{name:22} ready {ready_s:8.3f} s   look-up {each_us:7.1f} us   found {found}")


def peak(name: str, make: Callable[[], Find]) -> None:
    tracemalloc.start()
    find = make()
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    find("000.00.19.H26-190522-0001")
    print(f"{name:22} peak {most / 1e6:8.1f} MB")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for label, maker in (
            ("derived from the code", derived),
            ("kept in a dictionary", kept),
            ("imported into SQLite", lambda: imported(Path(folder))),
        ):
            measure(label, maker)
        peak("derived from the code", derived)
