"""A person stops new tickets, of a service or of the hall: whoever waits is still called."""

from typing import Literal

from hall.queueing import commands, events
from hall.queueing.draft import Draft
from hall.queueing.refusals import Reason, Refused
from hall.queueing.rules import Now
from hall.queueing.state import Hall, Intake


def close_service(draft: Draft, command: commands.CloseService) -> None:
    _check(draft, command.service)
    if command.service not in draft.hall.closed:
        draft.add(events.ServiceClosed(*draft.stamp, command.service, command.reason))


def open_service(draft: Draft, command: commands.OpenService) -> None:
    _check(draft, command.service)
    if command.service in draft.hall.closed:
        draft.add(events.ServiceOpened(*draft.stamp, command.service, command.reason))


def _check(draft: Draft, service: str) -> None:
    if service not in draft.rules.services:
        raise Refused(Reason.UNKNOWN_SERVICE)


def close_hall(draft: Draft, command: commands.CloseHall) -> None:
    """With an unsure clock at once, and for the rest of the day; asked again, the later holds."""
    if not draft.now.trusted:
        draft.add(events.IntakeClosed(*draft.stamp, draft.now.wall, None, command.notice))
        return
    if command.on != draft.hall.date:
        raise Refused(Reason.NOT_TODAY)
    closes, reopens = command.closes, command.reopens
    draft.add(events.IntakeClosed(*draft.stamp, closes, reopens, command.notice))


def refuse_new_tickets(hall: Hall, service: str, now: Now) -> None:
    """By a person's order, whatever the hours say. Raises Refused."""
    refuse_everybody(hall, now)
    if service in hall.closed:
        raise Refused(Reason.CLOSED_BY_STAFF)


def refuse_everybody(hall: Hall, now: Now) -> None:
    """Who has an appointment as well. Raises Refused."""
    if is_stopped(hall, now.wall):
        raise Refused(Reason.INTAKE_CLOSED)


def is_stopped(hall: Hall, wall: int) -> bool:
    """Whether a person has ordered that nobody gets a ticket at this moment, in ms since 1970."""
    return hall.intake is not None and hall.intake.stops(wall)


def closed_by(hall: Hall, now: Now) -> Literal["hours", "order"] | None:
    """What keeps the hall from giving tickets; the hours, where an order does as well."""
    if now.open is False:
        return "hours"
    return "order" if is_stopped(hall, now.wall) else None


def why_no_slot(hall: Hall, service: str, day: str, at: int) -> Reason | None:
    """What keeps people from being booked for a time: no ticket, or no new promise of one."""
    if is_stopped(hall, at):
        return Reason.INTAKE_CLOSED
    return Reason.CLOSED_BY_STAFF if day == hall.date and service in hall.closed else None


def reopens(hall: Hall, now: Now) -> int | None:
    """When new tickets are given again, in ms since 1970; None while they are, or nobody knows."""
    stopped = is_stopped(hall, now.wall)
    return hall.intake.reopens if hall.intake is not None and stopped else now.opens_wall


def notice(hall: Hall, now: Now) -> str | None:
    """What people are told of it, from the order on until the hall opens again."""
    return hall.intake.notice if hall.intake is not None and _lasts(hall.intake, now) else None


def _lasts(intake: Intake, now: Now) -> bool:
    return intake.reopens is None or now.wall < intake.reopens
