"""A hall of a test's own, its roles as processes, on a broker of the hall's own."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from broker_of_ones_own import START_S
from own_province import ROOT, UNIT, OwnProvince

from hall.contract import requests as req
from hall.contract.topics import REQ_QUEUE
from hall.province.ports import StoreAway
from hall.runtime import broker, settings
from hall.runtime.bus import Subscription
from hall.runtime.bus_mqtt import MqttBus
from hall.runtime.clock import SystemClock
from hall.runtime.daemon import Ground
from hall.runtime.requester import new_id
from hall.runtime.terminal import Terminal

HALL = "thu"


@dataclass
class WholeHall:
    """`more`: sections of its YAML. `hears`: what its terminal subscribes, as `client`."""

    folder: Path
    province: OwnProvince
    roles: tuple[str, ...] = ("controller", "uplink")
    more: Mapping[str, object] = field(default_factory=dict)
    hears: tuple[Subscription, ...] = ()
    hall: str = HALL
    client: str = "tech"
    processes: "dict[str, subprocess.Popen[bytes]]" = field(default_factory=dict)

    def __enter__(self) -> Self:
        config = self.folder / "hall.yaml"
        values = {
            "version": 1,
            "hall": {"id": self.hall, "name": "Xã Thử", "hours": ["00:00-24:00"],
                     "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]},
            "services": [{"id": "ho-tich", "name": "Hộ tịch", "prefix": "A"}],
            "counters": [{"id": "1", "serves": ["ho-tich"]}],
            "queue": {"issues_per_s": 1000, "issue_burst": 10000,
                      "requests_per_s": 1000, "burst": 10000},
            "uplink": {"url": self.province.url, "kbit_s": 1000, "unit": UNIT,
                       "ca": f"{self.province.tls}/broker.crt" if self.province.tls else ""},
            **self.more,
        }  # fmt: skip
        config.write_text(json.dumps(values), encoding="utf-8")
        self.state = self.folder / "state"
        (self.state / "credentials").mkdir(parents=True)
        word = self.province.words[self.hall]
        (self.state / "credentials" / "province-password").write_text(word)
        ids = broker.hall_ids(settings.read(config).values)
        self.private = broker.PrivateBroker(self.state, ids)
        self.where = self.private.start()
        for role in self.roles:
            self.start(role)
        clock = SystemClock()

        def bus(client: str) -> MqttBus:
            server = broker.server_for(client, self.where, self.state, "", "mqtt-password")
            return MqttBus(client, self.hall, server, clock)

        self.terminal = Terminal(Ground(self.hall, clock, self.state, bus).context_of(self.client))
        self.terminal.open(self.hears)
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
            return self.province.places(self.hall) == wanted
        except StoreAway:
            return False
