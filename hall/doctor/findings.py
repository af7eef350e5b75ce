"""What a technician is told of each device and link. Pure: from what was heard to lines."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, tzinfo
from typing import Literal

from hall.contract.messages import Alert, DeviceStatus, HallState, UnitHealth
from hall.contract.onestop_messages import OnestopStatus
from hall.contract.rights import role_of
from hall.doctor.units import NO_CREDENTIAL, NO_STORE, WRONG_CONFIG, SystemdUnit

ONESTOP = "onestop"
_STATES = {
    "init": "đang khởi động",
    "ready": "tốt",
    "degraded": "có lỗi",
    "disconnected": "đã dừng",
    "lost": "mất kết nối",
}
_OURS = "motcua "
_LIVE = ("init", "ready", "degraded")


FindingKind = Literal[
    "config",
    "broker",
    "database",
    "queue",
    "device",
    "bus-unit",
    "onestop",
    "unit",
    "credential",
    "certificate",
    "clock",
    "disk",
    "card",
    "version",
    "backup",
    "inbox",
    "update",
    "pages",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a hall stands on. `well`: nobody has to do anything.

    `last_seen`: surely there then; `since`: in this state from then on, where that is known.
    """

    name: str
    state: str
    well: bool
    text: str = ""
    advice: str = ""
    last_seen: datetime | None = None
    kind: FindingKind = "device"
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class BusObservation:
    """Everything the bus told: `spoke` is who was last heard when, `answering` who answers now.

    `units`: what this machine's systemd says of its units, by their names.
    `services`: the units of clients that run in another than their usual one.
    """

    now: datetime
    zone: tzinfo
    statuses: Mapping[str, DeviceStatus]
    alerts: Mapping[str, Alert]
    spoke: Mapping[str, datetime]
    answering: Collection[str]
    onestop: OnestopStatus | None = None
    units: Mapping[str, SystemdUnit] = field(default_factory=dict)
    services: Mapping[str, str] = field(default_factory=dict)

    def alerts_of(self, client: str) -> tuple[Alert, ...]:
        return tuple(a for key, a in sorted(self.alerts.items()) if key.split("/")[0] == client)

    def service_of(self, client: str) -> str:
        """The systemd unit that runs this client."""
        return self.services.get(client) or usual_service(client)

    def live(self) -> tuple[str, ...]:
        """Who says to be there and must answer when asked: our daemons, not another maker's."""
        return tuple(
            client
            for client, status in self.statuses.items()
            if status.state in _LIVE and status.sw.startswith(_OURS) and client != ONESTOP
        )


def usual_service(client: str) -> str:
    program = role_of(client).program
    return f"motcua-{client}" if program is None else program.unit_of(client)


def devices(wanted: Collection[str], heard: BusObservation) -> Iterator[Finding]:
    """Every device that is wanted, and any other that has spoken."""
    for client in sorted({*wanted, *heard.statuses} - {ONESTOP}):
        yield from _device(client, heard)


def queue(state: HallState | None, heard: BusObservation, *, answered: bool) -> Finding:
    if not answered:
        service = heard.service_of("controller")
        advice = f"Xem: systemctl status {service}; journalctl -u {service}"
        last = heard.spoke.get("controller")
        return Finding(
            "hàng chờ", "không trả lời", well=False, advice=advice, last_seen=last, kind="queue"
        )
    text = _of_the_day(state) if state else ""
    return Finding("hàng chờ", "tốt", well=True, text=text, last_seen=heard.now, kind="queue")


def _of_the_day(state: HallState) -> str:
    day = date.fromisoformat(state.day)
    return f"ngày {day:%d/%m/%Y}, chờ {state.waiting}, đã xong {state.served_today}"


def onestop(heard: BusObservation) -> Iterator[Finding]:
    """The link to the one-stop software; what it sent and could not be used is told too."""
    status, name = heard.onestop, "phần mềm một cửa"
    last = heard.spoke.get(ONESTOP)
    if status is None or status.state != "ready":
        state = "mất kết nối" if status else "chưa thấy"
        advice = "Lấy số, gọi số vẫn chạy; tra cứu và số liệu thì chưa. Báo đơn vị phần mềm."
        yield Finding(name, state, well=False, advice=advice, last_seen=last, kind="onestop")
        return
    alerts = heard.alerts_of(ONESTOP)
    for alert in alerts:
        yield replace(_alert(name, "có lỗi", alert, heard), kind="onestop")
    if not alerts:
        text = status.source
        yield Finding(name, "tốt", well=True, text=text, last_seen=heard.now, kind="onestop")


def from_units(wanted: Collection[str], heard: BusObservation) -> Iterator[Finding]:
    """The devices of this machine, where the bus cannot be asked: by what their units say."""
    for client in wanted:
        unit = heard.units.get(heard.service_of(client))
        if unit is not None and (unit.is_on or unit.is_up):
            state = "chạy, chưa nối được broker" if unit.is_up else "không chạy"
            advice = _look_at(client, heard)
            found = Finding(client, state, well=False, advice=advice, since=unit.since)
            yield _explained(found, heard)


def _device(client: str, heard: BusObservation) -> Iterator[Finding]:
    status, last = heard.statuses.get(client), heard.spoke.get(client)
    if status is None:
        advice = f"Chưa từng nghe thấy: máy có điện không? {_look_at(client, heard)}"
        found = Finding(client, "chưa thấy", well=False, advice=advice)
    elif status.state not in _LIVE:
        stopped = status.state == "disconnected"
        start = f"Chạy lại: sudo systemctl start {heard.service_of(client)}"
        advice = start if stopped else _look_at(client, heard)
        found = Finding(client, _STATES[status.state], well=False, advice=advice, last_seen=last)
    elif client in heard.live() and client not in heard.answering:
        advice = f"Chạy lại: sudo systemctl restart {heard.service_of(client)}"
        found = Finding(client, "không trả lời", well=False, advice=advice, last_seen=last)
    else:
        yield from _living(client, status, heard)
        return
    yield _explained(found, heard)


def _explained(found: Finding, heard: BusObservation) -> Finding:
    """With what the role told its service manager, which it could not tell the bus."""
    service = heard.service_of(found.name)
    unit = heard.units.get(service)
    if unit is None:
        return found
    if unit.said:
        return replace(found, text=unit.said, advice=_look_at(found.name, heard))
    match unit.ended:
        case code if code == NO_CREDENTIAL:
            return replace(
                found,
                text="dịch vụ không chạy được: thiếu tệp mật khẩu",
                advice=f"Đặt tệp /etc/motcua/credentials/{found.name} (motcua broker-config), "
                f"rồi: sudo systemctl restart {service}",
            )
        case code if code == WRONG_CONFIG:
            return replace(
                found,
                text="dịch vụ không chạy được: tệp cấu hình sai",
                advice=f"Chạy motcua check, sửa tệp, rồi: sudo systemctl start {service}",
            )
        case code if code == NO_STORE:
            return replace(
                found,
                text="dịch vụ không ghi được đĩa",
                advice=f"Đĩa đầy hoặc chỉ đọc: df -h, dmesg. {_look_at(found.name, heard)}",
            )
        case _:
            return found


def _living(client: str, status: DeviceStatus, heard: BusObservation) -> Iterator[Finding]:
    alerts = heard.alerts_of(client)
    yield from (_alert(client, _STATES[status.state], alert, heard) for alert in alerts)
    if not alerts:
        well = status.state != "degraded"
        advice = "" if well else _look_at(client, heard)
        state = _STATES[status.state]
        seen = heard.now if client in heard.answering else heard.spoke.get(client)
        yield Finding(client, state, well=well, text=status.sw, advice=advice, last_seen=seen)
    yield from (_unit(client, unit, heard) for unit in status.units)


def _unit(client: str, unit: UnitHealth, heard: BusObservation) -> Finding:
    name = f"{client} · bus {unit.bus}, địa chỉ {unit.address}"
    text = f"bộ ở quầy {unit.counter}"
    if unit.alive:
        seen = heard.now
        return Finding(name, "tốt", well=True, text=text, last_seen=seen, kind="bus-unit")
    advice = "Kiểm tra nguồn của bộ này, hai dây A–B, địa chỉ trùng."
    return Finding(
        *(name, "không trả lời"),
        well=False,
        text=text,
        advice=advice,
        last_seen=unit.seen_at,
        kind="bus-unit",
    )


def _alert(name: str, state: str, alert: Alert, heard: BusObservation) -> Finding:
    return Finding(
        name,
        state,
        well=False,
        text=f"{alert.text} (từ {clock(alert.since, heard.zone)})",
        advice=alert.advice,
        last_seen=heard.now,
        since=alert.since,
    )


def clock(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%H:%M %d/%m}"


def _look_at(client: str, heard: BusObservation) -> str:
    service = heard.service_of(client)
    return f"Xem: systemctl status {service}; journalctl -u {service} -n 50"
