"""What a technician is told of each device and link. Pure: from what was heard to lines."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo

from hall.cli.units import NO_CREDENTIAL, NO_STORE, WRONG_CONFIG, SystemdUnit
from hall.contract.messages import Alert, DeviceStatus, UnitHealth
from hall.contract.onestop_messages import OnestopStatus
from hall.contract.rights import role_of

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


@dataclass(frozen=True, slots=True)
class Finding:
    """One device or link. `well`: nobody has to do anything. `last_seen`: surely there then."""

    name: str
    state: str
    well: bool
    text: str = ""
    advice: str = ""
    last_seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class BusObservation:
    """Everything the bus told: `spoke` is who was last heard when, `answering` who answers now.

    `units`: what this machine's systemd says of the roles that do not answer.
    `in_window`: counter displays are drawn in a window of this hall's machines.
    """

    now: datetime
    zone: tzinfo
    statuses: Mapping[str, DeviceStatus]
    alerts: Mapping[str, Alert]
    spoke: Mapping[str, datetime]
    answering: Collection[str]
    onestop: OnestopStatus | None = None
    units: Mapping[str, SystemdUnit] = field(default_factory=dict)
    in_window: bool = False

    def alerts_of(self, client: str) -> tuple[Alert, ...]:
        return tuple(a for key, a in sorted(self.alerts.items()) if key.split("/")[0] == client)

    def service_of(self, client: str) -> str:
        """The systemd unit that runs this client."""
        program = role_of(client).program
        if program is None:
            return f"motcua-{client}"
        return (self.in_window and program.window_unit) or program.unit_of(client)

    def live(self) -> tuple[str, ...]:
        """Who says to be there and must answer when asked: our daemons, not another maker's."""
        return tuple(
            client
            for client, status in self.statuses.items()
            if status.state in _LIVE and status.sw.startswith(_OURS) and client != ONESTOP
        )


def devices(wanted: Collection[str], heard: BusObservation) -> Iterator[Finding]:
    """Every device that is wanted, and any other that has spoken."""
    for client in sorted({*wanted, *heard.statuses} - {ONESTOP}):
        yield from _device(client, heard)


def onestop(heard: BusObservation) -> Iterator[Finding]:
    """The link to the one-stop software; what it sent and could not be used is told too."""
    status, name = heard.onestop, "phần mềm một cửa"
    last = heard.spoke.get(ONESTOP)
    if status is None or status.state != "ready":
        state = "mất kết nối" if status else "chưa thấy"
        advice = "Lấy số, gọi số vẫn chạy; tra cứu và số liệu thì chưa. Báo đơn vị phần mềm."
        yield Finding(name, state, well=False, advice=advice, last_seen=last)
        return
    alerts = heard.alerts_of(ONESTOP)
    yield from (_alert(name, "có lỗi", alert, heard) for alert in alerts)
    if not alerts:
        yield Finding(name, "tốt", well=True, text=status.source, last_seen=heard.now)


def silent(wanted: Collection[str], heard: BusObservation) -> tuple[str, ...]:
    """Who should be there and does not answer: of them the service manager may know more."""
    told = sorted({*wanted, *heard.statuses} - {ONESTOP})
    return tuple(c for c in told if c not in heard.live() or c not in heard.answering)


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
    unit = heard.units.get(found.name)
    if unit is None:
        return found
    if unit.said:
        return replace(found, text=unit.said, advice=_look_at(found.name, heard))
    service = heard.service_of(found.name)
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
        return Finding(name, "tốt", well=True, text=text, last_seen=heard.now)
    advice = "Kiểm tra nguồn của bộ này, hai dây A–B, địa chỉ trùng."
    return Finding(
        name, "không trả lời", well=False, text=text, advice=advice, last_seen=unit.seen_at
    )


def _alert(name: str, state: str, alert: Alert, heard: BusObservation) -> Finding:
    return Finding(
        name,
        state,
        well=False,
        text=f"{alert.text} (từ {clock(alert.since, heard.zone)})",
        advice=alert.advice,
        last_seen=heard.now,
    )


def clock(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%H:%M %d/%m}"


def _look_at(client: str, heard: BusObservation) -> str:
    service = heard.service_of(client)
    return f"Xem: systemctl status {service}; journalctl -u {service} -n 50"
