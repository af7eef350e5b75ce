"""The figures of every profile as the kiosk draws them, against the articles' own file."""

from dataclasses import replace
from typing import Any

import pytest
from published_figures import PROFILES, article, dotted, percent

from hall.contract.onestop_messages import Figures
from hall.onestop.sample.profiles import ProfileId, published
from hall.screen.tree import texts
from kiosk import screens
from kiosk.model.pages import Dashboard, Home, Page

NO_DATA = "chưa có số liệu"


def drawn(kit: Any, profile: ProfileId, page: Page) -> tuple[str, ...]:
    period = published(profile)
    assert period is not None
    told = Figures(as_of=kit.model.wall, source="báo", periods=(period,))
    model = kit.at(page, world=replace(kit.world, figures=told))
    return texts(screens.scene(model, kit.stage().theme(model.modes)))


def under(shown: tuple[str, ...], name: str) -> str:
    """The text drawn after this one."""
    return shown[shown.index(name) + 1]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("page", [Home(), Dashboard()], ids=["home", "dashboard"])
def test_counts_are_those_of_the_article_or_left_out(
    kit: Any, profile: ProfileId, page: Page
) -> None:
    shown, told = drawn(kit, profile, page), article(profile)

    for name, count in (("Tiếp nhận", told.received), ("Trễ hẹn", told.late)):
        if count is None:
            assert name not in shown
        else:
            assert under(shown, name).split(" · ")[0] == dotted(count)
    assert shown.count(NO_DATA) <= 1
    ring = shown[shown.index("trước và đúng hạn") - 1] if "trước và đúng hạn" in shown else None
    assert ring == (
        percent(told.in_time, told.resolved) if told.in_time and told.resolved else None
    )


def test_a_share_that_its_supplier_gives_otherwise_is_no_fact(kit: Any) -> None:
    told = article("phu-tien").record["digitised"]
    shown = " ".join(drawn(kit, "phu-tien", Dashboard()))

    ours, theirs = percent(told["done"], told["total"]), str(told["stated_percent"])
    assert (
        f"{told['done']}/{told['total']} = {ours}, nguồn ghi {theirs.replace('.', ',')}%" in shown
    )
    assert "số liệu đang đối chiếu" in shown
    assert f"Số hóa {ours}" not in shown


def test_fields_of_which_only_the_received_are_known_are_shown_by_them(kit: Any) -> None:
    shown = drawn(kit, "dien-hong", Dashboard())

    for field, count in article("dien-hong").record["by_field"].items():
        assert under(shown, field) == f"tiếp nhận {dotted(count)}"


def test_what_had_to_be_resolved_is_a_total_of_its_own(kit: Any) -> None:
    told = article("bac-tu-liem")
    wanted = told.record["to_be_resolved"]
    shown = " ".join(drawn(kit, "bac-tu-liem", Dashboard()))

    assert told.resolved is not None
    assert f"{percent(told.resolved, wanted)} trên {dotted(wanted)} hồ sơ phải giải quyết" in shown
    assert f"trên {dotted(told.resolved)} hồ sơ đã giải quyết" in shown
