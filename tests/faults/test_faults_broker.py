"""A broker that no client can fill: every topic that its ACL allows is flooded, by each kind.

Payloads are as large as the broker takes and retained, while one reader reads nothing. Afterwards
the broker answers, is small, and comes up again with what it has kept on its disk.
"""

import os
import re
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path

import pytest
from broker_of_ones_own import OwnBroker
from wire_account import Account

from hall.contract.acl import HallIds, acl
from hall.controller import __main__ as controller
from hall.runtime import broker_files, settings
from hall.runtime.broker import Location, PrivateBroker
from hall.runtime.bus_mqtt import MqttBus, Server
from hall.runtime.clock import SystemClock
from hall.runtime.daemon import Ground
from hall.runtime.notify import Heartbeat, Notifier

pytestmark = pytest.mark.broker
FLOOD_S = 60.0 if os.environ.get("MOTCUA_FAULTS") == "full" else 0.0
LARGEST = 65_000
IDS = HallIds(
    "thu",
    (
        *("controller", "printer-1", "printer-2", "kiosk-1", "kiosk-2", "display", "board"),
        *("voice", "bridge-1", "counters", "onestop", "onestop-feed", "gateway", "uplink"),
        *("tech", "tech-cli", "tech-demo"),
    ),
    tuple(str(n) for n in range(1, 15)),
    tuple(f"dich-vu-{n}" for n in range(1, 11)),
)
ROGUES = ("kiosk-1", "printer-1", "bridge-1", "counters", "onestop", "onestop-feed", "tech")


def writable(client: str) -> list[str]:
    """Every topic that the ACL file lets this client write."""
    block = acl(IDS).split(f"user {client}\n")[1].split("\nuser ")[0]
    return re.findall(r"^topic write (.+)$", block, re.MULTILINE)


@pytest.mark.parametrize("client", IDS.clients)
def test_what_a_client_may_write_is_named_and_fits_many_times(client: str) -> None:
    topics = writable(client)
    limit = int(
        re.findall(
            r"memory_limit (\d+)",
            broker_files.private_config(broker_files.Files(Path("x")), 1, None),
        )[0]
    )

    assert not [topic for topic in topics if set(topic) & set("+#")]
    assert len(topics) * LARGEST < limit / 2


@pytest.mark.parametrize(
    "config",
    [broker_files.hall_config(), broker_files.private_config(broker_files.Files(Path("x")), 1, "")],
    ids=["hall", "private"],
)
def test_three_readers_who_read_nothing_do_not_fill_it(config: str) -> None:
    """What waits at QoS 0 is bounded by its number alone, whatever max_queued_bytes says."""
    limit = {name: int(n) for name, n in re.findall(r"^(\w+) (\d+)$", config, re.MULTILINE)}
    held = limit["max_queued_messages"] * limit["max_packet_size"]
    kept = {topic for client in IDS.clients for topic in writable(client) if "/state/" in topic}

    assert 3 * held < limit["memory_limit"]
    assert len(kept) < limit["max_queued_messages"], "a new reader has all of them queued"


@dataclass
class Flooded:
    broker: PrivateBroker
    where: Location

    def word(self, client: str) -> str:
        return (self.broker._state / "credentials" / client).read_text().strip()

    def account(self, client: str) -> Account:
        return Account(self.where.port, client, self.word(client))

    @property
    def megabytes(self) -> float:
        status = Path(f"/proc/{self.broker.pid}/status").read_text()
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024

    def answers(self) -> bool:
        """Whether a client is let in and its publish is acknowledged."""
        account = self.account("display")
        codes = account.publish(["motcua/1/thu/face/1"])
        account.close()
        return set(codes.values()) <= {0, NO_READER}

    def restart(self) -> None:
        self.broker.close()
        self.broker = PrivateBroker(self.broker._state, IDS)
        self.where = self.broker.start()


# MQTT 5: accepted, though nobody hears it.
NO_READER = 0x10


@pytest.fixture
def flooded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flooded]:
    """With the limits of a hall's broker, and a file, as there."""
    private = broker_files.private_config

    def with_file(files: broker_files.Files, port: int, user: str | None) -> str:
        kept = f"persistence true\npersistence_location {tmp_path}/\nautosave_interval 5"
        return private(files, port, user).replace("persistence false", kept)

    monkeypatch.setattr(broker_files, "private_config", with_file)
    broker = PrivateBroker(tmp_path, IDS)
    made = Flooded(broker, broker.start())
    yield made
    made.broker.close()


def deaf(place: Flooded, client: str) -> socket.socket:
    """Subscribes to all that it may read, and reads nothing of it (MQTT 3.1.1, 3.1 and 3.8)."""
    words = [b"MQTT", client.encode(), client.encode(), place.word(client).encode()]
    protocol, *payload = [len(word).to_bytes(2, "big") + word for word in words]
    asked = protocol + b"\x04\xc2\x02\x58" + b"".join(payload)
    subscribed = b"\x00\x01\x00\x01#\x00"
    sock = socket.create_connection(("127.0.0.1", place.where.port), 30)
    sock.sendall(b"\x10" + bytes([len(asked)]) + asked)
    assert sock.recv(4)[3] == 0
    sock.sendall(b"\x82" + bytes([len(subscribed)]) + subscribed)
    return sock


def flood(place: Flooded, client: str) -> int:
    """How many the broker took, of the largest it takes, each kept by it."""
    account, topics = place.account(client), writable(client)
    end, taken = time.monotonic() + FLOOD_S, 0
    for turn in cycle("ab"):
        codes = account.publish(topics, turn.encode() * LARGEST, retain=True)
        taken += sum(code in (0, NO_READER) for code in codes.values())
        if time.monotonic() >= end:
            break
    account.close()
    return taken


def test_a_broker_whose_every_topic_is_flooded_stays_alive_and_small_and_starts_again(
    flooded: Flooded,
) -> None:
    with deaf(flooded, "uplink"):
        threads = [threading.Thread(target=flood, args=(flooded, rogue)) for rogue in ROGUES[1:]]
        for thread in threads:
            thread.start()
        taken = flood(flooded, ROGUES[0])
        for thread in threads:
            thread.join()

        assert taken >= len(writable(ROGUES[0]))
        assert flooded.answers()
        assert flooded.megabytes < 72
    flooded.restart()

    assert flooded.answers()
    assert flooded.megabytes < 64


SMALL = """
version: 1
hall: {id: thu, name: Thử}
services: [{id: dich-vu-1, name: Hộ tịch, prefix: A, first: 1, last: 499}]
counters: [{id: "1", serves: [dich-vu-1]}]
"""
STALE = (
    *("state/counter/2", "state/service/dich-vu-2", "face/2"),
    *("dev/printer-9/status", "dev/printer-9/alert/paper_out", "ext/onestop/figures"),
)


def test_of_a_yaml_that_has_shrunk_nothing_stale_stays_on_a_broker_that_refuses_nobody(
    tmp_path: Path,
) -> None:
    clients = ("author", "observer", "controller")
    broker = OwnBroker(tmp_path / "broker", dict.fromkeys(clients, "word"))
    broker.start()
    (tmp_path / "hall.yaml").write_text(SMALL, encoding="utf-8")
    author, observer = (Account(broker.port, client, "word") for client in clients[:2])
    author.publish([f"motcua/1/thu/{rest}" for rest in STALE], retain=True)
    ground = Ground("thu", SystemClock(), tmp_path, partial(bus_to, broker.port))
    [daemon] = controller.build(settings.read(tmp_path / "hall.yaml"), ground, None)
    running = threading.Thread(target=daemon.run, args=(Heartbeat(Notifier({}), 1),))
    observer.subscribe("motcua/#")
    running.start()
    try:
        observer.until(lambda: observer.came.count("motcua/1/thu/state/counter/1") > 0)
        author.publish([end := "motcua/1/thu/end"])
        observer.until(lambda: end in observer.came)
        observer.close()
        late = Account(broker.port, "observer", "word")
        late.subscribe("motcua/#")
        late.until(lambda: "motcua/1/thu/state/counter/1" in late.came)
        late.close()
        assert not {f"motcua/1/thu/{rest}" for rest in STALE} & {*late.came}
    finally:
        daemon.stop()
        running.join()
        author.close()
        broker.stop()


def bus_to(port: int, client: str) -> MqttBus:
    return MqttBus(client, "thu", Server("127.0.0.1", port, "word"), SystemClock())
