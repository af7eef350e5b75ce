"""What would be refused is told before anybody has typed or waited for it, with what to do."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from hall.runtime.opening import Calendar
from hall.screen.tree import Box, targets
from kiosk import screens
from kiosk.model import ticketing
from kiosk.model.actions import Acted, ChooseField, ChooseService, Open
from kiosk.model.modes import Modes
from kiosk.model.pages import (
    Detail,
    Fields,
    Home,
    Lookup,
    NoResult,
    NoTicket,
    PickPriority,
    PickService,
)
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
    assert shown(kit, model)[f"service.{chosen.id}.wait"].text.startswith("Chưa có quầy nào mở")
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


WEEK = Calendar(
    dict.fromkeys(range(5), ((450, 690), (810, 1020))),
    off=((date(2026, 11, 24), date(2026, 11, 24)),),
)


def used_up(kit: Any, calendar: Calendar = WEEK, **service: Any) -> KioskModel:
    """The hall on Monday, 23 November at 10:32, where the first service has no number left."""
    first, *others = kit.setup.services
    services = (replace(first, **service), *others)
    state = kit.model.world.services[first.id].model_copy(update={"open": False, "left": 0})
    world = replace(kit.model.world, services={**kit.model.world.services, first.id: state})
    setup = replace(kit.setup, calendar=calendar, services=services, public_url="")
    return replace(kit.at(PickService()), setup=setup, world=world)


def refused(model: KioskModel) -> KioskModel:
    return step(model, Acted(ChooseService(model.setup.services[0].id), "i"))[0]


def test_when_the_numbers_are_used_up_it_says_when_and_where_else(kit: Any) -> None:
    """Tuesday is a holiday."""
    model = refused(used_up(kit, elsewhere="Điểm tiếp nhận số 2, 12 đường Trần Phú"))
    assert model.page == NoTicket("limit", "ho-tich")

    nodes = shown(kit, model)
    told = nodes["message.do"].text
    assert told.startswith("Cấp số lại: 07:30 Thứ Tư, ngày 25/11.")
    assert "mời ông/bà đến Điểm tiếp nhận số 2, 12 đường Trần Phú" in told
    assert "Cổng dịch vụ công" not in told
    assert nodes["other"].action == Open(PickService())
    assert "again" not in nodes
    assert isinstance(nodes["other.box"], Box)


def test_without_another_place_in_the_yaml_the_help_desk_is_named(kit: Any) -> None:
    model = refused(used_up(kit))
    online = replace(model, setup=replace(model.setup, public_url="https://dichvucong.gov.vn"))

    assert "quầy hướng dẫn" in shown(kit, model)["message.do"].text
    assert "Cổng dịch vụ công" in shown(kit, online)["message.do"].text


def test_the_tile_says_so_and_when_before_it_is_touched(kit: Any) -> None:
    nodes, grey = shown(kit, used_up(kit)), kit.stage().theme(Modes()).palette.muted

    wait = nodes["service.ho-tich.wait"]
    assert "Hết số hôm nay" in (wait.text, *wait.instead)
    assert "cấp lại 07:30 Thứ Tư, ngày 25/11" in wait.text
    assert nodes["service.ho-tich.disc"].fill == grey
    assert nodes["service.dat-dai.disc"].fill != grey


@pytest.mark.parametrize(
    ("changes", "again"),
    [
        ({"intake_until": 600}, "07:30 Thứ Tư, ngày 25/11"),
        ({"intake_until": 440}, None),
        ({"last_ticket_min": 400}, "07:30 Thứ Tư, ngày 25/11"),
        ({"intake_until": 660}, None),
    ],
    ids=["over", "before any opening", "near the end", "not over"],
)
def test_a_service_closed_by_its_own_hours_says_when_one_closed_by_a_person_does_not(
    kit: Any, changes: dict[str, int], again: str | None
) -> None:
    model = used_up(kit, **changes)
    shut = model.world.services["ho-tich"].model_copy(update={"left": 5})
    services = {**model.world.services, "ho-tich": shut}
    model = refused(replace(model, world=replace(model.world, services=services)))
    assert model.page == NoTicket("closed", "ho-tich")
    nodes = shown(kit, model)

    assert ("Cấp số lại" in nodes["message.do"].text) is (again is not None)
    assert again is None or again in nodes["message.do"].text
    over = changes.get("intake_until") != 660
    assert ("đã hết giờ" in nodes["message.why"].text) is over


def test_a_hall_that_never_closes_gives_numbers_when_its_day_begins(kit: Any) -> None:
    always = Calendar(dict.fromkeys(range(7), ((0, 1440),)), day_start_min=300)
    night = replace(used_up(kit, always), wall=kit.model.wall.replace(hour=3))

    assert "07:30" not in shown(kit, refused(night))["message.do"].text
    assert "05:00 hôm nay" in shown(kit, refused(night))["message.do"].text


def test_trying_again_does_not_lengthen_the_way_back(kit: Any) -> None:
    once = refused(used_up(kit))

    assert refused(once).trail == once.trail


def out_of_paper(model: KioskModel, *, paperless: bool) -> KioskModel:
    world = replace(model.world, printer_alerts=frozenset({"paper_out"}))
    return replace(model, world=world, setup=replace(model.setup, paperless=paperless))


def test_without_paper_nobody_answers_a_question_in_vain(kit: Any) -> None:
    barred = out_of_paper(kit.at(PickService()), paperless=False)
    offered = out_of_paper(kit.at(PickService()), paperless=True)

    assert isinstance(refused(barred).page, NoTicket)
    assert isinstance(refused(offered).page, PickPriority)
    assert "hết giấy" in shown(kit, barred)["service.ho-tich.wait"].text
    assert "hết giấy" not in shown(kit, offered)["service.ho-tich.wait"].text


def test_a_procedures_button_is_grey_with_the_reason_where_no_number_is_given(kit: Any) -> None:
    known = next(p for p in kit.model.world.shelf.procedures if p.field == "Hộ tịch")
    grey = kit.stage().theme(Modes()).palette.muted
    usual, full = kit.at(Detail(known.code)), replace(used_up(kit), page=Detail(known.code))
    nobody = replace(usual, world=closed_at(kit.model, "ho-tich"))

    assert shown(kit, usual)["take.box"].fill != grey
    assert (shown(kit, full)["take.box"].fill, shown(kit, full)["take.text"].text) == (
        grey,
        "Hết số hôm nay",
    )
    assert "chưa có quầy nào mở" in shown(kit, nobody)["take.text"].text


def test_a_number_that_nobody_calls_yet_says_so_before_anything_else(kit: Any) -> None:
    taken = kit.at("ticket")
    nobody = replace(taken, world=closed_at(kit.model, taken.page.issued.ticket.service))
    usual, shut = shown(kit, taken), shown(kit, nobody)

    assert shut["plate.where.value"].text == "Chưa có quầy nào mở"
    assert shut["plate.where"].rect.y < shut["plate.ahead"].rect.y
    assert usual["plate.where"].rect.y > usual["plate.ahead"].rect.y


def test_who_comes_out_of_hours_can_read_what_to_bring(kit: Any) -> None:
    hall = kit.model.world.hall.model_copy(update={"open": False, "closed_by": "hours"})
    model = replace(kit.at(PickService()), world=replace(kit.model.world, hall=hall))

    assert shown(kit, refused(model))["papers"].action == Open(Fields())
