"""`kill -9` of any one part in the middle of a morning: nothing is lost, all is right again."""

import os
import signal

import pytest
from running_hall import RunningHall

from hall.contract import requests as req
from hall.contract.messages import TicketEvent
from hall.runtime.requester import new_id

pytestmark = pytest.mark.broker

HEALED_S = 5.0
ROLES = (
    "controller",
    "printer",
    "kiosk",
    "display",
    "board",
    "voice",
    "bridge",
    "counter",
    "onestop",
)


def journal(hall: RunningHall) -> list[TicketEvent]:
    events: list[TicketEvent] = []
    board = hall.board()
    while not events or events[-1].seq < board.hall.evt_seq:
        first = events[-1].seq + 1 if events else 1
        request = req.Replay(id=new_id(), from_seq=first, epoch=board.hall.epoch)
        events += req.ReplayData.model_validate(hall.ask("replay", request).data).events
    return events


def assert_nothing_lost_and_nothing_twice(hall: RunningHall) -> None:
    issued = [e.ticket for e in journal(hall) if e.type == "issued" and e.ticket is not None]
    numbers = [ticket.number for ticket in issued]
    assert {t.id for t in hall.issued} <= {t.id for t in issued}
    assert len(numbers) == len(set(numbers))
    called = [e.ticket.id for e in journal(hall) if e.type == "called" and e.ticket is not None]
    assert len(called) == len(set(called))


@pytest.mark.parametrize("role", ROLES)
def test_the_hall_heals_when_a_daemon_is_killed(running_hall: RunningHall, role: str) -> None:
    running_hall.issue()
    running_hall.press("cu-tru")
    before = running_hall.stage.restarts.get(role, 0)

    os.kill(running_hall.stage.pids()[role], signal.SIGKILL)
    running_hall.issue("dat-dai")
    running_hall.call("1")

    assert running_hall.until(lambda: running_hall.stage.restarts.get(role, 0) > before)
    running_hall.call("3")
    assert running_hall.until(running_hall.faces_are_right, HEALED_S + 5.0)
    assert_nothing_lost_and_nothing_twice(running_hall)


def test_the_hall_heals_when_the_broker_is_killed(running_hall: RunningHall) -> None:
    running_hall.issue()
    held = running_hall.call("2")
    old = running_hall.broker.pid
    assert old is not None

    os.kill(old, signal.SIGKILL)

    assert running_hall.until(lambda: running_hall.broker.pid not in (None, old))
    running_hall.terminal.seen.clear()
    assert running_hall.until(running_hall.faces_are_right, HEALED_S)
    assert running_hall.board().counters["2"].ver >= held.ver
    running_hall.issue("bao-tro")
    running_hall.call("2")
    assert_nothing_lost_and_nothing_twice(running_hall)
