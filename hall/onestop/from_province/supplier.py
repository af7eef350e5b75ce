"""The province as a hall's supplier: look-ups go up, answers, figures and appointments come down.

look_up ──req/onestop/dossier-lookup/{client}──▶ province      lookups_above.py
◀──rsp/{client}────────────────────────
figures, catalogue, notice ◀──down/…, unit/{unit}/…            news.py
req/queue/{verb}/onestop                                       central_requests.py
"""

import logging
from dataclasses import dataclass, field

from hall.contract import codec
from hall.contract.codec import Garbled, Opened
from hall.contract.downward import (
    DOWN_LINK,
    FETCHER,
    TOLD_ON,
    VENDOR,
    DownAddress,
    find_down,
)
from hall.contract.messages import Reply
from hall.contract.onestop_messages import OnestopStatus
from hall.contract.province import PROVINCE
from hall.contract.topics import (
    REQ_ONESTOP,
    REQ_QUEUE,
    RSP,
)
from hall.contract.words import WireModel
from hall.onestop.from_province.central_requests import CentralRequests
from hall.onestop.from_province.kept import KeptDownward
from hall.onestop.from_province.lookups_above import LookupsAbove
from hall.onestop.from_province.news import ProvinceNews
from hall.onestop.ports import (
    LinkDown,
    LinkUp,
    Post,
)
from hall.runtime.clock import Clock
from hall.runtime.far_link import FarDown, FarHeard, FarItem, FarLink, FarUp
from hall.runtime.picture import LEASE_S

log = logging.getLogger(__name__)

# A line that stands within this after the start was never missed.
START_S = 10.0
_SOURCE = "Một cửa của tỉnh"
_STILL = "số liệu, thủ tục và dòng chữ chạy đã nhận vẫn dùng, chỉ tra cứu hồ sơ tạm dừng"
_SILENT = "cổng một cửa của tỉnh không báo có mặt"
_NO_SOFTWARE = "tỉnh báo phần mềm một cửa đang ngắt"


def _nobody(_told: object) -> None:
    """Nobody listens before the start."""


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
    _lookups: LookupsAbove = field(init=False)
    _news: ProvinceNews = field(init=False)
    _central: CentralRequests = field(init=False)

    def start(self, post: Post) -> None:
        """With what was held: it stays until something better comes."""
        self._post = post
        self._lookups = LookupsAbove(self._send, post, self.clock)
        self._news = ProvinceNews(self._send, post, self.clock, self.kept)
        self._central = CentralRequests(self.hall, self.link, self.clock, post)
        self._judge_at = self.clock.monotonic() + START_S
        self._news.start()
        self.link.open(post)

    def stop(self) -> None:
        if self._conn:
            self._say_link("lost")
        self.link.close()

    def look_up(self, ref: str, code: str) -> None:
        self._lookups.look_up(ref, code)

    def tick(self, now: float) -> float:
        self._lookups.give_up(now)
        if self._desk_until is not None and now >= self._desk_until:
            self._desk_until = None
            self._judge(up=False, why=_SILENT)
        if self._is_up is None and now >= self._judge_at:
            self._judge(up=False, why=_SILENT if self._conn else "chưa nối được tới tỉnh")
        fetched = self._news.fetch_more(now) if self._conn else now + LEASE_S
        return min(fetched, *self._dues(now))

    def take_item(self, item: FarItem) -> None:
        match item:
            case FarUp(conn):
                self._conn = conn
                self._say_link("ready")
            case FarDown(fault):
                self._conn, self._desk_until = "", None
                self._lookups.give_up_all()
                self._judge(up=False, why=f"không tới được tỉnh ({fault.text})")
            case FarHeard(topic):
                address = find_down(topic)
                if address is not None and self._is_ours(address):
                    self._take_heard(address, item)
            case _:
                pass

    def _dues(self, now: float) -> list[float]:
        dues = [now + LEASE_S, *self._lookups.dues]
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
            self._news.take_back(address.channel)
            return
        try:
            opened = codec.open_payload(heard.payload, hall=address.hall)
            self._take_message(address, opened, heard)
        except Garbled as err:
            log.warning("from the province, %s refused: %s", address.channel.name, err.why)
            if address.channel in TOLD_ON:
                self._news.refuse(address.channel, err.said or err.why)
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
            self._news.take_told(channel, codec.read(address.model, opened.content))

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

    # --- what is asked --------------------------------------------------------------------------

    def _send(self, verb: str, client: str, asked: WireModel) -> bool:
        """False: it cannot be asked now."""
        payload = codec.pack(asked, hall=self.hall, src=client, ts=self.clock.now())
        topic = REQ_ONESTOP.topic(self.hall, verb=verb, client=client)
        return self.link.publish(topic, payload, retain=False) is not None

    def _take_reply(self, client: str, reply: Reply) -> None:
        if client == FETCHER:
            self._news.take_chunk(reply)
        else:
            self._lookups.take_reply(client, reply)

    def take_controller_answer(self, reply: Reply) -> None:
        self._central.take_controller_answer(reply)


def link_status(state: str, conn: str) -> OnestopStatus:
    """What a hall says of its line."""
    return OnestopStatus.model_validate({"state": state, "source": "", "conn": conn})
