"""A province's page that a test rules alone: real mosquitto, PostgreSQL, halls that speak."""

import http.client
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from http_answer import Answer
from own_province import OwnProvince, until

from hall.contract import codec
from hall.contract.messages import ServiceState
from hall.contract.province import topic_up
from hall.contract.topics import (
    DEV_ALERT,
    DEV_STATUS,
    EXT_FIGURES,
    STATE_COUNTER,
    STATE_HALL,
    STATE_SERVICE,
    Channel,
)
from hall.contract.upward import UpAlert, UpCounter, UpHall, UpStatus
from hall.contract.words import WireModel
from hall.province.database import Database
from hall.province.page import account_store, process
from hall.province.page.people import Account, ReaderRole
from hall.province.page.process import PageProcess
from hall.province.settings import ProvinceFile
from hall.province.watch.province_now import ZONE
from hall.runtime import settings
from hall.runtime.bus_mqtt import Server
from hall.runtime.clock import SystemClock
from hall.runtime.far_link import FarUp
from hall.runtime.far_link_mqtt import FarMqttLink, FarOptions
from hall.web import hashing

WORD = "mat khau de thu 7"
PATIENCE_S = 60.0
# A hall is mute after 75 s.
BEAT_S = 20.0


@dataclass
class SpeakingHall:
    """A hall's uplink as its province's broker has it; what it says is retained."""

    name: str
    link: FarMqttLink
    up: threading.Event = field(default_factory=threading.Event)
    _said_hall: bytes = b""
    _saying: threading.Lock = field(default_factory=threading.Lock)

    def open(self) -> None:
        self.link.open(self._hear)
        assert self.up.wait(PATIENCE_S), "no link"

    def _hear(self, item: object) -> None:
        if isinstance(item, FarUp):
            self.up.set()

    def say(self, channel: Channel, message: WireModel | None, **levels: str) -> None:
        payload = (
            b""
            if message is None
            else codec.pack(message, hall=self.name, src="controller", ts=datetime.now(UTC))
        )
        with self._saying:
            assert self.link.publish(topic_up(self.name, channel, levels), payload, retain=True)
            if channel is STATE_HALL:
                self._said_hall = payload

    def repeat(self) -> None:
        """An uplink says every 30 s that the hall's controller lives."""
        with self._saying:
            if self._said_hall:
                topic = topic_up(self.name, STATE_HALL)
                self.link.publish(topic, self._said_hall, retain=True)

    def say_hall(self, waiting: int = 3, served: int = 20, day: str | None = None) -> None:
        told = UpHall(
            epoch=1, ver=1, day=day or f"{datetime.now(ZONE):%Y-%m-%d}", open=True,
            clock="trusted", evt_seq=1, waiting=waiting, served_today=served,
        )  # fmt: skip
        self.say(STATE_HALL, told)

    def say_uplink(self, state: Any = "ready") -> None:
        told = UpStatus(state=state, conn="c1", host=f"may-{self.name}", sw="1.0")
        self.say(DEV_STATUS, told, client="uplink")

    def say_counter(self, counter: str, status: Any = "open") -> None:
        told = UpCounter(epoch=1, ver=1, counter=counter, name=f"Quầy {counter}", status=status)
        self.say(STATE_COUNTER, told, counter=counter)

    def say_service(self, service: str, waiting: int = 1) -> None:
        told = ServiceState(
            epoch=1, ver=1, service=service, name="Hộ tịch", open=True, waiting=waiting
        )
        self.say(STATE_SERVICE, told, service=service)

    def say_alert(self, code: str, text: str = "Hết giấy") -> None:
        told = UpAlert(code=code, text=text, advice="Thay giấy.", since=datetime.now(UTC))
        self.say(DEV_ALERT, told, client="printer-1", code=code)

    def say_figures(self, figures: WireModel) -> None:
        self.say(EXT_FIGURES, figures)

    def say_all(self, **hall: Any) -> None:
        self.say_uplink()
        self.say_counter("1")
        self.say_counter("2", "closed")
        self.say_service("ho-tich")
        self.say_hall(**hall)


@dataclass
class OwnProvincePage:
    """`halls`: registered, each with a password."""

    province: OwnProvince
    halls: tuple[str, ...]
    more: Mapping[str, Any] = field(default_factory=dict)
    url: str = ""
    _process: PageProcess | None = None
    _thread: threading.Thread | None = None
    _speaking: dict[str, SpeakingHall] = field(default_factory=dict)
    _quiet: threading.Event = field(default_factory=threading.Event)
    _beating: threading.Thread | None = None

    def open(self, names: Mapping[str, str] | None = None) -> None:
        """`names`: of halls that are called otherwise than their id."""
        self.province.folder.mkdir(parents=True, exist_ok=True)
        self.province.make(self.halls)
        for hall, name in (names or {}).items():
            self.rename(hall, name)
        self.start()

    def start(self) -> None:
        wanted = json.loads(self.province.config.read_text("utf-8"))
        wanted["page"] = {"port": 0, "names": ["tinh.local"], **self.more}
        self.province.config.write_text(json.dumps(wanted), "utf-8")
        read = settings.load(self.province.config, ProvinceFile)
        clock, opened = SystemClock(), threading.Event()

        def note_address(address: str) -> None:
            self.url = address
            opened.set()

        link = process._link(read, self.province.state, clock)
        self._process = PageProcess(read, link, clock, note_address)
        self._thread = threading.Thread(target=self._process.run, name="page")
        self._thread.start()
        assert opened.wait(PATIENCE_S), "the page does not open"

    def keep_halls_alive(self) -> None:
        """Until `close`: however long the tests take, who has spoken is not mute."""
        self._beating = threading.Thread(target=self._beat, name="beats")
        self._beating.start()

    def _beat(self) -> None:
        while not self._quiet.wait(BEAT_S):
            for each in tuple(self._speaking.values()):
                each.repeat()

    def close(self) -> None:
        self._quiet.set()
        if self._beating is not None:
            self._beating.join(PATIENCE_S)
        for each in self._speaking.values():
            each.link.close()
        if self._process is not None and self._thread is not None:
            self._process.stop()
            self._thread.join(PATIENCE_S)
        self.province.stop()

    def hall(self, name: str) -> SpeakingHall:
        if name not in self._speaking:
            options = FarOptions(client=f"{name}-test", user=name)
            server = Server("127.0.0.1", self.province.port, self.province.words[name])
            speaking = SpeakingHall(name, FarMqttLink(options, lambda: server, SystemClock()))
            speaking.open()
            self._speaking[name] = speaking
        return self._speaking[name]

    def account(self, name: str, role: str = "leader", word: str = WORD) -> None:
        with Database(self.province.dsn) as database, database.transaction() as cursor:
            made = Account(name, f"Ông {name}", ReaderRole(role), hashing.hash_of(word))
            account_store.put_account(cursor, made, datetime.now(UTC))

    def wall(self, name: str) -> str:
        with Database(self.province.dsn) as database, database.transaction() as cursor:
            return account_store.put_wall(cursor, name, datetime.now(UTC))

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        source: str = "127.0.0.1",
    ) -> Answer:
        """`source`: the address that the request comes from."""
        address = urlsplit(self.url).netloc
        connection = http.client.HTTPConnection(address, None, PATIENCE_S, (source, 0))
        try:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            named: dict[str, list[str]] = {}
            for name, value in response.getheaders():
                named.setdefault(name.lower(), []).append(value)
            headers = {name: ", ".join(values) for name, values in named.items()}
            return Answer(response.status, headers, response.read())
        finally:
            connection.close()

    def get(self, path: str, source: str = "127.0.0.1", **headers: str) -> Answer:
        return self.ask("GET", path, None, headers, source)

    def send(
        self, path: str, body: Mapping[str, Any], source: str = "127.0.0.1", **headers: str
    ) -> Answer:
        sent = {"Content-Type": "application/json", **headers}
        return self.ask("POST", path, json.dumps(body).encode(), sent, source)

    def sign_in(self, account: str, word: str = WORD) -> dict[str, str]:
        """What the browser keeps of the session."""
        answer = self.send("/api/sign-in", {"account": account, "password": word})
        assert answer.status == 200, answer.body
        return {"Cookie": answer.headers["set-cookie"].split(";")[0]}

    @contextmanager
    def open_stream(self, cookie: Mapping[str, str]) -> Iterator[http.client.HTTPResponse]:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, None, PATIENCE_S)
        try:
            connection.request("GET", "/events", headers=dict(cookie))
            yield connection.getresponse()
        finally:
            connection.close()

    def stream(self, cookie: Mapping[str, str]) -> Any:
        """What a browser is told first."""
        with self.open_stream(cookie) as answer:
            for line in iter(answer.readline, b""):
                if line.startswith(b"data: "):
                    return json.loads(line[6:])
        return None

    def run_sql(self, sql: str, *values: object) -> None:
        with Database(self.province.dsn) as database, database.transaction() as cursor:
            cursor.run(sql, values)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with Database(self.province.dsn) as database, database.transaction() as cursor:
            return cursor.rows(sql)

    def rename(self, hall: str, name: str) -> None:
        self.run_sql("UPDATE hall SET name = %s WHERE id = %s", name, hall)

    def happen(self, hall: str, minutes_ago: int) -> None:
        """Somebody took a number, and waits; stored as a consumer would."""
        at = datetime.now(UTC) - timedelta(minutes=minutes_ago, seconds=5)
        self.run_sql(
            "INSERT INTO event (hall, epoch, seq, day, type, at, client, ticket, preferred) "
            "VALUES (%s, 1, 1, %s, 'issued', %s, 'printer-1', 't1', false)",
            hall, datetime.now(ZONE).date(), at,
        )  # fmt: skip
        self.run_sql("UPDATE place SET epoch = 1, seq = 1 WHERE hall = %s", hall)

    def live_day(self, hall: str, day: date, issued: int, served: int, wait_sum_s: int) -> None:
        """As the keeper leaves it; two people are asked and content."""
        self.run_sql(
            "INSERT INTO day_service VALUES (%s, %s, 'ho-tich', %s, 40, %s, 0, 1, 0, 0, 0, 40, %s, "
            "900, 40, 12000)",
            hall, day, issued, served, wait_sum_s,
        )  # fmt: skip
        for score in (4, 5):
            self.run_sql("INSERT INTO day_rating VALUES (%s, %s, '', %s, 1)", hall, day, score)

    def row(self, hall: str, cookie: Mapping[str, str]) -> Any:
        """The hall's line in the table, as a sheet has it."""
        text = self.get("/tai/halls.csv", **cookie).body.decode("utf-8-sig")
        return next((line.split(",") for line in text.splitlines() if f",{hall}," in line), None)

    def until_row(self, hall: str, cookie: Mapping[str, str], place: int, value: str) -> None:
        def is_so() -> bool:
            row = self.row(hall, cookie)
            return row is not None and row[place] == value

        assert until(is_so, PATIENCE_S), f"{hall}: {self.row(hall, cookie)}"


def make_page(folder: Path, dsn: str, halls: tuple[str, ...], **more: Any) -> OwnProvincePage:
    return OwnProvincePage(OwnProvince(folder, dsn), halls, more)
