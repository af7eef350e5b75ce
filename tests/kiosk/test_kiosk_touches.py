"""How few touches lead to a number, a dossier, a score; how soon a number is heard. All exact."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import kiosk_journeys
import pytest
from kiosk_citizen import Citizen, NoWay
from kiosk_journeys import JOURNEYS, MODES, SIGHTLESS, Walked

from hall.screen.geometry import Panel

# A portrait kiosk of 32 inches; half the pixels, the same millimetres.
PORTRAIT = Panel(540, 960, 32)
MOST = {
    "số, không ưu tiên": 3,
    "số, ưu tiên": 3,
    "tra cứu bằng mã": 12,
    "thủ tục → số": 5,
    "số theo hẹn": 11,
    "đánh giá": 3,
    "số liệu": 1,
}
HEARD_S = 5.0


Walk = Callable[[str, str], Walked]


@pytest.fixture(scope="module", name="walked")
def every_walk_once(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    folder = tmp_path_factory.mktemp("kiosk") / "catalogue"

    @lru_cache
    def walk(name: str, mode: str) -> Walked:
        (journey,) = (each for each in JOURNEYS if each.name == name)
        found = kiosk_journeys.walk(PORTRAIT, journey, mode, folder)
        assert found is not None
        return found

    return walk


@pytest.mark.parametrize("name", MOST)
def test_a_journey_takes_no_more_touches_than_it_did(walked: Walk, name: str) -> None:
    assert walked(name, "thường").touches <= MOST[name]


@pytest.mark.parametrize("mode", [*MODES, SIGHTLESS])
def test_a_mode_costs_the_touch_that_turns_it_on_and_no_other(walked: Walk, mode: str) -> None:
    own = 0 if mode == "thường" else 1

    assert walked("số, không ưu tiên", mode).touches == 3 + own


@pytest.mark.parametrize("mode", ["đọc to", SIGHTLESS])
def test_a_number_is_heard_twice_before_its_page_goes(walked: Walk, mode: str) -> None:
    found = walked("số, không ưu tiên", mode)

    assert found.heard_s is not None
    assert found.again_s is not None
    assert found.stays_s is not None
    assert found.heard_s < HEARD_S
    assert found.again_s + 10.0 < found.stays_s


def test_what_a_page_lacks_is_told(tmp_path: Path) -> None:
    citizen = Citizen(PORTRAIT, tmp_path / "catalogue")

    with pytest.raises(NoWay, match=r"Home: \('nowhere',\)"):
        citizen.press("nowhere")
