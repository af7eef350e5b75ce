"""The province's gateway: one connection to the software answers the look-ups of every hall.

    req/onestop ─▶ a lane a hall (arrival) ─▶ quota a hall ─▶ fair lanes ─▶ supplier ─▶ rsp/{client}
    figures, catalogue, notice ─▶ judged ─▶ each unit, each hall: retained, when they change
    req/queue of the vendor ─▶ answered here only for halls that cannot answer themselves

A dossier is never kept: each look-up asks the software. Procedures are packed once.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from hall.contract import codec
from hall.contract.codec import Garbled
from hall.contract.downward import DOWN_LINK, VENDOR, DownAddress, desk_topic, find_down
from hall.contract.messages import ErrorCode, Reply
from hall.contract.onestop_messages import OnestopStatus
from hall.contract.onestop_requests import CatalogueChunk, DossierLookup
from hall.contract.province import PROVINCE
from hall.contract.topics import REQ_ONESTOP, REQ_QUEUE, RSP
from hall.onestop.for_halls.answers import DeskAnswers, asker
from hall.onestop.for_halls.appointments import HallsThere
from hall.onestop.for_halls.catalogues import NoChunk
from hall.onestop.for_halls.central import CentralAppointments
from hall.onestop.for_halls.fair_supplier import FairSupplier
from hall.onestop.for_halls.lanes import Lanes, hall_of
from hall.onestop.for_halls.places import EveryHall, Place
from hall.onestop.for_halls.retained import RetainedStates
from hall.onestop.lookups import Lookups
from hall.onestop.ports import (
    Booked,
    DossierAnswered,
    FiguresTold,
    Imported,
    LinkDown,
    LinkUp,
    NoticeTold,
    ProceduresTold,
    Supplier,
)
from hall.onestop.quota import Quota
from hall.runtime.admission import Admission, AdmissionSection, Knock
from hall.runtime.clock import Clock
from hall.runtime.far_link import FarDown, FarHeard, FarItem, FarLink, FarUp
from hall.runtime.inbox import Inbox

log = logging.getLogger(__name__)

# A hall gives up after 4.8 s.
PATIENCE_S = 4.5
# Readers give up a status that is not repeated for 150 s.
REPEAT_S = 45.0
# Handled in one turn, before it is looked up what is due.
MOST = 200
WATCH_S = 1.0
# What one hall may send before anything of it is read: its kiosks ask a few times a minute each.
ARRIVING = AdmissionSection(requests_per_s=20, burst=60)
# Halls and requests whose allowance is remembered.
_HALLS, _REQUESTS = 5000, 50_000


@dataclass(frozen=True, slots=True)
class ToldFor:
    """What the supplier of a place told."""

    place: Place
    told: object


@dataclass(frozen=True, slots=True)
class HallsRead:
    """Every hall of the province and its unit."""

    units: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _OneTooMany:
    address: DownAddress
    payload: bytes


@dataclass(frozen=True, slots=True)
class DeskLimits:
    """`per_minute`: look-ups of one hall; `at_once`: asked of the software at the same time."""

    per_minute: int = 120
    at_once: int = 8


@dataclass(slots=True)
class ProvinceDesk:
    """`suppliers`: by place; that of every hall is asked for dossiers."""

    link: FarLink
    clock: Clock
    suppliers: Mapping[Place, Supplier]
    limits: DeskLimits = DeskLimits()
    inbox: Inbox = field(default_factory=lambda: Inbox(admission=Admission(ARRIVING)))
    wrong: str = ""
    _answers: DeskAnswers = field(init=False)
    _asked: FairSupplier = field(init=False)
    _lookups: Lookups = field(init=False)
    _states: RetainedStates = field(init=False)
    _central: CentralAppointments = field(init=False)
    _conn: str = ""
    _status_at: float = 0.0
    _link_fault: str = ""
    _software_fault: str = ""
    _flooding: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self._answers = DeskAnswers(self.link, self.clock)
        self._states = RetainedStates(self.link, self.clock)
        self._central = CentralAppointments(self.link, self.clock, HallsThere())
        lanes = Lanes(window=2 * self.limits.at_once)
        behind = self.suppliers[EveryHall()]
        self._asked = FairSupplier(behind, lanes, self.clock, PATIENCE_S)
        quota = Quota(self.limits.per_minute, hall_of, _REQUESTS, _HALLS)
        self._lookups = Lookups(self._answers, self._asked, quota, PATIENCE_S)

    def start(self) -> None:
        for place, supplier in self.suppliers.items():
            started = self._asked if place == EveryHall() else supplier
            started.start(partial(self._post_told, place))
        self.link.open(self._arrived)

    def stop(self) -> None:
        """An orderly farewell speaks no last will."""
        for supplier in self.suppliers.values():
            supplier.stop()
        self._lookups.note_link(up=False)
        self._publish_status()
        self.link.close()

    def turn(self, longest_s: float) -> None:
        """What is due, then all that has come."""
        now = self.clock.monotonic()
        due = [self._lookups.tick(now), self._asked.tick(now), self._repeat(now)]
        due.append(self._judge_floods(now))
        others = (s for place, s in self.suppliers.items() if place != EveryHall())
        due += [supplier.tick(now) for supplier in others]
        item = self.inbox.take_item(min(longest_s, max(0.0, min(due) - now)))
        for _ in range(MOST):
            if item is None:
                return
            self._take_item(item)
            item = self.inbox.take_item(0.0)
        if item is not None:
            self._take_item(item)

    def _judge_floods(self, now: float) -> float:
        """Name who sends too much; let those in again who were shut out for it."""
        self.inbox.admission.shut_out(now)
        flooding = frozenset(self.inbox.admission.floods(now))
        for hall in sorted(flooding - self._flooding):
            log.warning("%s sends too many requests: only some are answered", hall)
        self._flooding = flooding
        return now + WATCH_S

    # --- other threads --------------------------------------------------------------------------

    def _post_told(self, place: Place, told: object) -> None:
        self.inbox.post(ToldFor(place, told))

    def _arrived(self, item: FarItem) -> None:
        """A request waits in the lane of its hall: who pours in fills no other's."""
        address = find_down(item.topic) if isinstance(item, FarHeard) else None
        if isinstance(item, FarHeard) and address is not None and address.channel is REQ_ONESTOP:
            refuse = partial(_OneTooMany, address, item.payload)
            knock = Knock(
                address.hall, self.clock.monotonic(), len(item.payload), lambda: item, refuse
            )
            self.inbox.knock(knock)
        else:
            self.inbox.post(item)

    # --- the loop -------------------------------------------------------------------------------

    def _take_item(self, item: object) -> None:
        match item:
            case FarUp(conn):
                self._conn, self._link_fault = conn, ""
                self._central.halls.connected(self.clock.monotonic())
                self._states.spread.forget_said()
                self._publish_status()
                self._publish_due()
            case FarDown(fault):
                self._conn, self._link_fault = "", f"{fault.text}. {fault.advice}"
            case FarHeard(topic):
                address = find_down(topic)
                if address is not None:
                    self._take_heard(address, item)
            case ToldFor(place, told):
                self._take_told(place, told)
            case HallsRead(units):
                self._central.halls.units = units
                self._states.spread.register(frozenset(units.values()))
                self._publish_due()
            case _OneTooMany(address, payload):
                self._refuse(address, payload, "limit")
            case _:
                pass
        self.wrong = " ".join(filter(None, (self._link_fault, self._software_fault)))

    def _take_heard(self, address: DownAddress, heard: FarHeard) -> None:
        try:
            if address.channel is REQ_ONESTOP and not heard.retained:
                self._requested(address, heard.payload)
            elif address.channel is REQ_QUEUE and not heard.retained:
                self._vendor_asked(address, heard.payload)
            elif address.channel is DOWN_LINK and heard.payload:
                opened = codec.open_payload(heard.payload, hall=address.hall)
                self._central.take_line(address.hall, codec.read(OnestopStatus, opened.content))
            elif address.channel is RSP and not heard.retained:
                opened = codec.open_payload(heard.payload, hall=address.hall)
                self._central.take_answer(address.hall, codec.read(Reply, opened.content))
        except Garbled as err:
            log.warning("%s of %s refused: %s", address.channel.name, address.hall, err.why)
            if address.channel is REQ_ONESTOP:
                self._refuse(address, heard.payload, "bad_request", err.said)

    def _refuse(
        self, address: DownAddress, payload: bytes, code: ErrorCode, text: str = ""
    ) -> None:
        """Without an id that can be read there is nobody to answer."""
        request_id = codec.request_id(payload) or ""
        if codec.is_id(request_id):
            to = asker(address.hall, address.levels["client"])
            self._answers.refuse(to, request_id, code, text)

    # --- requests -------------------------------------------------------------------------------

    def _requested(self, address: DownAddress, payload: bytes) -> None:
        opened = codec.open_payload(payload, hall=address.hall)
        client, verb = address.levels["client"], address.levels["verb"]
        row = (REQ_ONESTOP.verbs or {}).get(verb)
        if opened.envelope.src != client:
            self._refuse(address, payload, "unauthorized")
            return
        if row is None:
            self._refuse(address, payload, "bad_request")
            return
        to, request = asker(address.hall, client), codec.read(row.request, opened.content)
        match request:
            case DossierLookup():
                self._lookups.take_request(to, request)
            case CatalogueChunk():
                self._chunk(to, request)
            case _:
                self._answers.reply(to, request.id)

    def _chunk(self, to: str, asked: CatalogueChunk) -> None:
        found = self._states.catalogues.chunk(asked)
        if isinstance(found, NoChunk):
            self._answers.refuse(to, asked.id, found.code, found.text)
        else:
            self._answers.reply(to, asked.id, found)

    def _vendor_asked(self, address: DownAddress, payload: bytes) -> None:
        if address.levels["client"] != VENDOR:
            return
        refusal = self._central.halls.refusal(address.hall, self.clock.monotonic())
        if refusal is not None:
            self._refuse(address, payload, refusal.code, refusal.text)

    # --- what the suppliers tell ----------------------------------------------------------------

    def _take_told(self, place: Place, told: object) -> None:
        match told:
            case LinkUp() | LinkDown() if place == EveryHall():
                self._lookups.note_link(up=isinstance(told, LinkUp))
                why = told.why if isinstance(told, LinkDown) else ""
                self._software_fault = f"Mất kết nối phần mềm một cửa: {why}." if why else ""
                self._publish_status()
            case DossierAnswered(ref, outcome):
                self._lookups.take_answer(ref, outcome)
                self._asked.note_answered(ref)
            case FiguresTold(figures):
                self._states.take_figures(place, figures)
            case ProceduresTold(procedures):
                self._states.take_procedures(place, procedures)
            case NoticeTold(lines):
                self._states.take_notice(place, lines)
            case Booked():
                self._central.take_booking(place, told)
            case Imported(report) if report.state in ("held", "refused"):
                log.warning("%s: %s %s: %s", place, report.file, report.state, report.reasons)
            case _:
                pass
        self._publish_due()

    # --- states ---------------------------------------------------------------------------------

    def _publish_due(self) -> None:
        if self._conn:
            self._states.publish_due()

    def _repeat(self, now: float) -> float:
        if now >= self._status_at:
            self._publish_status()
        return self._status_at

    def _publish_status(self) -> None:
        self._status_at = self.clock.monotonic() + REPEAT_S
        if self._conn:
            state = "ready" if self._lookups.up else "lost"
            told = status(state, self._asked.source, self._conn)
            self._states.publish(desk_topic(), PROVINCE, told)


def status(state: str, source: str, conn: str) -> OnestopStatus:
    """What the gateway says of itself."""
    return OnestopStatus.model_validate({"state": state, "source": source, "conn": conn})
