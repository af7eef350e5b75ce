"""A code as people type it: however it is spelt, one code is meant, and ten digits are enough."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk import screens
from kiosk.drawing.theme import Theme
from kiosk.model import code_entry
from kiosk.model.actions import Acted, AskDossier, Erase, LookUp, Open, PressKey
from kiosk.model.modes import Modes
from kiosk.model.pages import LookingUp, Lookup, NoResult, personal
from kiosk.model.state import KioskModel
from kiosk.model.step import step

TODAY = date(2026, 11, 23)
OWN = "H38.12"
CODE = "H38.12-261127-0001"
_VECTORS = json.loads(
    (Path(__file__).parents[2] / "data" / "dossier_codes.json").read_text(encoding="utf-8")
)["vectors"]
SPELLINGS = (
    CODE,
    "h38.12-261127-0001",
    "H38 12 261127 0001",
    "H3812-261127-0001",
    "H38.12.261127.0001",
    "H38.12 – 261127 – 0001",
    "H38.12-26I127-OOO1",
    "261127-0001",
    "2611270001",
    "Mã hồ sơ: H38.12-261127-0001",
    "H38,12/261127/0001",
    "H38122611270001",
)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_of_one_code_finds_it(spelling: str) -> None:
    assert code_entry.read(spelling, OWN, TODAY) == CODE


@pytest.mark.parametrize("spelling", [s for s in SPELLINGS if "38" in s])
def test_a_hall_that_names_no_code_of_its_own_understands_whole_ones(spelling: str) -> None:
    assert code_entry.read(spelling, "", TODAY) in (CODE, *([spelling] if "I" in spelling else ()))


@pytest.mark.parametrize("vector", _VECTORS, ids=lambda v: v["note"][:40])
@pytest.mark.parametrize("own", ["", OWN, "000.00.19.H26"])
def test_a_whole_code_of_any_organisation_means_itself(vector: dict[str, Any], own: str) -> None:
    if vector["valid"]:
        assert code_entry.read(vector["input"], own, TODAY) == vector["canonical"]


@pytest.mark.parametrize(
    "text", ["001190000001", "038112000001", "0912345678", "", "H38.12-", "999999-0001"]
)
def test_no_number_of_a_person_and_no_half_code_is_asked_for(text: str) -> None:
    assert code_entry.read(text, OWN, TODAY) is None


@given(
    st.dates(date(2018, 1, 1), TODAY), st.integers(0, 99_999),
    st.sampled_from([OWN, "H26", "G09.20.117", "000.00.19.H26"]),
)  # fmt: skip
def test_marks_are_set_by_itself_and_may_be_left_out(issued: date, count: int, own: str) -> None:
    code = f"{own}-{issued:%y%m%d}-{count:04}"
    typed = code_entry.opened(own)
    for digit in f"{issued:%y%m%d}{count:04}":
        typed = code_entry.pressed(typed, digit, own, TODAY)

    assert typed == code
    bare = "".join(c for c in code if c.isalnum())
    assert code_entry.read(bare, own, TODAY) == code


@given(st.text(max_size=60), st.sampled_from(["", OWN]))
def test_anything_can_be_typed_and_erased_again(text: str, own: str) -> None:
    typed = code_entry.pressed(code_entry.opened(own), text, own, TODAY)
    assert len(typed) <= code_entry.LONGEST
    assert ".." not in typed
    assert "--" not in typed
    for _ in range(code_entry.LONGEST + 1):
        typed = code_entry.erased(typed, own)
    assert typed == ""


@pytest.fixture
def model(kit: Any) -> KioskModel:
    return replace(kit.model, setup=replace(kit.setup, code_prefix=OWN))


def test_the_usual_code_takes_twelve_touches_from_the_first_page(model: KioskModel) -> None:
    touches = [Open(Lookup()), *(PressKey(digit) for digit in "2611270001"), LookUp()]
    effects: tuple[object, ...] = ()
    for n, touch in enumerate(touches):
        model, effects = step(model, Acted(touch, f"i{n}"))

    assert len(touches) <= 12
    assert effects == (AskDossier("i11", CODE),)
    assert isinstance(model.page, LookingUp)


def test_what_is_filled_in_belongs_to_nobody_and_gives_way(model: KioskModel) -> None:
    model, _ = step(model, Acted(Open(Lookup()), "i"))
    assert model.page == Lookup("H38.12-", own="H38.12-")
    assert not personal(model.page)

    other, _ = step(model, Acted(PressKey("G"), "i"))
    assert isinstance(other.page, Lookup)
    assert other.page.typed == "G"
    empty, _ = step(model, Acted(Erase(), "i"))
    assert isinstance(empty.page, Lookup)
    assert empty.page.typed == ""
    assert personal(other.page)


def test_a_press_on_an_empty_field_says_what_is_wanted(model: KioskModel) -> None:
    model, _ = step(model, Acted(Open(Lookup()), "i"))
    model, effects = step(model, Acted(LookUp(), "i"))

    assert isinstance(model.page, NoResult)
    assert (model.page.why, effects) == ("not_a_code", ())


LONG = "000.A0.01.H26-20261110-000092637"


@pytest.mark.parametrize("code", [CODE, "H38.12.000.00.00.0000-20261110-0092637", LONG])
@pytest.mark.parametrize("modes", [Modes(), Modes(large=True)], ids=["usual", "large"])
@pytest.mark.parametrize("letters", [False, True], ids=["digits", "letters"])
def test_the_field_shows_the_whole_code_on_every_panel(
    kit: Any, code: str, modes: Modes, letters: Any, laid_out: Callable[..., tuple[str, ...]]
) -> None:
    for panel in kit.panels:
        lines = laid_out(kit, panel, Lookup(code, letters=letters), modes)
        assert "".join(lines) == f"{code}|", panel


@pytest.fixture(scope="module")
def laid_out() -> Callable[..., tuple[str, ...]]:
    def lines(kit: Any, panel: str, page: Lookup, modes: Modes) -> tuple[str, ...]:
        stage = kit.measured(panel)
        theme: Theme = stage.theme(modes)
        shown = screens.scene(kit.at(page, modes=modes), theme)
        label = next(n for n in shown.nodes if n.key == "field.text")
        found = theme.measure.lay(label, theme.panel.px_per_mm)
        assert found.fits, (panel, page)
        return tuple(found.lines)

    return lines


@pytest.mark.parametrize("panel", ["32 inch portrait", "10.1 inch landscape"])
def test_an_unknown_code_is_told_part_by_part(kit: Any, panel: str) -> None:
    theme = kit.stage(panel).theme(Modes())
    shown = screens.scene(kit.at(NoResult("unknown", CODE)), theme)
    told = {n.key: n for n in shown.nodes if n.key.startswith("asked.")}

    assert told["asked.code"].text == CODE
    assert told["asked.code"].personal
    assert "27/11/2026" in told["asked.parts"].text
    assert told["asked.parts"].personal


def test_a_code_that_ends_in_dots_is_a_fault() -> None:
    from hall.screen import lint  # noqa: PLC0415
    from hall.screen.geometry import Panel, Rect  # noqa: PLC0415
    from hall.screen.tree import Label, Scene  # noqa: PLC0415
    from kiosk.drawing.theme import measure  # noqa: PLC0415

    cut = Label("field.text", Rect(0, 0, 40, 10), CODE, 8.0, "#000000", max_lines=1, clamp=True,
                cells=True)  # fmt: skip
    found = lint.faults(Scene("x", "#FFFFFF", (cut,)), Panel(1280, 800, 10.1), measure())
    assert [fault.key for fault in found] == ["field.text"]
    assert "bị cắt" in found[0].text
