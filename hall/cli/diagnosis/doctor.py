"""`motcua doctor`: one line for each thing that the hall stands on – state, since when, what to do.

Whatever cannot be asked is told as such, and hides nothing else: a broken file not the units, a
silent broker not the disk.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from pydantic import ValidationError

from hall import VERSION
from hall.cli import connection, journals, unit_groups
from hall.cli.checking import faces
from hall.cli.diagnosis import (
    examined_file,
    finding_lines,
    installed_findings,
    page_findings,
    store_findings,
)
from hall.cli.diagnosis.examined_file import CONTROLLER, ExaminedFile
from hall.contract.messages import Alert, DeviceStatus, HallState, Reply
from hall.contract.onestop_messages import OnestopStatus
from hall.contract.requests import Ping
from hall.contract.rights import role_of
from hall.contract.topics import (
    DEV_ALERT,
    DEV_STATUS,
    EXT_STATUS,
    REQ_DEV,
    REQ_QUEUE,
    STATE_HALL,
)
from hall.controller.reading_sqlite import SQLITE_VERSION
from hall.controller.settings import BackupSection
from hall.doctor import findings, machine, units
from hall.doctor.findings import BusObservation, Finding, usual_service
from hall.package.installation import Installation
from hall.runtime import settings
from hall.runtime.bus import Subscription
from hall.runtime.clock import SystemClock
from hall.runtime.members import expected
from hall.runtime.requester import new_id
from hall.runtime.roles import CONFIG_ERROR
from hall.runtime.terminal import NoHall, Terminal

LISTEN_S = 1.5
# Longer than a request is repeated: a busy Pi answers late.
ANSWER_S = 6.0
ROOT = Path("/")
_WATCHED = tuple(Subscription(c) for c in (DEV_STATUS, DEV_ALERT, STATE_HALL, EXT_STATUS))


def arguments(parser: argparse.ArgumentParser, _command: str) -> None:
    connection.add_arguments(parser)
    parser.add_argument("--json", action="store_true", help="cho máy đọc")


def main(args: argparse.Namespace) -> int:
    file = examined_file.examine_file(args, ROOT)
    found = tuple(examine(args, file))
    if args.json:
        print(as_json(found, file))
    else:
        finding_lines.print_findings(found, file.zone, "Thiết bị")
    if file.mistakes:
        return CONFIG_ERROR
    return 0 if all(f.well for f in found) else 1


def examine(args: argparse.Namespace, file: ExaminedFile) -> Iterator[Finding]:
    """Every line, in the order in which a technician reads them."""
    clock, values = SystemClock(), file.document.values
    heard = _unheard(file, clock)
    wanted = [*expected(values)]
    yield from examined_file.findings_of(file)
    told, heard = _ask_bus(args, file, heard, wanted)
    yield from told
    yield from installed_findings.services(heard.units)
    here = {c: s for c in wanted if _is_here(s := heard.service_of(c), heard)}
    yield from installed_findings.credentials(ROOT, here)
    yield from installed_findings.network(ROOT, heard.now)
    if "counters" in here:
        yield from page_findings.pages(values, heard.now)
    yield from installed_findings.update(Installation(ROOT))
    yield machine.clock(clock)
    journal = _journal(args, file)
    yield from machine.disks({"hệ thống": ROOT, "dữ liệu": journal.parent})
    yield from machine.wear(ROOT)
    yield from store_findings.backup_age(journal, values)
    yield from store_findings.second(journal, _second_place(file.document), heard.now)
    if "onestop" in here or not heard.units:
        yield from store_findings.inbox(values)
    yield machine.versions(
        heard.statuses,
        (f"SQLite {SQLITE_VERSION}", installed_findings.mosquitto() or "không có mosquitto"),
    )


def as_json(found: Sequence[Finding], file: ExaminedFile) -> str:
    """The shape of docs/technician.md: keys are added, never taken away or renamed."""
    told = {
        "motcua": VERSION,
        "hall": file.shared.hall.id if file.shared else None,
        "at": SystemClock().now(),
        "well": all(f.well for f in found),
        "findings": [asdict(f) for f in found],
    }
    return json.dumps(told, ensure_ascii=False, indent=2, default=datetime.isoformat)


def _journal(args: argparse.Namespace, file: ExaminedFile) -> Path:
    """Of the state folder that was given, or of this machine's units: there is the password."""
    given = journals.find(args, file.shared) if args.state else None
    if (given is not None and given.exists()) or file.shared is None:
        return given or ROOT / CONTROLLER / journals.NAME
    return journals.find(argparse.Namespace(state=None), file.shared)


def _second_place(document: settings.Document) -> BackupSection | None:
    with suppress(ValidationError):
        section = document.values.get("backup")
        return BackupSection.model_validate(section) if section is not None else None
    return None


# --- this machine's units -----------------------------------------------------------------------


def _unheard(file: ExaminedFile, clock: SystemClock) -> BusObservation:
    """Before the bus is asked: what this machine's systemd knows."""
    clients = [*expected(file.document.values)]
    usual = {client: usual_service(client) for client in clients}
    if faces.in_window(file.document):
        usual |= {c: r.window_unit for c in clients if (r := role_of(c).program) and r.window_unit}
    names = {*usual.values(), *unit_groups.NAMES.values(), "motcua-*.service", "mosquitto"}
    found = units.ask_systemd(sorted(names), clock)
    services = {client: _runs_in(client, unit, found) for client, unit in usual.items()}
    return BusObservation(*(clock.now(), file.zone, {}, {}, {}, ()), units=found, services=services)


def _runs_in(client: str, alone: str, found: Mapping[str, units.SystemdUnit]) -> str:
    """Its own unit, or that of its group where the group is what the machine starts."""
    program = role_of(client).program
    group = unit_groups.NAMES.get(program.role, "") if program else ""
    own, shared = found.get(alone), found.get(group)
    if shared is None or not (shared.is_on or shared.is_up) or (own is not None and own.is_up):
        return alone
    return group


def _is_here(service: str, heard: BusObservation) -> bool:
    unit = heard.units.get(service)
    return unit is not None and (unit.is_on or unit.is_up)


# --- the bus ------------------------------------------------------------------------------------


def _ask_bus(
    args: argparse.Namespace, file: ExaminedFile, unheard: BusObservation, wanted: Sequence[str]
) -> tuple[list[Finding], BusObservation]:
    if file.shared is None:
        return [*findings.from_units(wanted, unheard)], unheard
    try:
        with connection.connected(args, file.shared, _WATCHED) as hall:
            broker = Finding("broker", "tốt", well=True, last_seen=unheard.now, kind="broker")
            reply = hall.ask_hall(REQ_QUEUE, "ping", Ping(id=new_id()))
            hall.until(lambda: False, LISTEN_S)
            heard = _observe_bus(hall, unheard)
            state = hall.state(STATE_HALL, HallState)
            told = [broker, findings.queue(state, heard, answered=reply.status == "ok")]
            told += findings.devices(wanted, heard)
            if "onestop" in file.document.values or heard.onestop:
                told += findings.onestop(heard)
            return told, heard
    except NoHall as err:
        text, advice = str(err), err.advice
        away = Finding(
            "broker", "không nối được", well=False, text=text, advice=advice, kind="broker"
        )
        return [away, *findings.from_units(wanted, unheard)], unheard


def _observe_bus(hall: Terminal, unheard: BusObservation) -> BusObservation:
    statuses = {k: s for k, s in hall.states(DEV_STATUS).items() if isinstance(s, DeviceStatus)}
    alerts = {k: a for k, a in hall.states(DEV_ALERT).items() if isinstance(a, Alert)}
    silent = replace(
        unheard,
        now=hall.context.clock.now(),
        statuses=statuses,
        alerts=alerts,
        spoke=hall.spoke,
        onestop=hall.state(EXT_STATUS, OnestopStatus),
    )
    return replace(silent, answering=_answering(hall, silent.live()))


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
