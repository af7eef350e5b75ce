"""Numbers before arrival: a slot is booked, moved, given back, and becomes a ticket.

appoint ──▶ booked ──check-in, from early_ms before to late_ms after──▶ ticket, ranked by the slot
│  └────check-in, later──────────────────────────────────▶ ticket, ranked by arrival
└───cancel-appointment──▶ free again
"""

from hall.queueing import closing, commands, events, slots
from hall.queueing.draft import Draft
from hall.queueing.issuing import check_priority, give_number, service_of
from hall.queueing.refusals import Reason, Refused
from hall.queueing.rules import Service
from hall.queueing.state import Booking

MOST_BOOKINGS = 5000
# Between two who are booked for one slot (ms): more than the hall's clock and the wall clock drift
# apart while the slot's people come, and a hundred of them stay within the shortest slot.
PLACE_MS = 1000


def appoint(draft: Draft, command: commands.Appoint) -> None:
    """Book a slot; the same code again moves it."""
    service = service_of(draft, command.service)
    check_priority(draft, command.priority)
    known = draft.hall.bookings.get(command.code)
    if known is not None and known.serial is not None:
        raise Refused(Reason.CHECKED_IN)
    if known is None and len(draft.hall.bookings) >= MOST_BOOKINGS:
        raise Refused(Reason.BOOKINGS)
    _check_slot(draft, service, command)
    _check_person(draft, service, command)
    draft.add(
        events.Appointed(
            *draft.stamp,
            command.code,
            command.service,
            command.slot,
            command.date,
            command.priority,
            command.person,
        )
    )


def _check_slot(draft: Draft, service: Service, command: commands.Appoint) -> None:
    hall, day, at = draft.hall, command.date, command.slot
    if day < hall.date or (draft.now.trusted and at < draft.now.wall):
        raise Refused(Reason.SLOT_PAST)
    if day > slots.last_date(service, hall, draft.now):
        raise Refused(Reason.TOO_FAR)
    if not slots.exists(draft.rules, service, day, at):
        raise Refused(Reason.NO_SLOT)
    stopped = closing.why_no_slot(hall, service.id, day, at)
    if stopped is not None:
        raise Refused(stopped)
    there = slots.booked(hall, service, day, at)
    if command.code not in there and not slots.room(service, hall, day, at):
        raise Refused(Reason.SLOT_FULL)


def _check_person(draft: Draft, service: Service, command: commands.Appoint) -> None:
    """One person's bookings of a day, whatever their services."""
    most = service.plan.per_person_day
    if most is None or command.person is None:
        return
    others = sum(
        booked.person == command.person and booked.date == command.date
        for code, booked in draft.hall.bookings.items()
        if code != command.code
    )
    if others >= most:
        raise Refused(Reason.PERSON_QUOTA)


def cancel(draft: Draft, command: commands.CancelAppointment) -> None:
    booked = _booking(draft, command.code)
    if booked.serial is not None:
        raise Refused(Reason.CHECKED_IN)
    draft.add(events.Unbooked(*draft.stamp, command.code))


def check_in(draft: Draft, command: commands.CheckIn) -> int:
    """Give a booked person a ticket that ranks by its slot; a late one ranks by its arrival.

    Neither quota nor last-ticket time refuses it, nor do the hours while the slot is kept: it was
    promised, and who is booked for the first one comes before the hall opens.
    """
    booked = _booking(draft, command.code)
    if booked.serial is not None:
        raise Refused(Reason.CHECKED_IN)
    if booked.date != draft.hall.date:
        raise Refused(Reason.OTHER_DAY)
    closing.refuse_everybody(draft.hall, draft.now)
    service = service_of(draft, booked.service)
    if _is_too_early(draft, service, booked.slot):
        raise Refused(Reason.TOO_EARLY)
    if draft.now.open is False and not slots.is_kept(service, booked.slot, draft.now):
        raise Refused(Reason.HALL_CLOSED)
    rank = _rank(draft, service, booked, command.code) - draft.rules.head_start(booked.priority)
    return give_number(
        draft, service, command.channel, command.lang, rank, booked.priority, command.code
    )


def _is_too_early(draft: Draft, service: Service, slot: int) -> bool:
    """Nobody is, for a time at which a person has stopped tickets: no better moment will come."""
    first = slots.first_moment(service, slot)
    if first is None or not draft.now.trusted or closing.is_stopped(draft.hall, slot):
        return False
    return draft.now.wall < first


def _rank(draft: Draft, service: Service, booked: Booking, code: str) -> int:
    """The slot on the hall's clock, then who booked it first; the arrival for who is late."""
    now = draft.now
    if not slots.is_kept(service, booked.slot, now):
        return now.at
    place = slots.booked(draft.hall, service, booked.date, booked.slot).index(code)
    return now.at + booked.slot - now.wall + place * PLACE_MS


def _booking(draft: Draft, code: str) -> Booking:
    found = draft.hall.bookings.get(code)
    if found is None:
        raise Refused(Reason.UNKNOWN_BOOKING)
    return found
