"""Who has an appointment comes to a number: the code typed or scanned, without glass or bus."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hall.contract import codec
from hall.contract.messages import ErrorCode, Refusal, Reply
from hall.contract.requests import Appointment, IssueData, Promised
from kiosk.model.actions import (
    Acted,
    Action,
    AskCheckIn,
    AskDossier,
    Effects,
    LookUp,
    Open,
    PaperNews,
    PressKey,
    Read,
    ReplyArrived,
    TakeOnScreen,
    Ticked,
)
from kiosk.model.pages import (
    CheckingIn,
    CheckInPage,
    Home,
    LookingUp,
    NoCheckIn,
    PickService,
    TicketTaken,
)
from kiosk.model.state import KioskModel
from kiosk.model.step import step

CODE = "HEN-4711"
DOSSIER = "H38.12-181129-0001"


def do(model: KioskModel, *actions: Action) -> tuple[KioskModel, Effects]:
    effects: Effects = ()
    for place, action in enumerate(actions):
        model, more = step(model, Acted(action, f"id{place}"))
        effects += more
    return model, effects


def typed(kit: Any) -> tuple[KioskModel, Effects]:
    letters = (PressKey(letter) for letter in CODE)
    return do(kit.model, Open(PickService()), Open(CheckInPage()), *letters, LookUp())


def answered(model: KioskModel, reply: Reply) -> KioskModel:
    assert isinstance(model.page, CheckingIn)
    return step(model, ReplyArrived(model.page.id, reply))[0]


def refused(kit: Any, code: ErrorCode, told: Appointment | None = None) -> KioskModel:
    current = None if told is None else codec.plain(told)
    error = Refusal(code=code, text="…", current=current)
    return answered(typed(kit)[0], Reply(id="x", status="error", error=error))


def given(kit: Any) -> Reply:
    issued = IssueData(
        ticket=kit.ticket("A025"),
        ahead=2,
        counters=("1",),
        promised=Promised(slot=kit.model.wall, kept=True),
    )
    return Reply(id="x", status="ok", data=codec.plain(issued))


@pytest.mark.parametrize("number", ["034095001234", "0912345678"])
def test_a_persons_own_number_is_neither_sent_nor_kept(kit: Any, number: str) -> None:
    digits = (PressKey(digit) for digit in number)

    model, effects = do(kit.model, Open(PickService()), Open(CheckInPage()), *digits, LookUp())

    assert effects == ()
    assert model.page == NoCheckIn("personal", "")


def test_a_typed_code_is_checked_in_where_it_is_printed(kit: Any) -> None:
    model, effects = typed(kit)

    (ask,) = effects
    assert ask == AskCheckIn(ask.id, CODE, "vi", paperless=False)
    assert isinstance(model.page, CheckingIn)


def test_the_number_comes_and_the_code_is_gone(kit: Any) -> None:
    model = answered(typed(kit)[0], given(kit))

    assert isinstance(model.page, TicketTaken)
    assert CODE not in repr(model)
    assert not model.personal
    assert not any(CODE in text for text in kit.texts_within((model.page, model.trail)))


@pytest.mark.parametrize("page", [Home(), PickService(), CheckInPage()])
def test_a_scanned_code_of_an_appointment_checks_in_on_every_page(kit: Any, page: Any) -> None:
    model, (ask,) = step(kit.at(page), Read(f"{CODE}\r", "s"))

    assert isinstance(ask, AskCheckIn)
    assert ask.code == CODE
    assert isinstance(model.page, CheckingIn)


def test_a_scanned_code_of_a_dossier_is_looked_up_as_ever(kit: Any) -> None:
    model, (ask,) = step(kit.model, Read(DOSSIER, "s"))

    assert isinstance(ask, AskDossier)
    assert isinstance(model.page, LookingUp)


def test_where_an_appointment_is_asked_for_a_dossiers_code_may_be_one(kit: Any) -> None:
    (ask,) = step(kit.at(CheckInPage()), Read(DOSSIER, "s"))[1]

    assert isinstance(ask, AskCheckIn)


def test_a_hall_without_appointments_never_asks_for_one(kit: Any) -> None:
    walk_in = replace(kit.model, setup=replace(kit.setup, booked=False))
    model, (ask,) = step(walk_in, Read(CODE, "s"))

    assert isinstance(model.page, LookingUp)
    assert isinstance(ask, AskDossier)


def test_an_identity_card_is_no_appointment(kit: Any) -> None:
    card = "099046000002|999000002|TRẦN VĂN THỬ|22111946|Nam|Thôn Mẫu|15042021"
    model, effects = step(kit.at(CheckInPage()), Read(card, "s"))

    assert isinstance(model.page, CheckInPage)
    assert effects == ()


def test_refusals_say_which(kit: Any) -> None:
    early, used = kit.appointment(), kit.appointment("A025")
    later = early.model_copy(update={"slot": early.slot + timedelta(days=2)})

    def why(code: ErrorCode, told: Appointment | None = None) -> str:
        page = refused(kit, code, told).page
        assert isinstance(page, NoCheckIn)
        return page.why

    assert why("unknown") == "unknown"
    assert why("not_now", early) == "early"
    assert why("not_now", later) == "other_day"
    assert why("not_now", used) == "used"
    assert why("closed") == "closed"
    assert why("limit") == "limit"
    assert [why(code) for code in ("not_now", "busy", "internal", "expired")] == ["unavailable"] * 4


def test_who_guesses_codes_waits(kit: Any) -> None:
    model = kit.model
    for _ in range(12):
        model, effects = do(replace(model, page=CheckInPage("X")), LookUp())
        if not effects:
            break
        error = Refusal(code="unknown", text="…")
        model = answered(model, Reply(id="x", status="error", error=error))

    assert isinstance(model.page, NoCheckIn)
    assert model.page.why == "wait"


def test_without_paper_the_number_may_be_photographed(kit: Any) -> None:
    empty = replace(kit.model, world=replace(kit.world, printer_alerts=frozenset({"paper_out"})))
    model, effects = do(replace(empty, page=CheckInPage(CODE)), LookUp())
    assert isinstance(model.page, NoCheckIn)
    assert (model.page.fault, effects) == ("paper_out", ())

    model, (ask,) = do(model, TakeOnScreen())
    assert isinstance(ask, AskCheckIn)
    assert ask.paperless
    page = answered(model, given(kit)).page
    assert isinstance(page, TicketTaken)
    assert page.paper == "none"


def test_while_the_controller_is_away_nothing_is_asked(kit: Any) -> None:
    away = replace(kit.model, now=kit.model.now + 60)
    model, effects = do(replace(away, page=CheckInPage(CODE)), LookUp())

    assert isinstance(model.page, NoCheckIn)
    assert (model.page.why, effects) == ("offline", ())


def test_whose_paper_failed_is_told_that_the_appointment_stands(kit: Any) -> None:
    model = answered(typed(kit)[0], given(kit))
    assert isinstance(model.page, TicketTaken)
    model, _ = step(model, PaperNews(model.page.issued.ticket.id, "voided"))

    assert isinstance(model.page, NoCheckIn)
    assert model.page.why == "voided"


def test_a_code_left_behind_is_wiped(kit: Any) -> None:
    model = refused(kit, "unknown")
    assert model.personal
    model, _ = step(model, Ticked(model.now + model.setup.personal_idle_s, model.wall))

    assert isinstance(model.page, Home)
    assert not any(CODE in text for text in kit.texts_within((model.page, model.trail)))
