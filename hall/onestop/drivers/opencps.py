"""OpenCPS 2: dossiers looked up, tickets told to its bookings, online bookings told to the hall.

    hall: issued ──POST /bookings (state 1)──▶ OpenCPS      OpenCPS: online booking ─▶ appoint
          called ──PUT state 2, gate────────▶               (polled)
          finished ─PUT state 4─▶   no_show, cancelled … ─PUT state 3─▶

Paths and fields: VietOpenCPS/opencps-v2, org.opencps.api. A name that OpenCPS knows is never read,
and none is sent: `bookingName` stays empty.
"""

import base64
import logging
import queue
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import Field

from hall.contract.messages import TicketEvent
from hall.onestop.askers import Askers
from hall.onestop.dossiers import Dossier
from hall.onestop.intake.cells import Unclear
from hall.onestop.intake.dates import DateOrder, DateStyle, read_moment
from hall.onestop.ports import Booked, Post
from hall.onestop.records import RecordMapping
from hall.onestop.supplier_section import ConnectedSupplier, OnestopSurroundings
from hall.onestop.web import Unreadable, WebError, WebService, at, refusal_in
from hall.onestop.web_section import WebSection
from hall.runtime import credentials
from hall.runtime.clock import Clock
from hall.runtime.credentials import MissingCredential

log = logging.getLogger(__name__)

_FAR_S = 3600.0
_ROOT = "/o/rest/v2"
_CLASS = "EFORM"
_WAITING, _CALLED, _SKIPPED, _DONE = "1", "2", "3", "4"
# What OpenCPS is told of each event; the rest changes nothing there.
_STATES: Mapping[str, str] = MappingProxyType(
    {
        "called": _CALLED,
        "recalled": _CALLED,
        "finished": _DONE,
        "no_show": _SKIPPED,
        "cancelled": _SKIPPED,
        "voided": _SKIPPED,
        "expired": _SKIPPED,
        "returned": _WAITING,
        "resumed": _WAITING,
    }
)
_FIELDS = {
    "code": "dossierNo",
    "status": "dossierStatus",
    "procedure_code": "serviceCode",
    "procedure_name": "serviceName",
    "field": "domainName",
    "received": "receiveDate",
    "due": "dueDate",
    "done": "releaseDate",
}
_DAYS_AHEAD = 6
_ROOM = 500


class OpencpsSection(WebSection):
    """OpenCPS 2: look-ups, and the queue told to and from its bookings."""

    driver: Literal["opencps"] = Field(description="OpenCPS 2 qua REST.")
    group_id: int = Field(ge=1, description="groupId của đơn vị trong OpenCPS.")
    user: str = Field(min_length=1, description="Tài khoản OpenCPS.")
    credential: str = Field(
        pattern=r"^[a-z0-9-]{1,64}$", description="Tên mật khẩu của tài khoản, không phải giá trị."
    )
    services: dict[str, str] = Field(
        default_factory=dict,
        description="Dịch vụ của hội trường: serviceCode. Trống: không chuyển hàng chờ.",
        examples=[{"ho-tich": "1.001193"}],
    )
    gates: dict[str, str] = Field(
        default_factory=dict, description="Quầy: gateNumber, khi khác mã quầy."
    )
    poll_s: float = Field(default=10, ge=5, description="Hỏi lịch hẹn sau mỗi … giây.")

    def connect(self, where: OnestopSurroundings) -> ConnectedSupplier:
        opencps = OpencpsSupplier(self, where.state, where.zone, where.clock, where.at_once)
        return ConnectedSupplier(opencps, queueing=opencps)


@dataclass(slots=True)
class OpencpsSupplier:
    """One thread tells and polls bookings, the askers look dossiers up."""

    section: OpencpsSection
    state: Path
    zone: tzinfo
    clock: Clock
    at_once: int = 2
    source: str = field(init=False)
    _service: WebService = field(init=False)
    _reading: RecordMapping = field(init=False)
    _askers: Askers | None = field(init=False, default=None)
    _events: queue.Queue[TicketEvent] = field(init=False)
    _ended: threading.Event = field(init=False, default_factory=threading.Event)
    _thread: threading.Thread | None = field(init=False, default=None)
    _ids: dict[str, str] = field(init=False, default_factory=dict)
    _booked: dict[str, datetime] = field(init=False, default_factory=dict)
    _post: Post | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.source = self.section.source
        self._service = WebService(self.section.url, self.clock, self.section.ca, self._headers)
        self._reading = RecordMapping(_FIELDS, {}, DateOrder.DAY_FIRST, self.zone)
        self._events = queue.Queue(_ROOM)

    def start(self, post: Post) -> None:
        self._post = post
        self._askers = Askers(
            self.find, self._service.breaker, post, self.clock, at_once=self.at_once
        )
        self._askers.start()
        if self.section.services:
            self._thread = threading.Thread(target=self._work, name="onestop-bookings")
            self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        if self._askers is not None:
            self._askers.stop()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self._service.close()

    def tick(self, now: float) -> float:
        return now + _FAR_S

    def look_up(self, ref: str, code: str) -> None:
        if self._askers is not None:
            self._askers.want_dossier(ref, code)

    def follow_event(self, event: TicketEvent) -> None:
        """Follow the queue; what no longer fits is dropped, since OpenCPS sees only the present."""
        if self._thread is None or event.ticket is None:
            return
        try:
            self._events.put_nowait(event)
        except queue.Full:
            log.warning("OpenCPS is too slow for the queue: an event was not told")

    def find(self, code: str) -> Dossier | None:
        """The dossier of exactly this code. Raises WebError, MissingCredential."""
        told = self._service.get(f"{_ROOT}/dossiers", {"dossierNo": code, "start": "0", "end": "5"})
        if told is None:
            return None
        records = at(told, "data")
        if records is None and at(told, "total") == 0:
            return None
        if not isinstance(records, list):
            raise Unreadable(refusal_in(told))
        found = (self._reading.dossier(each) for each in records)
        return next((each for each in found if each is not None and each.code == code), None)

    def _headers(self) -> Mapping[str, str]:
        secret = credentials.read(self.section.credential, self.state)
        basic = base64.b64encode(f"{self.section.user}:{secret}".encode()).decode("ascii")
        return {"authorization": f"Basic {basic}", "groupId": str(self.section.group_id)}

    # --- bookings -------------------------------------------------------------------------------

    def _work(self) -> None:
        polled = -self.section.poll_s
        while not self._ended.is_set():
            now = self.clock.monotonic()
            if now - polled >= self.section.poll_s:
                polled = now
                self._guarded(self._poll)
            try:
                event = self._events.get(timeout=0.2)
            except queue.Empty:
                continue
            self._guarded(partial(self._follow, event))

    def _guarded(self, act: Callable[[], None]) -> None:
        """The hall does not depend on bookings: what fails is logged, nothing else stops."""
        try:
            act()
        except (WebError, MissingCredential) as err:
            log.warning("bookings: %s", err)

    def _follow(self, event: TicketEvent) -> None:
        ticket = event.ticket
        if ticket is None:
            return
        if event.type == "issued":
            self._book(ticket.id, ticket.number, ticket.service)
            return
        state, booking = _STATES.get(event.type), self._ids.get(ticket.id)
        if state is None or booking is None:
            return
        form = {"state": state}
        if state == _CALLED and event.counter is not None:
            # The hall speaks for itself: OpenCPS need not announce it again.
            gate = self.section.gates.get(event.counter, event.counter)
            form |= {"gateNumber": gate, "speaking": "true"}
        self._service.send("PUT", f"{_ROOT}/bookings/{booking}", form)
        if state in (_DONE, _SKIPPED) and event.type != "no_show":
            self._ids.pop(ticket.id, None)

    def _book(self, ticket: str, number: str, service: str) -> None:
        code = self.section.services.get(service)
        if code is None:
            return
        form = {
            "className": _CLASS,
            "classPK": "0",
            "codeNumber": number,
            "serviceCode": code,
            "bookingName": "",
            "state": _WAITING,
        }
        told = self._service.send("POST", f"{_ROOT}/bookings", form)
        booking = at(told, "bookingId")
        if not isinstance(booking, int | str):
            raise Unreadable(refusal_in(told))
        self._ids[ticket] = str(booking)
        while len(self._ids) > _ROOM:
            self._ids.pop(next(iter(self._ids)))

    def _poll(self) -> None:
        today = self.clock.now().astimezone(self.zone).date()
        query = {
            "state": _WAITING,
            "online": "true",
            "bookingFrom": f"{today:%d/%m/%Y}",
            "bookingTo": f"{today + timedelta(days=_DAYS_AHEAD):%d/%m/%Y}",
            "start": "0",
            "end": str(_ROOM),
        }
        told = self._service.get(f"{_ROOT}/bookings/{_CLASS}", query)
        if told is None:
            return
        for each in at(told, "data") or ():
            self._appoint(each, today)

    def _appoint(self, record: object, today: date) -> None:
        """Tell the hall of a booking that is new or has moved."""
        code, service = at(record, "codeNumber"), self._service_of(at(record, "serviceCode"))
        slot = self._slot(at(record, "bookingDate"))
        if not isinstance(code, str) or service is None or slot is None or slot.date() < today:
            return
        if self._booked.get(code) == slot or self._post is None:
            return
        self._booked[code] = slot
        while len(self._booked) > _ROOM:
            self._booked.pop(next(iter(self._booked)))
        self._post(Booked(code, service, slot))

    def _service_of(self, code: object) -> str | None:
        return next((own for own, theirs in self.section.services.items() if theirs == code), None)

    def _slot(self, told: object) -> datetime | None:
        if not isinstance(told, str | int | float) or isinstance(told, bool):
            return None
        try:
            return read_moment(told, DateStyle(), self.zone)
        except Unclear:
            return None
