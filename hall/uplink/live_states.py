"""Sends the hall's live states to the province: the newest of each, at most once a second.

The next go when the broker has those before: a line that is slow or dead holds back what is newer,
and in the end only the newest is sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hall.contract import codec
from hall.contract.codec import TooLarge
from hall.contract.messages import DeviceStatus
from hall.contract.province import UPLINK, HallAddress, topic_up
from hall.contract.topics import DEV_ALERT, DEV_STATUS, STATE_HALL, Channel
from hall.contract.upward import UpStatus, state_up
from hall.contract.words import WireModel
from hall.runtime.bus import Cleared, Received
from hall.runtime.daemon import DaemonContext
from hall.runtime.far_link import FarLink, FarWill
from hall.uplink.budget import ByteBudget
from hall.uplink.mirror import Levels, LiveState, Mirror, StateChange

FLUSH_S = 1.0
# An unchanged heartbeat says that the hall is there.
REPEAT_S = 30.0
# What the hall's broker has retained is heard by then.
SETTLED_S = 5.0
# Told at the province alone: the hall itself cannot hear it then.
BUS_LOST = "hall_bus_lost"
_HALL = (STATE_HALL, ())
_OWN = (("client", UPLINK),)


def will(context: DaemonContext, conn: str) -> FarWill:
    """What the province hears when the link breaks."""
    status = UpStatus(state="lost", conn=conn, host=context.bus.host, sw=context.health.status().sw)
    topic = topic_up(context.hall, DEV_STATUS, dict(_OWN))
    return FarWill(topic, _packed(context, UPLINK, status))


def _packed(context: DaemonContext, src: str, message: WireModel) -> bytes:
    return codec.pack(message, hall=context.hall, src=src, ts=context.clock.now())


@dataclass(slots=True)
class LiveStates:
    context: DaemonContext
    link: FarLink
    budget: ByteBudget
    source: str = ""
    _mirror: Mirror = field(default_factory=Mirror)
    _conn: str = ""
    _hall_since: float | None = None
    _on_way: set[int] = field(default_factory=set)
    _flush_at: float = 0.0
    _repeat_at: float = 0.0
    _is_alive: bool = False

    # --- the hall's side ------------------------------------------------------------------------

    def hall_linked(self, now: float) -> None:
        self._hall_since = now

    def hall_lost(self) -> None:
        self._hall_since = None

    def take_state(self, item: Received) -> None:
        if item.channel is STATE_HALL and not item.retained:
            self._is_alive = True
        self._put(item.channel, item.levels, item.src, item.message)

    def take_removal(self, item: Cleared) -> None:
        self._mirror.drop((item.channel, _ordered(item.levels)))

    def _put(
        self, channel: Channel, levels: Mapping[str, str], src: str, message: WireModel
    ) -> None:
        lean = state_up(channel, message)
        if lean is not None:
            self._mirror.put((channel, _ordered(levels)), LiveState(src, lean))

    # --- the province's side --------------------------------------------------------------------

    def linked(self, conn: str) -> None:
        self._conn = conn
        self._on_way.clear()
        self._mirror.linked()

    def lost(self) -> None:
        self._conn = ""
        self._on_way.clear()

    def found(self, address: HallAddress) -> None:
        """The province has this retained from an earlier connection."""
        self._mirror.found((address.channel, _ordered(address.levels)))

    def arrived(self, token: int) -> None:
        self._on_way.discard(token)

    def tick(self, now: float) -> float:
        if not self._conn:
            return now + REPEAT_S
        if now >= self._flush_at and not self._on_way:
            self._flush_at = now + FLUSH_S
            self._flush(now)
        return self._flush_at

    def farewell(self) -> None:
        """An orderly leave is no breakdown."""
        if self._conn:
            status = self._own_status().model_copy(update={"state": "disconnected"})
            topic = topic_up(self.context.hall, DEV_STATUS, dict(_OWN))
            self.link.publish(topic, _packed(self.context, UPLINK, status), retain=True)

    def _flush(self, now: float) -> None:
        if self._is_alive and now >= self._repeat_at:
            self._is_alive, self._repeat_at = False, now + REPEAT_S
            self._mirror.repeat(_HALL)
        self._put_own()
        settled = self._hall_since is not None and now >= self._hall_since + SETTLED_S
        for change in tuple(self._mirror.changes(settled=settled)):
            if not self.budget.allows(now) or not self._send(change, now):
                return

    def _send(self, change: StateChange, now: float) -> bool:
        channel, levels = change.key
        try:
            payload = b"" if change.told is None else self._payload(change.told)
        except TooLarge:
            # A hall's own broker takes no more than this either.
            self._mirror.sent(change)
            return True
        topic = topic_up(self.context.hall, channel, dict(levels))
        token = self.link.publish(topic, payload, retain=True)
        if token is None:
            return False
        self.budget.spend(len(topic) + len(payload), now)
        self._on_way.add(token)
        self._mirror.sent(change)
        return True

    def _payload(self, told: LiveState) -> bytes:
        return _packed(self.context, told.src, told.message)

    def _put_own(self) -> None:
        """Our own status and alerts, which the bus keeps from us."""
        self._mirror.put((DEV_STATUS, _OWN), LiveState(UPLINK, self._own_status()))
        alerts = self.context.health.alerts
        for key in self._mirror.keys_of(DEV_ALERT, UPLINK):
            if dict(key[1])["code"] not in alerts:
                self._mirror.drop(key)
        for code, alert in alerts.items():
            self._put(DEV_ALERT, {"client": UPLINK, "code": code}, UPLINK, alert)

    def _own_status(self) -> UpStatus:
        status: DeviceStatus = self.context.health.status()
        alerts = status.alerts if self._hall_since is not None else (*status.alerts, BUS_LOST)
        return UpStatus(
            state="degraded" if alerts and status.state == "ready" else status.state,
            conn=self._conn,
            host=status.host,
            sw=status.sw,
            alerts=alerts,
            source=self.source,
        )


def _ordered(levels: Mapping[str, str]) -> Levels:
    return tuple(sorted(levels.items()))
