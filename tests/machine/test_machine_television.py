"""The machine behind the hall's television: no touch screen, no keyboard, no battery for its clock.

Its kiosk gives way to the board, and the power fails once more.
"""

import pytest
from emulated import outage
from emulated.computer import ADAPTERS, Start
from emulated.figures import Figures
from emulated.hall import Hall
from emulated.installation import UNITS
from emulated.pictures import says, words
from emulated.waiting import until

A_BUTTON = 2
KIOSK, BOARD = "motcua-kiosk@kiosk-1", "motcua-board"
HERE = [name for name in UNITS if name != KIOSK] + [BOARD]
TELEVISION = Start(clock="1970-01-01T00:00:00", glass=(1920, 1080), keyboard=False)


@pytest.fixture(scope="module", autouse=True)
def happened(hall: Hall) -> outage.Outage:
    hall.guest.ask(f"systemctl disable {KIOSK} && systemctl enable {BOARD} && sync", 120)
    happened = outage.in_a_rush(hall, A_BUTTON)
    for name in ("touch", "box"):
        hall.servers[name].switch(on=False)
    hall.start(TELEVISION, *ADAPTERS)
    return happened


def test_without_a_clock_all_units_are_ready_again_and_the_next_number_follows(
    hall: Hall, figures: Figures, happened: outage.Outage
) -> None:
    figures.tell(outage.is_overcome(hall, happened, HERE))


def test_the_board_comes_up_although_nothing_is_there_to_touch_or_type_with(hall: Hall) -> None:
    assert hall.guest.ask("ls /dev/input/event* 2>/dev/null || :") == ""
    assert hall.glass().size == (1920, 1080)
    until(lambda: "Thử Nghiệm" in words(hall.glass()), 60, "the board does not show its hall")


def test_a_ticket_without_a_known_time_says_so_and_has_the_next_number(hall: Hall) -> None:
    before = hall.given()[-1:]
    paper = hall.press(A_BUTTON)

    assert says(paper.image, "chưa xác định")
    assert hall.given()[-1:] != before
    assert len(set(hall.given())) == len(hall.given())


def test_a_called_number_stands_on_the_board(hall: Hall) -> None:
    held = hall.held("1")
    hall.bus.press(1, "N")

    assert hall.sees(lambda: hall.held("1") not in ("", held))
    number = hall.held("1")
    until(lambda: says(hall.glass(), number), 60, f"{number} is not on the board")
