"""The roll ends; a new one is put in."""

import pytest
from emulated.hall import Hall
from emulated.usb_devices import NO_PAPER, READY

A_BUTTON, A_LAMP = 2, 5


@pytest.fixture
def no_paper(hall: Hall) -> None:
    hall.paper.bench.change(paper_out=True)
    hall.usb_printer.status = NO_PAPER


@pytest.mark.usefixtures("no_paper")
def test_without_paper_no_ticket_is_given_and_the_lamp_says_so(hall: Hall) -> None:
    assert hall.sees(lambda: "paper_out" in hall.alerts("printer-1")), hall.alerts("printer-1")
    known, lying = len(hall.events()), len(hall.paper.sheets)

    hall.pins.press(A_BUTTON)

    # A short flash every two seconds; a lamp that blinks for a ticket does so five times a second.
    flashes = hall.pins.changes(A_LAMP, 5.0)
    assert 3 <= len(flashes) <= 6, flashes
    assert {True, False} == set(flashes)
    assert len(hall.paper.sheets) == lying
    assert [event.type for event in hall.events(known)] == []


@pytest.mark.usefixtures("no_paper")
def test_with_a_new_roll_the_next_number_follows(hall: Hall) -> None:
    assert hall.sees(lambda: "paper_out" in hall.alerts("printer-1")), hall.alerts("printer-1")
    hall.paper.bench.new_roll()
    hall.usb_printer.status = READY
    assert hall.sees(lambda: hall.state("printer-1") == "ready", 60), hall.alerts("printer-1")
    known, lying = len(hall.events()), len(hall.paper.sheets)

    hall.pins.press(A_BUTTON)

    hall.paper.after(lying)
    assert hall.events(known)[0].type == "issued"
