"""From a province.yaml to running consumers: one in this process, or several under a supervisor."""

import logging
import os
import signal
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from hall.contract.province import PROVINCE, UP_EVENTS, filters_of_all, shared_by
from hall.province.database import Database
from hall.province.event_store import PostgresEvents
from hall.province.keeper import EventKeeper
from hall.province.service import UNACKNOWLEDGED, AnswerAll, Consumer
from hall.province.settings import ProvinceFile
from hall.runtime.bus_mqtt import Server
from hall.runtime.clock import Clock, SystemClock
from hall.runtime.far_link_mqtt import FarMqttLink, FarOptions
from hall.runtime.notify import Heartbeat, Notifier
from hall.runtime.province_line import server_at

log = logging.getLogger(__name__)

GROUP = "events"
_ADVICE = "motcua province broker-config -c province.yaml --write / ghi mật khẩu này."


def server_of(wanted: ProvinceFile, state: Path) -> Server:
    """The province's broker with its services' own password."""
    section = wanted.broker
    return server_at(section.url, section.ca, section.credential, state, _ADVICE)


def consumer(wanted: ProvinceFile, state: Path, clock: Clock) -> Consumer:
    """One of any number, under a client id of its own."""
    options = FarOptions(
        client=f"{PROVINCE}-{uuid.uuid4().hex[:12]}",
        user=PROVINCE,
        shared=shared_by(GROUP, filters_of_all((UP_EVENTS,))),
        unacknowledged=UNACKNOWLEDGED,
        pauses_s=(0.5, 5.0),
    )
    link = FarMqttLink(options, lambda: server_of(wanted, state), clock)
    return Consumer(link, PostgresEvents(Database(wanted.database.dsn)), clock)


@dataclass(slots=True)
class ConsumerProcess:
    """A consumer and, where it is elected, the keeper beside it; until `stop`."""

    wanted: ProvinceFile
    state: Path
    clock: Clock = field(default_factory=SystemClock)
    _stopping: bool = False

    def stop(self) -> None:
        """Any thread, a signal handler too."""
        self._stopping = True

    def run(self) -> int:
        """The exit status."""
        taking = consumer(self.wanted, self.state, self.clock)
        keeper = EventKeeper(
            Database(self.wanted.database.dsn),
            self.clock,
            self.wanted.database.keep_months,
            lambda: taking.inbox.post(AnswerAll()),
        )
        heart = Heartbeat(Notifier(), 1)
        name = f"consumer-{os.getpid()}"
        taking.start()
        keeper.start()
        heart.ready(name)
        try:
            while not self._stopping:
                heart.beat(name)
                taking.turn(min(heart.beat_s, 1.0))
                heart.tell_trouble(name, taking.wrong)
        finally:
            keeper.stop()
            taking.stop()
        log.info("%s: %d events stored", name, taking.stored)
        return 0


def work(wanted: ProvinceFile, state: Path) -> int:
    """Until SIGTERM or SIGINT."""
    process = ConsumerProcess(wanted, state)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: process.stop())
    return process.run()
