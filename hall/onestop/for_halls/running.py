"""From the section `onestop` of a province.yaml to a running gateway."""

import logging
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from hall.contract import codec
from hall.contract.downward import CENTRAL_VERBS, DOWN_LINK, VENDOR, desk_topic
from hall.contract.province import PROVINCE, filters_of_all
from hall.contract.topics import REQ_ONESTOP, REQ_QUEUE, RSP
from hall.onestop.for_halls.ports import DeskLimits, HallsRead
from hall.onestop.for_halls.service import ProvinceDesk, status
from hall.onestop.for_halls.settings import DeskSection
from hall.onestop.places import EveryHall, Place
from hall.onestop.supplier_section import (
    AnsweringSection,
    ConnectedSupplier,
    OnestopSurroundings,
)
from hall.runtime.bus_mqtt import Server
from hall.runtime.clock import Clock, SystemClock
from hall.runtime.far_link import FarWill
from hall.runtime.far_link_mqtt import FarMqttLink, FarOptions
from hall.runtime.notify import Heartbeat, Notifier
from hall.runtime.sections import HallSection

log = logging.getLogger(__name__)

CLIENT = f"{PROVINCE}-onestop"
# How often it is looked up which halls there are.
READ_S = 30.0
Register = Callable[[], Mapping[str, str] | None]


@dataclass(frozen=True, slots=True)
class DeskSurroundings:
    """`look`: the province's broker, asked before every try.

    `register`: every hall and its unit; None where that cannot be read now.
    """

    province: str
    state: Path
    look: Callable[[], Server]
    register: Register
    clock: Clock = field(default_factory=SystemClock)


def desk(section: DeskSection, where: DeskSurroundings) -> ProvinceDesk:
    """Nothing is open yet."""
    connected = {place: _connected(section, place, each, where) for place, each in section.places()}
    suppliers = {place: each.supplier for place, each in connected.items()}
    asked = [REQ_QUEUE.filter("+", verb=verb, client=VENDOR) for verb in CENTRAL_VERBS]
    options = FarOptions(
        client=CLIENT,
        user=PROVINCE,
        filters=(
            *filters_of_all((REQ_ONESTOP, DOWN_LINK)),
            *asked,
            RSP.filter("+", client=VENDOR),
        ),
        will=partial(_will, where.clock),
        pauses_s=(0.5, 5.0),
    )
    limits = DeskLimits(section.lookups_per_minute, section.at_once)
    link = FarMqttLink(options, where.look, where.clock)
    spreading = connected[EveryHall()].spreading
    return ProvinceDesk(link, where.clock, suppliers, limits, spreading)


def _connected(
    section: DeskSection, place: Place, supplier: object, where: DeskSurroundings
) -> ConnectedSupplier:
    """Its own folder: two suppliers of one kind must not share a store."""
    if not isinstance(supplier, AnsweringSection):
        raise TypeError(f"{place}: not an answering driver")
    usual = HallSection(id=where.province, name=where.province)
    around = OnestopSurroundings(
        where.state / "onestop" / place.folder,
        ZoneInfo(usual.timezone),
        where.clock,
        usual.calendar,
        at_once=section.at_once,
    )
    return supplier.connect(around)


def _will(clock: Clock, conn: str) -> FarWill:
    payload = codec.pack(status("lost", "", conn), hall=PROVINCE, src=PROVINCE, ts=clock.now())
    return FarWill(desk_topic(), payload)


@dataclass(slots=True)
class RegisterReader:
    """A thread of its own: a database that does not answer holds up no look-up."""

    register: Register
    post: Callable[[HallsRead], None]
    _ended: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="register", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        known: Mapping[str, str] | None = None
        while not self._ended.is_set():
            found = self.register()
            if found is not None and found != known:
                known = found
                self.post(HallsRead(found))
            self._ended.wait(READ_S)


@dataclass(slots=True)
class DeskProcess:
    """The gateway until `stop`."""

    section: DeskSection
    where: DeskSurroundings
    _stopping: bool = False

    def stop(self) -> None:
        """Any thread, a signal handler too."""
        self._stopping = True

    def run(self) -> int:
        """The exit status."""
        running = desk(self.section, self.where)
        reader = RegisterReader(self.where.register, running.inbox.post)
        heart = Heartbeat(Notifier(), 1)
        name = f"onestop-{os.getpid()}"
        running.start()
        reader.start()
        heart.ready(name)
        try:
            while not self._stopping:
                heart.beat(name)
                running.turn(min(heart.beat_s, 1.0))
                heart.tell_trouble(name, running.wrong)
        finally:
            reader.stop()
            running.stop()
        return 0
