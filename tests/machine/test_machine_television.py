"""The machine behind the hall's television: no touch screen, no keyboard, no battery for its clock.

Its kiosk gives way to the board, and the power fails once more.
"""

import pytest
from emulated import units
from emulated.computer import ADAPTERS, Start
from emulated.hall import Hall
from emulated.installation import UNITS
from emulated.pictures import says, words
from emulated.waiting import until

A_BUTTON = 2
KIOSK, BOARD = "motcua-kiosk@kiosk-1", "motcua-board"
HERE = [name for name in UNITS if name != KIOSK] + [BOARD]
TELEVISION = Start(clock="1970-01-01T00:00:00", glass=(1920, 1080), keyboard=False)


@pytest.fixture(scope="module", autouse=True)
def television(hall: Hall) -> None:
    hall.guest.ask(f"systemctl disable {KIOSK} && systemctl enable {BOARD} && sync", 120)
    hall.cut()
    for name in ("touch", "box"):
        hall.servers[name].switch(on=False)
    hall.start(TELEVISION, *ADAPTERS)


def test_the_board_comes_up_although_nothing_is_there_to_touch_or_type_with(hall: Hall) -> None:
    until(lambda: units.are_running(hall.guest, HERE), 900, "not all units run")

    assert [unit for unit in units.look(hall.guest, HERE) if not unit.is_well] == []
    assert units.faults(hall.guest) == ""
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
