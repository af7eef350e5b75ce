""" "Chữ to" makes nearly every text larger on every page, panel and language, and none smaller."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from hall.screen.geometry import Panel
from hall.screen.tree import Box, Donut, Label, Scene, labels, scrolls, targets
from kiosk import screens
from kiosk.drawing.theme import Theme, measure
from kiosk.glass import inspection, large_type
from kiosk.glass.large_type import LARGER, SHARE, TypeGrowth
from kiosk.model.actions import Acted, Moved, Open, ScrollTo
from kiosk.model.modes import Modes
from kiosk.model.pages import Fields, Home
from kiosk.model.state import KioskModel
from kiosk.model.step import step
from kiosk.settings import KioskSection

PANELS = {
    "1080x1920": Panel(1080, 1920, 32),
    "1920x1080": Panel(1920, 1080, 21.5),
    "1366x768": Panel(1366, 768, 15.6),
    "1280x800": Panel(1280, 800, 10.1),
}
# In 136 mm of height, 97 of them for what is touched, some titles have no larger place.
SEATED_AT_THE_SMALLEST = 0.93
KEY_NUMBERS = ("ticket.number", "counter.1.number", "plate.wait.value", "plate.where.value")


@pytest.fixture(scope="module", name="setter")
def one_typesetter() -> Any:
    return measure()


def themes(kit: Any, setter: Any, panel: str, modes: Modes) -> tuple[Theme, Theme]:
    """In usual and in large type."""
    large = Theme(
        PANELS[panel], kit.wordings[modes.lang], replace(modes, large=True), setter, kit.languages
    )
    return large.usual, large


def drawn(model: KioskModel, theme: Theme) -> Scene:
    return screens.scene(replace(model, modes=theme.modes), theme)


def compared(models: Iterable[KioskModel], usual: Theme, large: Theme) -> TypeGrowth:
    return sum(
        (large_type.compared(drawn(m, usual), drawn(m, large), large) for m in models), TypeGrowth()
    )


@pytest.mark.parametrize(
    ("panel", "lang", "on"), list(product(PANELS, ("vi", "en"), ((), ("wheelchair",))))
)
def test_nearly_all_texts_grow_by_a_quarter_and_none_shrinks(
    kit: Any, setter: Any, panel: str, lang: str, on: tuple[str, ...]
) -> None:
    usual, large = themes(kit, setter, panel, Modes(lang=lang, **dict.fromkeys(on, True)))

    found = compared((kit.at(name) for name in kit.pages), usual, large)

    least = SEATED_AT_THE_SMALLEST if (panel, on) == ("1280x800", ("wheelchair",)) else SHARE
    assert found.smaller == ()
    assert found.larger >= least * found.texts, f"{found.larger} of {found.texts}"


@pytest.mark.parametrize("panel", PANELS)
def test_the_numbers_people_come_for_never_shrink_nor_lie_cut_below_the_fold(
    kit: Any, setter: Any, panel: str
) -> None:
    usual, large = themes(kit, setter, panel, Modes())
    for page in ("ticket", "home"):
        before, after = (
            {label.key: label for label in labels(drawn(kit.at(page), theme))}
            for theme in (usual, large)
        )
        for key in set(KEY_NUMBERS) & before.keys():
            sizes = [
                large.measure.lay(each[key], large.panel.px_per_mm).px for each in (before, after)
            ]
            assert sizes[1] >= sizes[0], (page, key)
    number = {label.key: label for label in labels(drawn(kit.at("ticket"), large))}
    assert number["ticket.number"].rect.bottom <= large.bar.y


@pytest.mark.parametrize("panel", PANELS)
def test_every_list_of_large_type_is_paged_to_its_end_by_buttons(
    kit: Any, setter: Any, panel: str
) -> None:
    _, large = themes(kit, setter, panel, Modes())
    paged = [name for name in kit.pages if scrolls(drawn(kit.at(name), large))]
    assert paged
    for name in paged:
        model = replace(kit.at(name), modes=large.modes)
        for _ in range(30):
            on = [
                each.target.action
                for each in targets(drawn(model, large))
                if each.target.key == "list.down"
            ]
            if not on:
                break
            assert isinstance(on[0], ScrollTo)
            model = step(model, Moved(on[0].offset))[0]
        scene = drawn(model, large)
        (window,) = scrolls(scene)
        marked = "list.more" in {node.key for node in scene.nodes}
        assert marked or window.offset == pytest.approx(window.limit), name


def test_another_page_begins_at_its_top(kit: Any) -> None:
    moved = step(kit.at(Home()), Moved(120.0))[0]
    assert moved.offset_shown == 120.0

    opened = step(moved, Acted(Open(Fields()), "a"))[0]

    assert opened.offset == 0.0


def test_a_text_that_shrinks_and_a_page_that_stays_are_found(
    kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Large type as it once was: the usual page, and a text in it set smaller."""
    whole = screens.scene

    def as_it_was(model: KioskModel, theme: Theme) -> Scene:
        scene = whole(replace(model, modes=theme.usual.modes), theme.usual)
        if not theme.modes.large:
            return scene
        return replace(
            scene,
            nodes=tuple(
                replace(n, size=n.size * 0.8, min_size=n.size * 0.8)
                if isinstance(n, Label) and n.key == "clock"
                else n
                for n in scene.nodes
            ),
        )

    monkeypatch.setattr(screens, "scene", as_it_was)
    found = list(inspection.findings(kit.setup, KioskSection(id="kiosk-1"), kit.wordings, "A888"))
    told = {each.fault.text for each in found}

    assert any(text.startswith("“Chữ to” làm chữ này nhỏ đi") for text in told)
    assert any(text.startswith("“Chữ to” chỉ làm 0 % số chữ") for text in told)


@pytest.mark.parametrize("panel", PANELS)
def test_bars_keep_their_scale(kit: Any, setter: Any, panel: str) -> None:
    """A dash of what is overdue stays where its track begins, as wide as its share."""
    _, large = themes(kit, setter, panel, Modes())
    scene = drawn(kit.at("dashboard"), large)
    nodes = [*scene.nodes, *(node for each in scrolls(scene) for node in each.nodes)]
    boxes = {node.key: node.rect for node in nodes if isinstance(node, Box)}

    assert boxes["bar.overdue.bar.0"].x == pytest.approx(boxes["bar.overdue.track"].x)
    assert boxes["bar.early.track"].w == pytest.approx(boxes["bar.overdue.track"].w)


@pytest.mark.parametrize("panel", PANELS)
def test_a_ring_holds_its_figure(kit: Any, setter: Any, panel: str) -> None:
    _, large = themes(kit, setter, panel, Modes())
    scene = drawn(kit.at("dashboard"), large)
    nodes = [*scene.nodes, *(node for each in scrolls(scene) for node in each.nodes)]
    (ring,) = [node for node in nodes if isinstance(node, Donut)]
    (text,) = [node for node in nodes if isinstance(node, Label) and node.key == "ring.text"]
    laid = large.measure.lay(text, large.panel.px_per_mm)

    assert laid.width <= (ring.rect.w - 2 * ring.thickness) * large.panel.px_per_mm


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("on", [(), ("wheelchair",)])
@pytest.mark.parametrize("page", ["detail", "detail long"])
def test_how_long_and_how_much_stay_in_sight_while_a_procedure_is_turned(
    kit: Any, setter: Any, panel: str, on: tuple[str, ...], page: str
) -> None:
    """And in letters of running text, whatever has to be told further down for it."""
    _, large = themes(kit, setter, panel, Modes(**dict.fromkeys(on, True)))
    at_end = replace(step(kit.at(page), Moved(10_000.0))[0], modes=large.modes)
    scene = drawn(at_end, large)
    told = {node.key: node for node in scene.nodes if isinstance(node, Label)}
    least = LARGER * 0.85 * large.usual.least * large.panel.px_per_mm

    for key in ("sight.limit.value", "sight.fee.value"):
        assert large.body.holds(told[key].rect, 1.0)
        assert large.measure.lay(told[key], large.panel.px_per_mm).px >= least - 1
        assert told[key].text != kit.wordings["vi"]("detail.below")
    assert not any(window.rect.meets(told["sight.fee.value"].rect) for window in scrolls(scene))
