"""The gateway: publishes what the supplier tells, answers look-ups, and says when it cannot."""

import logging
from dataclasses import dataclass, field

from hall.contract import catalogue
from hall.contract.catalogue import CatalogueContent, CatalogueProcedure
from hall.contract.codec import TooLarge
from hall.contract.messages import Reply, TicketEvent
from hall.contract.onestop_messages import Catalogue, Figures, Notice, OnestopStatus
from hall.contract.onestop_requests import (
    AcceptImport,
    CatalogueChunk,
    CatalogueChunkData,
    DossierLookup,
    EnterFigures,
    Imports,
)
from hall.contract.requests import Appoint, Request, Simulate
from hall.contract.topics import (
    EXT_CATALOGUE,
    EXT_FIGURES,
    EXT_NOTICE,
    EXT_STATUS,
    REQ_DEV,
    REQ_QUEUE,
    Channel,
)
from hall.contract.words import WireModel
from hall.figures.doubts import doubts
from hall.onestop.lookups import AWAY, Lookups
from hall.onestop.ports import (
    Booked,
    Carrying,
    CentralAsked,
    DiskTold,
    DossierAnswered,
    Doubted,
    Doubting,
    FiguresTold,
    FiguresTyped,
    FileGone,
    Imported,
    LinkDown,
    LinkUp,
    NoticeTold,
    ProceduresTold,
    Queueing,
    Steerable,
    Supplier,
    Told,
    Typing,
    Untaken,
)
from hall.onestop.quota import Quota
from hall.onestop.receipts import Receipts
from hall.runtime.bus import Connected, Received
from hall.runtime.daemon import DaemonContext
from hall.runtime.disk_room import judge_disk
from hall.runtime.far_link import FarDown, FarHeard, FarSent, FarUp
from hall.runtime.requester import new_id

log = logging.getLogger(__name__)

# Readers give up a status that is not repeated for 150 s.
REPEAT_S = 45.0
# The alert for a state that does not fit into a message, and what a person calls that state.
_LARGE = {
    EXT_FIGURES: ("bad_figures", "Số liệu"),
    EXT_NOTICE: ("bad_notice", "Dòng chữ chạy"),
}
_DOUBT_ADVICE = "Đối chiếu với phần mềm một cửa; màn hình ghi “số liệu đang đối chiếu”."
_NOT_TYPED = "Hội trường này không nhận số liệu gõ tay (onestop.driver)."
_NOT_HELD = "Không có tệp nào đang chờ xác nhận với mã này."


@dataclass(frozen=True, slots=True)
class _Procedures:
    """The catalogue as announced, and its bytes."""

    announced: Catalogue
    packed: bytes


@dataclass(slots=True)
class OnestopService:
    """What some suppliers do beside telling and looking up, and others (None) do not.

    `steering`: obey a trainer; `doubting`: hold files back; `typing`: take typed figures;
    `queueing`: follow the hall's queue; `carrying`: stand at the end of a far link.
    `unit`: whose the figures are, where they do not say.
    """

    context: DaemonContext
    supplier: Supplier
    quota: Quota
    steering: Steerable | None = None
    doubting: Doubting | None = None
    typing: Typing | None = None
    queueing: Queueing | None = None
    carrying: Carrying | None = None
    unit: str = ""
    _conn: str = ""
    _status_at: float = 0.0
    _figures: Figures | None = None
    _procedures: _Procedures | None = None
    _notice: Notice | None = None
    _lookups: Lookups = field(init=False)
    _receipts: Receipts = field(default_factory=Receipts)
    _troubled: frozenset[str] = frozenset()
    _too_large: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._lookups = Lookups(self.context, self.supplier, self.quota)

    def start(self) -> None:
        self.supplier.start(self.context.inbox.post)

    def stop(self) -> None:
        """An orderly farewell speaks no last will: who looks must not wait for answers."""
        self.supplier.stop()
        self._lookups.note_link(up=False)
        self._publish_status()

    def tick(self, now: float) -> float:
        due = self._lookups.tick(now)
        if now >= self._status_at:
            self._publish_status()
        return min(due, self._status_at, self.supplier.tick(now))

    def handle(self, item: object) -> None:
        match item:
            case Connected(conn):
                self._conn = conn
                self._publish_all()
            case Received(message=TicketEvent() as event):
                if self.queueing is not None:
                    self.queueing.follow_event(event)
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
                | Imported()
                | FileGone()
                | Booked()
                | DiskTold()
                | DossierAnswered()
            ):
                self._take_told(item)
            case FarUp() | FarDown() | FarHeard() | FarSent() if self.carrying is not None:
                self.carrying.take_item(item)
            case CentralAsked(verb, asked) if self.carrying is not None:
                now = self.context.clock.monotonic()
                done = self.carrying.take_controller_answer
                self.context.requester.send_request(REQ_QUEUE, verb, asked, done, now)
            case _:
                pass

    # --- what the supplier tells ----------------------------------------------------------------

    def _take_told(self, item: Told) -> None:
        match item:
            case LinkUp():
                self._link(why=None)
            case LinkDown(why):
                self._link(why=why)
            case FiguresTold(told):
                figures = told if told.unit else told.model_copy(update={"unit": self.unit})
                if self._publish(EXT_FIGURES, figures):
                    self._figures = figures
                    self._doubt(figures)
            case ProceduresTold(procedures):
                self._take_procedures(procedures)
            case NoticeTold(lines):
                notice = Notice(lines=lines)
                if self._publish(EXT_NOTICE, notice):
                    self._notice = notice
            case Imported() | FileGone() | Booked() | DiskTold():
                self._more_told(item)
            case DossierAnswered(ref, outcome):
                self._lookups.take_answer(ref, outcome)

    def _book(self, booked: Booked) -> None:
        """Somebody booked at the supplier's: the hall's own book decides."""
        wanted = Appoint(id=new_id(), code=booked.code, service=booked.service, slot=booked.slot)
        now = self.context.clock.monotonic()
        self.context.requester.send_request(REQ_QUEUE, "appoint", wanted, _log_refusal, now)

    def _link(self, why: str | None) -> None:
        self._lookups.note_link(up=why is None)
        if why is None:
            self.context.health.solve("onestop_down")
        else:
            self.context.health.alert(
                "onestop_down",
                f"Mất kết nối phần mềm một cửa: {why}",
                "Kiểm tra phần mềm một cửa và đường truyền. Lấy số và gọi số không bị ảnh hưởng.",
            )
        self._publish_status()

    def _take_procedures(self, procedures: tuple[CatalogueProcedure, ...]) -> None:
        packed = catalogue.pack(CatalogueContent(procedures=procedures))
        self._procedures = _Procedures(catalogue.announce(packed, len(procedures)), packed)
        self.context.bus.publish(EXT_CATALOGUE, self._procedures.announced)

    def _publish(self, channel: Channel, message: WireModel) -> bool:
        """False where it does not fit into a message: what was told before stays."""
        code, name = _LARGE[channel]
        try:
            self.context.bus.publish(channel, message)
        except TooLarge:
            self._too_large.add(code)
            self.context.health.alert(
                code,
                f"{name} dài quá một bản tin (48 KiB), không gửi được",
                "Bớt số kỳ hoặc số lĩnh vực; số liệu trước đó vẫn được giữ.",
            )
            return False
        if code in self._too_large:
            self._too_large.discard(code)
            self.context.health.solve(code)
            self._tell_troubles()
        return True

    def _more_told(self, item: Imported | FileGone | Booked | DiskTold) -> None:
        match item:
            case Imported(report):
                self._receipts.put_report(report)
                self._tell_troubles()
            case FileGone(name):
                self._receipts.drop(name)
                self._tell_troubles()
            case Booked():
                self._book(item)
            case DiskTold(why):
                judge_disk(self.context.health, why)

    def _tell_troubles(self) -> None:
        """What of the files a person must see to, each kind once."""
        found = self._receipts.troubles()
        for code in self._troubled - set(found):
            self.context.health.solve(code)
        for code, trouble in found.items():
            self.context.health.alert(code, trouble.text, trouble.advice)
        self._troubled = frozenset(found)

    def _doubt(self, figures: Figures) -> None:
        """Figures that do not agree with themselves are shown, marked, and told."""
        found = [f"{period.id}: {d.text}" for period in figures.periods for d in doubts(period)]
        if found:
            text = f"Số liệu không khớp: {'; '.join(dict.fromkeys(found))}"
            self.context.health.alert("figures_doubt", text, _DOUBT_ADVICE)
        else:
            self.context.health.solve("figures_doubt")

    # --- requests -------------------------------------------------------------------------------

    def _requested(self, channel: Channel, client: str, request: Request) -> None:
        match request:
            case DossierLookup():
                self._lookups.take_request(client, request)
            case CatalogueChunk():
                self._chunk(client, request)
            case Simulate():
                self._steer(client, request)
            case Imports():
                self.context.reply(client, request.id, self._receipts.imports_data())
            case AcceptImport():
                self._accept(client, request)
            case EnterFigures():
                self._enter(client, request)
            case _ if channel is REQ_DEV:
                self.context.refuse(client, request.id, "bad_request")
            case _:
                self.context.reply(client, request.id)

    def _enter(self, client: str, request: EnterFigures) -> None:
        entered = None if self.typing is None else self.typing.enter(request)
        match entered:
            case None:
                self.context.refuse(client, request.id, "bad_request", _NOT_TYPED)
            case FiguresTyped():
                self.context.reply(client, request.id)
            case Doubted(reasons):
                self.context.refuse(client, request.id, "conflict", "; ".join(reasons))
            case Untaken(why):
                self.context.refuse(client, request.id, "bad_request", why)

    def _accept(self, client: str, request: AcceptImport) -> None:
        by = request.staff or client
        if self.doubting is not None and self.doubting.accept(request.mark, by):
            self.context.reply(client, request.id)
        else:
            self.context.refuse(client, request.id, "unknown", _NOT_HELD)

    def _chunk(self, client: str, request: CatalogueChunk) -> None:
        known = self._procedures
        if known is None:
            self.context.refuse(client, request.id, "unavailable", AWAY)
        elif str(request.ver) != str(known.announced.ver):
            self.context.refuse(client, request.id, "conflict", "Danh mục đã có phiên bản khác.")
        elif (piece := catalogue.chunk(known.packed, request.index)) is None:
            self.context.refuse(client, request.id, "unknown", "Danh mục không có phần này.")
        else:
            data = CatalogueChunkData(ver=request.ver, index=request.index, data=piece)
            self.context.reply(client, request.id, data)

    def _steer(self, client: str, request: Simulate) -> None:
        if self.steering is not None and self.steering.steer(request.action, request.args):
            self.context.reply(client, request.id)
        else:
            self.context.refuse(client, request.id, "bad_request")

    # --- states ---------------------------------------------------------------------------------

    def _publish_all(self) -> None:
        """What another supplier left behind, and this one has nothing in its place, is cleared."""
        self._publish_status()
        catalogue_told = None if self._procedures is None else self._procedures.announced
        for channel, message in (
            (EXT_FIGURES, self._figures),
            (EXT_CATALOGUE, catalogue_told),
            (EXT_NOTICE, self._notice),
        ):
            if message is None:
                self.context.bus.clear(channel)
            else:
                self.context.bus.publish(channel, message)

    def _publish_status(self) -> None:
        self._status_at = self.context.clock.monotonic() + REPEAT_S
        if self._conn:
            self.context.bus.publish(EXT_STATUS, self._status())

    def _status(self) -> OnestopStatus:
        state = "ready" if self._lookups.up else "lost"
        return OnestopStatus.model_validate(
            {"state": state, "source": self.supplier.source, "conn": self._conn}
        )

    def _heard_own(self, status: OnestopStatus) -> None:
        """A late will of an earlier connection must not stand."""
        if self._conn and (status.conn != self._conn or status.state != self._status().state):
            self._publish_status()


def _log_refusal(reply: Reply) -> None:
    if reply.error is not None:
        log.warning("an appointment was refused: %s", reply.error.code)
