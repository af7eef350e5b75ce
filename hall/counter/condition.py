"""What the hall's head and its technician are shown of each part of it, in the doctor's words.

From what the bus tells and what any process may see of its machine. Units, passwords and
certificates are for `sudo motcua doctor`: nothing is asked with more rights for a browser. Who
hangs without a word counts as there: its own systemd starts it again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from pathlib import Path

from hall.contract.messages import Alert, DeviceStatus, HallState
from hall.contract.onestop_messages import OnestopStatus
from hall.contract.topics import DEV_ALERT, Channel
from hall.doctor import findings, machine
from hall.doctor.findings import BusObservation, Finding
from hall.runtime.bus import Received
from hall.runtime.clock import Clock
from hall.runtime.daemon import DaemonContext

_LINK_LOST = "Máy chủ trang này mất kết nối với broker; tình trạng các máy khác chưa biết được."


@dataclass(slots=True)
class HallCondition:
    """`wanted`: the clients of the YAML. `state`: a folder on the disk that is written.

    `machine`: where /sys is.
    """

    wanted: tuple[str, ...]
    zone: tzinfo
    clock: Clock
    state: Path
    machine: Path = Path("/")
    _statuses: dict[str, DeviceStatus] = field(default_factory=dict)
    _alerts: dict[str, Alert] = field(default_factory=dict)
    _spoke: dict[str, datetime] = field(default_factory=dict)
    _hall: HallState | None = None
    _onestop: OnestopStatus | None = None

    def take_message(self, item: Received) -> None:
        if item.ts is not None:
            self._spoke[item.src] = max(item.ts, self._spoke.get(item.src, item.ts))
        match item.message:
            case DeviceStatus() as status:
                self._statuses[item.levels["client"]] = status
            case Alert() as alert:
                self._alerts[_alert_key(item.levels)] = alert
            case HallState() as state:
                self._hall = state
            case OnestopStatus() as status:
                self._onestop = status
            case _:
                pass

    def gone(self, channel: Channel, levels: Mapping[str, str]) -> None:
        if channel is DEV_ALERT:
            self._alerts.pop(_alert_key(levels), None)

    def findings(self, own: DaemonContext, *, linked: bool, answered: bool) -> Iterator[Finding]:
        """`own`: of the pages themselves. `answered`: the controller is heard."""
        heard = self._observation(own)
        if linked:
            yield Finding("broker", "tốt", well=True, kind="broker")
            yield findings.queue(self._hall, heard, answered=answered)
            yield from findings.devices(self.wanted, heard)
            if findings.ONESTOP in self.wanted or self._onestop:
                yield from findings.onestop(heard)
        else:
            yield _away(own)
        yield machine.clock(self.clock)
        yield from machine.disks({"dữ liệu": self.state})
        yield from machine.wear(self.machine)
        yield machine.versions(heard.statuses)

    def entries(
        self, own: DaemonContext, *, linked: bool, answered: bool
    ) -> Mapping[str, Mapping[str, object]]:
        """By key, as pages are sent them; of what is well no moment: it would change for ever."""
        made: dict[str, Mapping[str, object]] = {}
        found = self.findings(own, linked=linked, answered=answered)
        for place, each in enumerate(found):
            seen = None if each.well else each.last_seen
            told = {"name": each.name, "state": each.state, "well": each.well, "text": each.text}
            told |= {"advice": each.advice, "since": _iso(each.since), "last_seen": _iso(seen)}
            made[f"{place:03d}"] = told
        return made

    def _observation(self, own: DaemonContext) -> BusObservation:
        alerts = {f"{own.client}/{code}": alert for code, alert in own.health.alerts.items()}
        heard = BusObservation(
            self.clock.now(),
            self.zone,
            self._statuses | {own.client: own.health.status()},
            self._alerts | alerts,
            self._spoke,
            (),
            onestop=self._onestop,
        )
        return replace(heard, answering=heard.live())


def _away(own: DaemonContext) -> Finding:
    fault = own.bus.fault
    text, advice = (fault.text, fault.advice) if fault else (_LINK_LOST, "Xem: sudo motcua doctor")
    return Finding("broker", "không nối được", well=False, text=text, advice=advice, kind="broker")


def _alert_key(levels: Mapping[str, str]) -> str:
    return f"{levels['client']}/{levels['code']}"


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
