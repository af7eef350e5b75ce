"""From a press to the digits by baud and number of units, and from a call to the serial wire.

`python bench/bridge_latency.py`: the first table runs the real master and firmware in virtual time
on a paced wire, clean and with 5 % damaged frames, beside the formula's limit without and with
(+1) the exchange that is under way when the answer comes. The second runs controller, display and
bridge on a private mosquitto, with the firmware at the end of a pty, and needs mosquitto; a pty has
no wire time, so all of it counts against the budget of 20 ms. Run it on an otherwise idle machine.
"""

import os
import random
import select
import statistics
import sys
import tempfile
import threading
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import display.__main__ as display_role  # noqa: E402
import firmware_bridge.__main__ as bridge_role  # noqa: E402
import hall.controller.__main__ as controller_role  # noqa: E402
from firmware_bridge import timing  # noqa: E402
from firmware_bridge.firmware.counter_unit import Unit  # noqa: E402
from firmware_bridge.lines.simulated import InjectedFaults, SimulatedLine, VirtualPace  # noqa: E402
from firmware_bridge.lines.simulated_devices import SimulatedUnit  # noqa: E402
from firmware_bridge.master import Master, Station  # noqa: E402
from firmware_bridge.protocols.own_unit import OwnUnit  # noqa: E402
from firmware_bridge.protocols.session import KeyPressed  # noqa: E402
from firmware_bridge.protocols.unit_face import UnitFace  # noqa: E402
from hall.contract.messages import Reply  # noqa: E402
from hall.contract.requests import CallNext, Issue, Request  # noqa: E402
from hall.contract.topics import REQ_QUEUE, RSP  # noqa: E402
from hall.runtime import broker, settings  # noqa: E402
from hall.runtime.bus import Bus, Received, Subscription  # noqa: E402
from hall.runtime.bus_mqtt import MqttBus  # noqa: E402
from hall.runtime.clock import SystemClock  # noqa: E402
from hall.runtime.daemon import Ground  # noqa: E402
from hall.runtime.inbox import Inbox  # noqa: E402
from hall.runtime.notify import Heartbeat, Notifier  # noqa: E402
from hall.runtime.requester import new_id  # noqa: E402

PRESSES = 200
CALLS = 200
ENGINE_S = 0.005
CONTACTS_AND_DIGITS_S = 0.012
BUDGET_MS = 20
YAML = """version: 1
hall: {id: bench, name: Đo, hours: ["00:00-24:00"], days: [mon, tue, wed, thu, fri, sat, sun]}
services: [{id: ho-tich, name: Hộ tịch, prefix: A}]
counters: [{id: "1", serves: [ho-tich]}]
display: {faces: [{counter: "1", width: 6, driver: bridge}]}
bridges: [{id: bridge-1, buses: [{port: PORT, units: [{address: 1, counter: "1"}]}]}]
"""


def presses(count: int, baud: int, rate: float) -> list[float]:
    """Seconds from a press to the latched answer, in virtual time."""
    pace, chance = VirtualPace(), random.Random(7)
    units = {a: SimulatedUnit(a, pace.now()) for a in range(1, count + 1)}
    line = SimulatedLine(units, baud, pace, InjectedFaults(rate, seed=5))
    master = Master(line, [Station(OwnUnit(a)) for a in units], baud, pace.now)
    run(master, pace, 3.0)
    return [one_press(master, pace, units, chance) for _ in range(PRESSES)]


def run(master: Master, pace: VirtualPace, seconds: float) -> None:
    until = pace.now() + seconds
    while pace.now() < until:
        turn(master, pace)


def turn(master: Master, pace: VirtualPace) -> list[Any]:
    found = master.turn()
    pace.wait(max(0.0, min(found.due - pace.now(), 0.01)))
    return list(found.events)


def one_press(
    master: Master, pace: VirtualPace, units: dict[int, SimulatedUnit], chance: random.Random
) -> float:
    run(master, pace, 0.3 + chance.random())
    address = chance.randint(1, len(units))
    pressed_at, answer_at = pace.now(), float("inf")
    units[address].press("N", pressed_at)
    latches = units[address].unit.latches
    while units[address].unit.latches == latches:
        if any(isinstance(event, KeyPressed) for event in turn(master, pace)):
            answer_at = pace.now() + ENGINE_S
        if pace.now() >= answer_at:
            master.want_face(address, UnitFace("0105", turn=int(pressed_at * 1e6)))
            answer_at = float("inf")
    return pace.now() - pressed_at + CONTACTS_AND_DIGITS_S


def table() -> None:
    print("press to digits, ms (200 presses; 12 ms of contacts and digits, 5 ms engine included)")
    print("   baud units   median      max 5 %: med      max    limit       +1")
    for baud in (9600, 19200, 57600, 115200):
        for count in (1, 8, 32):
            clean, spoilt = presses(count, baud, 0.0), presses(count, baud, 0.05)
            limit = timing.worst_s(count, baud)
            values = (
                *(statistics.median(clean), max(clean)),
                *(statistics.median(spoilt), max(spoilt)),
                *(limit, limit + timing.slot_s(15, baud)),
            )
            shown = " ".join(f"{value * 1000:8.0f}" for value in values)
            print(f"{baud:>7} {count:>5} {shown}")


class UnitOnPty:
    """The firmware at the far end of a pseudo-terminal; says when a face has been latched."""

    def __init__(self) -> None:
        self.line, self.slave = os.openpty()
        tty.setraw(self.line)
        tty.setraw(self.slave)
        self.port = os.ttyname(self.slave)
        self.unit = Unit(1, 5)
        self.latched: list[tuple[float, bytes]] = []
        self.stopping = False
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self) -> None:
        last = time.monotonic()
        while not self.stopping:
            ready = select.select([self.line], [], [], 0.005)[0]
            now = time.monotonic()
            self.unit.tick(int((now - last) * 1000))
            last += int((now - last) * 1000) / 1000
            if not ready:
                self.unit.silence()
                continue
            before = self.unit.latches
            reply = self.unit.receive(os.read(self.line, 256))
            if self.unit.latches != before:
                self.latched.append((time.monotonic(), self.unit.text))
            if reply:
                os.write(self.line, reply)

    def stop(self) -> None:
        self.stopping = True
        self.thread.join()
        os.close(self.line)
        os.close(self.slave)


@contextmanager
def hall(unit: UnitOnPty, folder: Path) -> Iterator[tuple[Bus, Inbox]]:
    """Controller, display and bridge in this process, and a staff page to call from."""
    file = folder / "hall.yaml"
    file.write_text(YAML.replace("PORT", unit.port), encoding="utf-8")
    document, clock = settings.read(file), SystemClock()
    private = broker.PrivateBroker(folder, broker.hall_ids(document.values))
    place = private.start()

    def bus(client: str) -> MqttBus:
        server = broker.server_for(client, place, folder, "", "mqtt-password")
        return MqttBus(client, "bench", server, clock)

    ground = Ground("bench", clock, folder, bus)
    roles = (controller_role, display_role, bridge_role)
    daemons = [daemon for role in roles for daemon in role.build(document, ground, None)]
    heart = Heartbeat(Notifier(), len(daemons))
    threads = [threading.Thread(target=daemon.run, args=(heart,)) for daemon in daemons]
    for thread in threads:
        thread.start()
    staff, inbox = bus("counters"), Inbox()
    staff.open(inbox, [Subscription(RSP, {"client": "counters"})], [])
    try:
        yield staff, inbox
    finally:
        staff.close()
        for daemon in daemons:
            daemon.stop()
        for thread in threads:
            thread.join()
        private.close()


def ask(staff: Bus, inbox: Inbox, verb: str, request: Request) -> Reply:
    """Ask until the hall is there to answer."""
    while True:
        staff.publish(REQ_QUEUE, request, verb=verb, client="counters")
        end = time.monotonic() + 1
        while time.monotonic() < end:
            item = inbox.take_item(0.2)
            if isinstance(item, Received) and isinstance(item.message, Reply):
                return item.message


def calls() -> None:
    unit = UnitOnPty()
    took: list[float] = []
    with tempfile.TemporaryDirectory() as folder, hall(unit, Path(folder)) as (staff, inbox):
        for _ in range(CALLS):
            issue = Issue(id=new_id(), service="ho-tich", channel="counter")
            ask(staff, inbox, "issue", issue)
        for _ in range(CALLS):
            select.select([], [], [], 0.03)
            seen, start = len(unit.latched), time.monotonic()
            reply = ask(staff, inbox, "call-next", CallNext(id=new_id(), counter="1"))
            number = (reply.data or {})["ticket"]["number"].ljust(6).encode()  # type: ignore[index]
            end = time.monotonic() + 5
            while number not in {text for _, text in unit.latched[seen:]}:
                assert time.monotonic() < end, "the face did not come"
                select.select([], [], [], 0.0005)
            took.append(next(at for at, text in unit.latched[seen:] if text == number) - start)
    unit.stop()
    p95, worst = sorted(took)[int(CALLS * 0.95)], max(took)
    print(f"\ncall-next to the face complete on the wire, ms over {CALLS} calls, no wire time:")
    print(
        f"  median {statistics.median(took) * 1000:.1f}, p95 {p95 * 1000:.1f}, "
        f"max {worst * 1000:.1f}; budget {BUDGET_MS}"
    )
    print(
        f"  at 115200 baud the wire adds {timing.slot_s(27, 115200, 0, 0) * 1000:.1f} for the write"
    )


if __name__ == "__main__":
    table()
    calls()
