"""A controller with a real journal that issues, calls, takes back and calls again.

It says ACK or DID after each reply.

Run by the fault tests under strace:
`python issuer.py FOLDER COUNT [SYNCHRONOUS [TOGETHER [EVENING]]]`.
TOGETHER people come at once: all that concerns them has queued up before the first of it is done.
EVENING `all`: in the end each other thing that changes the queue is done once.
"""

import json
import os
import sys
from pathlib import Path

from hall.controller import __main__ as wiring
from hall.controller import journal_sqlite, store_sqlite, upkeep
from hall.runtime import settings
from hall.runtime.bus_memory import MemoryBroker, MemoryBus
from hall.runtime.clock import SetClock
from hall.runtime.daemon import Daemon, Fatal, Ground

YAML = """
version: 1
hall: {id: thu, name: Thử, hours: ["00:00-24:00"], days: [mon, tue, wed, thu, fri, sat, sun]}
services: [{id: a, name: Hộ tịch, prefix: A, first: 1, last: 499}]
counters: [{id: "1", serves: [a]}]
queue: {requests_per_s: 1000, burst: 10000, issues_per_s: 1000, issue_burst: 10000}
"""


SLOT = "2026-11-23T09:00:00+07:00"


def say(text: str) -> None:
    os.write(1, f"{text}\n".encode())


def build(folder: Path, clock: SetClock, broker: MemoryBroker) -> Daemon:
    path = folder.parent / "hall.yaml"
    path.write_text(YAML, encoding="utf-8")
    ground = Ground("thu", clock, folder, lambda c: MemoryBus(c, "thu", clock, broker))
    [daemon] = wiring.build(settings.read(path), ground, None)
    return daemon


def settle(daemon: Daemon, clock: SetClock) -> None:
    while True:
        daemon.turn(clock.monotonic(), 0.0)
        if daemon.context.inbox.is_empty:
            daemon.turn(clock.monotonic(), 0.0)
            return


def ask(broker: MemoryBroker, verb: str, body: dict[str, object]) -> None:
    envelope = {"schema": 1, "hall": "thu", "src": "tech"}
    topic = f"motcua/1/thu/req/queue/{verb}/tech"
    broker.publish(topic, json.dumps(envelope | body).encode())


def tell(broker: MemoryBroker, before: int) -> None:
    """ACK id number for a ticket, DID id for another deed, NO id code for a refusal."""
    for topic, payload in broker.log[before:]:
        if topic != "motcua/1/thu/rsp/tech":
            continue
        reply = json.loads(payload)
        if reply["status"] != "ok":
            say(f"NO {reply['id']} {reply['error']['code']}")
        elif reply["id"].startswith("press"):
            say(f"ACK {reply['id']} {reply['data']['ticket']['number']}")
        else:
            say(f"DID {reply['id']}")


def main(folder: Path, count: int, synchronous: str, together: int, last: str) -> int:
    # Small enough that the idle loop writes the WAL back several times in a short run.
    journal_sqlite.CHECKPOINT_BYTES = 60_000
    upkeep.TEND_S = 2.0
    if synchronous != "FULL":
        weaken(synchronous)
    clock, broker = SetClock(), MemoryBroker()
    daemon = build(folder, clock, broker)
    daemon.service.start()
    daemon.open()
    settle(daemon, clock)
    say("READY")
    for first in range(1, count + 1, together):
        for acts in at_once(range(first, min(first + together, count + 1))):
            before = len(broker.log)
            for verb, body in acts:
                ask(broker, verb, body)
            settle(daemon, clock)
            tell(broker, before)
        clock.advance(1.1)
        settle(daemon, clock)
        say("IDLE")
    for verb, body in evening(count) if last == "all" else ():
        before = len(broker.log)
        ask(broker, verb, body)
        settle(daemon, clock)
        tell(broker, before)
    daemon.close()
    return 0


Act = tuple[str, dict[str, object]]


def at_once(people: range) -> list[list[Act]]:
    """What is asked before the controller does any of it: an act, or all of several people."""
    acts = [act for number in people for act in turn_of(number)]
    return [[act] for act in acts] if len(people) == 1 else [acts]


def turn_of(number: int) -> tuple[Act, ...]:
    return (
        *number_of(number),
        ("call-next", {"id": f"call-{number}", "counter": "1"}),
        ("undo", {"id": f"undo-{number}", "counter": "1"}),
        ("call-next", {"id": f"again-{number}", "counter": "1"}),
    )


def evening(count: int) -> tuple[Act, ...]:
    """One act of each other kind; whoever came last is at the counter."""
    booked = {"code": "hen-0", "service": "a", "slot": SLOT}
    acts: tuple[Act, ...] = (
        ("appoint", booked),
        ("cancel-appointment", {"code": "hen-0"}),
        ("transfer", {"counter": "1", "to": {"service": "a"}, "position": "back"}),
        ("cancel", {"ticket": f"1-1-{count - 1}", "counter": "1"}),
        ("rate", {"counter": "1", "score": 5}),
        ("unrate", {"counter": "1"}),
        ("service-close", {"service": "a"}),
        ("service-open", {"service": "a"}),
        ("hall-close", {"at": "2026-11-23T10:00:00+07:00"}),
    )
    return tuple((verb, {"id": f"evening-{verb}"} | body) for verb, body in acts)


def number_of(number: int) -> tuple[Act, ...]:
    """Every second person has an appointment; to be asked in this order."""
    ident, code = f"press-{number}", f"hen-{number}"
    if number % 2:
        return (("issue", {"id": ident, "service": "a", "channel": "button"}),)
    booked = {"id": f"book-{number}", "code": code, "service": "a", "slot": SLOT}
    return (
        ("appoint", booked),
        ("check-in", {"id": ident, "code": code, "channel": "kiosk"}),
    )


def weaken(synchronous: str) -> None:
    """The planted fault: the common advice for SQLite in WAL mode."""
    real = store_sqlite.connect

    def connect(path: Path) -> object:
        db = real(path)
        db.execute(f"PRAGMA synchronous={synchronous}")
        return db

    store_sqlite.connect = connect  # type: ignore[assignment]


if __name__ == "__main__":
    try:
        given = [*sys.argv[3:], *("FULL", "1", "none")[len(sys.argv) - 3 :]]
        sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), given[0], int(given[1]), given[2]))
    except Fatal as err:
        say(f"FATAL {err.status}")
        sys.exit(err.status)
