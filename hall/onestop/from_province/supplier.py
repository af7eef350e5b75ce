"""The province as a hall's supplier: look-ups go up, answers, figures and appointments come down.

    look_up ──req/onestop/dossier-lookup/{client}──▶ province      given up after 4.8 s
            ◀──rsp/{client}────────────────────────
    figures, catalogue, notice ◀──down/…, unit/{unit}/…            judged, kept on disk
    req/queue/{verb}/onestop: central_requests.py

Nothing is kept for later: what cannot be asked now is answered `unavailable`.
"""

import logging
from dataclasses import dataclass, field
from typing import TypeVar

from hall.contract import codec
from hall.contract.catalogue import DamagedCatalogue
from hall.contract.codec import Garbled, Opened
from hall.contract.downward import (
    DOWN_LINK,
    FETCHER,
    TOLD_ON,
    VENDOR,
    DownAddress,
    find_down,
)
from hall.contract.messages import Refusal, Reply
from hall.contract.onestop_messages import Catalogue, Figures, Notice, OnestopStatus
from hall.contract.onestop_requests import DossierData, DossierLookup
from hall.contract.province import PROVINCE
from hall.contract.topics import (
    EXT_CATALOGUE,
    EXT_FIGURES,
    EXT_NOTICE,
    REQ_ONESTOP,
    REQ_QUEUE,
    RSP,
    Channel,
)
from hall.contract.words import WireModel
from hall.onestop import feed
from hall.onestop.from_province.catalogue_fetch import CatalogueFetch
from hall.onestop.from_province.central_requests import CentralRequests
from hall.onestop.from_province.kept import KeptDownward
from hall.onestop.from_province.refusals import Refusals
from hall.onestop.from_province.told import ToldHere
from hall.onestop.ports import (
    Away,
    DossierAnswered,
    FiguresTold,
    LinkDown,
    LinkUp,
    LookupLimit,
    NoticeTold,
    Outcome,
    Post,
    ProceduresTold,
)
from hall.runtime.clock import Clock
from hall.runtime.far_link import FarDown, FarHeard, FarItem, FarLink, FarUp
from hall.runtime.picture import LEASE_S

log = logging.getLogger(__name__)

P = TypeVar("P", bound=WireModel)
# A kiosk gives up after 5 s.
PATIENCE_S = 4.8
# A line that stands within this after the start was never missed.
START_S = 10.0
# Look-ups that may wait for their answers.
ROOM = 100
_SOURCE = "Một cửa của tỉnh"
_STILL = "số liệu, thủ tục và dòng chữ chạy đã nhận vẫn dùng, chỉ tra cứu hồ sơ tạm dừng"
_SILENT = "cổng một cửa của tỉnh không báo có mặt"
_NO_SOFTWARE = "tỉnh báo phần mềm một cửa đang ngắt"


def _nobody(_told: object) -> None:
    """Nobody listens before the start."""


@dataclass(frozen=True, slots=True)
class _AskedAbove:
    code: str
    until: float


@dataclass(slots=True)
class ProvinceSupplier:
    """`unit`: the hall's at the province, or "". All methods but `start` are called in the loop."""

    hall: str
    unit: str
    link: FarLink
    clock: Clock
    kept: KeptDownward
    source: str = _SOURCE
    _post: Post = _nobody
    _conn: str = ""
    _desk_until: float | None = None
    _is_up: bool | None = None
    _judge_at: float = 0.0
    _asked: dict[str, _AskedAbove] = field(default_factory=dict)
    _told: ToldHere = field(default_factory=ToldHere)
    _fetch: CatalogueFetch = field(default_factory=CatalogueFetch)
    _refusals: Refusals = field(init=False)
    _central: CentralRequests = field(init=False)

    def start(self, post: Post) -> None:
        """With what was held: it stays until something better comes."""
        self._post = post
        self._refusals = Refusals(post, self.clock)
        self._central = CentralRequests(self.hall, self.link, self.clock, post)
        self._judge_at = self.clock.monotonic() + START_S
        figures, notice = self.kept.of(EXT_FIGURES), self.kept.of(EXT_NOTICE)
        if isinstance(figures, Figures):
            post(FiguresTold(figures))
        if isinstance(notice, Notice):
            post(NoticeTold(notice.lines))
        held = self.kept.catalogue()
        if held is not None:
            self._fetch.held = held[0].sha256
            post(ProceduresTold(held[1]))
        self.link.open(post)

    def stop(self) -> None:
        if self._conn:
            self._say_link("lost")
        self.link.close()

    def look_up(self, ref: str, code: str) -> None:
        client, _, request_id = ref.partition("/")
        asked = DossierLookup(id=request_id, code=code)
        if len(self._asked) >= ROOM or not self._send("dossier-lookup", client, asked):
            self._post(DossierAnswered(ref, Away()))
            return
        self._asked[ref] = _AskedAbove(code, self.clock.monotonic() + PATIENCE_S)

    def tick(self, now: float) -> float:
        for ref in [each for each, asked in self._asked.items() if now >= asked.until]:
            self._answer(ref, Away())
        if self._desk_until is not None and now >= self._desk_until:
            self._desk_until = None
            self._judge(up=False, why=_SILENT)
        if self._is_up is None and now >= self._judge_at:
            self._judge(up=False, why=_SILENT if self._conn else "chưa nối được tới tỉnh")
        return min(now + LEASE_S, self._fetch_more(now), *self._dues(now))

    def take_item(self, item: FarItem) -> None:
        match item:
            case FarUp(conn):
                self._conn = conn
                self._say_link("ready")
            case FarDown(fault):
                self._conn, self._desk_until = "", None
                for ref in tuple(self._asked):
                    self._answer(ref, Away())
                self._judge(up=False, why=f"không tới được tỉnh ({fault.text})")
            case FarHeard(topic):
                address = find_down(topic)
                if address is not None and self._is_ours(address):
                    self._take_heard(address, item)
            case _:
                pass

    def _dues(self, now: float) -> list[float]:
        dues = [asked.until for asked in self._asked.values()]
        if self._desk_until is not None:
            dues.append(self._desk_until)
        if self._is_up is None:
            dues.append(max(now, self._judge_at))
        return dues

    def _is_ours(self, address: DownAddress) -> bool:
        if "unit" in address.levels:
            return address.levels["unit"] == self.unit
        return address.hall in (self.hall, PROVINCE)

    def _take_heard(self, address: DownAddress, heard: FarHeard) -> None:
        """What no reader of the contract takes is dropped, named and, where it can be, answered."""
        if not heard.payload:
            self._emptied(address.channel)
            return
        try:
            opened = codec.open_payload(heard.payload, hall=address.hall)
            self._take_message(address, opened, heard)
        except Garbled as err:
            log.warning("from the province, %s refused: %s", address.channel.name, err.why)
            if address.channel in TOLD_ON:
                self._refusals.refuse(TOLD_ON[address.channel], err.said or err.why)
            elif address.channel is REQ_QUEUE and not heard.retained:
                self._central.take_garbled(heard.payload, err)

    def _take_message(self, address: DownAddress, opened: Opened, heard: FarHeard) -> None:
        channel, levels = address.channel, address.levels
        if channel is REQ_QUEUE:
            if not heard.retained and levels["client"] == VENDOR:
                self._central.take_request(levels["verb"], opened)
        elif opened.envelope.src != PROVINCE:
            log.warning("from the province, %s is of another: %s", channel.name, heard.topic)
        elif channel is RSP:
            if not heard.retained:
                self._take_reply(levels["client"], codec.read(Reply, opened.content))
        elif address.hall == PROVINCE:
            self._take_desk(codec.read(OnestopStatus, opened.content))
        elif channel in TOLD_ON:
            self._take_told(channel, codec.read(address.model, opened.content))

    # --- whether the gateway is there -----------------------------------------------------------

    def _take_desk(self, status: OnestopStatus) -> None:
        if status.state == "lost":
            self._desk_until = None
            self._judge(up=False, why=_NO_SOFTWARE)
            return
        self._desk_until = self.clock.monotonic() + LEASE_S
        self.source = status.source or _SOURCE
        self._judge(up=True, why="")

    def _judge(self, *, up: bool, why: str) -> None:
        """Each change is told once."""
        if up == self._is_up:
            return
        self._is_up = up
        self._post(LinkUp() if up else LinkDown(f"{why}; {_STILL}"))

    def _say_link(self, state: str) -> None:
        told = link_status(state, self._conn)
        payload = codec.pack(told, hall=self.hall, src=VENDOR, ts=self.clock.now())
        self.link.publish(DOWN_LINK.topic(self.hall), payload, retain=True)

    # --- look-ups -------------------------------------------------------------------------------

    def _send(self, verb: str, client: str, asked: WireModel) -> bool:
        """False: it cannot be asked now."""
        payload = codec.pack(asked, hall=self.hall, src=client, ts=self.clock.now())
        topic = REQ_ONESTOP.topic(self.hall, verb=verb, client=client)
        return self.link.publish(topic, payload, retain=False) is not None

    def _take_reply(self, client: str, reply: Reply) -> None:
        if client == FETCHER:
            self._take_chunk(reply)
            return
        ref = f"{client}/{reply.id}"
        asked = self._asked.get(ref)
        if asked is None:
            log.warning("from the province, an answer to nothing that was asked")
            return
        self._answer(ref, _outcome(reply, asked.code))

    def _answer(self, ref: str, outcome: Outcome) -> None:
        del self._asked[ref]
        self._post(DossierAnswered(ref, outcome))

    # --- figures, catalogue, notice -------------------------------------------------------------

    def _take_told(self, channel: Channel, message: WireModel) -> None:
        if isinstance(message, Figures):
            before = self._told.before(channel)
            # Of a clock that is not right yet nobody is told that he is ahead.
            now = self.clock.now() if self.clock.trusted() else max(self.clock.now(), message.as_of)
            flaw = feed.of_figures(message, before if isinstance(before, Figures) else None, now)
            if flaw is not None:
                self._refusals.refuse(EXT_FIGURES, flaw.text(channel.pattern))
                return
        if isinstance(message, Catalogue) and not self._announce(message):
            return
        self._refusals.accept(TOLD_ON[channel])
        self._hold(self._told.put(channel, message))

    def _emptied(self, channel: Channel) -> None:
        if channel in TOLD_ON:
            self._hold(self._told.drop(channel))

    def _hold(self, message: WireModel | None) -> None:
        match message:
            case Figures():
                self.kept.keep_message(EXT_FIGURES, message)
                self._post(FiguresTold(message))
            case Notice(lines=lines):
                self.kept.keep_message(EXT_NOTICE, message)
                self._post(NoticeTold(lines))
            case Catalogue():
                self._fetch.announce(message)
                self._fetch_more(self.clock.monotonic())
            case _:
                pass

    def _announce(self, told: Catalogue) -> bool:
        if self._fetch.fits(told):
            return True
        self._refusals.refuse(EXT_CATALOGUE, "danh mục quá lớn")
        return False

    def _fetch_more(self, now: float) -> float:
        """Ask for the next chunk where one is due; when to look again."""
        if self._conn:
            asked = self._fetch.request(now)
            if asked is not None:
                self._send("catalogue-chunk", FETCHER, asked)
        return now + LEASE_S if self._fetch.due is None else max(now + 0.1, self._fetch.due)

    def _take_chunk(self, reply: Reply) -> None:
        try:
            found = self._fetch.take_reply(reply)
        except DamagedCatalogue as err:
            log.warning("from the province, the catalogue is damaged: %s", err)
            self._refusals.refuse(EXT_CATALOGUE, "danh mục không khớp sha256 đã báo")
            return
        if found is None:
            self._fetch_more(self.clock.monotonic())
            return
        self.kept.keep_catalogue(found.announced, found.packed)
        self._post(ProceduresTold(found.content.procedures))

    def take_controller_answer(self, reply: Reply) -> None:
        self._central.take_controller_answer(reply)


def link_status(state: str, conn: str) -> OnestopStatus:
    """What a hall says of its line."""
    return OnestopStatus.model_validate({"state": state, "source": "", "conn": conn})


def _outcome(reply: Reply, code: str) -> Outcome:
    if reply.status == "ok":
        return _dossier(reply, code)
    match reply.error:
        case Refusal(code="unknown"):
            return None
        case Refusal(code="limit" | "busy"):
            return LookupLimit()
        case _:
            return Away()


def _dossier(reply: Reply, code: str) -> DossierData | Away:
    """The dossier that was asked for and no other."""
    try:
        found = codec.read(DossierData, reply.data or {})
    except Garbled as err:
        log.warning("from the province, an answer that is no dossier: %s", err.why)
        return Away()
    if found.code != code:
        log.warning("from the province, an answer with another code")
        return Away()
    return found
