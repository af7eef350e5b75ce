"""What would be refused is told before anybody has typed or waited for it, with what to do."""

from dataclasses import replace
from typing import Any

import pytest

from hall.screen.tree import Box, targets
from kiosk import screens
from kiosk.model import ticketing
from kiosk.model.actions import Acted, ChooseField, Open
from kiosk.model.modes import Modes
from kiosk.model.pages import Detail, Home, Lookup, NoResult, NoTicket, PickPriority, PickService
from kiosk.model.state import KioskModel
from kiosk.model.step import step
from kiosk.model.world import World


def away(model: KioskModel) -> KioskModel:
    return replace(model, world=replace(model.world, onestop=None))


def shown(kit: Any, model: KioskModel) -> dict[str, Any]:
    scene = screens.scene(model, kit.stage().theme(model.modes))
    return {node.key: node for node in scene.nodes}


def test_without_the_onestop_side_nobody_types_a_code_in_vain(kit: Any) -> None:
    opened, effects = step(away(kit.model), Acted(Open(Lookup()), "i"))

    assert opened.page == NoResult("unavailable")
    assert effects == ()


def test_its_tile_is_grey_and_says_why(kit: Any) -> None:
    usual, lost = (shown(kit, m) for m in (kit.at(Home()), away(kit.at(Home()))))
    grey = kit.stage().theme(Modes()).palette.muted

    assert usual["lookup.tile"].fill != grey
    assert lost["lookup.tile"].fill == grey
    assert lost["tile.lookup.hint"].text == "Tạm thời chưa tra cứu được"
    assert lost["procedures.tile"].fill != grey


def closed_at(model: KioskModel, service: str) -> World:
    """The hall with every counter of this service closed."""
    name = next(s.name for s in model.setup.services if s.id == service)
    theirs = {c.id for c in model.setup.counters if name in c.serves}
    counters = {
        ident: state.model_copy(update={"status": "closed", "ticket": None})
        if ident in theirs
        else state
        for ident, state in model.world.counters.items()
    }
    return replace(model.world, counters=counters)


def test_a_service_whose_counters_are_all_closed_says_so_first(kit: Any) -> None:
    chosen = kit.setup.services[0]
    world = closed_at(kit.model, chosen.id)
    theirs = {c.id for c in kit.setup.counters if chosen.name in c.serves}
    if not theirs <= set(world.counters):
        missing = next(iter(kit.model.world.counters.values()))
        extra = {
            ident: missing.model_copy(update={"counter": ident, "status": "closed", "ticket": None})
            for ident in theirs
        }
        world = replace(world, counters={**world.counters, **extra})
    model = replace(kit.at(PickService()), world=world)

    assert ticketing.nobody_there(model, chosen)
    assert shown(kit, model)[f"service.{chosen.id}.wait"].text == "Chưa có quầy nào mở"
    assert not ticketing.nobody_there(kit.at(PickService()), chosen)


@pytest.mark.parametrize(
    ("field", "service"),
    [("Hộ tịch", "ho-tich"), ("Chứng thực", "ho-tich"), ("Đất đai", "dat-dai"), ("Thuế", None)],
)
def test_a_procedures_field_names_its_service_where_there_is_one(
    kit: Any, field: str, service: str | None
) -> None:
    assert ticketing.service_of(kit.model, field) == service


@pytest.mark.parametrize(
    "names", [{}, {"Hộ tịch – Chứng thực": "Civil status – Certification"}], ids=["vi", "en"]
)
def test_the_number_for_a_procedure_is_asked_for_without_choosing_again(
    kit: Any, names: dict[str, str]
) -> None:
    known = next(p for p in kit.model.world.shelf.procedures if p.field == "Hộ tịch")
    model, theme = kit.at(Detail(known.code)), kit.stage().theme(Modes())
    scene = screens.scene(model, replace(theme, words=replace(theme.words, names=names)))
    take = next(each.target for each in targets(scene) if each.target.key == "take")

    assert step(model, Acted(take.action, "i"))[0].page == PickPriority("ho-tich")


def test_the_number_for_a_procedure_of_no_one_service_asks_which(kit: Any) -> None:
    opened, _ = step(kit.model, Acted(ChooseField("Thuế"), "i"))

    assert opened.page == PickService()


def test_when_the_numbers_are_used_up_it_says_when_and_where_else(kit: Any) -> None:
    nodes = shown(kit, kit.at(NoTicket("limit", "ho-tich")))

    assert "Ngày làm việc tới" in nodes["message.do"].text
    assert "Cổng dịch vụ công" in nodes["message.do"].text
    assert nodes["other"].action == Open(PickService())
    assert "again" not in nodes
    assert isinstance(nodes["other.box"], Box)
