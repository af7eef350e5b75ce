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
from hall.contract.downward import DOWN_LINK, DownAddress, desk_topic, find_down
from hall.contract.messages import Reply
from hall.contract.onestop_messages import OnestopStatus
from hall.contract.province import PROVINCE
from hall.contract.topics import REQ_ONESTOP, REQ_QUEUE, RSP
from hall.onestop.for_halls.answers import DeskAnswers
from hall.onestop.for_halls.appointments import HallsThere
from hall.onestop.for_halls.arrivals import Arrivals, OneTooMany
from hall.onestop.for_halls.central import CentralAppointments
from hall.onestop.for_halls.fair_supplier import FairSupplier
from hall.onestop.for_halls.hall_requests import HallRequests
from hall.onestop.for_halls.lanes import Lanes, hall_of
from hall.onestop.for_halls.ports import DeskLimits, HallsRead, ToldFor
from hall.onestop.for_halls.retained import RetainedStates
from hall.onestop.lookups import Lookups
from hall.onestop.places import EveryHall, Place
from hall.onestop.ports import (
    Booked,
    DossierAnswered,
    FiguresTold,
    Imported,
    LinkDown,
    LinkUp,
    NoticeTold,
    ProceduresTold,
    Spreading,
    Supplier,
)
from hall.onestop.quota import Quota
from hall.runtime.clock import Clock
from hall.runtime.far_link import FarDown, FarHeard, FarLink, FarUp
from hall.runtime.inbox import Inbox

log = logging.getLogger(__name__)

# A hall gives up after 4.8 s.
PATIENCE_S = 4.5
# Readers give up a status that is not repeated for 150 s.
REPEAT_S = 45.0
# Handled in one turn, before it is looked up what is due.
MOST = 200
# Halls and requests whose allowance is remembered.
_HALLS, _REQUESTS = 5000, 50_000


@dataclass(slots=True)
class ProvinceDesk:
    """`suppliers`: by place; that of every hall is asked for dossiers.

    `spreading`: that one again, where it also tells what is of single units and halls.
    """

    link: FarLink
    clock: Clock
    suppliers: Mapping[Place, Supplier]
    limits: DeskLimits = field(default_factory=DeskLimits)
    spreading: Spreading | None = None
    wrong: str = ""
    _arrivals: Arrivals = field(init=False)
    _asked: FairSupplier = field(init=False)
    _lookups: Lookups = field(init=False)
    _requests: HallRequests = field(init=False)
    _states: RetainedStates = field(init=False)
    _central: CentralAppointments = field(init=False)
    _conn: str = ""
    _status_at: float = 0.0
    _link_fault: str = ""
    _software_fault: str = ""

    def __post_init__(self) -> None:
        self._arrivals = Arrivals(self.clock)
        answers = DeskAnswers(self.link, self.clock)
        self._states = RetainedStates(self.link, self.clock)
        self._central = CentralAppointments(self.link, self.clock, HallsThere())
        lanes = Lanes(window=2 * self.limits.at_once)
        behind = self.suppliers[EveryHall()]
        self._asked = FairSupplier(behind, lanes, self.clock, PATIENCE_S)
        quota = Quota(self.limits.per_minute, hall_of, _REQUESTS, _HALLS)
        self._lookups = Lookups(answers, self._asked, quota, PATIENCE_S)
        self._requests = HallRequests(
            answers, self._lookups, self._states.catalogues, self._central.halls
        )

    @property
    def inbox(self) -> Inbox:
        return self._arrivals.inbox

    def start(self) -> None:
        if self.spreading is not None:
            self.spreading.spread(self._post_spread)
        for place, supplier in self.suppliers.items():
            started = self._asked if place == EveryHall() else supplier
            started.start(partial(self._post_told, place))
        self.link.open(self._arrivals.post)

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
        due.append(self._arrivals.judge_floods(now))
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

    # --- other threads --------------------------------------------------------------------------

    def _post_told(self, place: Place, told: object) -> None:
        self.inbox.post(ToldFor(place, told))

    def _post_spread(self, place: Place, told: object) -> None:
        """A supplier of its own comes first; what the one connection tells of the place is left."""
        if place not in self.suppliers:
            self._post_told(place, told)

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
                self._states.spread.register(units)
                self._publish_due()
            case OneTooMany(address, payload):
                self._requests.refuse(address, payload, "limit")
            case _:
                pass
        self.wrong = " ".join(filter(None, (self._link_fault, self._software_fault)))

    def _take_heard(self, address: DownAddress, heard: FarHeard) -> None:
        try:
            if address.channel is REQ_ONESTOP and not heard.retained:
                self._requests.take_request(address, heard.payload)
            elif address.channel is REQ_QUEUE and not heard.retained:
                now = self.clock.monotonic()
                self._requests.take_vendor_request(address, heard.payload, now)
            elif address.channel is DOWN_LINK and heard.payload:
                opened = codec.open_payload(heard.payload, hall=address.hall)
                self._central.take_line(address.hall, codec.read(OnestopStatus, opened.content))
            elif address.channel is RSP and not heard.retained:
                opened = codec.open_payload(heard.payload, hall=address.hall)
                self._central.take_answer(address.hall, codec.read(Reply, opened.content))
        except Garbled as err:
            log.warning("%s of %s refused: %s", address.channel.name, address.hall, err.why)
            if address.channel is REQ_ONESTOP:
                self._requests.refuse(address, heard.payload, "bad_request", err.said)

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
