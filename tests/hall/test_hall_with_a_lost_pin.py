"""Controller and dispenser in one process on a real broker, while a GPIO pin cannot be had."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from hall.contract import requests as req
from hall.contract.messages import Alert, DeviceStatus, Reply, TicketEvent
from hall.contract.topics import DEV_ALERT, DEV_STATUS, EVT_TICKET, REQ_DEV, REQ_QUEUE, STATE_BOARD
from hall.runtime import broker
from hall.runtime.bus import Subscription
from hall.runtime.bus_mqtt import MqttBus
from hall.runtime.clock import SystemClock
from hall.runtime.daemon import Ground
from hall.runtime.requester import new_id
from hall.runtime.terminal import Terminal

pytestmark = pytest.mark.broker
SCRIPT = Path(__file__).parents[1] / "kit" / "hall_with_a_chip.py"
WATCHED = (DEV_ALERT, DEV_STATUS, EVT_TICKET, STATE_BOARD)
CLOCK = SystemClock()
DEADLINE_S = 240.0
HALL = """\
version: 1
hall: {id: thu, name: Xã Thử, hours: ["00:00-24:00"], days: [mon, tue, wed, thu, fri, sat, sun]}
broker: {url: auto}
services: [{id: ho-tich, name: Hộ tịch, prefix: A}, {id: dat-dai, name: Đất đai, prefix: B}]
counters: [{id: "1", serves: [ho-tich, dat-dai]}]
printers:
  - {id: printer-1, driver: simulated, speed: 0,
     buttons: [{service: ho-tich, gpio: 17, lamp: 27}, {service: dat-dai, gpio: 22}]}
"""


class Hall:
    """`do`: what happens at the chip, in the words of the script."""

    def __init__(self, terminal: Terminal, hands: IO[str]) -> None:
        self.terminal = terminal
        self._hands = hands

    def do(self, word: str) -> None:
        self._hands.write(f"{word}\n")
        self._hands.flush()

    def until(self, true: Callable[[], object]) -> None:
        assert self.terminal.until(lambda: bool(true()), DEADLINE_S), self.terminal.seen

    def alert(self, code: str) -> Alert | None:
        return self.terminal.state(DEV_ALERT, Alert, client="printer-1", code=code)

    @property
    def status(self) -> DeviceStatus | None:
        return self.terminal.state(DEV_STATUS, DeviceStatus, client="printer-1")

    def printed(self) -> str:
        """The number of the ticket that was printed last."""
        event = self.terminal.state(EVT_TICKET, TicketEvent)
        done = event is not None and event.type == "printed" and event.ticket is not None
        return event.ticket.number if done and event and event.ticket else ""

    def dispense(self, service: str) -> Reply:
        request = req.Dispense(id=new_id(), service=service)
        return self.terminal.ask_hall(REQ_DEV, "dispense", request, target="printer-1")

    def board(self) -> Reply:
        return self.terminal.ask_hall(REQ_QUEUE, "board", req.Board(id=new_id()))


@contextmanager
def running(folder: Path, **environ: str) -> Iterator[Hall]:
    path = folder / "hall.yaml"
    path.write_text(HALL, encoding="utf-8")
    command = [sys.executable, str(SCRIPT), "run", "controller,printer", "-c", str(path)]
    root = str(Path(__file__).parents[2])
    # PYTHONSAFEPATH, which the launcher sets, takes the script's own folder off the path.
    path_of_python = os.pathsep.join([root, str(SCRIPT.parent)])
    process = subprocess.Popen(
        [*command, "--state", str(folder)],
        stdin=subprocess.PIPE,
        text=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": path_of_python, **environ},
    )
    assert process.stdin is not None
    terminal = connected(folder, process)
    try:
        yield Hall(terminal, process.stdin)
        assert process.poll() is None, "the process has ended"
    finally:
        terminal.close()
        process.terminate()
        process.wait(DEADLINE_S)
        process.stdin.close()


def connected(folder: Path, process: subprocess.Popen[str]) -> Terminal:
    deadline = CLOCK.monotonic() + DEADLINE_S
    while (where := broker.remembered(folder)) is None:
        assert process.poll() is None, "the process has ended"
        assert CLOCK.monotonic() < deadline, "no broker"

    def bus(client: str) -> MqttBus:
        return MqttBus(
            client,
            "thu",
            lambda: broker.server_for(client, where, folder, "", "mqtt-password"),
            CLOCK,
        )

    terminal = Terminal(Ground("thu", CLOCK, folder, bus).context_of("tech"))
    terminal.open([Subscription(channel) for channel in WATCHED])
    return terminal


def test_a_late_chip_and_a_pin_that_somebody_holds_end_neither_dispenser_nor_controller(
    tmp_path: Path,
) -> None:
    def lost() -> str:
        told = hall.alert("buttons_lost")
        return f"{told.text} {told.advice}" if told else ""

    with running(tmp_path, MOTCUA_LATE="1", MOTCUA_HOLDS="17=led0") as hall:
        hall.until(lambda: lost() and hall.alert("lamps_lost"))
        assert "máy không có chip GPIO nào" in lost()
        assert "gpiodetect" in lost()
        assert hall.board().status == "ok"

        hall.do("plug")
        held = "Không dùng được nút ho-tich (chân GPIO 17): chân 17 đang bị 'led0' giữ."
        # Each button is tried by itself: the other one may still be missed when this is told.
        hall.until(lambda: lost().startswith(held) and "dat-dai" not in lost())
        assert "gpioinfo" in lost()
        assert hall.status is not None
        assert hall.status.state == "degraded"
        hall.do("press 22")
        hall.until(lambda: hall.printed() == "B001")

        hall.do("free 17")
        hall.until(lambda: hall.status and hall.status.state == "ready")
        assert hall.status.alerts == ()
        hall.do("press 17")
        hall.until(lambda: hall.printed() == "A001")
