"""A province of a test's own: mosquitto with its ACL, PostgreSQL, consumers as processes."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from broker_of_ones_own import START_S, free_port

from hall.province import broker_files, registrar
from hall.province.broker_files import ProvinceFiles
from hall.province.database import Database
from hall.province.registry import PlacedHall, PlacedUnit, Registry
from hall.province.settings import HallEntry, UnitEntry
from hall.runtime.broker import _answers, mosquitto
from hall.runtime.broker_files import hashed_password
from hall.runtime.clock import SystemClock

ROOT = Path(__file__).parents[2]
UNIT = "xa"
OWN_WORD = "mat-khau-cua-tinh"
VENDOR_WORD = "mat-khau-cua-phan-mem"


def until(condition: Callable[[], bool], seconds: float = 120.0, pause: float = 0.05) -> bool:
    """Whether it came true in time; a machine with much else to do takes long."""
    clock, waiting = SystemClock(), signal.sigtimedwait
    deadline = clock.monotonic() + seconds
    while not condition():
        if clock.monotonic() > deadline:
            return False
        waiting([], pause)
    return True


@dataclass(slots=True)
class OwnProvince:
    """`tls`: folder of broker.crt and broker.key; None: plain. `words`: of the halls.

    `onestop`: the section of the gateway.
    """

    folder: Path
    dsn: str
    tls: Path | None = None
    port: int = field(default_factory=free_port)
    words: dict[str, str] = field(default_factory=dict)
    onestop: "Mapping[str, object] | None" = None
    _broker: "subprocess.Popen[bytes] | None" = None
    desk: "subprocess.Popen[bytes] | None" = None
    consumers: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    @property
    def files(self) -> ProvinceFiles:
        return ProvinceFiles(self.folder)

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def config(self) -> Path:
        return self.folder / "province.yaml"

    @property
    def url(self) -> str:
        return f"{'mqtts' if self.tls else 'mqtt'}://127.0.0.1:{self.port}"

    def make(self, halls: Sequence[str]) -> None:
        """Registered, each with a password of its own; the broker runs."""
        units = (PlacedUnit(UnitEntry(id=UNIT, name="Xã"), 1),)
        placed = tuple(PlacedHall(HallEntry(id=h, unit=UNIT, name=f"Xã {h}"), 1) for h in halls)
        with Database(self.dsn) as database:
            registrar.register(database, Registry("test", units, placed))
            for hall in halls:
                word = self.words[hall] = registrar.new_password()
                registrar.issue(database, hall, hashed_password(word), SystemClock().now())
        self.stand_up()

    def stand_up(self) -> None:
        """With the files that a machine writes from a database that knows its halls."""
        with Database(self.dsn) as database:
            broker_files.write(
                self.files,
                hashed_password(OWN_WORD),
                registrar.credentials(database),
                hashed_password(VENDOR_WORD),
            )
        (self.state / "credentials").mkdir(parents=True, exist_ok=True)
        (self.state / "credentials" / "province-broker").write_text(OWN_WORD)
        ca = "" if self.tls is None else str(self.tls / "broker.crt")
        wanted: dict[str, object] = {
            "version": 1,
            "province": {"id": "tinh", "name": "Tỉnh Thử"},
            "broker": {
                "url": self.url, "ca": ca, "pid_file": str(self.folder / "mosquitto.pid"),
            },
            "database": {"dsn": self.dsn},
        }  # fmt: skip
        if self.onestop is not None:
            wanted["onestop"] = dict(self.onestop)
        self.config.write_text(json.dumps(wanted), encoding="utf-8")
        self.start_broker()

    def start_broker(self) -> None:
        tls = (
            [f"certfile {self.tls}/broker.crt", f"keyfile {self.tls}/broker.key"]
            if self.tls
            else []
        )
        limits = [line for line in broker_files.shared_limits() if not line.startswith("log_")]
        lines = [
            *("user root", f"listener {self.port} 127.0.0.1", *tls, "allow_anonymous false"),
            *(f"password_file {self.files.passwords}", f"acl_file {self.files.acl}"),
            *(f"pid_file {self.folder}/mosquitto.pid", *limits),
        ]
        conf = self.folder / "mosquitto.conf"
        conf.write_text("\n".join(lines) + "\n", encoding="ascii")
        self._broker = subprocess.Popen(
            [mosquitto(), "-c", str(conf)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        assert until(lambda: _answers(self.port), START_S), "mosquitto does not answer"

    def kill_broker(self) -> None:
        assert self._broker is not None
        self._broker.kill()
        self._broker.wait(START_S)

    def start_consumer(self, processes: int = 1) -> None:
        name = f"consumer-{len(self.consumers)}"
        self.consumers.append(self._started(name, "run", "--consumers", str(processes)))

    def start_desk(self) -> None:
        """The gateway of the section `onestop`."""
        self.desk = self._started("desk", "onestop")

    def kill_desk(self) -> None:
        assert self.desk is not None
        self.desk.kill()
        self.desk.wait(START_S)

    def _started(self, name: str, *words: str) -> "subprocess.Popen[bytes]":
        what, *more = words
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [
                    *(sys.executable, "-P", "-m", "hall.cli", "province", what),
                    *("-c", str(self.config), "--state", str(self.state), *more),
                ],
                stdout=log,
                stderr=log,
                env=os.environ | {"PYTHONPATH": str(ROOT)},
            )

    def kill_consumer(self, which: int = 0) -> None:
        gone = self.consumers.pop(which)
        gone.kill()
        gone.wait(START_S)

    def stop(self) -> None:
        running = [*self.consumers, *([] if self.desk is None else [self.desk])]
        for each in running:
            each.terminate()
        for each in running:
            each.wait(START_S)
        if self._broker is not None:
            self._broker.kill()
            self._broker.wait(START_S)

    def motcua(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """`motcua province WHAT …` as the operator types it."""
        what, *more = words
        where = ["-c", str(self.config), "--state", str(self.state)]
        return subprocess.run(
            [sys.executable, "-P", "-m", "hall.cli", "province", what, *where, *more],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )

    def places(self, hall: str) -> list[tuple[int, int]]:
        """Of every event that is stored, in order. Raises StoreAway."""
        sql = "SELECT epoch, seq FROM event WHERE hall = %s ORDER BY epoch, seq"
        with Database(self.dsn) as database, database.transaction() as cursor:
            return [(epoch, seq) for epoch, seq in cursor.rows(sql, (hall,))]
