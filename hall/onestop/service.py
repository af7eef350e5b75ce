"""The gateway: publishes what the supplier tells, answers look-ups, and says when it cannot."""

import logging
from dataclasses import dataclass, field

from hall.contract import catalogue
from hall.contract.catalogue import CatalogueContent, CatalogueProcedure
from hall.contract.codec import TooLarge
from hall.contract.messages import Catalogue, Figures, Notice, OnestopStatus
from hall.contract.requests import (
    CatalogueChunk,
    CatalogueChunkData,
    DossierLookup,
    Request,
    Simulate,
)
from hall.contract.topics import (
    EXT_CATALOGUE,
    EXT_FIGURES,
    EXT_NOTICE,
    EXT_STATUS,
    REQ_DEV,
    Channel,
)
from hall.contract.words import Part
from hall.figures.doubts import doubts
from hall.onestop.dossiers import STATUSES, UNKNOWN_STATUS, Dossier, told
from hall.onestop.ports import (
    Answered,
    Away,
    FiguresTold,
    Flawed,
    LinkDown,
    LinkUp,
    NoticeTold,
    ProceduresTold,
    Steerable,
    Supplier,
    Told,
)
from hall.onestop.quota import Quota, Verdict
from hall.runtime.bus import Connected, Received
from hall.runtime.daemon import Desk

log = logging.getLogger(__name__)

# A kiosk gives up after 5 s; what comes later helps nobody.
PATIENCE_S = 6.0
_AWAY = "Phần mềm một cửa tạm thời chưa trả lời. Mời ông/bà đến quầy hướng dẫn."
_UNKNOWN = "Không tìm thấy hồ sơ có mã này. Mời kiểm tra lại mã trên giấy hẹn."
_UPDATING = "Tình trạng hồ sơ đang cập nhật. Mời ông/bà hỏi quầy hướng dẫn."
_LIMIT = "Đã tra cứu nhiều lần. Mời đợi một phút rồi thử lại."


@dataclass(frozen=True, slots=True)
class _Asked:
    client: str
    id: str
    until: float


@dataclass(frozen=True, slots=True)
class _Procedures:
    """The catalogue as announced, and its bytes."""

    announced: Catalogue
    packed: bytes


@dataclass(slots=True)
class OnestopService:
    """`steering` is the simulated supplier's; None where the supplier is real."""

    desk: Desk
    supplier: Supplier
    quota: Quota
    steering: Steerable | None = None
    _conn: str = ""
    _up: bool = False
    _figures: Figures | None = None
    _procedures: _Procedures | None = None
    _notice: Notice | None = None
    _asked: dict[str, _Asked] = field(default_factory=dict)
    _doubted: frozenset[str] = frozenset()

    def start(self) -> None:
        self.supplier.start(self.desk.inbox.post)

    def stop(self) -> None:
        """An orderly farewell speaks no last will: who looks must not wait for answers."""
        self.supplier.stop()
        self._up = False
        self._publish_status()

    def tick(self, now: float) -> float:
        for ref, asked in tuple(self._asked.items()):
            if now >= asked.until:
                self._answer(ref, Away())
        due = min((asked.until for asked in self._asked.values()), default=now + PATIENCE_S)
        return min(due, self.supplier.tick(now))

    def handle(self, item: object) -> None:
        match item:
            case Connected(conn):
                self._conn = conn
                self._publish_all()
            case Received(channel, levels, Request() as request):
                self._requested(channel, levels["client"], request)
            case Received(channel, _, OnestopStatus() as status) if channel is EXT_STATUS:
                self._heard_own(status)
            case (
                LinkUp()
                | LinkDown()
                | FiguresTold()
                | ProceduresTold()
                | NoticeTold()
                | Flawed()
                | Answered()
            ):
                self._told(item)
            case _:
                pass

    # --- what the supplier tells ----------------------------------------------------------------

    def _told(self, item: Told) -> None:
        match item:
            case LinkUp():
                self._link(why=None)
            case LinkDown(why):
                self._link(why=why)
            case FiguresTold(figures):
                if self._publish("figures", EXT_FIGURES, figures):
                    self._figures = figures
                    self._doubt(figures)
            case ProceduresTold(procedures):
                self._take(procedures)
            case NoticeTold(lines):
                notice = Notice(lines=lines)
                if self._publish("notice", EXT_NOTICE, notice):
                    self._notice = notice
            case Flawed(what, why):
                self._flawed(what, why)
            case Answered(ref, outcome):
                self._answer(ref, outcome)

    def _link(self, why: str | None) -> None:
        self._up = why is None
        if why is None:
            self.desk.health.solve("onestop_down")
        else:
            self.desk.health.alert(
                "onestop_down",
                f"Mất kết nối phần mềm một cửa: {why}",
                "Kiểm tra phần mềm một cửa và đường truyền. Lấy số và gọi số không bị ảnh hưởng.",
            )
        self._publish_status()

    def _take(self, procedures: tuple[CatalogueProcedure, ...]) -> None:
        packed = catalogue.pack(CatalogueContent(procedures=procedures))
        self._procedures = _Procedures(catalogue.announce(packed, len(procedures)), packed)
        self.desk.bus.publish(EXT_CATALOGUE, self._procedures.announced)

    def _publish(self, what: str, channel: Channel, message: Part) -> bool:
        """False where it does not fit into a message: what was told before stays."""
        try:
            self.desk.bus.publish(channel, message)
        except TooLarge:
            self._flawed(what, "dài quá một bản tin (48 KiB)")
            return False
        return True

    def _flawed(self, what: str, why: str | None) -> None:
        if why is None:
            self.desk.health.solve(f"bad_{what}")
        else:
            self.desk.health.alert(
                f"bad_{what}",
                f"Không dùng được {what}: {why}",
                "Sửa tệp rồi chép lại; số liệu trước đó vẫn được giữ.",
            )

    def _doubt(self, figures: Figures) -> None:
        """Each disagreement is logged once while it lasts."""
        found = frozenset(
            f"{period.id}: {doubt.text}" for period in figures.periods for doubt in doubts(period)
        )
        for text in sorted(found - self._doubted):
            log.warning("figures disagree: %s", text)
        self._doubted = found

    # --- requests -------------------------------------------------------------------------------

    def _requested(self, channel: Channel, client: str, request: Request) -> None:
        match request:
            case DossierLookup():
                self._look_up(client, request)
            case CatalogueChunk():
                self._chunk(client, request)
            case Simulate():
                self._steer(client, request)
            case _ if channel is REQ_DEV:
                self.desk.refuse(client, request.id, "bad_request")
            case _:
                self.desk.reply(client, request.id)

    def _look_up(self, client: str, request: DossierLookup) -> None:
        now = self.desk.clock.monotonic()
        code = request.code.strip().upper()
        match self.quota.judge(client, request.id, code, now):
            case Verdict.TOO_MANY:
                self.desk.refuse(client, request.id, "limit", _LIMIT)
            case Verdict.ID_REUSED:
                self.desk.refuse(client, request.id, "id_reused")
            case Verdict.FRESH | Verdict.AGAIN:
                self._ask(_Asked(client, request.id, now + PATIENCE_S), code)

    def _ask(self, asked: _Asked, code: str) -> None:
        ref = f"{asked.client}/{asked.id}"
        if ref in self._asked:
            return
        self._asked[ref] = asked
        if self._up:
            self.supplier.look_up(ref, code)
        else:
            self._answer(ref, Away())

    def _answer(self, ref: str, outcome: Dossier | Away | None) -> None:
        asked = self._asked.pop(ref, None)
        if asked is None:
            return
        match outcome:
            case Dossier(status=status) if status == UNKNOWN_STATUS:
                self.desk.refuse(asked.client, asked.id, "unavailable", _UPDATING)
            case Dossier(status=status):
                if status not in STATUSES:
                    log.warning(
                        "a dossier has status %d, which the national portal has not", status
                    )
                self.desk.reply(asked.client, asked.id, told(outcome))
            case Away():
                self.desk.refuse(asked.client, asked.id, "unavailable", _AWAY)
            case None:
                self.desk.refuse(asked.client, asked.id, "unknown", _UNKNOWN)

    def _chunk(self, client: str, request: CatalogueChunk) -> None:
        known = self._procedures
        if known is None:
            self.desk.refuse(client, request.id, "unavailable", _AWAY)
        elif str(request.ver) != str(known.announced.ver):
            self.desk.refuse(client, request.id, "conflict", "Danh mục đã có phiên bản khác.")
        elif (piece := catalogue.chunk(known.packed, request.index)) is None:
            self.desk.refuse(client, request.id, "unknown", "Danh mục không có phần này.")
        else:
            data = CatalogueChunkData(ver=request.ver, index=request.index, data=piece)
            self.desk.reply(client, request.id, data)

    def _steer(self, client: str, request: Simulate) -> None:
        if self.steering is not None and self.steering.steer(request.action, request.args):
            self.desk.reply(client, request.id)
        else:
            self.desk.refuse(client, request.id, "bad_request")

    # --- states ---------------------------------------------------------------------------------

    def _publish_all(self) -> None:
        self._publish_status()
        if self._figures is not None:
            self.desk.bus.publish(EXT_FIGURES, self._figures)
        if self._procedures is not None:
            self.desk.bus.publish(EXT_CATALOGUE, self._procedures.announced)
        if self._notice is not None:
            self.desk.bus.publish(EXT_NOTICE, self._notice)

    def _publish_status(self) -> None:
        if self._conn:
            self.desk.bus.publish(EXT_STATUS, self._status())

    def _status(self) -> OnestopStatus:
        state = "ready" if self._up else "lost"
        return OnestopStatus.model_validate(
            {"state": state, "source": self.supplier.source, "conn": self._conn}
        )

    def _heard_own(self, status: OnestopStatus) -> None:
        """A late will of an earlier connection must not stand."""
        if self._conn and (status.conn != self._conn or status.state != self._status().state):
            self._publish_status()
