"""A whole hall of separate processes, whose parts are killed and frozen at random for minutes.

`./motcua test --soak 30 tests/soak` says yes or no: no acknowledged ticket lost, no number twice,
nobody called twice, every display right when it is over.
"""

import os
import random
import signal
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from running_hall import RunningHall, running

from hall.contract.requests import Dispense, IssueData
from hall.contract.topics import REQ_DEV
from hall.runtime.requester import new_id

pytestmark = [pytest.mark.broker, pytest.mark.timeout(0)]

SERVICES = ("ho-tich", "dat-dai", "bao-tro", "cu-tru", "kinh-doanh", "tra-ket-qua")
COUNTERS = ("1", "2", "3", "4", "5")
FROZEN_S = 15.0
HEALED_S = 180.0


def hurt(hall: RunningHall, chance: random.Random, done: Counter[str]) -> None:
    """One part at random, one time in eight the broker: killed, or frozen for some seconds."""
    parts = hall.stage.pids()
    part = "broker" if chance.random() < 1 / 8 else chance.choice(sorted(parts))
    pid = hall.broker.pid if part == "broker" else parts[part]
    if pid is None:
        return
    with suppress(ProcessLookupError):
        if chance.random() < 0.6:
            os.kill(pid, signal.SIGKILL)
            done[f"kill {part}"] += 1
        else:
            os.kill(pid, signal.SIGSTOP)
            threading.Timer(chance.uniform(0.5, FROZEN_S), thaw, (pid,)).start()
            done[f"freeze {part}"] += 1


def thaw(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)


def act(hall: RunningHall, chance: random.Random) -> None:
    """What a person does: asks until the hall answers, or gives up at a machine that is out."""
    wish = chance.random()
    if wish < 0.35:
        hall.issue(chance.choice(SERVICES))
    elif wish < 0.5:
        hall.press(chance.choice(SERVICES))
    elif wish < 0.65:
        asked = Dispense(id=new_id(), service=chance.choice(SERVICES))
        reply = hall.terminal.ask_hall(REQ_DEV, "dispense", asked, target="printer-1")
        if reply.status == "ok":
            hall.issued.append(IssueData.model_validate(reply.data).ticket)
    else:
        hall.call(chance.choice(COUNTERS))
    hall.until(lambda: False, chance.uniform(0.2, 1.0))


def test_a_hall_whose_parts_are_killed_and_frozen_at_random_breaks_no_promise(
    tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    end = time.monotonic() + 60.0 * pytestconfig.getoption("--soak")
    chance, done = random.Random(15), Counter[str]()
    with running(tmp_path) as hall:
        while time.monotonic() < end:
            hurt(hall, chance, done)
            for _ in range(chance.randrange(1, 6)):
                act(hall, chance)
        for pid in hall.stage.pids().values():
            thaw(pid)
        clients = ("controller", "printer-1", "kiosk-1", "display", "board", "bridge-1", "counters")
        assert hall.until(lambda: all(hall.hears(client) for client in clients), HEALED_S), done
        for counter in COUNTERS:
            hall.call(counter)
        assert hall.until(hall.faces_are_right, HEALED_S), done
        hall.assert_nothing_lost_and_nothing_twice()
        assert not hall.stage.failed()
