"""The mains fail at a moment nobody chose; the hall comes back without a hand.

They fail once more before the television's tests.
"""

import pytest
from emulated import outage
from emulated.computer import ADAPTERS, Start
from emulated.figures import Figures
from emulated.hall import Hall
from emulated.installation import UNITS

A_BUTTON = 2


def cuts(config: pytest.Config) -> int:
    return 19 if config.getoption("--machine") == "full" else 1


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "cut" in metafunc.fixturenames:
        metafunc.parametrize("cut", range(1, cuts(metafunc.config) + 1))


@pytest.mark.usefixtures("cut")
def test_after_a_power_cut_all_units_are_ready_without_a_hand_and_the_next_number_follows(
    hall: Hall, figures: Figures
) -> None:
    happened = outage.in_a_rush(hall, A_BUTTON)

    hall.start(Start(), *ADAPTERS)

    figures.tell(outage.is_overcome(hall, happened, UNITS))
