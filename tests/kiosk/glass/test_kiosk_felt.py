"""A finger that meets nothing leaves a ring for a moment: the glass has felt it."""

from dataclasses import replace
from typing import Any

from hall.screen.pointer import MISSED_S
from hall.screen.window import Contact


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
