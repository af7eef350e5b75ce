"""Tells the province what is true now and what has happened; the hall never waits for it."""

import logging
from dataclasses import dataclass

from hall.contract import codec
from hall.contract.codec import Garbled
from hall.contract.messages import HallState
from hall.contract.province import HallAddress, UpAck, UpRefusal, find_up
from hall.contract.requests import Request, Simulate
from hall.contract.topics import REQ_DEV, STATE_HALL
from hall.contract.upward import STATES, UpStatus
from hall.contract.words import WireModel
from hall.runtime.bus import Cleared, Connected, Disconnected, Received, expect
from hall.runtime.daemon import DaemonContext
from hall.runtime.far_link import FarDown, FarHeard, FarSent, FarUp
from hall.runtime.link_faults import LinkFault
from hall.uplink.journal_upload import JournalUpload
from hall.uplink.link_section import ConnectedLink
from hall.uplink.live_states import LiveStates
from hall.uplink.outbox import Stopped

log = logging.getLogger(__name__)

# A line that comes back by itself within this is nobody's concern.
PATIENCE_S = 60.0
# How long another one under our name is remembered after it was heard.
TWIN_S = 300.0
TWIN_PAUSE_S = 60.0
DISK_PAUSE_S = 10.0
_TWIN = LinkFault("máy khác nối bằng cùng mã hội trường", "Xem cảnh báo province_twin.")
_GOES_ON = "Hội trường vẫn chạy bình thường; việc chưa gửi nằm trong nhật ký và tự gửi khi nối lại."
_AHEAD = (
    "Tỉnh đã có tới sự kiện {held} của mã hội trường này, nhật ký ở đây chỉ tới {end}: có máy khác "
    "dùng cùng mã, hoặc nhật ký được chép lại mà không qua motcua restore."
)


@dataclass(slots=True)
class UplinkService:
    context: DaemonContext
    connected: ConnectedLink
    states: LiveStates
    events: JournalUpload
    _conn: str = ""
    _fault: LinkFault | None = None
    _down_since: float | None = None
    _other: tuple[str, float] | None = None
    _links: int = 0
    _reopen_at: float | None = None

    def start(self) -> None:
        self.context.health.inherit("province_down", "province_refuses", "province_twin")
        self._down_since = self.context.clock.monotonic()
        self._open_link(self._down_since)

    def stop(self) -> None:
        self.events.close()
        self.states.farewell()
        self.connected.link.close()

    def tick(self, now: float) -> float:
        if self._reopen_at is not None and now >= self._reopen_at:
            self._reopen_at = None
            self._open_link(now)
        self._judge_link(now)
        self._judge_refusal()
        self._judge_twin(now)
        again = now + PATIENCE_S if self._reopen_at is None else self._reopen_at
        return min(self.states.tick(now), self.events.tick(now), again)

    def handle(self, item: object) -> None:
        now = self.context.clock.monotonic()
        match item:
            case Connected():
                self.states.hall_linked(now)
            case Disconnected():
                self.states.hall_lost()
            case Received(channel=channel) if channel is REQ_DEV:
                self._obey_request(item)
            case Received(channel=channel):
                if channel is STATE_HALL:
                    self.events.take_heartbeat(expect(item.message, HallState))
                self.states.take_state(item)
            case Cleared():
                self.states.take_removal(item)
            case _:
                self._handle_far(item, now)

    def _handle_far(self, item: object, now: float) -> None:
        match item:
            case FarUp(conn):
                self._linked(conn, now)
            case FarDown(fault):
                self._lost(fault, now)
            case FarSent(token):
                self.states.arrived(token)
            case FarHeard():
                self._take_message(item, now)
            case _:
                pass

    # --- the link -------------------------------------------------------------------------------

    def _open_link(self, now: float) -> None:
        """Where no mark can be kept we stay away: with another one at each start we are a twin."""
        try:
            self.states.source = self.events.store.source
        except OSError as err:
            why = f"thư mục trạng thái không ghi được: {err.strerror}"
            self._fault = LinkFault(why, "Xem cảnh báo disk_low.")
            self._reopen_at = now + DISK_PAUSE_S
            return
        self.connected.link.open(self.context.inbox.post)

    def _linked(self, conn: str, now: float) -> None:
        self._conn, self._fault, self._down_since = conn, None, None
        self._links += 1
        self.context.health.solve("province_down")
        self.states.linked(conn)
        self.events.linked(now)

    def _lost(self, fault: LinkFault, now: float) -> None:
        self._conn, self._fault = "", fault
        self._down_since = now if self._down_since is None else self._down_since
        self.states.lost()
        self.events.lost()

    def _take_message(self, item: FarHeard, now: float) -> None:
        address = find_up(item.topic)
        if address is None or address.hall != self.context.hall:
            return
        if address.channel in STATES and item.retained and item.payload:
            self.states.found(address)
        message = self._read(address, item.payload)
        match message:
            case UpAck():
                self.events.take_answer(message, now)
            case UpStatus(source=source) if source not in ("", self.states.source):
                self._hear_other(message, now)
            case _:
                pass

    def _read(self, address: HallAddress, payload: bytes) -> WireModel | None:
        try:
            opened = codec.open_payload(payload, hall=self.context.hall)
            return codec.read(address.model, opened.content)
        except Garbled as err:
            log.warning("from the province on %s: %s", address.channel.name, err.why)
            return None

    def _hear_other(self, status: UpStatus, now: float) -> None:
        """The broker throws out the first of two with one id, and tells neither why.

        What was ours when we were here before, and is another's now, was written in between. Both
        would throw each other out as fast as they can connect: we stay away for a while.
        """
        if self._links > 1:
            self._other = (status.host, now)
            self._reopen_at = now + TWIN_PAUSE_S
            self.connected.link.close()
            self._lost(_TWIN, now)

    # --- what a person must mend ----------------------------------------------------------------

    def _judge_link(self, now: float) -> None:
        if self._down_since is None or now < self._down_since + PATIENCE_S:
            return
        place = self.connected.place
        why = "" if self._fault is None else f": {self._fault.text}"
        advice = "" if self._fault is None else f"{self._fault.advice} "
        self.context.health.alert(
            "province_down", f"Không nối được lên tỉnh ({place}){why}", f"{advice}{_GOES_ON}"
        )

    def _judge_refusal(self) -> None:
        match self.events.refusal:
            case None:
                self.context.health.solve("province_refuses")
            case Stopped(why=UpRefusal(text=why)):
                self._refused(f"Tỉnh không nhận sự kiện của hội trường này: {why}")
            case Stopped(place=place):
                self._refused(_AHEAD.format(held=place.seq, end=self.events.upload.end))

    def _refused(self, text: str) -> None:
        advice = "Báo người vận hành ở tỉnh: motcua province status. "
        self.context.health.alert("province_refuses", text, f"{advice}{_GOES_ON}")

    def _judge_twin(self, now: float) -> None:
        if self._other is not None and now >= self._other[1] + TWIN_S:
            self._other = None
        if self._other is None:
            self.context.health.solve("province_twin")
            return
        ours, theirs = self.context.bus.host, self._other[0] or "một máy khác"
        self.context.health.alert(
            "province_twin",
            f"Hai máy cùng nối lên tỉnh bằng mã {self.context.hall}: {ours} và {theirs}.",
            "Tắt một máy, hoặc đổi hall.id của hội trường kia và xin tỉnh cấp mật khẩu riêng.",
        )

    def _obey_request(self, item: Received) -> None:
        client, request = item.levels["client"], expect(item.message, Request)
        steering = self.connected.steering
        if (
            isinstance(request, Simulate)
            and steering is not None
            and steering.steer(request.action, request.args)
        ):
            self.context.reply(client, request.id)
        else:
            self.context.refuse(client, request.id, "bad_request")
