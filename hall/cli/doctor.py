"""`motcua doctor`: one line per device and link – state, last seen, what to do."""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from hall.cli import terminal
from hall.cli.check import judge
from hall.cli.tables import table
from hall.cli.terminal import NoHall, Terminal
from hall.contract.messages import Alert, DeviceStatus, HallState, OnestopStatus
from hall.contract.requests import Ping
from hall.contract.topics import (
    DEV_ALERT,
    DEV_STATUS,
    EXT_STATUS,
    REQ_QUEUE,
    STATE_HALL,
)
from hall.runtime import settings
from hall.runtime.bus import Subscription
from hall.runtime.requester import new_id
from hall.runtime.roles import CONFIG_ERROR
from hall.runtime.sections import Shared

LISTEN_S = 1.5
_STATES = {
    "init": "đang khởi động",
    "ready": "tốt",
    "degraded": "có lỗi",
    "disconnected": "đã dừng",
    "lost": "mất kết nối",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One device or link. `well`: nobody has to do anything."""

    name: str
    state: str
    well: bool
    text: str = ""
    advice: str = ""


def arguments(parser: argparse.ArgumentParser, _command: str) -> None:
    terminal.add_arguments(parser)
    parser.add_argument("--json", action="store_true", help="cho máy đọc")


def main(args: argparse.Namespace) -> int:
    try:
        document, shared = judge(args.config)
        found = list(_examine(args, document, shared))
    except settings.ConfigError as err:
        print(err, file=sys.stderr)
        return CONFIG_ERROR
    _print(found, as_json=args.json)
    return 0 if all(f.well for f in found) else 1


def _examine(
    args: argparse.Namespace, document: settings.Document, shared: Shared
) -> Iterator[Finding]:
    watched = [Subscription(c) for c in (DEV_STATUS, DEV_ALERT, STATE_HALL, EXT_STATUS)]
    try:
        with terminal.connected(args, shared, watched) as hall:
            yield Finding("broker", "tốt", well=True)
            reply = hall.ask(REQ_QUEUE, "ping", Ping(id=new_id()))
            hall.until(lambda: False, LISTEN_S)
            yield _queue(hall, answered=reply.status == "ok")
            yield from _devices(hall, document)
            if "onestop" in document.values or hall.states(EXT_STATUS):
                yield _onestop(hall)
    except NoHall as err:
        yield Finding(
            "broker",
            "không nối được",
            well=False,
            text=str(err),
            advice="Xem mosquitto có chạy không: systemctl status mosquitto; kiểm tra broker.url.",
        )


def _queue(hall: Terminal, *, answered: bool) -> Finding:
    state = hall.state(STATE_HALL, HallState)
    if not answered:
        return Finding(
            "hàng chờ",
            "không trả lời",
            well=False,
            advice="Xem: systemctl status motcua-controller; journalctl -u motcua-controller",
        )
    text = f"ngày {state.day}, chờ {state.waiting}, đã xong {state.served_today}" if state else ""
    return Finding("hàng chờ", "tốt", well=True, text=text)


def _devices(hall: Terminal, document: settings.Document) -> Iterator[Finding]:
    """Every device that the YAML expects, and any other that has spoken."""
    seen = hall.states(DEV_STATUS)
    for client in sorted({*_expected(document), *seen} - {"onestop"}):
        status = seen.get(client)
        yield from _device(hall, client, status if isinstance(status, DeviceStatus) else None)


def _expected(document: settings.Document) -> Iterator[str]:
    values = document.values
    yield "controller"
    for section in ("printers", "kiosks", "bridges"):
        yield from (str(entry["id"]) for entry in values.get(section) or ())
    display = values.get("display") or {}
    yield from (role for role in ("board", "voice") if display.get(role) is not None)
    if display.get("faces"):
        yield "display"


def _device(hall: Terminal, client: str, status: DeviceStatus | None) -> Iterator[Finding]:
    if status is None:
        unit = client.rsplit("-", 1)[0] if client[-1].isdigit() else client
        advice = f"Chưa từng nghe thấy: máy có điện và dịch vụ motcua-{unit} có chạy không?"
        yield Finding(client, "chưa thấy", well=False, advice=advice)
        return
    alerts = [
        alert
        for key, alert in hall.states(DEV_ALERT).items()
        if key.split("/")[0] == client and isinstance(alert, Alert)
    ]
    if not alerts:
        well = status.state in ("ready", "init")
        advice = "" if well else "Xem nhật ký của dịch vụ này: journalctl -u 'motcua-*'"
        yield Finding(client, _STATES[status.state], well=well, text=status.sw, advice=advice)
    for alert in alerts:
        since = f"{alert.text} (từ {alert.since.astimezone():%H:%M %d/%m})"
        yield Finding(client, _STATES[status.state], well=False, text=since, advice=alert.advice)


def _onestop(hall: Terminal) -> Finding:
    status = hall.state(EXT_STATUS, OnestopStatus)
    if status is not None and status.state == "ready":
        return Finding("phần mềm một cửa", "tốt", well=True, text=status.source)
    return Finding(
        "phần mềm một cửa",
        "mất kết nối" if status else "chưa thấy",
        well=False,
        advice="Lấy số, gọi số vẫn chạy; tra cứu và số liệu thì chưa. Báo đơn vị phần mềm.",
    )


def _print(found: list[Finding], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps([asdict(f) for f in found], ensure_ascii=False, indent=2))
        return
    rows = [("✓" if f.well else "✗", f.name, f.state, f.text) for f in found]
    print(table(("", "Thiết bị", "Tình trạng", ""), rows))
    wrong = [f for f in found if not f.well]
    if wrong:
        print("\nViệc cần làm:")
    for finding in wrong:
        print(f"  • {finding.name}: {finding.text or finding.state}")
        if finding.advice:
            print(f"    → {finding.advice}")
