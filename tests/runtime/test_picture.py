"""Whether the controller is there, and which of two states holds."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from controller_stories import Story, Telling, each_story

from hall.contract.messages import CounterState, DeviceStatus
from hall.runtime.bus_memory import MemoryBroker
from hall.runtime.clock import SetClock
from hall.runtime.hearing import subscriptions
from hall.runtime.inbox import Inbox
from hall.runtime.picture import Peer, Presence, after, holds, newest

ROOT = Path(__file__).parents[2]


@each_story
def test_the_rule(story: Story) -> None:
    broker, clock, inbox = MemoryBroker(), SetClock(), Inbox()
    bus = broker.bus("display", "thu", clock)
    seen = [Presence()]

    def work() -> None:
        while (item := inbox.take_item(0)) is not None:
            seen[0] = after(seen[0], item, clock.monotonic())

    bus.open(inbox, subscriptions("display", {}), ())
    work()
    story.tell(Telling(broker, bus, clock, work))

    now = clock.monotonic()
    assert (seen[0].there(now), seen[0].linked) == (story.there, story.linked)
    assert seen[0].reachable(now) == (story.there and story.linked)


def test_nobody_is_there_before_the_first_connection() -> None:
    assert not Presence().there(0.0)


def test_it_is_due_when_its_patience_ends() -> None:
    presence = Presence(heard_at=100.0)

    assert presence.there(presence.due - 0.001)
    assert not presence.there(presence.due)


def test_a_peer_whose_connection_is_unknown_is_believed() -> None:
    lost = DeviceStatus.model_validate({"state": "lost", "conn": "A", "sw": "x"})

    assert Peer().with_status(lost).gone


def counter(epoch: int, ver: int) -> CounterState:
    return CounterState(epoch=epoch, ver=ver, counter="1", name="Quầy 1", status="open")


@pytest.mark.parametrize(
    ("told", "wins"),
    [((1, 4), False), ((1, 5), True), ((1, 6), True), ((2, 1), True)],
)
def test_the_greater_epoch_and_version_holds_and_the_later_of_equals(
    told: tuple[int, int], *, wins: bool
) -> None:
    assert holds(counter(*told), counter(1, 5)) is wins
    kept: Mapping[str, Any] = newest({"1": counter(1, 5)}, "1", counter(*told))
    assert (kept["1"].epoch, kept["1"].ver) == (told if wins else (1, 5))


def test_every_reader_of_the_controllers_presence_is_told_the_stories() -> None:
    """A package that judges presence has a test that plays all stories against it."""
    found = subprocess.run(
        ["grep", "-rlE", "runtime.picture import .*Presence", "--include=*.py",
         "kiosk", "display", "printer", "firmware_bridge", "hall"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    told = {
        "display/service.py": "tests/display/test_display_controller.py",
        "display/board/model.py": "tests/display/board/test_board_service.py",
        "display/board/service.py": "tests/display/board/test_board_service.py",
        "kiosk/model/world.py": "tests/kiosk/test_kiosk_controller.py",
        "kiosk/model/samples.py": "tests/kiosk/test_kiosk_controller.py",
        "printer/service.py": "tests/printer/test_printer_controller.py",
        "firmware_bridge/service.py": "tests/firmware_bridge/test_bridge_controller.py",
        "hall/counter/service.py": "tests/counter/test_counter_controller.py",
    }

    assert set(found) == set(told)
    for test in told.values():
        assert "each_story" in (ROOT / test).read_text()
