"""A daemon's health as the hall sees it: its state and its alerts, published and repeated."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hall import VERSION
from hall.contract.messages import Alert, DeviceStatus, UnitHealth
from hall.contract.roles import ACL_DENIED, FILES_UNUSABLE, TWIN
from hall.contract.topics import DEV_ALERT, DEV_STATUS
from hall.runtime.bus import Bus
from hall.runtime.clock import Clock
from hall.runtime.link_faults import LinkFault, Outlook
from hall.runtime.settings import Mistake
from hall.runtime.twins import TwinWatch, twin_words

log = logging.getLogger(__name__)

# Between two answers to a status that is not ours; both of us would answer for ever.
_INSIST_S = 1.0
# Characters of an alert that lists what a person wrote.
_MOST_TOLD = 400


def software() -> str:
    """Name and version of this software, as `sw` in a device's status."""
    return f"motcua {VERSION}"


@dataclass(slots=True)
class Health:
    """Alerts are retained until solved. Ready means: started, and nothing for a person to mend.

    `alert` and `solve` judge a code. What an earlier run left retained is withdrawn when it is
    heard, unless its code is inherited and not yet judged by this run.
    """

    bus: Bus
    clock: Clock
    state: str = "init"
    errors: int = 0
    units: tuple[UnitHealth, ...] = ()
    _conn: str = ""
    _alerts: dict[str, Alert] = field(default_factory=dict)
    _unjudged: set[str] = field(default_factory=set)
    _twins: TwinWatch = field(init=False)
    _insisted_at: float = 0.0

    def __post_init__(self) -> None:
        self._twins = TwinWatch(self.bus.client)

    @property
    def alerts(self) -> Mapping[str, Alert]:
        return self._alerts

    def inherit(self, *codes: str) -> None:
        """Call before the bus is opened, for faults of a device that has yet to show itself.

        An alert of an earlier run under such a code stands until `alert` or `solve` judges it.
        """
        self._unjudged.update(codes)

    def alert(self, code: str, text: str, advice: str = "") -> None:
        """Tell people of a fault, once; a new text for the same code replaces the old one."""
        self._unjudged.discard(code)
        known = self._alerts.get(code)
        if known is not None and (known.text, known.advice) == (text, advice):
            return
        if known is None:
            log.warning("alert %s: %s", code, text)
        since = known.since if known else self.clock.now()
        self._keep(code, Alert(code=code, text=text, advice=advice, since=since))

    def solve(self, code: str) -> None:
        """There is no such fault: withdraw its alert, also one of an earlier run."""
        self._unjudged.discard(code)
        if self._alerts.pop(code, None) is None:
            return
        log.warning("alert %s solved", code)
        self.bus.clear(DEV_ALERT, client=self.bus.client, code=code)
        self._publish()

    def set_state(self, state: str) -> None:
        self.state = state
        self._publish()

    def set_units(self, units: tuple[UnitHealth, ...]) -> None:
        self.units = units
        self._publish()

    def connected(self, conn: str) -> None:
        """Say everything again: the broker may have forgotten it, or hold our last will."""
        self._conn = conn
        self._twins.connected(conn, self.clock.monotonic())
        self.solve(ACL_DENIED)
        for code, alert in self._alerts.items():
            self.bus.publish(DEV_ALERT, alert, client=self.bus.client, code=code)
        self._publish()

    def denied(self) -> None:
        """The broker refused a message that our role may write."""
        self.alert(
            ACL_DENIED,
            "Broker không nhận một bản tin của vai trò này: bảng phân quyền không khớp.",
            "Chạy: sudo motcua broker-config -c /etc/motcua/hall.yaml --write / "
            "rồi sudo systemctl restart mosquitto",
        )

    def does_without(self, unusable: Sequence[Mistake]) -> None:
        """Files that the YAML names and this run does without."""
        told = "; ".join(f"{each.path}: {each.text}" for each in unusable)
        self.alert(
            FILES_UNUSABLE,
            f"Tệp mà hall.yaml nêu tên không dùng được, đang chạy không có nó: {told}"[:_MOST_TOLD],
            "Chép lại tệp ấy (quyền đọc cho mọi người: chmod 644) hoặc bỏ tên nó khỏi hall.yaml, "
            "rồi chạy lại dịch vụ này.",
        )

    def lost(self) -> None:
        """The connection to the broker has ended, and not by us."""
        self._twins.lost(self.clock.monotonic())

    @property
    def others_host(self) -> str:
        """Where another one under our id runs or ran; "" = not known."""
        return self._twins.other

    def tick(self, now: float) -> float:
        """Tell of a twin, or that it has gone; come back after making way; when to look again."""
        if self._twins.is_back(now):
            self.set_state("ready")
            self.bus.resume()
        if self._twins.is_told(now):
            self.alert(TWIN, *twin_words(self.bus.client, self.bus.host, self._twins.other))
        elif self._twins.is_quiet:
            self.solve(TWIN)
        return now + (3600.0 if self._twins.is_quiet else 1.0)

    def heard_own(self, status: DeviceStatus, *, retained: bool) -> None:
        """A late will of an earlier connection must not stand."""
        now = self.clock.monotonic()
        if self._twins.hear_status(status, self.bus.host, now, retained=retained):
            self._make_way(now)
        elif status.state == "lost" or (status.conn != self._conn and self._conn):
            self._insist(now, at_once=retained or status.state in ("lost", "disconnected"))

    def _make_way(self, now: float) -> None:
        self._twins.make_way(now)
        text, advice = twin_words(self.bus.client, self.bus.host, self._twins.other)
        self.set_state("disconnected")
        self.bus.withdraw(LinkFault(f"{text} Máy này tạm đứng lại", advice, Outlook.LASTING))

    def _insist(self, now: float, *, at_once: bool) -> None:
        if at_once or now - self._insisted_at >= _INSIST_S:
            self._insisted_at = now
            self._publish()

    def heard_own_alert(self, code: str, alert: Alert, *, retained: bool) -> None:
        """Ours of an earlier run, one that was solved while the broker was away, or an echo."""
        known = self._alerts.get(code)
        if known is None and retained and code in self._unjudged:
            self._keep(code, alert)
        elif known is None:
            self.bus.clear(DEV_ALERT, client=self.bus.client, code=code)
        elif alert.since < known.since:
            self._keep(code, known.model_copy(update={"since": alert.since}))

    def status(self) -> DeviceStatus:
        shown = "degraded" if self.state == "ready" and self._alerts else self.state
        return DeviceStatus.model_validate(
            {
                "state": shown,
                "conn": self._conn,
                "host": self.bus.host,
                "sw": software(),
                "alerts": tuple(self._alerts),
                "units": self.units,
            }
        )

    def _keep(self, code: str, alert: Alert) -> None:
        self._alerts[code] = alert
        self.bus.publish(DEV_ALERT, alert, client=self.bus.client, code=code)
        self._publish()

    def _publish(self) -> None:
        if self._conn:
            self.bus.publish(DEV_STATUS, self.status(), client=self.bus.client)
