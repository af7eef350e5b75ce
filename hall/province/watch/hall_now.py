"""What one hall says of itself now, kept as small as the page needs it. Pure.

3,321 halls have some 130,000 states: each is kept as the few fields that are shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from hall.contract.messages import ServiceState
from hall.contract.onestop_messages import Figures, OnestopStatus
from hall.contract.province import UPLINK, HallAddress
from hall.contract.topics import DEV_ALERT
from hall.contract.upward import UpAlert, UpCounter, UpHall, UpStatus
from hall.contract.words import WireModel

CONTROLLER = "controller"
_GONE = ("lost", "disconnected")
Key = tuple[str, ...]


class ServiceLine(NamedTuple):
    """`wait`: (lo, hi) minutes; `left`: tickets that can still be had today."""

    name: str
    open: bool
    waiting: int
    last: str | None
    wait: tuple[int, int] | None
    left: int | None


class CounterLine(NamedTuple):
    name: str
    status: str
    called_at: datetime | None


class DeviceLine(NamedTuple):
    state: str
    host: str
    sw: str


class AlertLine(NamedTuple):
    client: str
    code: str
    text: str
    advice: str
    since: datetime


@dataclass(slots=True)
class HallNow:
    """`heard_at`: when the last live message came, or when a retained one was sent.

    `beat_at`: the same of its controller's heartbeat. `figures`: as they came, read when somebody
    asks for them.
    """

    told: UpHall | None = None
    services: dict[str, ServiceLine] = field(default_factory=dict)
    counters: dict[str, CounterLine] = field(default_factory=dict)
    devices: dict[str, DeviceLine] = field(default_factory=dict)
    alerts: dict[Key, AlertLine] = field(default_factory=dict)
    onestop: str = ""
    figures: bytes = b""
    heard_at: datetime | None = None
    beat_at: datetime | None = None
    _seen: set[Key] = field(default_factory=set)

    def take_state(self, address: HallAddress, message: WireModel, at: datetime) -> None:
        """A state of this hall that is now; `at`: as `heard_at`."""
        key = _key_of(address)
        self._seen.add(key)
        self._note_heard(at)
        match message:
            case UpHall():
                self.told, self.beat_at = message, at
            case ServiceState():
                self.services[message.service] = ServiceLine(
                    *(message.name, message.open, message.waiting, message.last_issued),
                    *(message.wait_min, message.left),
                )
            case UpCounter():
                self.counters[message.counter] = CounterLine(
                    message.name, message.status, message.called_at
                )
            case UpStatus():
                self.devices[address.levels["client"]] = DeviceLine(
                    message.state, message.host, message.sw
                )
            case UpAlert():
                self.alerts[key] = AlertLine(
                    client=address.levels["client"],
                    code=message.code,
                    text=message.text or "",
                    advice=message.advice or "",
                    since=message.since,
                )
            case OnestopStatus(state=state):
                self.onestop = state
            case _:
                pass

    def remove(self, address: HallAddress) -> None:
        """A state that is no more."""
        key = _key_of(address)
        self._seen.discard(key)
        self._drop(key)

    def keep_figures(self, address: HallAddress, payload: bytes, at: datetime) -> None:
        self._seen.add(_key_of(address))
        self._note_heard(at)
        self.figures = payload

    def linked_anew(self) -> None:
        """Whatever is still so comes again on this connection."""
        self._seen.clear()

    def settle(self) -> None:
        """What did not come again is no more."""
        for key in self._held() - self._seen:
            self._drop(key)
        self._seen.clear()

    @property
    def uplink(self) -> str:
        """The state of the hall's own uplink; "" where none was ever heard."""
        found = self.devices.get(UPLINK)
        return "" if found is None else found.state

    @property
    def open_counters(self) -> int:
        return sum(each.status not in ("closed", "paused") for each in self.counters.values())

    @property
    def lost_devices(self) -> tuple[str, ...]:
        """Whose connection broke; not the uplink, which is the line itself."""
        return tuple(
            sorted(n for n, each in self.devices.items() if each.state == "lost" and n != UPLINK)
        )

    @property
    def faults(self) -> int:
        return len(self.alerts) + len(self.lost_devices)

    @property
    def has_controller(self) -> bool:
        found = self.devices.get(CONTROLLER)
        return found is None or found.state not in _GONE

    def _note_heard(self, at: datetime) -> None:
        if self.heard_at is None or at > self.heard_at:
            self.heard_at = at

    def _held(self) -> set[Key]:
        kept: tuple[tuple[str, Mapping[str, object]], ...] = (
            ("state-service", self.services),
            ("state-counter", self.counters),
            ("dev-status", self.devices),
        )
        alone = (("state-hall", self.told), ("ext-status", self.onestop))
        held = {(name, key) for name, held in kept for key in held} | self.alerts.keys()
        return held | {(name,) for name, value in alone if value}

    def _drop(self, key: Key) -> None:
        match key:
            case ("state-hall",):
                self.told = None
            case ("state-service", name):
                self.services.pop(name, None)
            case ("state-counter", name):
                self.counters.pop(name, None)
            case ("dev-status", name):
                self.devices.pop(name, None)
            case ("ext-status",):
                self.onestop = ""
            case ("ext-figures",):
                self.figures = b""
            case _:
                self.alerts.pop(key, None)


def _key_of(address: HallAddress) -> Key:
    if address.channel is DEV_ALERT:
        return (address.channel.name, address.levels["client"], address.levels["code"])
    return (address.channel.name, *address.levels.values())


def is_figures(address: HallAddress) -> bool:
    return address.model is Figures
