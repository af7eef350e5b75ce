"""The page of devices: what the head of the hall is told of each part, and what to do about it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hall.contract.messages import Alert, DeviceStatus, HallState
from hall.contract.topics import DEV_ALERT, DEV_STATUS, STATE_HALL, Channel
from hall.contract.words import WireModel
from hall.counter.condition import HallCondition
from hall.counter.door.access import RIGHTS, PageRole, Right
from hall.runtime.bus import Received
from hall.runtime.bus_memory import MemoryBroker
from hall.runtime.clock import SetClock
from hall.runtime.daemon import DaemonContext, Ground

SINCE = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
PAPER = Alert(code="paper_out", text="Hết giấy.", advice="Thay giấy.", since=SINCE)

QUIET = HallState.model_validate(
    {"epoch": 1, "ver": 1, "day": "2026-11-30", "open": True, "clock": "trusted"}
    | dict.fromkeys(("board_ver", "evt_seq", "waiting", "served_today"), 0)
)


@dataclass
class Heard:
    """A hall of a controller, a printer and the pages, as its pages' process has heard it."""

    folder: Path
    clock: SetClock = field(default_factory=SetClock)
    condition: HallCondition = field(init=False)

    def __post_init__(self) -> None:
        wanted = ("controller", "printer-1", "counters")
        (self.folder / "sys").mkdir()
        self.condition = HallCondition(wanted, UTC, self.clock, self.folder, self.folder)

    def own(self) -> DaemonContext:
        broker = MemoryBroker()
        ground = Ground(
            "thu", self.clock, self.folder, lambda name: broker.bus(name, "thu", self.clock)
        )
        own = ground.context_of("counters")
        own.health.set_state("ready")
        return own

    def hear(self, channel: Channel, message: WireModel, **levels: str) -> None:
        src = levels.get("client", "controller")
        self.condition.take_message(Received(channel, levels, message, src, self.clock.now()))

    def status(self, client: str, state: str, *alerts: str) -> None:
        told = {"state": state, "conn": "1", "sw": "motcua 0.0.0", "alerts": alerts}
        self.hear(DEV_STATUS, DeviceStatus.model_validate(told), client=client)

    def told(self, *, linked: bool = True, answered: bool = True) -> dict[str, Any]:
        """By name; a name that is told of twice is its last."""
        found = self.condition.entries(self.own(), linked=linked, answered=answered)
        return {str(each["name"]): each for each in found.values()}


@pytest.fixture
def heard(tmp_path: Path) -> Heard:
    return Heard(tmp_path)


def test_a_fault_is_told_with_its_time_and_what_to_do(heard: Heard) -> None:
    heard.status("printer-1", "degraded", "paper_out")
    heard.hear(DEV_ALERT, PAPER, client="printer-1", code="paper_out")

    printer = heard.told()["printer-1"]

    assert (printer["state"], printer["well"]) == ("có lỗi", False)
    assert "Hết giấy." in printer["text"]
    assert printer["advice"] == "Thay giấy."
    assert printer["since"] == SINCE.isoformat()


def test_a_fault_that_is_over_is_told_no_more(heard: Heard) -> None:
    heard.hear(DEV_ALERT, PAPER, client="printer-1", code="paper_out")
    heard.status("printer-1", "ready")
    heard.condition.gone(DEV_ALERT, {"client": "printer-1", "code": "paper_out"})

    assert heard.told()["printer-1"]["well"]


def test_who_is_lost_is_told_with_when_it_was_last_seen(heard: Heard) -> None:
    heard.status("printer-1", "ready")
    last = heard.clock.now()
    heard.clock.advance(60)
    heard.condition.take_message(
        Received(
            DEV_STATUS,
            {"client": "printer-1"},
            DeviceStatus(state="lost", conn="1", sw="motcua 0.0.0"),
            "printer-1",
            retained=True,
        )
    )

    printer = heard.told()["printer-1"]

    assert (printer["state"], printer["last_seen"]) == ("mất kết nối", last.isoformat())
    assert "motcua-printer@printer-1" in printer["advice"]


def test_who_was_never_heard_and_a_silent_queue_are_told(heard: Heard) -> None:
    told = heard.told(answered=False)

    assert told["printer-1"]["state"] == "chưa thấy"
    assert told["hàng chờ"]["state"] == "không trả lời"
    assert told["counters"]["well"], "the pages know of themselves"


def test_without_the_broker_nothing_is_said_of_the_others(heard: Heard) -> None:
    heard.status("printer-1", "ready")

    told = heard.told(linked=False)

    assert told["broker"]["state"] == "không nối được"
    assert "printer-1" not in told
    assert "đồng hồ" in told


def test_what_is_well_changes_nothing_on_the_page_while_time_goes_by(heard: Heard) -> None:
    heard.status("printer-1", "ready")
    heard.hear(STATE_HALL, QUIET)
    before = heard.told()
    heard.clock.advance(300)

    assert heard.told() == before


def test_it_is_for_the_head_of_the_hall_and_the_technician(paired_hall: Any) -> None:
    assert paired_hall.get("/thiet-bi").status == 303
    assert {role for role in PageRole if Right.TEST in RIGHTS[role]} == {
        PageRole.HEAD,
        PageRole.TECHNICIAN,
    }


@pytest.mark.page
def test_the_page_names_what_is_wrong_first(hall: Any, browser: Any) -> None:
    browser.go(f"{hall.url}thiet-bi")

    browser.wait_text("#wrong", "printer-1")
    browser.wait_text("#well", "controller")
