"""One loop per daemon: it alone owns the state, answers the bus and beats the watchdog."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from hall.contract import codec
from hall.contract.messages import Alert, DeviceStatus, ErrorCode, Refusal, Reply
from hall.contract.requests import Request
from hall.contract.roles import CONFIG_WRONG, FLOOD, TWIN
from hall.contract.topics import DEV_ALERT, DEV_STATUS, REQ_DEV, REQ_ONESTOP, RSP
from hall.contract.verbs import DEVICE
from hall.contract.words import WireModel
from hall.runtime.admission import LATEST_S, Admission, AdmissionSection
from hall.runtime.answered import Answered, AnsweredRequests, New, Reused, UnderWay
from hall.runtime.bus import (
    Bus,
    Connected,
    Denied,
    Disconnected,
    Received,
    Unusable,
    Will,
    expect,
)
from hall.runtime.clock import Clock
from hall.runtime.disk_room import NO_ROOM, judge_disk, obstacle
from hall.runtime.health import Health
from hall.runtime.hearing import Chosen, subscriptions
from hall.runtime.inbox import Inbox
from hall.runtime.last_good import RIGHT, ConfigJudged
from hall.runtime.notify import Heartbeat
from hall.runtime.requester import Requester
from hall.runtime.settings import Mistake

log = logging.getLogger(__name__)

WORDS: dict[ErrorCode, str] = {
    "bad_request": "Yêu cầu không đúng mẫu.",
    "unauthorized": "Thiết bị này không được phép gửi yêu cầu đó.",
    "internal": "Có lỗi trong hệ thống. Mời thử lại hoặc báo kỹ thuật viên.",
    "id_reused": "Mã yêu cầu này đã dùng cho một yêu cầu khác.",
    "limit": "Máy này gửi quá nhiều yêu cầu. Mời chờ ít giây rồi thử lại.",
    "expired": "Yêu cầu đến quá muộn nên không thực hiện. Mời bấm lại.",
}
# How often it is looked up who sends too much.
WATCH_S = 1.0


FLOOD_ADVICE = (
    "Khởi động lại máy đó hoặc rút dây mạng của nó. Nếu không ai trong hội trường dùng máy đó: "
    "xoá tệp mật khẩu của nó, chạy: sudo motcua broker-config -c /etc/motcua/hall.yaml --write / "
    "rồi sudo systemctl restart mosquitto"
)


def _judge_config(health: Health, judged: ConfigJudged) -> None:
    if judged == RIGHT:
        health.solve(CONFIG_WRONG)
    else:
        health.alert(CONFIG_WRONG, judged.text, judged.advice)


def refused(request_id: str, refusal: Refusal) -> Reply:
    return Reply(id=request_id, status="error", error=refusal)


class Fatal(Exception):
    """The daemon must not go on; the process ends with `status` and is started afresh."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


@dataclass(frozen=True, slots=True)
class DaemonContext:
    """All that a service has at hand; `hall` names the hall in every topic.

    `clients`: all that the YAML has; empty where it was not asked.
    """

    client: str
    hall: str
    bus: Bus
    inbox: Inbox
    clock: Clock
    health: Health
    requester: Requester
    clients: frozenset[str] = frozenset()
    answered: AnsweredRequests = field(default_factory=AnsweredRequests)

    def reply(self, to: str, request_id: str, data: WireModel | None = None) -> None:
        """Accept a request."""
        body = codec.plain(data) if data is not None else {}
        self._answer(to, Reply(id=request_id, status="ok", data=body))

    def refuse(self, to: str, request_id: str, code: ErrorCode, text: str = "") -> None:
        """Refuse a request; `text` is for a person."""
        self.pass_on(to, request_id, Refusal(code=code, text=text or WORDS.get(code, code)))

    def pass_on(self, to: str, request_id: str, refusal: Refusal) -> None:
        """Refuse with the words of the daemon that was asked in turn."""
        self._answer(to, refused(request_id, refusal))

    def _answer(self, to: str, reply: Reply) -> None:
        self.answered.answered(to, reply)
        self.bus.publish(RSP, reply, client=to)


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a role runs. `pictures`: a folder for what simulated devices and screens show.

    `headless`: screens draw without a window. `clients`: as in DaemonContext.
    """

    hall: str
    clock: Clock
    state: Path
    bus: Callable[[str], Bus]
    pictures: Path | None = None
    headless: bool = False
    clients: frozenset[str] = frozenset()

    def context_of(self, client: str, rates: AdmissionSection | None = None) -> DaemonContext:
        """`rates`: what each of the others may send it; None: as where the YAML says nothing."""
        bus, inbox = self.bus(client), Inbox(admission=Admission(rates))
        health, requester = Health(bus, self.clock), Requester(bus)
        clock, known = self.clock, self.clients
        return DaemonContext(client, self.hall, bus, inbox, clock, health, requester, known)


class DaemonService(Protocol):
    """What a daemon does. All methods are called by its one loop, in its one thread."""

    def start(self) -> None:
        """Open devices. A missing device is a health state; raise Fatal only for no store."""

    def handle(self, item: object) -> None:
        """An item from the bus (Connected, Received …) or from a device's thread."""

    def tick(self, now: float) -> float:
        """Do what is due at `now` (monotonic seconds) and say when to come back."""

    def stop(self) -> None:
        """Close devices; called once, also after a failed start."""


class Daemon:
    """Listens to what the row of its client's role names (hall/contract/roles.py), and no more.

    `wills`: beside the device status, the last one is what the broker will say.
    `chosen`: of the counters, or of the clients of a kind, these alone concern it.
    `unusable`: files that the YAML names and this daemon does without, each with its place there.
    `disk`: the folder in which it keeps what it can do without for a while; None: nothing, or the
    service itself tells when the disk takes nothing.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - all that tells one role from another
        self,
        context: DaemonContext,
        service: DaemonService,
        wills: Sequence[Will] = (),
        chosen: Chosen = MappingProxyType({}),
        unusable: Sequence[Mistake] = (),
        disk: Path | None = None,
    ) -> None:
        self.context = context
        self.service = service
        self.unusable = tuple(unusable)
        self._wills = wills
        self._chosen = chosen
        self._disk = disk
        self._stopping = threading.Event()
        self._watch_at = 0.0
        self._unheard: frozenset[str] = frozenset()
        self._failure = ""

    @property
    def name(self) -> str:
        return self.context.client

    @property
    def wrong(self) -> str:
        """What a person would have to mend, in words; "" = nothing. The link comes first."""
        fault = self.context.bus.fault
        alerts = self.context.health.alerts
        if fault is not None:
            also = (alerts[code].text for code in (TWIN, CONFIG_WRONG) if code in alerts)
            return " ".join((f"{fault.text}. {fault.advice}", *also))
        return " ".join(alert.text for alert in alerts.values())

    def stop(self) -> None:
        """Ask the loop to end; any thread, a signal handler too."""
        self._stopping.set()
        self.context.inbox.wake()

    def run(self, heart: Heartbeat) -> int:
        """The loop, until stopped: the process's exit status (0, or a Fatal's)."""
        try:
            self.service.start()
            self.open()
            # One turn first: a screen that does not open is told with READY=1, not after it.
            self.turn(self.context.clock.monotonic(), 0.0)
            heart.tell_trouble(self.name, self.wrong)
            heart.ready(self.name)
            self._loop(heart)
        except Fatal as err:
            log.critical("%s: %s", self.name, err)
            return err.status
        else:
            return 0
        finally:
            self.close()

    def open(self) -> None:
        """Join the bus; from here on the inbox fills."""
        if self.unusable:
            self.context.health.does_without(self.unusable)
        lost = DeviceStatus(state="lost", conn="", sw=self.context.health.status().sw)
        will = Will(DEV_STATUS, lost, {"client": self.context.client})
        self.context.health.set_state("ready")
        heard = subscriptions(self.context.client, self._chosen)
        self.context.bus.open(self.context.inbox, heard, (will, *self._wills))

    def close(self) -> None:
        try:
            self.service.stop()
        finally:
            self.context.health.set_state("disconnected")
            self.context.bus.close()

    def turn(self, now: float, longest_s: float) -> None:
        """One turn of the loop: what is due, then at most one item."""
        self._shut_out(now)
        if now >= self._watch_at:
            self._watch_at = now + WATCH_S
            self._name_rogues(now)
            if self._disk is not None:
                judge_disk(self.context.health, obstacle(self._disk))
        ticks = (self.service.tick, self.context.requester.tick, self.context.health.tick)
        due = min(self._guard(tick, now) for tick in ticks)
        item = self.context.inbox.take_item(min(longest_s, max(0.0, due - now)))
        if item is not None:
            self._dispatch(item)

    def _loop(self, heart: Heartbeat) -> None:
        beat_at = 0.0
        while not self._stopping.is_set():
            now = self.context.clock.monotonic()
            if now >= beat_at:
                heart.beat(self.name)
                self.context.bus.revive()
                beat_at = now + heart.beat_s
            self.turn(now, beat_at - now)
            if self.context.inbox.is_empty:
                heart.tell_trouble(self.name, self.wrong)

    def _shut_out(self, now: float) -> None:
        """Of whom the YAML knows nothing, another maker's perhaps, who has asked before counts."""
        admission = self.context.inbox.admission
        unheard = admission.shut_out(now)
        if unheard != self._unheard:
            self._unheard = unheard
            self.context.bus.hear_all_but(unheard, self.context.clients | admission.known_clients)

    def _name_rogues(self, now: float) -> None:
        admission = self.context.inbox.admission
        floods, nonsense = admission.floods(now), admission.nonsense(now)
        said = [
            *([f"Máy {', '.join(floods)} gửi quá nhiều yêu cầu."] if floods else ()),
            *([f"Máy {', '.join(nonsense)} liên tục gửi yêu cầu sai mẫu."] if nonsense else ()),
        ]
        if said:
            text = " ".join([*said, "Phần vượt mức hoặc sai mẫu không được nhận."])
            self.context.health.alert(FLOOD, text, FLOOD_ADVICE)
        else:
            self.context.health.solve(FLOOD)

    def _guard(self, tick: Callable[[float], float], now: float) -> float:
        try:
            return tick(now)
        except Fatal:
            raise
        except Exception as err:  # noqa: BLE001 - the loop's edge
            self._failed("tick", err)
            return now + 1.0

    def _dispatch(self, item: object) -> None:
        try:
            self._route(item)
        except Fatal:
            raise
        except Exception as err:  # noqa: BLE001 - the loop's edge
            self._failed(type(item).__name__, err)
            self._apologise(item)

    def _failed(self, where: str, err: Exception) -> None:
        """What fails in every turn is told once: a log must not fill the disk."""
        self.context.health.errors += 1
        failure = f"{where}: {err!r}"
        if failure != self._failure:
            log.error("%s: failed in %s", self.name, where, exc_info=err)
        self._failure = failure

    def _apologise(self, item: object) -> None:
        match item:
            case Received(message=Request(id=request_id), levels={"client": client}):
                self.context.refuse(client, request_id, "internal")
            case _:
                pass

    def _route(self, item: object) -> None:
        match item:
            case Connected(conn):
                self.context.health.connected(conn)
                self.context.requester.connected()
                self.service.handle(item)
            case Disconnected():
                self.context.health.lost()
                self.service.handle(item)
            case Denied():
                self.context.health.denied()
            case ConfigJudged():
                _judge_config(self.context.health, item)
            case Unusable():
                self._refuse(item)
            case Received() if self._is_mine(item) or self._came_too_late(item):
                pass
            case _:
                self.service.handle(item)

    def _refuse(self, item: Unusable) -> None:
        """Not under its id: the request that came first under it may still be under way."""
        text = f"{WORDS[item.code]} ({item.why})" if item.why else WORDS[item.code]
        refusal = Refusal(code=item.code, text=text)
        self.context.bus.publish(RSP, refused(item.id, refusal), client=item.levels["client"])

    def _came_too_late(self, item: Received) -> bool:
        """Its sender has given up by now: it is refused. The queue judges that itself."""
        late = self.context.clock.monotonic() - item.at > LATEST_S
        if not late or item.channel not in (REQ_DEV, REQ_ONESTOP):
            return False
        self.context.refuse(item.levels["client"], expect(item.message, Request).id, "expired")
        return True

    def _is_mine(self, item: Received) -> bool:
        """Replies, pings and echoes of own messages are handled here, not by the service."""
        own = item.levels.get("client") == self.context.client
        if item.channel is RSP:
            self.context.requester.take_reply(expect(item.message, Reply))
        elif item.channel is DEV_STATUS and own:
            status = expect(item.message, DeviceStatus)
            self.context.health.heard_own(status, retained=item.retained)
        elif item.channel is DEV_ALERT and own:
            alert, code = expect(item.message, Alert), item.levels["code"]
            self.context.health.heard_own_alert(code, alert, retained=item.retained)
        elif item.channel is REQ_DEV and item.levels["verb"] == "ping":
            self.context.reply(item.levels["client"], expect(item.message, Request).id)
        elif item.channel is REQ_DEV:
            return self._is_known(item)
        else:
            return False
        return True

    def _is_known(self, item: Received) -> bool:
        """Whether the service must not act on it: the id was used, or cannot be remembered."""
        if DEVICE[item.levels["verb"]].reads:
            return False
        client, request_id = item.levels["client"], expect(item.message, Request).id
        try:
            judged = self.context.answered.judge(item)
        except OSError as err:
            log.error("%s: not remembered, so not done: %s", self.name, err)  # noqa: TRY400
            self.context.refuse(client, request_id, "unavailable", NO_ROOM)
            return True
        match judged:
            case New():
                return False
            case UnderWay():
                pass
            case Answered(reply):
                self.context.bus.publish(RSP, reply, client=client)
            case Reused():
                # Of the request that is under way this is not the reply.
                refusal = Refusal(code="id_reused", text=WORDS["id_reused"])
                self.context.bus.publish(RSP, refused(request_id, refusal), client=client)
        return True
