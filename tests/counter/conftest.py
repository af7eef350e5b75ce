"""A hall in one process: the real controller and the real pages over HTTP, on the in-memory bus."""

import http.client
import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

import pytest
from chromium import DEADLINE_S, Browser, cleared, opened, wait_until
from http_answer import Answer
from lived_weeks import HALL_OF_TWO, LivedWeeks, working_days

from hall.controller.__main__ import build as build_controller
from hall.counter.__main__ import build as build_pages
from hall.counter.door.access import place_of
from hall.counter.door.pairing import Pairing
from hall.counter.door.store import DoorStore
from hall.runtime import settings
from hall.runtime.bus_memory import MemoryBroker
from hall.runtime.clock import SystemClock
from hall.runtime.daemon import Daemon, Ground
from hall.runtime.notify import Heartbeat, Notifier

YAML = """version: 1
hall:
  id: demo
  name: "NAME"
  hours: ["00:00-24:00"]
  days: [mon, tue, wed, thu, fri, sat, sun]
services:
  - {id: ho-tich, name: "Hộ tịch", prefix: A}
  - {id: dat-dai, name: "Đất đai", prefix: B}
counters:
  - {id: "1", serves: [ho-tich]}
  - {id: "5A", serves: [dat-dai], helps: [ho-tich]}
printers: [PRINTER]
kiosks: [{id: kiosk-1, printer: printer-1}]
bridges: [{id: bridge-1, buses: [{driver: simulated, units: [{address: 1, counter: "1"}]}]}]
counter: {port: 0, pairing: PAIRING, hall_page: HALL_PAGE, names: [motcua.local]MORE}
"""


@dataclass
class Running:
    daemon: Daemon
    thread: threading.Thread

    def stop(self) -> None:
        self.daemon.stop()
        self.thread.join(DEADLINE_S)
        assert not self.thread.is_alive()


@dataclass
class SmallHall:
    """Two counters, two services; `address` of the pages. `more`: keys of the section counter.

    `sections`: of the YAML, beside those that every hall here has.
    """

    folder: Path
    pairing: str = "off"
    hall_page: str = "true"
    printer: str = "{id: printer-1, driver: simulated}"
    more: str = ""
    name: str = "Trung tâm <b>Phục vụ</b> hành chính công"
    sections: str = ""
    trust: ssl.SSLContext | None = None
    broker: MemoryBroker = field(default_factory=MemoryBroker)
    running: dict[str, Running] = field(default_factory=dict)

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def pictures(self) -> Path:
        return self.folder / "pictures"

    def open(self) -> None:
        for folder in (self.state, self.pictures):
            folder.mkdir(parents=True, exist_ok=True)
        self.run("controller", build_controller)
        self.run("pages", build_pages)
        self.await_pages()
        wait_until(lambda: self.entry("hall"), "the hall's state on the page")

    def run(self, name: str, build: Any, port: int = 0) -> None:
        text = YAML.replace("PAIRING", self.pairing).replace("HALL_PAGE", self.hall_page)
        text = text.replace("PRINTER", self.printer)
        text = text.replace("MORE", self.more and f", {self.more}").replace("NAME", self.name)
        text += self.sections
        config = self.folder / "hall.yaml"
        config.write_text(text.replace("port: 0", f"port: {port}"), "utf-8")
        clock = SystemClock()
        ground = Ground(
            "demo",
            clock,
            self.state,
            lambda client: self.broker.bus(client, "demo", clock),
            self.pictures,
        )
        (self.state / "counter_pages.url").unlink(missing_ok=True)
        (daemon,) = build(settings.read(config), ground, None)
        heart = Heartbeat(Notifier({}), 1)
        thread = threading.Thread(target=daemon.run, args=(heart,), name=f"hall-{name}")
        self.running[name] = Running(daemon, thread)
        thread.start()

    def run_pages(self, port: int = 0) -> None:
        self.run("pages", build_pages, port)

    def await_pages(self) -> None:
        wait_until((self.state / "counter_pages.url").exists, "the page's address")

    def stop(self, name: str) -> None:
        self.running.pop(name).stop()

    def close(self) -> None:
        for each in reversed(tuple(self.running.values())):
            each.stop()

    @property
    def url(self) -> str:
        return (self.state / "counter_pages.url").read_text()

    @property
    def address(self) -> str:
        return urlsplit(self.url).netloc

    @property
    def day(self) -> str:
        """The business day."""
        return str(self.entry("hall")["day"])

    def entry(self, key: str) -> Any:
        """What the pages show under this key just now."""
        service: Any = self.running["pages"].daemon.service
        value = service.pages._shown.get(key)
        return json.loads(value) if value else None

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        source: str = "127.0.0.1",
    ) -> Answer:
        """`source`: the address that the request comes from."""
        connection = self._connection((source, 0))
        try:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            named = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, named, response.read())
        finally:
            connection.close()

    def _connection(self, source: tuple[str, int]) -> http.client.HTTPConnection:
        if self.trust is None:
            return http.client.HTTPConnection(self.address, None, DEADLINE_S, source)
        return http.client.HTTPSConnection(
            self.address, timeout=DEADLINE_S, source_address=source, context=self.trust
        )

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, headers=headers)

    def press(
        self, path: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> Answer:
        sent = {"Content-Type": "application/json", **(headers or {})}
        return self.ask("POST", path, json.dumps(body).encode(), sent)

    def code(self, place: str) -> str:
        """A code as `motcua pair` makes one, beside the running pages."""
        store = DoorStore(self.state / "doors.db")
        try:
            return Pairing(store, SystemClock()).make_code(place_of(place))
        finally:
            store.close()

    def type_code(self, code: str, name: str = "", source: str = "127.0.0.1") -> Answer:
        sent = {"Content-Type": "application/x-www-form-urlencoded"}
        form = urlencode({"code": code, "name": name}).encode()
        return self.ask("POST", "/ghep", form, sent, source)

    def cookie(self, place: str, name: str = "") -> dict[str, str]:
        """What a browser keeps that was just paired with this place."""
        answer = self.type_code(self.code(place), name)
        return {"Cookie": answer.headers["set-cookie"].split(";")[0]}

    def issue(self, service: str = "ho-tich", request_id: str = "i1") -> str:
        body = {"id": request_id, "service": service, "channel": "counter"}
        answer = self.press("/api/hall/issue", body)
        assert answer.json["status"] == "ok", answer.body
        number: str = answer.json["data"]["ticket"]["number"]
        return number

    def requests(self, verb: str) -> list[dict[str, Any]]:
        """What reached the bus."""
        return [
            json.loads(payload)
            for topic, payload in self.broker.log
            if f"/req/queue/{verb}/" in topic
        ]


@pytest.fixture
def until() -> Callable[[Callable[[], object]], None]:
    return wait_until


@pytest.fixture(scope="session")
def small_hall() -> type[SmallHall]:
    return SmallHall


@pytest.fixture(scope="module")
def open_hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallHall]:
    """One for a whole file of tests that leave it as it is."""
    small = SmallHall(tmp_path_factory.mktemp("hall"))
    try:
        small.open()
        yield small
    finally:
        small.close()


def _await_figures(small: SmallHall) -> None:
    """Until the pages have read the whole journal, the last served person included."""
    today = small.day

    def read() -> bool:
        told = small.get(f"/api/head/figures?from={today}&to={today}")
        if told.status != 200 or told.json["reading"] or told.json["first_known"] is None:
            return False
        return bool(told.json["lines"][0]["served"])

    wait_until(read, "the figures on the pages")


@pytest.fixture(scope="module")
def lived_hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallHall]:
    """Weeks behind it; of today's four people nv.07 has served one, three wait."""
    small = SmallHall(tmp_path_factory.mktemp("lived"))
    small.state.mkdir(parents=True)
    # The business day begins at five.
    yesterday = (datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")) - timedelta(hours=29)).date()
    weeks = LivedWeeks(HALL_OF_TWO, working_days(yesterday, 22), people=14)
    weeks.write(small.state / "journal.db")
    try:
        small.open()
        for number in range(4):
            small.issue(request_id=f"i{number}")
        for verb in ("call-next", "start", "finish"):
            pressed = small.press(f"/api/counter/1/{verb}", {"id": verb, "staff": "nv.07"})
            assert pressed.json["status"] == "ok", pressed.body
        _await_figures(small)
        yield small
    finally:
        small.close()


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[SmallHall]:
    """Open to this machine, with the hall page."""
    small = SmallHall(tmp_path)
    try:
        small.open()
        yield small
    finally:
        small.close()


@pytest.fixture
def paired_hall(tmp_path: Path) -> Iterator[SmallHall]:
    """A browser must be paired before it may do anything."""
    small = SmallHall(tmp_path, pairing="required")
    try:
        small.open()
        yield small
    finally:
        small.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with opened() as browser:
        yield browser


@pytest.fixture
def browser(chromium: Browser) -> Iterator[Browser]:
    """The one Chromium, with an empty page and an empty log."""
    with cleared(chromium) as browser:
        yield browser
