"""How who has an appointment comes to a number: the code typed or scanned, one at a time. Pure.

CheckIn ──code──▶ CheckingIn ──number──▶ TicketTaken
                      └─────refused─────▶ NoCheckIn ──▶ CheckIn, PickService
"""

from dataclasses import replace
from typing import Literal

from pydantic import ValidationError

from hall.contract.messages import Refusal, Reply
from hall.contract.requests import Appointment, IssueData
from hall.contract.words import LONGEST_CODE, is_personal
from kiosk.model.actions import AskCheckIn, Effects
from kiosk.model.pages import CheckingIn, CheckInPage, NoCheckIn, NotCheckedIn, TicketTaken
from kiosk.model.state import KioskModel

_ANSWERS: dict[str, NotCheckedIn] = {"unknown": "unknown", "closed": "closed", "limit": "limit"}


def could_be_code(model: KioskModel, text: str) -> bool:
    """Whether a scan may be tried: in a hall that is booked, any short text without control."""
    return (
        model.setup.booked and 0 < len(text.strip()) <= LONGEST_CODE and text.strip().isprintable()
    )


def submit(model: KioskModel, act_id: str) -> tuple[KioskModel, Effects]:
    """Check in with what stands in the field of the page."""
    if not isinstance(model.page, CheckInPage):
        return model, ()
    if not model.page.typed:
        return model.open(NoCheckIn("empty")), ()
    return ask_check_in(model, model.page.typed, act_id)


def ask_check_in(model: KioskModel, code: str, act_id: str) -> tuple[KioskModel, Effects]:
    wait = model.limiter.wait_s(model.now)
    if wait > 0:
        return model.open(NoCheckIn("wait", code, until=model.now + wait)), ()
    if is_personal(code):
        # Neither sent nor shown again.
        return model.open(NoCheckIn("personal", "")), ()
    if not model.world.current(model.now):
        return model.open(NoCheckIn("offline", code)), ()
    fault = model.world.paper_fault
    if fault is not None or model.setup.printer is None:
        return model.open(NoCheckIn("unavailable", code, fault=fault or "offline")), ()
    waiting = CheckingIn(code, act_id, model.now)
    return model.open(waiting), (AskCheckIn(act_id, code, model.modes.lang, paperless=False),)


def on_screen(model: KioskModel, page: NoCheckIn, act_id: str) -> tuple[KioskModel, Effects]:
    """A number to photograph, where the paper is out and the hall's YAML offers it."""
    if not model.setup.paperless or not page.typed:
        return model, ()
    waiting = CheckingIn(page.typed, act_id, model.now, paperless=True)
    asked = AskCheckIn(act_id, page.typed, model.modes.lang, paperless=True)
    return model.swap(waiting), (asked,)


def answered(model: KioskModel, asked_id: str, reply: Reply) -> KioskModel:
    page = model.page
    if not isinstance(page, CheckingIn) or page.id != asked_id:
        return model
    if reply.status == "ok":
        return _issued(model, page, reply)
    refused = _refused(model, page, reply.error)
    guessed = model.limiter.missed(model.now) if refused.why == "unknown" else model.limiter
    return replace(model, page=refused, limiter=guessed, touched=model.now)


def _issued(model: KioskModel, page: CheckingIn, reply: Reply) -> KioskModel:
    try:
        issued = IssueData.model_validate(reply.data)
    except ValidationError:
        return model.swap(NoCheckIn("unavailable", page.code))
    paper: Literal["printing", "none"] = "none" if page.paperless else "printing"
    found = replace(model, limiter=model.limiter.found(model.now), touched=model.now)
    return replace(found, page=TicketTaken(issued, model.now, paper), trail=())


def _refused(model: KioskModel, page: CheckingIn, error: Refusal | None) -> NoCheckIn:
    code = error.code if error else "unavailable"
    if error is not None and code == "not_now":
        told = _appointment_of(error)
        return NoCheckIn(_why(model, told), page.code, told)
    fault = model.world.paper_fault if code == "unavailable" else None
    return NoCheckIn(_ANSWERS.get(code, "unavailable"), page.code, fault=fault)


def _appointment_of(error: Refusal) -> Appointment | None:
    try:
        return Appointment.model_validate(error.current)
    except ValidationError:
        return None


def _why(model: KioskModel, told: Appointment | None) -> NotCheckedIn:
    """Not now: it is used, it is of another day, or it is too early."""
    if told is None:
        return "unavailable"
    if told.ticket is not None:
        return "used"
    slot = told.slot.astimezone(model.wall.tzinfo)
    return "early" if slot.date() == model.wall.date() else "other_day"
