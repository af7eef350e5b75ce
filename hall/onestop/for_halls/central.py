"""Appointments on their way from the software at the province to the hall that decides on them."""

import logging
from dataclasses import dataclass, field

from hall.contract import codec
from hall.contract.downward import VENDOR
from hall.contract.messages import Reply
from hall.contract.onestop_messages import OnestopStatus
from hall.contract.requests import Appoint
from hall.contract.topics import REQ_QUEUE
from hall.onestop.for_halls.appointments import HallsThere
from hall.onestop.for_halls.bookings import Bookings, hall_meant
from hall.onestop.places import Place
from hall.onestop.ports import Booked
from hall.runtime.clock import Clock
from hall.runtime.far_link import FarLink
from hall.runtime.requester import new_id

log = logging.getLogger(__name__)


@dataclass(slots=True)
class CentralAppointments:
    link: FarLink
    clock: Clock
    halls: HallsThere
    _bookings: Bookings = field(default_factory=Bookings)

    def take_booking(self, place: Place, booked: Booked) -> None:
        """Sent to its hall now, or when its line comes back; the hall's own book decides."""
        hall = hall_meant(place, self.halls.units or {})
        if hall is None:
            log.warning("an appointment of %s: in which hall cannot be said", place)
            return
        wanted = Appoint(id=new_id(), code=booked.code, service=booked.service, slot=booked.slot)
        self._bookings.put(hall, wanted)
        if self.halls.is_linked(hall):
            self._send(hall, wanted)

    def take_line(self, hall: str, line: OnestopStatus) -> None:
        """A hall has come or gone."""
        self.halls.note_line(hall, line.conn, up=line.state == "ready")
        if line.state == "ready":
            for wanted in self._bookings.waiting(hall):
                self._send(hall, wanted)

    def take_answer(self, hall: str, reply: Reply) -> None:
        """What a hall's controller says to the vendor, or to us."""
        if self._bookings.answered(hall, reply.id) and reply.error is not None:
            log.warning("an appointment in %s was refused: %s", hall, reply.error.code)

    def _send(self, hall: str, wanted: Appoint) -> None:
        topic = REQ_QUEUE.topic(hall, verb="appoint", client=VENDOR)
        payload = codec.pack(wanted, hall=hall, src=VENDOR, ts=self.clock.now())
        self.link.publish(topic, payload, retain=False)
