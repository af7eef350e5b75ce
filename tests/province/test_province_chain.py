"""From the press in a hall to a row at the province, over TLS, while all is killed in turn."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import pytest
from broker_of_ones_own import START_S, certificate
from own_postgres import OwnPostgres
from own_province import ROOT, OwnProvince, until

from hall.contract import requests as req
from hall.contract.topics import REQ_QUEUE
from hall.province.ports import StoreAway
from hall.runtime import broker, settings
from hall.runtime.bus_mqtt import MqttBus
from hall.runtime.clock import SystemClock
from hall.runtime.daemon import Ground
from hall.runtime.requester import new_id
from hall.runtime.terminal import Terminal

pytestmark = pytest.mark.broker
HALL = "thu"


@dataclass
class WholeHall:
    """Controller and uplink as processes on a broker of the hall's own."""

    folder: Path
    province: OwnProvince
    processes: "dict[str, subprocess.Popen[bytes]]" = field(default_factory=dict)

    def __enter__(self) -> Self:
        config = self.folder / "hall.yaml"
        values = {
            "version": 1,
            "hall": {"id": HALL, "name": "Xã Thử", "hours": ["00:00-24:00"],
                     "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]},
            "services": [{"id": "ho-tich", "name": "Hộ tịch", "prefix": "A"}],
            "counters": [{"id": "1", "serves": ["ho-tich"]}],
            "queue": {"issues_per_s": 1000, "issue_burst": 10000,
                      "requests_per_s": 1000, "burst": 10000},
            "uplink": {"url": self.province.url, "ca": str(self.province.tls) + "/broker.crt",
                       "kbit_s": 1000},
        }  # fmt: skip
        config.write_text(json.dumps(values), encoding="utf-8")
        self.state = self.folder / "state"
        (self.state / "credentials").mkdir(parents=True)
        word = self.province.words[HALL]
        (self.state / "credentials" / "province-password").write_text(word)
        ids = broker.hall_ids(settings.read(config).values)
        self.private = broker.PrivateBroker(self.state, ids)
        self.where = self.private.start()
        for role in ("controller", "uplink"):
            self.start(role)
        clock = SystemClock()

        def bus(client: str) -> MqttBus:
            server = broker.server_for(client, self.where, self.state, "", "mqtt-password")
            return MqttBus(client, HALL, server, clock)

        self.terminal = Terminal(Ground(HALL, clock, self.state, bus).context_of("tech"))
        self.terminal.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.terminal.close()
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.wait(START_S)
        self.private.close()

    def start(self, role: str) -> None:
        log = (self.folder / f"{role}.log").open("ab")
        self.processes[role] = subprocess.Popen(
            [
                *(sys.executable, "-P", "-m", f"hall.{role}", "-c", str(self.folder / "hall.yaml")),
                *("--state", str(self.state), "--broker", f"mqtt://127.0.0.1:{self.where.port}"),
            ],
            stdout=log,
            stderr=log,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        log.close()

    def kill_and_start(self, role: str) -> None:
        self.processes[role].kill()
        self.processes[role].wait(START_S)
        self.start(role)

    def press(self, times: int) -> None:
        for _ in range(times):
            request = req.Issue(id=new_id(), service="ho-tich", channel="counter")
            for _ in range(20):
                if self.terminal.ask_hall(REQ_QUEUE, "issue", request).status == "ok":
                    break
            else:
                raise AssertionError("the hall does not answer")

    def end(self) -> int:
        """The journal's last event."""
        ask = req.Replay(id=new_id(), from_seq=1, limit=1, epoch=1)
        reply = self.terminal.ask_hall(REQ_QUEUE, "replay", ask)
        return req.ReplayData.model_validate(reply.data).end_seq

    def is_level(self) -> bool:
        """Whether the province has every event, each once."""
        wanted = [(1, seq) for seq in range(1, self.end() + 1)]
        try:
            return self.province.places(HALL) == wanted
        except StoreAway:
            return False


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("tls") / "own")


@pytest.fixture
def province(tmp_path: Path, dsn: str, tls: Path) -> Iterator[OwnProvince]:
    made = OwnProvince(tmp_path / "province", dsn, tls)
    made.folder.mkdir()
    made.make([HALL, "khac"])
    yield made
    made.stop()


def test_everything_is_killed_in_turn_and_each_event_is_there_once(
    province: OwnProvince, postgres: OwnPostgres, tmp_path: Path
) -> None:
    folder = tmp_path / "hall"
    folder.mkdir()
    for _ in range(2):
        province.start_consumer()
    with WholeHall(folder, province) as hall:
        hall.press(20)
        assert until(hall.is_level), hall.end()

        for kill in (
            lambda: hall.kill_and_start("uplink"),
            province.kill_consumer,
            lambda: hall.kill_and_start("controller"),
            postgres.kill,
            province.kill_broker,
        ):
            hall.press(10)
            kill()
            hall.press(10)
        province.start_consumer()
        postgres.start()
        province.start_broker()

        assert until(hall.is_level, 240.0), (hall.end(), province.places(HALL)[-1:])


def test_a_hall_is_let_in_by_its_credential_until_it_is_revoked(
    province: OwnProvince, tmp_path: Path
) -> None:
    folder = tmp_path / "hall"
    folder.mkdir()
    province.start_consumer()
    with WholeHall(folder, province) as hall:
        hall.press(2)
        assert until(hall.is_level)

        done = province.motcua("credential", "revoke", HALL, "--write", str(province.folder))
        assert done.returncode == 0, done.stderr
        assert "Broker đã đọc lại" in done.stdout
        hall.press(2)
        log = folder / "uplink.log"
        assert until(lambda: "từ chối tên hoặc mật khẩu" in log.read_text(encoding="utf-8"))
        assert not hall.is_level()

        word = hall.state / "credentials" / "province-password"
        more = ("--write", str(province.folder), "--out", str(word))
        done = province.motcua("credential", "issue", HALL, *more)
        assert done.returncode == 0, done.stderr
        assert until(hall.is_level)
        told = province.motcua("status")
        assert told.returncode == 1
        assert "khac: Xã khac: chưa gửi gì" in told.stdout


def test_consumers_of_one_command_are_started_again_and_one_is_the_keeper(
    province: OwnProvince,
) -> None:
    log = province.folder / "consumer-0.log"
    province.start_consumer(2)

    def told(pattern: str) -> list[str]:
        return re.findall(pattern, log.read_text(encoding="utf-8"))

    assert until(lambda: len(told("connected to")) == 2 and bool(told("is the keeper")))
    os.kill(int(told(r"consumer-1 (\d+)")[0]), signal.SIGKILL)

    assert until(lambda: len(told(r"consumer-1 \d+")) == 2 and len(told("connected to")) == 3)
    os.kill(int(told(r"consumer-2 (\d+)")[0]), signal.SIGKILL)
    assert until(lambda: len(told("is the keeper")) == 2)
