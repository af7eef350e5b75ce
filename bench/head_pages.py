"""The head's pages with sixty days of 800 tickets behind them: times, memory, weight, pictures.

`python bench/head_pages.py [DAYS] [PEOPLE] [PICTURES]`: writes a journal, runs controller and pages
as two processes on a broker of their own, waits until the pages have read it, and measures. With a
folder as third word (docs/pictures) every page is photographed there at three sizes, once empty and
once busy. Needs mosquitto; for pictures Chromium.
"""

import http.client
import importlib.util
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

from PIL import Image

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / "kit"), str(ROOT)]

from lived_weeks import ZONE, LivedWeeks, WeeksHall, working_days  # noqa: E402

HALL = WeeksHall(
    {
        "ho-tich": ("A", 7, 0.34), "dat-dai": ("B", 11, 0.2), "bao-tro": ("H", 9, 0.14),
        "cu-tru": ("L", 6, 0.17), "tra-ket-qua": ("U", 3, 0.15),
    },
    {
        "1": ["ho-tich"], "2": ["ho-tich", "bao-tro"], "3": ["dat-dai"], "4": ["dat-dai", "cu-tru"],
        "5": ["cu-tru", "tra-ket-qua", "bao-tro"],
    },
)  # fmt: skip
NAMES = {
    "ho-tich": "Hộ tịch – Chứng thực", "dat-dai": "Đất đai – Xây dựng",
    "bao-tro": "Bảo trợ – Người có công", "cu-tru": "Cư trú – Công an",
    "tra-ket-qua": "Trả kết quả",
}  # fmt: skip
PAGES = ("luc-nay", "hom-nay", "cac-tuan", "ai-lam-gi", "viec")
SIZES = {"1366": (1366, 768), "820": (820, 1180), "390": (390, 844)}
Browser = Any
FILES = ("head.js", "head-view.js", "head-now.js", "head-figures.js", "head-acts.js",
         "head-deeds.js", "head.css", "style.css", "live.js", "preact.module.js",
         "htm.module.js")  # fmt: skip


def hall_file(folder: Path) -> Path:
    services = "\n".join(
        f'  - {{id: {each}, name: "{NAMES[each]}", prefix: {prefix}, minutes: {minutes}}}'
        for each, (prefix, minutes, _) in HALL.services.items()
    )
    counters = "\n".join(
        f'  - {{id: "{each}", serves: [{", ".join(serves)}]}}'
        for each, serves in HALL.counters.items()
    )
    path = folder / "hall.yaml"
    path.write_text(
        f"""version: 1
hall:
  id: do-luong
  name: "Trung tâm Phục vụ hành chính công xã Mù Cang Chải"
  hours: ["00:00-24:00"]
  days: [mon, tue, wed, thu, fri, sat, sun]
services:
{services}
counters:
{counters}
counter:
  {{port: 0, pairing: "off", hall_page: true, norms: {{wait_min: 1, idle_min: 1, nobody_min: 0}}}}
""",
        "utf-8",
    )
    return path


class Pages:
    def __init__(self, url: str, process: int) -> None:
        self.url, self.process = url, process
        self.address = url.split("/")[2]

    def ask(self, path: str, body: object = None) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(self.address, timeout=120)
        method, sent = ("GET", None) if body is None else ("POST", json.dumps(body))
        connection.request(method, path, sent, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        try:
            return answer.status, answer.read()
        finally:
            connection.close()

    def press(self, path: str, number: int, **more: str) -> None:
        self.ask(path, {"id": f"bench-{number}", "staff": "nv.07", **more})

    def pss_mb(self) -> float:
        text = Path(f"/proc/{self.process}/smaps_rollup").read_text("ascii")
        found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
        assert found is not None
        return int(found[1]) / 1024


@contextmanager
def running(folder: Path) -> Iterator[Pages]:
    command = [sys.executable, "-m", "hall.cli", "run", "controller,counter", "--apart",
               "-c", str(hall_file(folder)), "--state", str(folder / "state")]  # fmt: skip
    with (folder / "log").open("w") as log:
        child = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
    try:
        address = await_file(folder / "state", "counter_pages.url")
        yield Pages(address.read_text("utf-8"), forked(folder))
    finally:
        child.terminate()
        child.wait(30)


def await_file(folder: Path, name: str) -> Path:
    deadline = time.monotonic() + 120
    while not (found := [*folder.rglob(name)]):
        assert time.monotonic() < deadline, "the pages did not open"
        time.sleep(0.1)
    return found[0]


def forked(folder: Path) -> int:
    """The process of the pages: the one that holds this folder's figures.db open."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        for process in Path("/proc").iterdir():
            if process.name.isdecimal() and holds_figures(process, folder):
                return int(process.name)
        time.sleep(0.2)
    raise SystemExit("nobody keeps figures")


def holds_figures(process: Path, folder: Path) -> bool:
    wanted = str(folder / "state" / "figures.db")
    try:
        return any(str(each.readlink()) == wanted for each in (process / "fd").iterdir())
    except OSError:
        return False


def await_read(pages: Pages, path: str) -> float:
    begun = time.monotonic()
    while True:
        status, body = pages.ask(path)
        if status == 200 and not json.loads(body)["reading"]:
            return time.monotonic() - begun
        time.sleep(1)


def timed_ms(pages: Pages, path: str) -> tuple[float, int]:
    begun = time.monotonic()
    _, body = pages.ask(path)
    return (time.monotonic() - begun) * 1000, len(body)


def measure(pages: Pages, days: int, last: str) -> None:
    first = (datetime.fromisoformat(last) - timedelta(days=2 * days)).date()
    weeks = f"/api/head/figures?from={first}&to={last}"
    print(f"pages' process at the start: {pages.pss_mb():.1f} MB PSS")
    print(f"whole journal read after {await_read(pages, weeks):.0f} s: {pages.pss_mb():.1f} MB")
    for name, path in (("weeks", weeks), ("today", f"/api/head/figures?from={last}&to={last}"),
                       ("staffing", "/api/head/staffing?weekday=0"),
                       ("acts", f"/api/head/acts?day={last}")):  # fmt: skip
        times = sorted(timed_ms(pages, path) for _ in range(5))
        print(f"{name}: {times[2][0]:.0f} ms, {times[2][1] / 1000:.1f} kB")
    print(f"after these: {pages.pss_mb():.1f} MB")
    took, size = timed_ms(pages, weeks.replace("figures", "report.xlsx"))
    print(f"xlsx: {took:.0f} ms, {size / 1000:.1f} kB; then {pages.pss_mb():.1f} MB")
    weight = {name: len(pages.ask(f"/static/{name}")[1]) for name in FILES}
    print(f"the page: {sum(weight.values()) / 1000:.1f} kB, fonts apart ({weight})")


def pages_tests() -> ModuleType:
    """The small hall and the browser of tests/counter."""
    spec = importlib.util.spec_from_file_location("pages", ROOT / "tests/counter/conftest.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["pages"] = module
    spec.loader.exec_module(module)
    return module


def chromium() -> Browser:
    return pages_tests().Browser(*map(shutil.which, ("chromedriver", "chromium")))


def photograph(pages: Pages, name: str, out: Path, wanted: tuple[str, ...]) -> None:
    browser = chromium()
    try:
        for size, (width, height) in SIZES.items():
            browser.size(width, height)
            for page in wanted:
                browser.go("about:blank")
                browser.go(f"{pages.url}dieu-hanh#{page}")
                browser.wait_for("return document.querySelector('#app .card') !== null")
                time.sleep(1.5)
                keep(browser.picture(), out / f"head-{page}-{name}-{size}.png")
    finally:
        browser.close()


def keep(png: bytes, path: Path) -> None:
    """In 128 colours: a third of the size, and the same to the eye."""
    Image.open(io.BytesIO(png)).convert("RGB").quantize(128).save(path, optimize=True)


def make_busy(pages: Pages) -> None:
    """People at most counters and in most queues, one counter idle, one service with nobody."""
    number = 0
    for service, many in (("ho-tich", 9), ("dat-dai", 6), ("cu-tru", 4), ("tra-ket-qua", 3),
                          ("bao-tro", 2)):  # fmt: skip
        for _ in range(many):
            number += 1
            pages.press("/api/hall/issue", number, service=service, channel="counter")
            time.sleep(0.6)
    for counter in ("1", "2", "4", "5"):
        for verb in ("call-next", "start", "finish", "call-next", "start")[: 3 + int(counter) % 3]:
            number += 1
            pages.press(f"/api/counter/{counter}/{verb}", number)
    time.sleep(75)


def main() -> None:
    days, people = (int(word) for word in [*sys.argv[1:3], "60", "800"][:2])
    out = Path(sys.argv[3]) if len(sys.argv) > 3 else None
    today = (datetime.now(ZONE) - timedelta(hours=5)).date()
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as place:
        folder = Path(place)
        state = folder / "state"
        state.mkdir()
        LivedWeeks(HALL, working_days(today - timedelta(days=1), days), people).write(
            state / "journal.db"
        )
        print(
            f"{days} days of about {people} people, "
            f"{(state / 'journal.db').stat().st_size / 1e6:.0f} MB"
        )
        with running(folder) as pages:
            measure(pages, days, today.isoformat())
            if out is not None:
                photograph(pages, "empty", out, ("luc-nay", "hom-nay"))
                make_busy(pages)
                photograph(pages, "busy", out, PAGES)


if __name__ == "__main__":
    main()
