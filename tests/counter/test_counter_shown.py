"""What browsers are shown: the newest of each state, told once, marked when it may be old."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from hall.contract.messages import Alert, CounterState, HallState, PublicTicket, Reply, TicketEvent
from hall.contract.requests import CounterOpen
from hall.contract.topics import DEV_ALERT, EVT_TICKET, REQ_QUEUE, STATE_COUNTER, STATE_HALL
from hall.counter.page_state import PageState
from hall.counter.ports import PageAct, PagesDown, Post
from hall.counter.service import CounterPages
from hall.counter.settings import CounterPagesSection
from hall.runtime.bus import Connected, Disconnected, Received
from hall.runtime.bus_memory import MemoryBroker
from hall.runtime.clock import SetClock
from hall.runtime.daemon import DaemonContext
from hall.runtime.health import Health
from hall.runtime.inbox import Inbox
from hall.runtime.requester import Requester

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def counter(ver: int, epoch: int = 1, status: Any = "open") -> CounterState:
    return CounterState(epoch=epoch, ver=ver, counter="1", name="Quầy 1", status=status)


def told(shown: PageState) -> dict[str, Any]:
    return {key: value and json.loads(value) for key, value in shown.take_changes().items()}


@pytest.mark.parametrize(
    ("later", "kept"),
    [
        (counter(4), 5),
        (counter(5), 5),
        (counter(6), 6),
        (counter(1, epoch=2), 1),
        (counter(9, epoch=1), 9),
    ],
)
def test_the_greatest_epoch_and_version_of_a_state_is_kept(later: CounterState, kept: int) -> None:
    shown = PageState()
    for state in (counter(5), later):
        shown.take_message(STATE_COUNTER, {"counter": "1"}, state)

    assert told(shown)["counter/1"]["ver"] == kept


def test_what_did_not_change_is_not_told_again() -> None:
    shown = PageState()
    shown.take_message(STATE_COUNTER, {"counter": "1"}, counter(5))
    told(shown)
    shown.take_message(STATE_COUNTER, {"counter": "1"}, counter(5))

    assert told(shown) == {}


def test_a_solved_alert_is_taken_away() -> None:
    shown, levels = PageState(), {"client": "printer-1", "code": "paper_out"}
    shown.take_message(DEV_ALERT, levels, Alert(code="paper_out", text="Hết giấy", since=NOW))
    assert told(shown)["dev-alert/printer-1/paper_out"]["text"] == "Hết giấy"

    shown.gone(DEV_ALERT, levels)
    assert told(shown) == {"dev-alert/printer-1/paper_out": None}
    shown.gone(DEV_ALERT, levels)
    assert told(shown) == {}


def event(seq: int, kind: Any, number: str | None = "A001", **more: Any) -> TicketEvent:
    ticket = number and PublicTicket(
        id=f"t-{number}",
        number=number,
        service="ho-tich",
        day="2026-11-23",
        issued_at=NOW,
        channel="button",
    )
    return TicketEvent.model_validate(
        {
            "epoch": 1,
            "seq": seq,
            "type": kind,
            "ticket": ticket,
            "counter": "1",
            "by": "counters",
            "at": NOW,
        }
        | more
    )


def hear(shown: PageState, *events: TicketEvent) -> dict[str, Any]:
    for each in events:
        shown.take_message(EVT_TICKET, {}, each)
    return told(shown)


def test_a_ticket_set_aside_is_offered_until_it_is_called_again() -> None:
    shown = PageState()
    aside = hear(shown, event(1, "called"), event(2, "no_show"))["aside"]
    assert [(each["number"], each["why"]) for each in aside] == [("A001", "no_show")]

    assert hear(shown, event(3, "printed"), event(4, "called"))["aside"] == []


@pytest.mark.parametrize("kind", ["printed", "print_unknown", "rated"])
def test_news_of_its_paper_leaves_a_ticket_where_it_was_set_aside(kind: str) -> None:
    shown = PageState()
    hear(shown, event(1, "parked"), event(2, kind))

    assert json.loads(shown._values["aside"])


def test_an_absence_that_is_taken_back_is_offered_no_more() -> None:
    shown = PageState()
    hear(shown, event(1, "called"), event(2, "no_show"))

    assert hear(shown, event(3, "undone", cause="no_show", of=2))["aside"] == []


def test_a_call_that_is_taken_back_leaves_the_ticket_set_aside_again() -> None:
    shown = PageState()
    hear(shown, event(1, "called"), event(2, "no_show"), event(3, "called"))

    aside = hear(shown, event(4, "undone", cause="called", of=3))["aside"]

    assert [(each["number"], each["why"]) for each in aside] == [("A001", "no_show")]


def test_a_call_from_the_queue_that_is_taken_back_sets_nobody_aside() -> None:
    shown = PageState()
    hear(shown, event(1, "issued"), event(2, "called"))
    hear(shown, event(3, "undone", cause="called", of=2))

    assert json.loads(shown._values["aside"]) == []


def test_a_new_day_forgets_what_was_set_aside() -> None:
    shown = PageState()
    hear(shown, event(1, "parked"))

    assert hear(shown, event(2, "day_opened", None))["aside"] == []


def test_an_event_that_comes_twice_is_heard_once() -> None:
    feed = hear(PageState(), event(1, "issued"), event(1, "issued"), event(2, "called"))["feed"]

    assert [line["seq"] for line in feed] == [2, 1]


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
    return CounterPages(context, glass, {})


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
