"""`motcua doctor`: one line per device and link – state, last seen, what to do."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from display.settings import FACES
from hall.cli import connection, findings, units
from hall.cli.check import judge
from hall.cli.entries import of
from hall.cli.findings import BusObservation, Finding
from hall.cli.tables import table
from hall.contract.messages import Alert, DeviceStatus, HallState, Reply
from hall.contract.onestop_messages import OnestopStatus
from hall.contract.requests import Ping
from hall.contract.topics import (
    DEV_ALERT,
    DEV_STATUS,
    EXT_STATUS,
    REQ_DEV,
    REQ_QUEUE,
    STATE_HALL,
)
from hall.runtime import settings
from hall.runtime.bus import Subscription
from hall.runtime.members import expected
from hall.runtime.requester import new_id
from hall.runtime.roles import CONFIG_ERROR
from hall.runtime.sections import Shared
from hall.runtime.terminal import NoHall, Terminal

LISTEN_S = 1.5
# Longer than a request is repeated: a busy Pi answers late.
ANSWER_S = 6.0
_WATCHED = tuple(Subscription(c) for c in (DEV_STATUS, DEV_ALERT, STATE_HALL, EXT_STATUS))


def arguments(parser: argparse.ArgumentParser, _command: str) -> None:
    connection.add_arguments(parser)
    parser.add_argument("--json", action="store_true", help="cho máy đọc")


def main(args: argparse.Namespace) -> int:
    try:
        document, shared = judge(args.config)
        found = list(_examine(args, document, shared))
    except settings.ConfigError as err:
        print(err, file=sys.stderr)
        return CONFIG_ERROR
    if args.json:
        lines = [asdict(f) for f in found]
        print(json.dumps(lines, ensure_ascii=False, indent=2, default=datetime.isoformat))
    else:
        _print(found, ZoneInfo(shared.hall.timezone))
    return 0 if all(f.well for f in found) else 1


def _examine(
    args: argparse.Namespace, document: settings.Document, shared: Shared
) -> Iterator[Finding]:
    try:
        with connection.connected(args, shared, _WATCHED) as hall:
            yield Finding("broker", "tốt", well=True, last_seen=hall.context.clock.now())
            reply = hall.ask_hall(REQ_QUEUE, "ping", Ping(id=new_id()))
            hall.until(lambda: False, LISTEN_S)
            wanted = [*expected(document.values)]
            heard = _with_units(_observe_bus(hall, shared, document), wanted)
            yield _queue(hall, heard, answered=reply.status == "ok")
            yield from findings.devices(wanted, heard)
            if "onestop" in document.values or heard.onestop:
                yield from findings.onestop(heard)
    except NoHall as err:
        text, advice = str(err), err.advice
        yield Finding("broker", "không nối được", well=False, text=text, advice=advice)


def _observe_bus(hall: Terminal, shared: Shared, document: settings.Document) -> BusObservation:
    statuses = {k: s for k, s in hall.states(DEV_STATUS).items() if isinstance(s, DeviceStatus)}
    alerts = {k: a for k, a in hall.states(DEV_ALERT).items() if isinstance(a, Alert)}
    silent = BusObservation(
        now=hall.context.clock.now(),
        zone=ZoneInfo(shared.hall.timezone),
        statuses=statuses,
        alerts=alerts,
        spoke=hall.spoke,
        answering=(),
        onestop=hall.state(EXT_STATUS, OnestopStatus),
        in_window=in_window(document),
    )
    return replace(silent, answering=_answering(hall, silent.live()))


def in_window(document: settings.Document) -> bool:
    """Whether counter displays are drawn in a window of this machine's screen."""
    drivers = (str(face.get("driver", FACES.usual)) for _, face in of(document, "display", "faces"))
    return any(FACES.sections[driver].needs_main_thread for driver in drivers)


def _with_units(heard: BusObservation, wanted: Sequence[str]) -> BusObservation:
    """A role that is not let in by the broker can tell its service manager alone."""
    asked = {c: units.ask_systemd(heard.service_of(c)) for c in findings.silent(wanted, heard)}
    return replace(heard, units={c: unit for c, unit in asked.items() if unit is not None})


def _answering(hall: Terminal, clients: Sequence[str]) -> frozenset[str]:
    """Who answers: a daemon that hangs is still connected, and the broker knows no better."""
    replies: dict[str, Reply] = {}
    now = hall.context.clock.monotonic()
    for client in clients:
        done = partial(replies.__setitem__, client)
        hall.context.requester.send_request(
            REQ_DEV, "ping", Ping(id=new_id()), done, now, target=client
        )
    hall.until(lambda: len(replies) == len(clients), ANSWER_S)
    return frozenset(client for client, reply in replies.items() if reply.status == "ok")


def _queue(hall: Terminal, heard: BusObservation, *, answered: bool) -> Finding:
    state = hall.state(STATE_HALL, HallState)
    if not answered:
        advice = "Xem: systemctl status motcua-controller; journalctl -u motcua-controller"
        last = heard.spoke.get("controller")
        return Finding("hàng chờ", "không trả lời", well=False, advice=advice, last_seen=last)
    text = f"ngày {state.day}, chờ {state.waiting}, đã xong {state.served_today}" if state else ""
    return Finding("hàng chờ", "tốt", well=True, text=text, last_seen=heard.now)


def _print(found: Sequence[Finding], zone: ZoneInfo) -> None:
    rows = [("✓" if f.well else "✗", f.name, f.state, _seen(f, zone), f.text) for f in found]
    print(table(("", "Thiết bị", "Tình trạng", "Thấy lần cuối", ""), rows))
    wrong = [f for f in found if not f.well]
    if wrong:
        print("\nViệc cần làm:")
    for finding in wrong:
        print(f"  • {finding.name}: {finding.text or finding.state}")
        if finding.advice:
            print(f"    → {finding.advice}")


def _seen(finding: Finding, zone: ZoneInfo) -> str:
    return findings.clock(finding.last_seen, zone) if finding.last_seen else "–"
