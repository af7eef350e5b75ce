"""What may be heard of a controller, and whether it is there afterwards: for every reader alike."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from hall.contract import codec
from hall.contract.messages import DeviceStatus, HallState
from hall.contract.topics import DEV_STATUS, STATE_HALL
from hall.runtime.bus_memory import MemoryBroker, MemoryBus
from hall.runtime.clock import SetClock


@dataclass(slots=True)
class Telling:
    """Plays the controller towards one reader. `work`: the reader takes what is in its inbox."""

    broker: MemoryBroker
    bus: MemoryBus
    clock: SetClock
    work: Callable[[], None]
    ver: int = 1

    def beat(self) -> None:
        told = {
            "epoch": 1, "ver": self.ver, "day": "2026-11-23", "open": True, "clock": "trusted",
            "board_ver": 1, "evt_seq": 1, "waiting": 0, "served_today": 0,
        }  # fmt: skip
        message = HallState.model_validate(told)
        payload = codec.pack(message, hall=self.bus.hall, src="controller", ts=self.clock.now())
        self.broker.publish(STATE_HALL.topic(self.bus.hall), payload, retain=True)
        self.work()

    def status(self, state: str, conn: str) -> None:
        message = DeviceStatus.model_validate({"state": state, "conn": conn, "sw": "x"})
        payload = codec.pack(message, hall=self.bus.hall, src="controller", ts=self.clock.now())
        topic = DEV_STATUS.topic(self.bus.hall, client="controller")
        self.broker.publish(topic, payload, retain=True)
        self.work()

    def wait(self, seconds: float) -> None:
        for _ in range(round(seconds)):
            self.clock.advance(1.0)
            self.work()

    def cut(self) -> None:
        self.bus.drop()
        self.work()

    def join(self) -> None:
        self.bus.connect()
        self.work()


@dataclass(frozen=True, slots=True)
class Story:
    """`there`: what stands can be trusted; `linked`: the reader's own link is up."""

    name: str
    tell: Callable[[Telling], None]
    there: bool
    linked: bool = True


def _ready(tell: Telling) -> None:
    tell.status("ready", "B")
    tell.beat()


def _late_will(tell: Telling) -> None:
    _ready(tell)
    tell.status("lost", "A")


def _late_goodbye(tell: Telling) -> None:
    _ready(tell)
    tell.status("disconnected", "A")


def _goodbye(tell: Telling) -> None:
    _ready(tell)
    tell.status("disconnected", "B")


def _killed(tell: Telling) -> None:
    _ready(tell)
    tell.status("lost", "B")


def _back(tell: Telling) -> None:
    _killed(tell)
    tell.status("init", "C")
    tell.beat()


def _beats_after_its_will(tell: Telling) -> None:
    """The broker took a slow connection for a dead one."""
    _killed(tell)
    tell.beat()


def _silent(tell: Telling) -> None:
    _ready(tell)
    tell.wait(21)


def _nearly_silent(tell: Telling) -> None:
    _ready(tell)
    tell.wait(19)


def _beats_on(tell: Telling) -> None:
    _ready(tell)
    for _ in range(5):
        tell.wait(5)
        tell.beat()


def _never_heard(tell: Telling) -> None:
    tell.wait(21)


def _cut_off(tell: Telling) -> None:
    _ready(tell)
    tell.cut()
    tell.wait(2)


def _cut_off_long(tell: Telling) -> None:
    _ready(tell)
    tell.cut()
    tell.wait(21)


def _retained_after_a_long_cut(tell: Telling) -> None:
    """The kept heartbeat comes with the link, and proves no life."""
    _cut_off_long(tell)
    tell.join()


def _killed_while_cut_off(tell: Telling) -> None:
    """Restarted and killed meanwhile: the kept will names a connection never heard of."""
    _ready(tell)
    tell.cut()
    tell.status("lost", "D")
    tell.join()


STORIES = (
    Story("late will of an older connection", _late_will, there=True),
    Story("late goodbye of an older connection", _late_goodbye, there=True),
    Story("orderly goodbye", _goodbye, there=False),
    Story("killed", _killed, there=False),
    Story("killed and back", _back, there=True),
    Story("heard after its will", _beats_after_its_will, there=True),
    Story("silent for 21 s", _silent, there=False),
    Story("silent for 19 s", _nearly_silent, there=True),
    Story("beating for 25 s", _beats_on, there=True),
    Story("never heard for 21 s", _never_heard, there=False),
    Story("own link cut for 2 s", _cut_off, there=True, linked=False),
    Story("own link cut for 21 s", _cut_off_long, there=False, linked=False),
    Story("own link back after 21 s", _retained_after_a_long_cut, there=False),
    Story("killed while cut off", _killed_while_cut_off, there=False),
)

each_story = pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
