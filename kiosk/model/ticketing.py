"""How a citizen comes to a number: service, priority, printing, the number large. Pure."""

from dataclasses import replace
from typing import Literal

from pydantic import ValidationError

from hall.contract.messages import Reply
from hall.contract.requests import IssueData
from hall.wording.folding import fold
from kiosk.model.actions import AskTicket, Effects
from kiosk.model.identity import ELDERLY
from kiosk.model.pages import (
    NoCheckIn,
    NoTicket,
    PickPriority,
    PickService,
    PrintingTicket,
    TicketTaken,
)
from kiosk.model.setup import ServiceChoice
from kiosk.model.state import KioskModel

_LIMITS = ("closed", "limit")


def why_not(model: KioskModel, service: str | None = None) -> NoTicket | None:
    """What stands in the way of a ticket before anyone asks for one; None = nothing known."""
    name = service or ""
    if not model.world.current(model.now):
        return NoTicket("offline", name)
    state = model.world.services.get(name)
    if model.world.hall is not None and not model.world.gives_tickets:
        return NoTicket("closed", name)
    if state is not None and state.left == 0:
        # Which is closed by it, too.
        return NoTicket("limit", name)
    if state is not None and not state.open:
        return NoTicket("closed", name)
    if model.world.paper_fault is not None:
        return NoTicket("unavailable", name, fault=model.world.paper_fault)
    return None


def barred(model: KioskModel, service: str | None = None) -> NoTicket | None:
    """The same where it ends the matter: without paper a number may be had on the screen."""
    hindrance = why_not(model, service)
    on_screen = hindrance is not None and hindrance.code == "unavailable" and model.setup.paperless
    return None if on_screen else hindrance


def nobody_there(model: KioskModel, service: ServiceChoice) -> bool:
    """Whether every counter of a service is known to be closed: its numbers wait for nobody."""
    label = service.name
    there = [c.id for c in model.setup.counters if label in c.serves]
    states = [model.world.counters.get(ident) for ident in there]
    return bool(states) and all(s is not None and s.status == "closed" for s in states)


def service_of(model: KioskModel, field: str) -> str | None:
    """The only service whose name holds this field of work; None: the citizen has to choose."""
    wanted = fold(field)
    found = [
        each.id
        for each in model.setup.services
        if wanted and any(part in wanted or wanted in part for part in _parts(each.name))
    ]
    return found[0] if len(found) == 1 else None


def _parts(name: str) -> list[str]:
    """Each half of a name such as “Hộ tịch – Chứng thực”."""
    return [fold(part) for part in name.split(" – ") if part.strip()]


def choose_service(model: KioskModel, service: str, act_id: str) -> tuple[KioskModel, Effects]:
    hindrance = barred(model, service)
    if hindrance is not None:
        # What is tried again leads back to where it was tried first.
        again = isinstance(model.page, NoTicket)
        return (model.swap(hindrance) if again else model.open(hindrance)), ()
    if model.setup.priorities:
        return _asked_or_known(model, service, act_id)
    return _dispense(model, service, None, act_id)


def choose_field(model: KioskModel, field: str, act_id: str) -> tuple[KioskModel, Effects]:
    """The service where the field tells it, else the question which."""
    service = service_of(model, field)
    if service is None:
        return model.open(PickService()), ()
    return choose_service(model, service, act_id)


def choose_priority(
    model: KioskModel, priority: str | None, act_id: str
) -> tuple[KioskModel, Effects]:
    if not isinstance(model.page, PickPriority):
        return model, ()
    return _dispense(model, model.page.service, priority, act_id)


def on_screen(model: KioskModel, act_id: str) -> tuple[KioskModel, Effects]:
    """A number to photograph, where the paper is out and the hall's YAML offers it."""
    if not isinstance(model.page, NoTicket) or not model.setup.paperless:
        return model, ()
    page = model.page
    waiting = PrintingTicket(page.service, page.priority, act_id, model.now, paperless=True)
    ask = AskTicket(act_id, page.service, page.priority, model.modes.lang, paperless=True)
    return model.swap(waiting), (ask,)


def answered(model: KioskModel, asked_id: str, reply: Reply) -> tuple[KioskModel, Effects]:
    page = model.page
    if not isinstance(page, PrintingTicket) or page.id != asked_id:
        return model, ()
    if reply.status == "ok":
        return _issued(model, page, reply), ()
    code = reply.error.code if reply.error else "unavailable"
    fault = model.world.paper_fault if code == "unavailable" else None
    return model.swap(NoTicket(code, page.service, page.priority, fault)), ()


def _issued(model: KioskModel, page: PrintingTicket, reply: Reply) -> KioskModel:
    """The number; or, where the answer cannot be read, the way to the help counter."""
    try:
        issued = IssueData.model_validate(reply.data)
    except ValidationError:
        return model.swap(NoTicket("unavailable", page.service, page.priority))
    paper: Literal["printing", "none"] = "none" if page.paperless else "printing"
    taken = TicketTaken(issued, model.now, paper)
    return replace(model, page=taken, trail=(), touched=model.now)


def printed(
    model: KioskModel, ticket: str, fate: Literal["printed", "print_unknown", "voided"]
) -> KioskModel:
    """The paper's fate. A voided number must not stay on the glass as if it counted."""
    page = model.page
    if not isinstance(page, TicketTaken) or page.issued.ticket.id != ticket:
        return model
    match fate:
        case "printed":
            return model.swap(replace(page, paper="printed"))
        case "print_unknown":
            return model.swap(replace(page, paper="unknown"))
        case "voided":
            taken = page.issued.ticket
            fault = model.world.paper_fault
            if page.issued.promised is not None:
                return model.swap(NoCheckIn("voided", fault=fault))
            return model.swap(NoTicket("voided", taken.service, taken.priority, fault))


def _asked_or_known(model: KioskModel, service: str, act_id: str) -> tuple[KioskModel, Effects]:
    """Who has shown a card that says 75 or older need not be asked."""
    if model.age in ELDERLY:
        return _dispense(model, service, model.setup.priorities[0].id, act_id)
    return model.open(PickPriority(service)), ()


def _dispense(
    model: KioskModel, service: str, priority: str | None, act_id: str
) -> tuple[KioskModel, Effects]:
    fault = model.world.paper_fault
    if fault is not None or model.setup.printer is None:
        refused = NoTicket("unavailable", service, priority, fault or "offline")
        return _over_question(model, refused), ()
    waiting = PrintingTicket(service, priority, act_id, model.now)
    ask = AskTicket(act_id, service, priority, model.modes.lang, paperless=False)
    return _over_question(model, waiting), (ask,)


def _over_question(model: KioskModel, page: PrintingTicket | NoTicket) -> KioskModel:
    """The page takes the place of the question, so that "Quay lại" leads to the services."""
    if isinstance(model.page, PickPriority | PickService):
        trail = model.trail if isinstance(model.page, PickPriority) else (*model.trail, model.page)
        return replace(model, page=page, trail=trail)
    return model.open(page)
