"""When numbers of a service are given again, by the hours and limits of the YAML. Pure.

The controller says when a closed hall opens; of a service alone it says only that it is closed or
has no numbers left. Both follow from the calendar, unless a person has closed it.
"""

from datetime import datetime, timedelta

from hall.runtime.opening import closes_in, minute_of, next_day_opening, next_opening
from kiosk.model.pages import NoTicket
from kiosk.model.setup import ServiceChoice
from kiosk.model.state import KioskModel

_MOST_OPENINGS = 60


def given_again(model: KioskModel, page: NoTicket) -> datetime | None:
    """The first moment of a later working day; None: the hall's business, or nobody knows."""
    service = model.setup.service(page.service)
    if service is None or not model.world.gives_tickets:
        return None
    if page.code == "limit" or is_after_hours(model, page.service):
        return _first_opening(model, service)
    return None


def is_after_hours(model: KioskModel, ident: str) -> bool:
    """Whether the service takes nobody any more today by its own hours, in an open hall."""
    service = model.setup.service(ident)
    if service is None or not model.world.gives_tickets:
        return False
    closes = closes_in(model.setup.calendar, model.wall)
    until = service.intake_until
    too_late = until is not None and minute_of(model.wall) >= until
    return too_late or (closes is not None and closes < service.last_ticket_min)


def _first_opening(model: KioskModel, service: ServiceChoice) -> datetime | None:
    """Of a later business day, and not past the service's own last minute."""
    calendar = model.setup.calendar
    opens, until = next_day_opening(calendar, model.wall), service.intake_until
    for _ in range(_MOST_OPENINGS):
        if opens is None or until is None or minute_of(opens) < until:
            return opens
        opens = next_opening(calendar, opens + timedelta(minutes=1))
    return None
