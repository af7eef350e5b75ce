"""A scan counts once and is of one person: not of who was there before, nor of who comes after."""

from dataclasses import replace
from typing import Any

import pytest

from hall.contract import codec
from hall.contract.messages import Reply
from kiosk.model.actions import Acted, AskDossier, Back, EndVisit, Read, ReplyArrived, Ticked, Wipe
from kiosk.model.pages import (
    CheckInPage,
    DossierResult,
    Home,
    LookingUp,
    Lookup,
    NoCheckIn,
    NoResult,
    PickService,
)
from kiosk.model.scans import NEXT_PERSON_S, SAME_S
from kiosk.model.state import KioskModel
from kiosk.model.step import step

CODE, OTHER = "H38.12-181129-0001", "H38.12-181129-0002"
CARD = "099046000002|999000002|TRẦN VĂN THỬ|22111946|Nam|Thôn Mẫu|15042021"


def passed(model: KioskModel, seconds: float) -> KioskModel:
    return step(model, Ticked(model.now + seconds, model.wall))[0]


def read(model: KioskModel, text: str) -> tuple[KioskModel, bool]:
    """The model after a scan, and whether somebody was asked about it."""
    after, effects = step(model, Read(text, "s"))
    return after, any(isinstance(each, AskDossier) for each in effects)


def found(kit: Any, model: KioskModel, code: str = CODE) -> KioskModel:
    data = codec.plain(kit.dossier(4, code))
    return step(model, ReplyArrived("s", Reply(id="x", status="ok", data=data)))[0]


def test_a_code_that_is_read_again_and_again_is_asked_about_once(kit: Any) -> None:
    model = found(kit, read(kit.model, CODE)[0])
    for _ in range(20):
        model = passed(model, SAME_S / 4)
        model, asked = read(model, CODE)
        assert not asked
        assert isinstance(model.page, DossierResult)

    assert read(passed(model, SAME_S), CODE)[1]


def test_a_code_that_is_held_up_while_it_is_asked_about_is_the_same_reading(kit: Any) -> None:
    asking, _ = read(kit.model, CODE)
    still, _ = read(passed(asking, SAME_S - 0.1), CODE)
    model = found(kit, passed(still, 0.3))

    assert read(model, CODE) == (replace(model, last_scan=still.last_scan.__class__(
        still.last_scan.mark, model.now)), False)  # fmt: skip


def test_a_code_left_lying_keeps_nobodys_page_up(kit: Any) -> None:
    """Nor does it come up for who is there next."""
    model = found(kit, read(kit.model, CODE)[0])
    for _ in range(80):
        model, asked = read(passed(model, 0.5), CODE)
        assert not asked

    assert model.page == Home()


@pytest.mark.parametrize("text", [CODE, CARD], ids=["code", "card"])
def test_what_was_read_before_the_wipe_and_comes_after_it_is_nobodys(kit: Any, text: str) -> None:
    wiped, effects = step(kit.at(DossierResult(kit.dossier(5))), Acted(EndVisit(), "i"))
    assert Wipe() in effects

    late, asked = read(passed(wiped, NEXT_PERSON_S - 0.1), text)
    assert (late.page, late.age, asked) == (Home(), None, False)
    assert (passed(late, 1.0).page, passed(late, 1.0).age) == (Home(), None)

    other, asked = read(passed(late, 0.1), OTHER)
    assert (type(other.page), asked) == (LookingUp, True)


@pytest.mark.parametrize(
    "left",
    ["result of status 4", "ticket", "lookup typed", "not found", "code used", "asking"],
)
def test_from_what_one_has_scanned_no_way_leads_back_to_another_persons_page(
    kit: Any, left: str
) -> None:
    before = kit.at(left)
    model = replace(before, trail=(Home(), PickService(), *before.trail, DossierResult(
        kit.dossier(4, OTHER))))  # fmt: skip
    if isinstance(model.page, LookingUp):
        model = model.swap(NoResult("unknown", model.page.code))
    model, asked = read(model, CODE)
    assert asked

    model = found(kit, model)
    seen = []
    while model.trail:
        model = step(model, Acted(Back(), "i"))[0]
        seen.append(model.page)
    allowed = (Home, PickService, CheckInPage, Lookup)
    assert all(isinstance(page, allowed) for page in seen)
    assert not any(page.typed for page in seen if isinstance(page, Lookup | CheckInPage))


def test_what_the_one_before_left_drawn_is_wiped_by_the_scan_of_the_next(kit: Any) -> None:
    _, effects = step(kit.at(DossierResult(kit.dossier(4, OTHER))), Read(CODE, "s"))

    assert effects[0] == Wipe()
    assert Wipe() not in step(kit.at(PickService()), Read(CODE, "s"))[1]


def test_who_scans_an_appointment_after_another_cannot_go_back_to_theirs(kit: Any) -> None:
    model, _ = step(kit.at(NoCheckIn("used", "H38-4711")), Read("HEN-0001", "s"))

    assert not any(isinstance(page, NoCheckIn) for page in model.trail)


def test_no_scan_can_be_read_in_what_is_remembered_of_it(kit: Any) -> None:
    model = step(read(kit.model, CODE)[0], Acted(EndVisit(), "i"))[0]

    assert not any(CODE in text for text in kit.texts_within(model.last_scan))


def test_what_a_card_told_is_forgotten_as_soon_as_other_personal_things(kit: Any) -> None:
    model, _ = read(kit.at(PickService()), CARD)
    assert model.age == "80_plus"

    assert passed(model, kit.setup.personal_idle_s + 0.1).age is None
