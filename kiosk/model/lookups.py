"""How a citizen asks after a dossier: typed or scanned, one exact code at a time. Pure."""

from dataclasses import replace

from pydantic import ValidationError

from hall.contract.dossier_codes import DossierCode, NotACode, recognise, to_look_up
from hall.contract.messages import Reply
from hall.contract.onestop_requests import DossierData
from kiosk.model import checkin, identity
from kiosk.model.actions import AskDossier, Effects
from kiosk.model.pages import (
    Attract,
    CheckingIn,
    CheckInPage,
    DossierResult,
    Home,
    LookingUp,
    Lookup,
    Maintenance,
    NoResult,
    Pin,
    PrintingTicket,
    Tech,
    Trouble,
)
from kiosk.model.state import KioskModel

LONGEST = 48
_ALLOWED = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.-")
# What is no code of a dossier and nothing else that the hall knows by its looks.
_FREE = frozenset({"unknown_grammar", "invalid_date", "org_too_long", "sequence_too_long"})
_ANSWERS: dict[str, Trouble] = {"unknown": "unknown", "limit": "limit"}


def typed(model: KioskModel, letter: str) -> KioskModel:
    """A key, or what a keyboard sends: only letters a code may hold, none too many."""
    page = model.page
    if not isinstance(page, Lookup | CheckInPage):
        return model
    kept = "".join(c for c in letter.upper() if c in _ALLOWED)
    return model.swap(replace(page, typed=(page.typed + kept)[:LONGEST]))


def submit(model: KioskModel, act_id: str) -> tuple[KioskModel, Effects]:
    """Look up what stands in the field of the page."""
    if not isinstance(model.page, Lookup) or not model.page.typed:
        return model, ()
    return _ask_dossier(model, model.page.typed, act_id)


def scanned(model: KioskModel, text: str, act_id: str) -> tuple[KioskModel, Effects]:
    """A card tells an age class; a dossier's code is looked up, another checks in. On every page.

    Where the code of an appointment is asked for, any code is one. Not while a number is on its
    way: nobody would see it come.
    """
    if isinstance(model.page, LookingUp | PrintingTicket | CheckingIn | Pin | Tech | Maintenance):
        return model, ()
    if identity.looks_like_identity(text):
        return _card(model, text)
    if _is_appointment(model, text):
        return checkin.ask_check_in(model, text.strip(), act_id)
    shown = replace(model, trail=(*model.trail, model.page), page=Lookup())
    return _ask_dossier(model if isinstance(model.page, Lookup) else shown, text, act_id)


def answered(model: KioskModel, asked_id: str, reply: Reply) -> tuple[KioskModel, Effects]:
    page = model.page
    if not isinstance(page, LookingUp) or page.id != asked_id:
        return model, ()
    if reply.status == "ok":
        return _found(model, page, reply), ()
    code = reply.error.code if reply.error else "unavailable"
    why = _ANSWERS.get(code, "unavailable")
    limiter = model.limiter.missed(model.now) if why == "unknown" else model.limiter
    return replace(model, page=NoResult(why, page.code), limiter=limiter, touched=model.now), ()


def _is_appointment(model: KioskModel, text: str) -> bool:
    if not checkin.could_be_code(model, text):
        return False
    if isinstance(model.page, CheckInPage):
        return True
    match recognise(text, model.wall.date()):
        case DossierCode():
            return False
        case NotACode(reason):
            return reason in _FREE


def _found(model: KioskModel, page: LookingUp, reply: Reply) -> KioskModel:
    try:
        dossier = DossierData.model_validate(reply.data)
    except ValidationError:
        return model.swap(NoResult("unavailable", page.code))
    found = replace(model, limiter=model.limiter.found(model.now), touched=model.now)
    return found.swap(DossierResult(dossier))


def _card(model: KioskModel, text: str) -> tuple[KioskModel, Effects]:
    age = identity.age_class(text, model.wall.date())
    awake = Home() if isinstance(model.page, Attract) else model.page
    return replace(model, age=age, page=awake), ()


def _ask_dossier(model: KioskModel, text: str, act_id: str) -> tuple[KioskModel, Effects]:
    code = to_look_up(text, model.wall.date())
    if code is None:
        kept = model.page.typed if isinstance(model.page, Lookup) else ""
        return model.open(NoResult("not_a_code", kept)), ()
    wait = model.limiter.wait_s(model.now)
    if wait > 0:
        return model.open(NoResult("wait", code, model.now + wait)), ()
    if not model.world.linked or not model.world.onestop_ready(model.now):
        return model.open(NoResult("unavailable", code)), ()
    return model.open(LookingUp(code, act_id, model.now)), (AskDossier(act_id, code),)
