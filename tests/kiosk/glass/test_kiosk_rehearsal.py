"""While nobody touches, fonts are opened for the pages to come; nothing else changes."""

from dataclasses import replace
from typing import Any

from hall.runtime.picture import Presence
from hall.screen.tree import texts
from kiosk import screens
from kiosk.glass.rehearsal import Rehearsal
from kiosk.glass.view import KioskView
from kiosk.model.modes import Modes
from kiosk.model.state import KioskModel

MOST_PIXELS = 2_250_000


def rehearsed(kit: Any) -> tuple[KioskView, KioskModel]:
    stage, model = kit.stage("half", private=True), kit.at("home", touched=0.0)
    stage.show_model(model)
    rehearsal = Rehearsal(stage)
    for _ in range(200):
        rehearsal.turn(model)
    assert rehearsal.done
    return stage, model


def test_the_first_touch_finds_nearly_every_font_open(kit: Any) -> None:
    stage, _ = rehearsed(kit)
    fonts = stage.painter.typesetter._fonts
    before = len(fonts)
    for name in kit.pages:
        for large in (False, True):
            stage.show_model(kit.at(name, modes=Modes(large=large)))

    assert len(fonts) - before <= 0.1 * len(fonts)


def test_a_rehearsal_leaves_the_glass_and_keeps_no_drawing(kit: Any) -> None:
    stage = kit.stage("half", private=True)
    model = kit.at("home", touched=0.0)
    stage.show_model(model)
    shown, drawn = stage.scene, dict(stage.painter.typesetter._surfaces)
    Rehearsal(stage).turn(model)

    assert stage.scene is shown
    assert stage.painter.typesetter._surfaces == drawn
    assert not stage.show_model(model)


def test_nobody_is_kept_waiting_by_a_rehearsal(kit: Any) -> None:
    stage, model = kit.stage("half", private=True), kit.at("home")
    rehearsal = Rehearsal(stage)
    before = len(stage.painter.typesetter._fonts)
    for _ in range(200):
        rehearsal.turn(model)

    assert len(stage.painter.typesetter._fonts) == before
    assert not rehearsal.done


def test_a_day_of_every_page_in_every_mode_does_not_fill_the_memory(kit: Any) -> None:
    stage = kit.stage("32 inch portrait", private=True)
    for name in kit.pages:
        for modes in (Modes(), Modes(contrast=True), Modes(large=True)):
            stage.show_model(kit.at(name, modes=modes))
    kept = (*stage.painter.typesetter._surfaces.values(), *stage.painter.sprites._made.values())

    assert sum(each.get_width() * each.get_height() for each in kept) <= MOST_PIXELS


def test_a_heartbeat_that_says_nothing_new_paints_nothing(kit: Any) -> None:
    stage, model = kit.stage("half"), kit.at("home")
    stage.show_model(model)
    scene = stage.scene
    beaten = replace(
        model, world=replace(model.world, presence=Presence(linked=True, heard_at=model.now + 0.5))
    )

    assert not stage.show_model(beaten)
    assert stage.scene is scene
    assert "A024" in texts(screens.scene(beaten, stage.theme(beaten.modes)))
