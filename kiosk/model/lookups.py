"""How a citizen asks after a dossier: typed or scanned, one exact code at a time. Pure."""

from dataclasses import replace

from pydantic import ValidationError

from hall.contract.dossier_codes import DossierCode, NotACode, recognise, to_look_up
from hall.contract.messages import Reply
from hall.contract.onestop_requests import DossierData
from hall.contract.words import without_symbology
from kiosk.model import checkin, code_entry, identity, scans
from kiosk.model.actions import AskDossier, Effects, Wipe
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

_ALLOWED = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.-")
# What is no code of a dossier and nothing else that the hall knows by its looks.
_FREE = frozenset({"unknown_grammar", "invalid_date", "org_too_long", "sequence_too_long"})
_ANSWERS: dict[str, Trouble] = {"unknown": "unknown", "limit": "limit"}


def first_page(model: KioskModel) -> Lookup | NoResult:
    """The field with the hall's own part of a code; or why not, before anything is typed."""
    if not model.world.onestop_ready(model.now):
        return NoResult("unavailable")
    return _field(model)


def _field(model: KioskModel) -> Lookup:
    """Nothing typed yet."""
    own = code_entry.opened(model.setup.code_prefix)
    return Lookup(own, own=own)


def typed(model: KioskModel, letter: str) -> KioskModel:
    """A key, or what a keyboard sends: only letters a code may hold, none too many."""
    match model.page:
        case Lookup(typed=before) as page:
            prefix, today = model.setup.code_prefix, model.wall.date()
            after = code_entry.pressed(before, letter, prefix, today)
            return model.swap(replace(page, typed=after))
        case CheckInPage(typed=before) as page:
            kept = "".join(c for c in letter.upper() if c in _ALLOWED)
            return model.swap(replace(page, typed=(before + kept)[: code_entry.LONGEST]))
        case _:
            return model


def erased(model: KioskModel, page: Lookup) -> KioskModel:
    return model.swap(replace(page, typed=code_entry.erased(page.typed, model.setup.code_prefix)))


def submit(model: KioskModel, act_id: str) -> tuple[KioskModel, Effects]:
    """Look up what stands in the field of the page; an empty field is told what is wanted."""
    if not isinstance(model.page, Lookup):
        return model, ()
    text = model.page.typed
    code = code_entry.read(text, model.setup.code_prefix, model.wall.date())
    return _ask_dossier(model, code, act_id, kept=text)


def scanned(model: KioskModel, text: str, act_id: str) -> tuple[KioskModel, Effects]:
    """A card tells an age class; a dossier's code is looked up, another checks in. On every page.

    Where the code of an appointment is asked for, any code is one. Not while a number is on its
    way: nobody would see it come. What another person may have left is gone by it.
    """
    if scans.is_again(model, text) or scans.is_of_before(model):
        return scans.noted(model, text), ()
    if isinstance(model.page, LookingUp | PrintingTicket | CheckingIn | Pin | Tech | Maintenance):
        return model, ()
    model = scans.noted(replace(model, touched=model.now), text)
    if identity.looks_like_identity(text):
        return _card(model, text)
    code = to_look_up(text, model.wall.date())
    booked = _is_appointment(model, text)
    if code is None and not booked and isinstance(model.page, Lookup):
        return _ask_dossier(model, None, act_id, model.page.typed)
    wiped = (Wipe(),) if model.personal else ()
    field = CheckInPage() if booked else _field(model)
    fresh = replace(model, trail=scans.before(model), page=field)
    if booked:
        after, effects = checkin.ask_check_in(fresh, without_symbology(text.strip()), act_id)
    else:
        after, effects = _ask_dossier(fresh, code, act_id, "")
    return after, (*wiped, *effects)


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


def _ask_dossier(
    model: KioskModel, code: str | None, act_id: str, kept: str
) -> tuple[KioskModel, Effects]:
    """`kept`: what stands in the field, to be mended where it is no code."""
    if code is None:
        return model.open(NoResult("not_a_code", kept)), ()
    wait = model.limiter.wait_s(model.now)
    if wait > 0:
        return model.open(NoResult("wait", code, model.now + wait)), ()
    if not model.world.linked or not model.world.onestop_ready(model.now):
        return model.open(NoResult("unavailable", code)), ()
    return model.open(LookingUp(code, act_id, model.now)), (AskDossier(act_id, code),)
