"""What real daemons ask of a real broker is granted, and what they say there arrives."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from running_hall import RunningHall, running
from wire_account import Account

from hall.contract import acl, codec
from hall.contract import requests as req
from hall.contract.messages import Alert
from hall.contract.rights import role_of
from hall.contract.topics import CHANNELS, DEV_ALERT, REQ_DEV, find
from hall.runtime import broker, broker_files
from hall.runtime.broker_files import Files
from hall.runtime.requester import new_id

pytestmark = pytest.mark.broker

DAEMONS = (
    *("controller", "printer-1", "kiosk-1", "display", "board", "voice", "bridge-1"),
    *("counters", "onestop"),
)
# One alert of each that does not hold in a hall that is well.
ALERTS = {client: role_of(client).alerts[-1] for client in DAEMONS}
_PUBLISH = r"PUBLISH from (\S+) \(d\d, q\d, r\d, m\d+, '([^']+)', \.\.\. \((\d+) bytes\)"


@dataclass(frozen=True)
class Broker:
    """What the broker wrote down of who subscribed and published what."""

    log: Path

    def subscribed(self) -> set[tuple[str, str]]:
        found, client = set(), ""
        for line in self.log.read_text(encoding="utf-8").splitlines():
            if begun := re.search(r"Received SUBSCRIBE from (\S+)", line):
                client = begun[1]
            elif named := re.search(r"\t(\S+) \(QoS \d\)", line):
                found.add((client, named[1]))
        return found

    def published(self, how: str = "Received") -> list[tuple[str, str, int]]:
        found = re.findall(f"{how} {_PUBLISH}", self.log.read_text(encoding="utf-8"))
        return [(client, topic, int(size)) for client, topic, size in found]


@dataclass(frozen=True)
class Lived:
    """A hall that has lived for a while, and its daemons' accounts once they have left."""

    hall: RunningHall
    broker: Broker

    def account(self, client: str) -> Account:
        folder = self.hall.pictures.parent / "state"
        word = (folder / "credentials" / client).read_text(encoding="ascii").strip()
        return Account(self.hall.port, client, word)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    folder = tmp_path_factory.mktemp("rights")
    with pytest.MonkeyPatch.context() as patch:
        _listen_in(patch, folder / "mosquitto.log")
        with running(folder) as hall:
            made = Lived(hall, Broker(folder / "mosquitto.log"))
            _live(made)
            hall.stage.close()
            yield made


def _listen_in(patch: pytest.MonkeyPatch, log: Path) -> None:
    """The broker writes everything down, and `author` may say everything."""
    config, rights, ids = broker_files.private_config, acl.acl, broker.hall_ids
    more = f"log_type all\nlog_dest file {log}\n"

    def with_log(files: Files, port: int, user: str | None) -> str:
        return config(files, port, user) + more

    def with_author(values: object) -> acl.HallIds:
        plain = ids(values)  # type: ignore[arg-type]
        return acl.HallIds(plain.hall, (*plain.clients, "author"), plain.counters, plain.services)

    patch.setattr(broker_files, "private_config", with_log)
    patch.setattr(broker, "hall_ids", with_author)
    patch.setattr(
        broker_files, "acl", lambda known: rights(known) + "\nuser author\ntopic write #\n"
    )


def _live(lived: Lived) -> None:
    """Each device does what it is there for; each finds an alert that is not true."""
    hall = lived.hall
    hall.issue(), hall.issue()
    hall.call("1")
    hall.press("ho-tich")
    for target in ("printer-1", "display", "board", "voice", "bridge-1"):
        hall.terminal.ask_hall(REQ_DEV, "identify", req.Identify(id=new_id()), target=target)
    author = lived.account("author")
    for client, code in ALERTS.items():
        alert = Alert(code=code, text="Có lỗi.", since=datetime(2026, 11, 20, tzinfo=UTC))
        payload = codec.pack(alert, hall="demo", src=client, ts=alert.since)
        author.publish([DEV_ALERT.topic("demo", client=client, code=code)], payload, retain=True)
    author.close()
    end = time.monotonic() + 400
    while missing := _missing(lived):
        assert time.monotonic() < end, missing
        _act(hall)
        hall.until(lambda: not _missing(lived), 5)


def _act(hall: RunningHall) -> None:
    """Whoever is not heard on a busy machine scans, or presses, once more."""
    for target, action, args in (
        ("printer-1", "paper-out", {}),
        ("kiosk-1", "scan", {"text": "H38.12-181129-0001"}),
        ("bridge-1", "key", {"counter": "1", "key": "N"}),
    ):
        wish = req.Simulate(id=new_id(), action=action, args=dict(args))
        hall.terminal.ask_hall(REQ_DEV, "simulate", wish, target=target)


def _missing(lived: Lived) -> list[str]:
    """What the hall has still to say."""
    said = {(client, topic) for client, topic, _ in lived.broker.published()}
    withdrawn = {
        (client, topic) for client, topic, size in lived.broker.published() if client and not size
    }
    alert = DEV_ALERT.topic("demo", client="printer-1", code="paper_out")
    lookup = "motcua/1/demo/req/onestop/dossier-lookup/kiosk-1"
    key = "motcua/1/demo/req/queue/call-next/bridge-1"
    wanted = {("printer-1", alert), ("kiosk-1", lookup), ("bridge-1", key)}
    ended = {(c, DEV_ALERT.topic("demo", client=c, code=code)) for c, code in ALERTS.items()}
    return [f"{client} {topic}" for client, topic in (wanted - said) | (ended - withdrawn)]


def test_nothing_that_a_daemon_says_is_refused(lived: Lived) -> None:
    said = {client for client, _, _ in lived.broker.published()}

    assert said >= {*DAEMONS}
    assert lived.broker.published("Denied") == []


def test_each_daemon_uses_what_its_row_lets_it_write(lived: Lived) -> None:
    """Events and states; a row that grants more than its daemon says is too wide."""
    said = [(client, find("demo", topic)) for client, topic, _ in lived.broker.published()]
    used = {(client, address.channel) for client, address in said if address is not None}
    rows = {(client, channel) for client in DAEMONS for channel in role_of(client).writes}

    assert {f"{c} {channel.name}" for c, channel in rows - used} == set()


def test_what_a_daemon_subscribes_is_delivered_to_it(lived: Lived) -> None:
    """Mosquitto grants any subscription and filters at delivery: only what arrives is granted."""
    author, lost, tried = lived.account("author"), [], 0
    for client in DAEMONS:
        mine = sorted(wish for who, wish in lived.broker.subscribed() if who == client)
        assert len(mine) >= 4, client
        for wish in mine:
            listener = lived.account(client)
            listener.subscribe(wish)
            topic = _within(wish)
            if topic.startswith("$SYS/"):  # the broker tells of itself, each 10 s
                heard = listener.hears(topic, 60.0)
            else:
                author.publish([topic])
                heard = listener.hears(topic)
            lost += [] if heard else [f"{client} {wish}"]
            listener.close()
            tried += 1
    author.close()

    assert tried > 50
    assert lost == []


def _within(wish: str) -> str:
    """A topic of the hall that this filter matches."""
    samples = {
        "client": "tech",
        "target": "printer-1",
        "counter": "1",
        "service": "ho-tich",
        "code": "paper_out",
        "verb": "ping",
    }
    known = {channel.filter("demo"): channel for channel in CHANNELS}
    if wish in known:
        return known[wish].topic("demo", **samples)
    return wish.replace("+/+", "ping/tech").replace("+", "paper_out")
