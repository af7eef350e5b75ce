"""`motcua check` draws every page of a kiosk for its own panel, and says what people would miss."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from hall.cli.checking.check import judge
from hall.runtime.settings import ConfigError
from hall.screen.tree import Box, Scene, Target
from kiosk import screens
from kiosk.glass import inspection
from kiosk.model import samples
from kiosk.model.modes import Modes
from kiosk.model.pages import Page
from kiosk.settings import KioskSection

HALL = """version: 1
hall: {id: thu, name: "Trung tâm Phục vụ hành chính công xã Thử"}
services: [{id: a, name: SERVICE, prefix: A, appointments: {}}]
counters: [{id: "1", serves: [a]}]
priorities: [{id: uu-tien, name: "Ưu tiên"}]
printers: [{id: printer-1, driver: simulated}]
kiosks:
  - {id: kiosk-1, printer: printer-1, screen: SCREEN, languages: [LANGUAGES], texts: TEXTS}
"""
PORTRAIT = "{width: 1080, height: 1920, diagonal_inch: 32}"
SMALL = "{width: 1280, height: 800, diagonal_inch: 10.1}"
SMALL_UPRIGHT = "{width: 800, height: 1280, diagonal_inch: 10.1}"
Inspect = Callable[..., list[str]]


@pytest.fixture
def inspected(tmp_path: Path) -> Inspect:
    def notes(
        screen: str = PORTRAIT, service: str = "Hộ tịch", languages: str = "vi", texts: str = '""'
    ) -> list[str]:
        words = {"SCREEN": screen, "SERVICE": service, "LANGUAGES": languages, "TEXTS": texts}
        told = HALL
        for name, value in words.items():
            told = told.replace(name, value)
        path = tmp_path / "hall.yaml"
        path.write_text(told, encoding="utf-8")
        document, _ = judge(path)
        return [f"{n.line}:{n.column} {n.text}" for n in inspection.notes(document)]

    return notes


@pytest.mark.parametrize("screen", [PORTRAIT, SMALL])
def test_a_usual_hall_has_nothing_to_be_told(inspected: Inspect, screen: str) -> None:
    assert inspected(screen, languages="vi, en") == []


def test_a_service_whose_name_has_no_room_is_named_at_the_screen(inspected: Inspect) -> None:
    endless = "Tiếpnhậnvàtrảkếtquảgiảiquyếtthủtụchànhchính" * 2
    (note,) = inspected(SMALL, service=endless)

    assert note.startswith("8:")
    assert "trang “chọn việc” (vi)" in note
    assert "chữ không vừa chỗ" in note
    assert "chỗ khác" in note


def test_a_communes_own_words_are_judged_in_their_language(
    inspected: Inspect, tmp_path: Path
) -> None:
    (tmp_path / "jra.toml").write_text(
        f'[language]\nname = "Jarai"\n[bar]\nlarge = "{"Čơrưnŭk" * 6}"\n', encoding="utf-8"
    )
    (note,) = inspected(languages="vi, jra", texts=".")

    assert "(jra" in note
    assert "(vi" not in note


def test_buttons_no_finger_can_hit_are_refused(inspected: Inspect, tmp_path: Path) -> None:
    for lang in ("tyz", "mtq"):
        (tmp_path / f"{lang}.toml").write_text(f'[language]\nname = "{lang}"\n', encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        inspected(SMALL_UPRIGHT, languages="vi, en, tyz, mtq", texts=".")

    assert "hall.yaml:8:" in str(caught.value)
    assert "cần 20 mm" in str(caught.value)
    assert "trang “đầu”" in str(caught.value)


def test_a_language_file_that_is_not_there_is_told_before_the_kiosk_starts(
    inspected: Inspect,
) -> None:
    with pytest.raises(ConfigError, match=r"xx\.toml"):
        inspected(languages="vi, xx")


def test_high_contrast_moves_nothing(kit: Any) -> None:
    stage = kit.stage()
    model = samples.model(kit.setup, "A888")
    for page in samples.pages(kit.setup, "A888").values():
        places = [
            [node.rect for node in scene.nodes if isinstance(node, Target)]
            for scene in (_scene(stage, model, page, contrast) for contrast in (False, True))
        ]

        assert places[0] == places[1]


def _scene(stage: Any, model: Any, page: Page, contrast: bool) -> Scene:  # noqa: FBT001
    modes = Modes(contrast=contrast)
    return screens.scene(replace(model, page=page, modes=modes), stage.theme(modes))


def test_every_page_a_citizen_can_see_is_among_the_judged(kit: Any) -> None:
    judged = {type(page) for page in samples.pages(kit.setup, "A888").values()}

    assert judged >= {type(page) for page in kit.pages.values()}


def test_faults_in_any_language_and_mode_are_found(
    kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A button of 5 mm is planted; every language and mode finds it."""
    whole = screens.scene

    def spoilt(model: Any, look: Any) -> Scene:
        scene = whole(model, look)
        spot = look.panel.area.foot(5).left(5)
        return replace(
            scene, nodes=(*scene.nodes, Box("x", spot, "#FFFFFF"), Target("small", spot, 1))
        )

    monkeypatch.setattr(screens, "scene", spoilt)
    found = list(inspection.findings(kit.setup, KioskSection(id="kiosk-1"), kit.wordings, "A888"))
    where = {each.where for each in found if each.fault.key == "small"}

    for lang, mode in product(("vi", "en"), ("", ", chữ to", ", tương phản", ", xe lăn")):
        assert f"trang “đánh giá” ({lang}{mode})" in where
    assert "trang “đánh giá” (vi, chữ to, xe lăn)" in where
