"""What people with an appointment read when they get no number: why, and what to do."""

from dataclasses import replace
from typing import Any

import pytest

from hall.screen.tree import Scene, targets, texts


def seen(kit: Any, model: Any) -> Scene:
    stage = kit.stage()
    stage.show_model(model)
    assert stage.scene is not None
    return stage.scene


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("too early", "Giờ hẹn của ông/bà là 11:00"),
        ("too early", "từ 10:45"),
        ("code used", "Mã này đã lấy số A025"),
        ("code used", "chờ gọi số A025"),
        ("code unknown", "xem lại từng chữ của mã"),
        ("check-in without paper", "Máy in hết giấy."),
        ("check-in without paper", "Giờ hẹn vẫn được giữ."),
    ],
)
def test_every_refusal_says_why_and_what_to_do(kit: Any, page: str, told: str) -> None:
    assert told in " ".join(texts(seen(kit, kit.at(page)))).replace("\u00a0", " ")


def test_the_way_stands_among_the_services_where_people_have_appointments(kit: Any) -> None:
    def ways(model: Any) -> set[str]:
        return {placed.target.key for placed in targets(seen(kit, model))}

    walk_in = replace(kit.at("services"), setup=replace(kit.setup, booked=False))
    assert "booked" in ways(kit.at("services"))
    assert "booked" not in ways(walk_in)


def stopped(kit: Any, **more: Any) -> Any:
    hall = kit.world.hall.model_copy(update={"open": False, "closed_by": "order", **more})
    told = " ".join(texts(seen(kit, kit.at("home", world=replace(kit.world, hall=hall)))))
    return told.replace("\u00a0", " ")


def test_a_hall_that_a_person_closed_says_when_it_gives_tickets_again(kit: Any) -> None:
    told = stopped(kit, opens_next=kit.model.wall.replace(hour=13, minute=30))

    assert "Cấp số lại: 13:30 hôm nay" in told
    assert "Tạm ngừng cấp số" in told


def test_a_hall_that_a_person_closed_until_nobody_knows_when_says_that_it_is(kit: Any) -> None:
    told = stopped(kit)

    assert "Tạm ngừng cấp số" in told
    assert "Cấp số lại" not in told
    assert "Ngoài giờ" not in told


def before_opening(kit: Any) -> Any:
    opens = kit.model.wall.replace(hour=7, minute=30)
    hall = kit.world.hall.model_copy(
        update={"open": False, "closed_by": "hours", "opens_next": opens}
    )
    return replace(kit.world, hall=hall)


def test_before_the_hall_opens_the_way_for_who_has_an_appointment_is_shown(kit: Any) -> None:
    told = " ".join(texts(seen(kit, kit.at("home", world=before_opening(kit)))))

    assert "Ngoài giờ – có mã hẹn, mời chạm vào" in told.replace("\u00a0", " ")


def test_who_is_too_early_for_the_hall_as_well_is_offered_no_ordinary_number(kit: Any) -> None:
    scene = seen(kit, kit.at("too early", world=before_opening(kit)))

    assert "lấy số thường" not in " ".join(texts(scene)).replace("\u00a0", " ").lower()
    assert "walk" not in {placed.target.key for placed in targets(scene)}
