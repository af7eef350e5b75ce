"""The pages' service: a picture may be old, a press is answered, a taken address tried again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hall.contract.messages import HallState, Reply
from hall.contract.requests import CounterOpen
from hall.contract.topics import REQ_QUEUE, STATE_HALL
from hall.counter.condition import HallCondition
from hall.counter.ports import PageAct, Post
from hall.counter.service import CounterPages
from hall.counter.settings import CounterPagesSection
from hall.runtime.bus import Connected, Disconnected, Received
from hall.runtime.bus_memory import MemoryBroker
from hall.runtime.clock import SetClock
from hall.runtime.daemon import DaemonContext
from hall.runtime.health import Health
from hall.runtime.inbox import Inbox
from hall.runtime.requester import Requester
from hall.web.faults import PagesDown

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@dataclass
class Glass:
    """Pages that only remember."""

    shown: dict[str, str | None] = field(default_factory=dict)
    down: bool = False

    def start(self, _post: Post) -> str:
        if self.down:
            raise PagesDown("cổng đã có người dùng")
        return "http://127.0.0.1:1/"

    def show_changes(self, changed: Mapping[str, str | None]) -> None:
        self.shown.update(changed)

    def trouble(self) -> str:
        return ""

    def is_up(self) -> bool:
        return not self.down

    def stop(self) -> None:
        self.shown.clear()

    def link(self) -> Any:
        return json.loads(self.shown["link"] or "null")


def service_with(glass: Glass, clock: SetClock) -> CounterPages:
    bus = MemoryBroker().bus("counters", "demo", clock)
    context = DaemonContext(
        "counters", "demo", bus, Inbox(), clock, Health(bus, clock), Requester(bus)
    )
    return CounterPages(context, glass, {}, HallCondition((), UTC, clock, Path.cwd()))


def heartbeat(*, retained: bool = False) -> Received:
    state = HallState(
        epoch=1,
        ver=1,
        day="2026-11-23",
        open=True,
        clock="trusted",
        board_ver=1,
        evt_seq=1,
        waiting=0,
        served_today=0,
    )
    return Received(STATE_HALL, {}, state, "controller", NOW, retained)


def test_the_picture_is_old_twenty_seconds_after_the_last_heartbeat() -> None:
    glass, clock = Glass(), SetClock()
    service = service_with(glass, clock)
    service.start()
    service.handle(Connected("c"))
    service.handle(heartbeat())
    service.tick(clock.monotonic())
    assert glass.link() == {"bus": True, "fresh": True}

    clock.advance(20)
    service.tick(clock.monotonic())
    assert glass.link() == {"bus": True, "fresh": False}


def test_a_retained_heartbeat_proves_nothing_and_a_lost_bus_is_told() -> None:
    glass, clock = Glass(), SetClock()
    service = service_with(glass, clock)
    service.start()
    service.handle(Connected("c"))
    clock.advance(20)
    service.handle(heartbeat(retained=True))
    service.tick(clock.monotonic())
    assert glass.link() == {"bus": True, "fresh": False}

    service.handle(Disconnected("broker"))
    service.tick(clock.monotonic())
    assert glass.link() == {"bus": False, "fresh": False}


def test_pages_that_cannot_be_served_are_tried_again_every_five_seconds() -> None:
    glass, clock = Glass(down=True), SetClock()
    service = service_with(glass, clock)
    service.start()
    assert "pages_down" in service.context.health.alerts

    glass.down = False
    service.tick(clock.monotonic() + 4)
    assert "pages_down" in service.context.health.alerts
    service.tick(clock.monotonic() + 5)
    assert not service.context.health.alerts


def test_without_a_controller_the_clerk_is_told_and_a_second_try_joins_the_first() -> None:
    clock, answers = SetClock(), list[Reply]()
    service = service_with(Glass(), clock)
    service.start()
    for _ in range(2):
        asked = CounterOpen(id="p1", counter="1")
        service.handle(PageAct(REQ_QUEUE, "counter-open", asked, None, answers.append))
    for _ in range(7):
        clock.advance(1)
        service.context.requester.tick(clock.monotonic())

    assert [reply.error and reply.error.code for reply in answers] == ["unavailable"] * 2


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ({"host": "0.0.0.0", "pairing": "off"}, "127.0.0.1"),
        ({"host": "máy-chủ"}, "địa chỉ IP"),
        ({"prot": 8080}, "prot"),
    ],
)
def test_settings_that_would_open_the_pages_to_everyone_are_refused(
    section: dict[str, Any], told: str
) -> None:
    with pytest.raises(ValidationError, match=told):
        CounterPagesSection.model_validate(section)
