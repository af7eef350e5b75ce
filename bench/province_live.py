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
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "kit"), str(ROOT / "bench")]

import paho.mqtt.client as mqtt  # noqa: E402
from broker_of_ones_own import free_port  # noqa: E402
from chromium import Browser, opened  # noqa: E402
from display_board import pss_mb  # noqa: E402
from own_postgres import OwnPostgres  # noqa: E402
from own_province import OWN_WORD, until  # noqa: E402
from paho.mqtt.enums import CallbackAPIVersion  # noqa: E402

from hall.contract import codec  # noqa: E402
from hall.contract.messages import ServiceState  # noqa: E402
from hall.contract.onestop_messages import (  # noqa: E402
    FieldFigures,
    Figures,
    OnestopStatus,
    Pending,
    Period,
    ReceivedFigures,
    Resolved,
)
from hall.contract.province import topic_up  # noqa: E402
from hall.contract.topics import (  # noqa: E402
    DEV_ALERT,
    DEV_STATUS,
    EXT_FIGURES,
    EXT_STATUS,
    STATE_COUNTER,
    STATE_HALL,
    STATE_SERVICE,
    Channel,
)
from hall.contract.upward import UpAlert, UpCounter, UpHall, UpStatus  # noqa: E402
from hall.contract.words import WireModel  # noqa: E402
from hall.province import broker_files, registrar  # noqa: E402
from hall.province.database import Database  # noqa: E402
from hall.province.keeper import make_months, work_out_days  # noqa: E402
from hall.province.page import account_store  # noqa: E402
from hall.province.page.people import Account, ReaderRole  # noqa: E402
from hall.province.registry import PlacedHall, PlacedUnit, Registry  # noqa: E402
from hall.province.settings import HallEntry, UnitEntry  # noqa: E402
from hall.province.watch.province_now import ZONE  # noqa: E402
from hall.runtime.broker import _answers, _mosquitto  # noqa: E402
from hall.runtime.broker_files import hashed_password  # noqa: E402
from hall.web import hashing  # noqa: E402

PLACES = (
    "Mù Cang Chải", "Bắc Từ Liêm", "Phù Tiên", "Diên Hồng", "Hòa Bình", "Định Hóa", "Kim Bôi",
    "Nậm Có", "Púng Luông", "Trạm Tấu", "Nghĩa Lộ", "Văn Chấn", "Lục Yên", "Yên Bình", "Bát Xát",
    "Sa Pa", "Si Ma Cai", "Bắc Hà", "Mường Khương", "Bảo Thắng", "Văn Bàn", "Than Uyên",
)  # fmt: skip
SERVICES = {
    "ho-tich": "Hộ tịch – Chứng thực", "dat-dai": "Đất đai – Xây dựng",
    "bao-tro": "Bảo trợ – Người có công", "cu-tru": "Cư trú – Công an",
}  # fmt: skip
WORD = "mat khau de do 9"
PER_HALL_S = 3.0
SIZES = {"1366": (1366, 768), "820": (820, 1180), "390": (390, 844)}


def name_of(number: int) -> str:
    round_ = number // len(PLACES)
    place = PLACES[number % len(PLACES)]
    return f"Trung tâm Phục vụ hành chính công {place}{f' {round_ + 1}' if round_ else ''}"


def id_of(number: int) -> str:
    return f"hall-{number:04d}"


@dataclass
class Fair:
    """All halls of the bench, spoken for by one client. `said`: served → when, by hall."""

    port: int
    halls: int
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    said: dict[tuple[str, int], float] = field(default_factory=dict)
    served: list[int] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)
    client: Any = None
    last: Any = None

    def open(self) -> None:
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="fair")
        self.client.username_pw_set("fair", "fair")
        self.client.max_inflight_messages_set(2000)
        self.client.connect("127.0.0.1", self.port)
        self.client.loop_start()
        self.served = [self.chance.randrange(5, 260) for _ in range(self.halls)]

    def say(self, number: int, channel: Channel, message: WireModel, **levels: str) -> None:
        hall = id_of(number)
        payload = codec.pack(message, hall=hall, src="controller", ts=datetime.now(UTC))
        self.last = self.client.publish(topic_up(hall, channel, levels), payload, 1, retain=True)

    def say_all(self) -> None:
        for number in range(self.halls):
            self._say_one(number)
            if number % 50 == 0:
                self.last.wait_for_publish()
        self.last.wait_for_publish()

    def _say_one(self, number: int) -> None:
        mood = self.chance.random()
        uplink = "lost" if mood < 0.03 else "disconnected" if mood < 0.035 else "ready"
        status = UpStatus(state=uplink, conn="c", host=f"pi-{number:04d}", sw="0.9")
        self.say(number, DEV_STATUS, status, client="uplink")
        controller = "lost" if 0.04 < mood < 0.05 else "ready"
        for client, state in {
            "controller": controller, "printer-1": "ready", "display": "ready", "kiosk-1": "ready",
        }.items():  # fmt: skip
            told = UpStatus(state=state, conn="c", host=f"pi-{number:04d}", sw="0.9")
            self.say(number, DEV_STATUS, told, client=client)
        for service, name in SERVICES.items():
            told_service = ServiceState(
                epoch=1, ver=1, service=service, name=name, open=True,
                waiting=self.chance.randrange(6), last_issued="A017", wait_min=(4, 12),
            )  # fmt: skip
            self.say(number, STATE_SERVICE, told_service, service=service)
        for counter in range(1, 5):
            state = self.chance.choice(("open", "serving", "serving", "called", "closed"))
            told_counter = UpCounter(
                epoch=1, ver=1, counter=str(counter), name=f"Quầy {counter}", status=state,
                called_at=datetime.now(UTC) if state in ("called", "serving") else None,
            )  # fmt: skip
            self.say(number, STATE_COUNTER, told_counter, counter=str(counter))
        if self.chance.random() < 0.06:
            alert = UpAlert(
                code="paper_low", text="Máy in sắp hết giấy", since=datetime.now(UTC),
                advice="Thay cuộn giấy 80 mm; nắp máy in mở ở phía trước.",
            )  # fmt: skip
            self.say(number, DEV_ALERT, alert, client="printer-1", code="paper_low")
        self.say(number, EXT_STATUS, OnestopStatus(state="ready", source="iGate", conn="c"))
        self.say(number, EXT_FIGURES, self._figures(number))
        self.say_hall(number)

    def say_hall(self, number: int) -> None:
        told = UpHall(
            epoch=1, ver=1, day=f"{datetime.now(ZONE):%Y-%m-%d}", open=True, clock="trusted",
            evt_seq=1, waiting=self.chance.randrange(1, 24), served_today=self.served[number],
        )  # fmt: skip
        self.say(number, STATE_HALL, told)

    def _figures(self, number: int) -> Figures:
        early, on_time = self.chance.randrange(100, 900), self.chance.randrange(100, 900)
        overdue = self.chance.choice((0, 0, 1, 2, 7, 25))
        doubted = 9 if number % 29 == 5 else 0
        resolved = Resolved(
            total=early + on_time + overdue + doubted, early=early, on_time=on_time, overdue=overdue
        )
        fields = tuple(
            FieldFigures(
                field=name, received=ReceivedFigures(total=early // 4 + 9),
                resolved=Resolved(total=early // 4, early=early // 4 - 2, on_time=2, overdue=0),
            )
            for name in SERVICES.values()
        )  # fmt: skip
        period = Period.model_validate({
            "id": "2026-11", "kind": "month",
            "received": ReceivedFigures(total=early + on_time + 40), "resolved": resolved,
            "pending": Pending(total=37, in_time=36, overdue=1), "fields": fields,
        })  # fmt: skip
        old = timedelta(days=2) if number % 31 == 3 else timedelta(minutes=4)
        return Figures(as_of=datetime.now(UTC) - old, source="iGate", periods=(period,))

    def change(self) -> None:
        """Each hall in turn, so that each says something new every PER_HALL_S."""
        began, sent = time.monotonic(), 0
        while not self.ended.is_set():
            due = int((time.monotonic() - began) * self.halls / PER_HALL_S)
            for number in range(sent, due):
                which = number % self.halls
                self.served[which] += 1
                self.said[id_of(which), self.served[which]] = time.monotonic()
                self.say_hall(which)
            sent = due
            self.ended.wait(0.01)


def seed(dsn: str, halls: int) -> None:
    """Units, halls, three people waiting in each today, and twelve weeks of days."""
    units = tuple(
        PlacedUnit(UnitEntry(id=f"unit-{n}", name=f"Xã {PLACES[n % len(PLACES)]} {n // 22 + 1}"), 1)
        for n in range(max(1, halls // 2))
    )
    placed = tuple(
        PlacedHall(HallEntry(id=id_of(n), unit=f"unit-{n % len(units)}", name=name_of(n)), 1)
        for n in range(halls)
    )
    today = datetime.now(ZONE).date()
    with Database(dsn) as database:
        registrar.register(database, Registry("bench", units, placed))
        with database.transaction() as cursor:
            make_months(cursor, today, 3)
            cursor.run(
                "INSERT INTO event SELECT hall.id, 1, n, %s, 'issued', now() - n * interval '7 min'"
                " - (abs(hashtext(hall.id)) %% 60) * interval '1 min', 'printer-1', "
                "hall.id || n, 'A' || n, 'ho-tich', 'button', false "
                "FROM hall, generate_series(1, 3) AS n",
                (today,),
            )
            cursor.run("UPDATE place SET epoch = 1, seq = 3, source = 's', heard_at = now()")
            cursor.run(
                "INSERT INTO day_service SELECT hall.id, %s::date - d, s, 40 + d %% 7 * 3 + n, "
                "40, 36 + n, 0, 3, 1, 0, 0, 40, 40 * (300 + d * 4), 2600, 36, 36 * 420 "
                "FROM hall, generate_series(1, %s) AS d, "
                "unnest(%s::text[]) WITH ORDINALITY AS t (s, n) "
                "WHERE extract(isodow FROM %s::date - d) < 6",
                (today, 84 if halls < 400 else 14, list(SERVICES), today),
            )
            cursor.run(
                "INSERT INTO day_rating SELECT hall.id, %s::date - d, '', n, n * n "
                "FROM hall, generate_series(1, 14) AS d, generate_series(2, 5) AS n",
                (today,),
            )
            cursor.run(
                "INSERT INTO credential SELECT id, 'x', now() FROM hall WHERE id NOT LIKE '%%9'"
            )
            cursor.run(
                "UPDATE place SET refused = 'hai máy cùng mã: pi-0005 và pi-moi', refused_source = "
                "'t', refused_host = 'pi-moi', refused_at = now() WHERE hall = 'hall-0005'"
            )
            cursor.run("INSERT INTO stranger VALUES ('xa-chua-ghi', 'pi-x', now(), now(), 12)")
            for who, role in (("lanh-dao", "leader"), ("van-hanh", "operator")):
                made = Account(who, "Bà Hà", ReaderRole(role), hashing.hash_of(WORD))
                account_store.put_account(cursor, made, datetime.now(UTC))
        while True:
            with database.transaction() as cursor:
                if not work_out_days(cursor, today - timedelta(days=90)):
                    break


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
        [_mosquitto(), "-c", str(folder / "conf")],
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
