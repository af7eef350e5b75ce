"""A person presses, on real device nodes, and holds a number in the hand."""

import pytest
from emulated.hall import Hall
from emulated.pictures import numbers
from emulated.waiting import until

A_BUTTON, B_BUTTON, T_BUTTON = 2, 3, 4
A_LAMP, B_LAMP, T_LAMP = 5, 6, 7
LAMPS = (A_LAMP, B_LAMP, T_LAMP)
KEY_1 = 30


def lamps_are_steady(hall: Hall) -> bool:
    """Lit, and for longer than any blinking pauses; the three are switched together."""
    return not hall.pins.changes(A_LAMP, 3.0) and all(hall.pins.level(lamp) for lamp in LAMPS)


def test_the_lamps_of_a_ready_dispenser_are_lit(hall: Hall) -> None:
    until(lambda: lamps_are_steady(hall), 90, "the lamps are not lit")


@pytest.mark.parametrize(("button", "letter"), [(A_BUTTON, "A"), (B_BUTTON, "B"), (T_BUTTON, "T")])
def test_a_button_on_a_pin_prints_a_ticket_of_its_service(
    hall: Hall, button: int, letter: str
) -> None:
    paper = hall.press(button)

    [number] = numbers(paper.image)
    assert number == hall.given()[-1]
    assert number.startswith(letter)


def test_a_ticket_counts_as_printed_as_soon_as_it_has_fallen_out(hall: Hall) -> None:
    known = len(hall.events())
    hall.press(A_BUTTON)

    def is_printed() -> bool:
        return any(event.type == "printed" for event in hall.events(known))

    assert hall.sees(is_printed, 5.0), [event.type for event in hall.events(known)]


def test_a_contact_that_bounces_gives_one_number(hall: Hall) -> None:
    known = len(hall.events())
    lying = len(hall.paper.sheets)

    for _ in range(6):
        hall.pins.press(B_BUTTON, 0.001)
    hall.pins.press(B_BUTTON)

    hall.paper.after(lying)
    # What a second press would have given comes in its turn: the next button's number is behind it.
    hall.press(T_BUTTON)
    issued = [event.ticket for event in hall.events(known) if event.type == "issued"]
    assert [ticket.number[0] for ticket in issued if ticket] == ["B", "T"]


def test_fingers_on_the_glass_get_a_ticket_from_the_network_printer(hall: Hall) -> None:
    lying = len(hall.network_paper.sheets)

    hall.turn_page("Lấy", "việc")
    hall.turn_page("Đất", "diện")
    hall.touch("thường")

    [number] = numbers(hall.network_paper.after(lying).image)
    assert number == hall.given()[-1]
    assert number.startswith("B")


def test_a_button_box_prints_on_a_serial_printer(hall: Hall) -> None:
    lying = len(hall.receipts.sheets)

    hall.box.press(KEY_1)

    [number] = numbers(hall.receipts.after(lying).image)
    assert number == hall.given()[-1]
