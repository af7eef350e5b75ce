"""The province's page with all halls changing: how old what it shows is, CPU, memory, pictures.

    python bench/province_live.py [--halls 3321] [--seconds 60] [--browser] [--pictures FOLDER]

Halls are simulated by one client that speaks for all of them: each has some twenty retained states,
and says something new every three seconds. The broker, PostgreSQL and the page are processes of
their own. An age is from a state's publishing to its row in the stream that a browser reads.
`--browser`: how long Chromium takes from a typed letter to the filtered table, painted.
"""

import argparse
import http.client
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "kit"), str(ROOT / "bench")]

from broker_of_ones_own import free_port  # noqa: E402
from chromium import Browser, opened  # noqa: E402
from display_board import pss_mb  # noqa: E402
from own_postgres import OwnPostgres  # noqa: E402
from own_province import OWN_WORD, until  # noqa: E402
from province_fair import PER_HALL_S, WORD, Fair, seed  # noqa: E402

from hall.province import broker_files  # noqa: E402
from hall.province.database import Database  # noqa: E402
from hall.province.page import account_store  # noqa: E402
from hall.runtime.broker import _answers, mosquitto  # noqa: E402
from hall.runtime.broker_files import hashed_password  # noqa: E402

SIZES = {"1366": (1366, 768), "820": (820, 1180), "390": (390, 844)}


def start_broker(folder: Path, port: int) -> "subprocess.Popen[bytes]":
    acl = broker_files.acl({}) + "\nuser fair\ntopic readwrite #\n"
    words = f"province:{hashed_password(OWN_WORD)}\nfair:{hashed_password('fair')}\n"
    (folder / "acl").write_text(acl)
    (folder / "words").write_text(words)
    for each in ("acl", "words"):
        (folder / each).chmod(0o600)
    limits = [line for line in broker_files.shared_limits() if not line.startswith("log_")]
    conf = [f"listener {port} 127.0.0.1", "user root", "allow_anonymous false",
            f"password_file {folder}/words", f"acl_file {folder}/acl", *limits]  # fmt: skip
    (folder / "conf").write_text("\n".join(conf) + "\n")
    started = subprocess.Popen(
        [mosquitto(), "-c", str(folder / "conf")],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert until(lambda: _answers(port), 60)
    return started


def start_page(folder: Path, dsn: str, port: int) -> "subprocess.Popen[bytes]":
    wanted = {
        "version": 1, "province": {"id": "lao-cai", "name": "Tỉnh Lào Cai"},
        "broker": {"url": f"mqtt://127.0.0.1:{port}"}, "database": {"dsn": dsn},
        "page": {"port": 0},
    }  # fmt: skip
    (folder / "province.yaml").write_text(json.dumps(wanted), "utf-8")
    credentials = folder / "state" / "credentials"
    credentials.mkdir(parents=True)
    (credentials / "province-broker").write_text(OWN_WORD)
    with (folder / "page.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "hall.cli", "province", "page",
             "-c", str(folder / "province.yaml"), "--state", str(folder / "state")],
            stdout=log, stderr=log, cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        )  # fmt: skip


@dataclass
class Watching:
    """Reads the stream as a browser does. `seen`: (hall, served) → when its row came."""

    address: str
    cookie: str
    fair: Fair
    ages: list[float] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    counting: bool = False

    def read(self) -> None:
        connection = http.client.HTTPConnection(self.address, timeout=60)
        connection.request("GET", "/events", headers={"Cookie": self.cookie})
        answer = connection.getresponse()
        while not self.fair.ended.is_set():
            line = answer.readline()
            if not line:
                return
            if line.startswith(b"data: "):
                self._take_rows(json.loads(line[6:]))

    def _take_rows(self, told: dict[str, Any]) -> None:
        now = time.monotonic()
        for hall, row in told["rows"].items():
            self.links[hall] = row[0]
            said = self.fair.said.pop((hall, row[6]), None)
            if said is not None and self.counting:
                self.ages.append(now - said)

    def known(self) -> int:
        """Halls whose line has been heard of."""
        return sum(link != "never" for link in tuple(self.links.values()))


def sign_in(address: str, who: str) -> str:
    connection = http.client.HTTPConnection(address, timeout=60)
    body = json.dumps({"account": who, "password": WORD})
    connection.request("POST", "/api/sign-in", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    cookie = str(answer.getheader("set-cookie")).split(";")[0]
    answer.read()
    return cookie


def cpu_s(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def measure(watching: Watching, fair: Fair, process: int, seconds: float) -> None:
    threading.Thread(target=fair.change, daemon=True).start()
    time.sleep(5)
    watching.counting = True
    before, began = cpu_s(process), time.monotonic()
    time.sleep(seconds)
    watching.counting = False
    took = time.monotonic() - began
    ages = sorted(watching.ages)
    spent = 100 * (cpu_s(process) - before) / took
    print(f"{fair.halls} halls, each a state every {PER_HALL_S} s: {len(ages) / took:.0f} rows/s")
    if ages:
        p99 = ages[int(0.99 * len(ages))]
        print(
            f"age of a row when it comes: median {statistics.median(ages):.2f} s, "
            f"p99 {p99:.2f} s, oldest {ages[-1]:.2f} s"
        )
    print(f"page: {spent:.1f} % of a core, {pss_mb(process):.0f} MB PSS")


TYPED = """
const [words, done] = arguments; const field = document.getElementById('q');
const began = performance.now(); field.value = words;
field.dispatchEvent(new Event('input', {bubbles: true}));
const worked = performance.now() - began;
const channel = new MessageChannel();
channel.port1.onmessage = () => done([worked, performance.now() - began,
  document.getElementById('found').textContent]);
requestAnimationFrame(() => channel.port2.postMessage(null));
"""
WORDS = (
    "m",
    "mu",
    "mu ca",
    "mù cang",
    "phuc vu",
    "sa pa 3",
    "hall-04",
    "xa bac ha",
    "khong co",
    "",
)


def type_filters(browser: Browser) -> None:
    times = []
    for words in WORDS * 3:
        worked, painted, found = browser.run_awaiting(TYPED, words)
        times.append((painted, worked, words, found))
        time.sleep(0.1)
    times.sort(reverse=True)
    painted = [each[0] for each in times]
    print(
        f"typed → filtered and painted in Chromium: median {statistics.median(painted):.0f} ms, "
        f"longest {painted[0]:.0f} ms ({times[0][2]!r}: {times[0][3]}), "
        f"script alone {max(each[1] for each in times):.0f} ms at most"
    )


def enter(browser: Browser, url: str, who: str) -> None:
    browser.go(f"{url}dang-nhap")
    browser.wait_for("return document.getElementById('account') !== null")
    browser.run(
        "document.getElementById('account').value = arguments[0];"
        "document.getElementById('password').value = arguments[1];"
        "document.querySelector('form').requestSubmit()",
        who, WORD,
    )  # fmt: skip
    browser.wait_for("return (window.motcuaRows ?? 0) > 0")


def photograph(browser: Browser, url: str, wall: str, out: Path) -> None:
    pages = {
        "halls": ("", "return (window.motcuaRows ?? 0) > 0"),
        "hall": ("hoi-truong/hall-0004", "return document.querySelector('#days tbody tr')"),
        "dossiers": ("so-lieu", "return document.querySelector('#table tbody tr')"),
        "weeks": ("cac-tuan", "return document.querySelector('#table tbody tr')"),
        "operation": ("van-hanh", "return document.querySelector('#table tbody tr')"),
        "wall": (wall, "return (window.motcuaRows ?? 0) > 0"),
        "sign-in": ("dang-nhap", "return document.getElementById('account')"),
    }
    for size, (width, height) in SIZES.items():
        browser.size(width, height)
        for page, (path, ready) in pages.items():
            browser.go(f"{url}{path}")
            browser.wait_for(f"{ready} ? true : false" if "?" not in ready else ready)
            time.sleep(1.2)
            (out / f"province-{page}-{size}.png").write_bytes(browser.picture())
    print(browser.complaints())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--halls", type=int, default=3321)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--browser", action="store_true")
    parser.add_argument("--pictures", type=Path)
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="motcua-bench-"))
    folder.chmod(0o755)
    postgres, started = OwnPostgres(folder / "postgres"), []
    try:
        postgres.make()
        postgres.start()
        started.extend(run(args, folder, postgres))
    finally:
        for each in started:
            each.terminate()
            each.wait(30)
        postgres.stop()
        shutil.rmtree(folder)


def run(
    args: argparse.Namespace, folder: Path, postgres: OwnPostgres
) -> "Iterator[subprocess.Popen[bytes]]":
    dsn, port = postgres.fresh("bench"), free_port()
    seed(dsn, args.halls)
    broker = start_broker(folder, port)
    yield broker
    fair = Fair(port, args.halls)
    fair.open()
    fair.say_all()
    page = start_page(folder, dsn, port)
    yield page
    address_at = folder / "state" / "province_page.url"
    assert until(address_at.exists, 60), (folder / "page.log").read_text()
    url = address_at.read_text("utf-8")
    address = urlsplit(url).netloc
    watching = Watching(address, sign_in(address, "lanh-dao"), fair)
    threading.Thread(target=watching.read, daemon=True).start()
    began = time.monotonic()
    assert until(lambda: watching.known() >= args.halls, 120), watching.known()
    print(f"the states of all halls {time.monotonic() - began:.1f} s after the page has opened")
    settle(watching)
    measure(watching, fair, page.pid, args.seconds)
    print(f"broker: {pss_mb(broker.pid):.0f} MB PSS")
    if args.browser or args.pictures:
        show(args, url, dsn)
    fair.ended.set()


def settle(watching: Watching) -> None:
    """What was retained has come when the rows rest."""
    time.sleep(5)
    watching.ages.clear()


def show(args: argparse.Namespace, url: str, dsn: str) -> None:
    with Database(dsn) as database, database.transaction() as cursor:
        wall = account_store.put_wall(cursor, "hanh-lang", datetime.now(UTC))
    with opened() as browser:
        browser.size(1366, 768)
        enter(browser, url, "van-hanh")
        time.sleep(3)
        if args.browser:
            type_filters(browser)
        if args.pictures:
            args.pictures.mkdir(parents=True, exist_ok=True)
            photograph(browser, url, f"tuong?ma={wall}", args.pictures)


if __name__ == "__main__":
    main()
