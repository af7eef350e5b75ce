"""The figures: what is known and nothing else, a year by its name, overdue never the largest."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from hall.contract.onestop_messages import Figures
from hall.screen.geometry import Rect
from hall.screen.tree import Icon, Label, Node, Scene, labels, texts
from kiosk import screens
from kiosk.drawing.theme import Theme
from kiosk.glass import inspection, legibility
from kiosk.model.modes import Modes
from kiosk.model.pages import Dashboard, Home
from kiosk.model.state import KioskModel

PANELS = ("32 inch portrait", "15.6 inch landscape", "10.1 inch landscape")
# What suppliers tell of a year long past, from little to nothing.
SPARSE = {
    "received": {"received": {"total": 84}},
    "overdue": {"resolved": {"total": 50, "overdue": 2}},
    "pending": {"received": {"total": 9}, "pending": {"total": 4}},
    "nothing": {},
}


def with_period(kit: Any, page: Dashboard | Home, told: dict[str, Any]) -> KioskModel:
    period = {"id": "2019", **told}
    figures = Figures.model_validate(
        {"as_of": "2026-11-23T10:31:00+07:00", "source": "Một cửa", "periods": [period]}
    )
    model: KioskModel = kit.at(page, world=replace(kit.world, figures=figures))
    return model


@pytest.mark.parametrize(("panel", "told"), list(product(PANELS, SPARSE)))
def test_little_is_known_and_the_page_neither_says_so_often_nor_stays_empty(
    kit: Any, panel: str, told: str
) -> None:
    stage = kit.measured(panel)
    for large, page in product((False, True), (Dashboard(), Home())):
        theme = stage.theme(Modes(large=large))
        model = replace(with_period(kit, page, SPARSE[told]), modes=theme.modes)
        scene = screens.scene(model, theme)

        said = [text for text in texts(scene) if "chưa có số liệu" in text]
        assert len(said) == (1 if told == "nothing" else 0)
        assert inspection.judged(model, theme) == ()


@pytest.mark.parametrize("panel", PANELS)
def test_a_year_told_by_its_number_alone_is_named_as_one(kit: Any, panel: str) -> None:
    theme = kit.measured(panel).theme(Modes())
    for page in (Dashboard(), Home()):
        scene = screens.scene(with_period(kit, page, SPARSE["received"]), theme)

        assert any("Năm 2019" in text for text in texts(scene))
        assert not any(text == "2019" for text in texts(scene))


@pytest.mark.parametrize("panel", PANELS)
def test_overdue_is_set_no_larger_than_what_was_in_time(kit: Any, panel: str) -> None:
    stage = kit.measured(panel)
    theme = stage.theme(Modes())
    for page in (Dashboard(), Home()):
        scene = screens.scene(kit.at(page), theme)
        px = {x.key: theme.measure.lay(x, theme.panel.px_per_mm).px for x in labels(scene)}
        pairs = [(k, k.replace("overdue", kind)) for k in px for kind in ("intime", "ontime")]

        assert all(px[late] <= px.get(timely, px[late]) for late, timely in pairs)


@pytest.fixture(name="theme")
def a_theme(kit: Any) -> Theme:
    theme: Theme = kit.measured("32 inch portrait").theme(Modes())
    return theme


def found(theme: Theme, *nodes: Node, name: str = "Dashboard.1") -> list[str]:
    scene = Scene(name, "#FFFFFF", nodes)
    return [fault.text for fault in legibility.faults(scene, theme)]


def value(key: str, text: str, size: float) -> Label:
    return Label(key, Rect(20, 100, 300, 60), text, size, "#000000")


def test_overdue_drawn_larger_is_found(theme: Theme) -> None:
    late, timely = value("count.overdue.value", "12", 20), value("count.intime.value", "900", 12)

    assert "số trễ hẹn lớn hơn số đúng hạn" in found(theme, late, timely)
    assert "số trễ hẹn lớn hơn số đúng hạn" not in found(theme, replace(late, size=12.0), timely)


def test_saying_twice_that_nothing_is_known_is_found(theme: Theme) -> None:
    none = value("n.late", "chưa có số liệu", 12)

    assert "“chưa có số liệu” 2 lần trên một trang" in found(
        theme, none, replace(none, key="n.pending")
    )


def test_an_empty_band_is_found(theme: Theme) -> None:
    body = theme.body
    upper, lower = body.top(body.h * 0.4), body.foot(body.h * 0.4)
    drawn = (Icon("a", upper, "chart", "#000000"), Icon("b", lower, "chart", "#000000"))

    assert any("khoảng trống" in text for text in found(theme, *drawn))
    assert found(theme, *drawn, Icon("c", body, "chart", "#000000")) == []
