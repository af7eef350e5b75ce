"""A finger that meets nothing leaves a ring for a moment: the glass has felt it."""

from dataclasses import replace
from typing import Any

import pytest

from hall.screen.pointer import MISSED_S
from hall.screen.window import Contact
from kiosk.model.actions import (
    Acted,
    Action,
    ChooseAgain,
    Erase,
    LookUp,
    PressKey,
    SayThat,
    ShowVain,
    Stay,
    TouchedNothing,
)
from kiosk.model.modes import Modes
from kiosk.model.pages import CheckInPage, Lookup, NoCheckIn, Procedures
from kiosk.model.step import step


def test_a_press_that_does_nothing_is_answered_by_a_ring(kit: Any) -> None:
    stage = kit.stage()
    model = kit.at("thanks")
    stage.show_model(model)
    x, y = stage.panel.area.w / 2, stage.panel.area.h * 0.8
    edge = stage.panel.px(x - 8.5), stage.panel.px(y)
    before = stage.window.surface.get_at(edge)

    stage.acts(Contact("down", 1, x, y), model.now)
    stage.show_model(model)
    assert stage.window.surface.get_at(edge) != before

    stage.acts(Contact("up", 1, x, y), model.now)
    stage.show_model(replace(model, now=model.now + MISSED_S))
    assert stage.window.surface.get_at(edge) == before


@pytest.mark.parametrize(
    ("page", "action"),
    [
        (CheckInPage(), Erase()),
        (CheckInPage(), PressKey("|")),
        (Procedures(None, "", keyboard=True), Erase()),
        (Lookup(), ChooseAgain()),
    ],
)
def test_an_act_that_changes_nothing_is_shown_and_with_speech_said(
    kit: Any, page: Any, action: Action
) -> None:
    for modes, told in ((Modes(), ()), (Modes(aloud=True), (SayThat("said.vain"),))):
        model = kit.at(page, modes=modes)
        after, effects = step(model, Acted(action, "i"))
        assert (after.page, effects) == (page, (ShowVain(), *told))
        assert (after.speaking_since is not None) is modes.aloud


def test_an_act_that_changes_something_or_is_to_stay_is_not_called_vain(kit: Any) -> None:
    for page, action in ((CheckInPage("A"), Erase()), (CheckInPage(), PressKey("7"))):
        assert step(kit.at(page), Acted(action, "i"))[1] == ()
    assert step(kit.at(CheckInPage("A")), Acted(Stay(), "i"))[1] == ()


def test_a_touch_beside_every_button_is_said_to_who_does_not_see_the_ring(kit: Any) -> None:
    aloud = kit.at("thanks", modes=Modes(aloud=True))

    assert step(aloud, TouchedNothing())[1] == (SayThat("said.missed"),)
    assert step(kit.at("thanks"), TouchedNothing())[1] == ()


def test_an_empty_field_that_is_sent_says_what_is_wanted(kit: Any) -> None:
    after, _ = step(kit.at(CheckInPage()), Acted(LookUp(), "i"))

    assert after.page == NoCheckIn("empty")
