"""A number is called from three places, and unit, voice and page say the same."""

from collections.abc import Callable, Mapping

import pytest
from emulated.hall import Hall
from emulated.sound import Loudspeaker
from emulated.waiting import until

from hall.contract import requests as req
from hall.contract.topics import REQ_QUEUE
from hall.runtime.requester import new_id

A_BUTTON, B_BUTTON = 2, 3
UNITS: Mapping[str, Callable[[Hall], str]] = {
    "1": lambda hall: hall.bus.shown(1),
    "2": lambda hall: hall.bus.shown(2),
    "3": lambda hall: hall.network_bus.shown(3),
}


def from_the_page(hall: Hall) -> str:
    answer = hall.browser_of("1").act("1", "call-next")
    assert answer["status"] == "ok", answer
    return "1"


def from_the_keypad(hall: Hall) -> str:
    hall.bus.press(2, "N")
    return "2"


def from_a_bus_behind_the_network(hall: Hall) -> str:
    hall.network_bus.press(3, "N")
    return "3"


def from_the_onestop_side(hall: Hall) -> str:
    """The vendor's software, by its own password, over TLS."""
    vendor = hall.network.terminal("onestop", hall.guest)
    try:
        vendor.open()
        reply = vendor.ask_hall(REQ_QUEUE, "call-next", req.CallNext(id=new_id(), counter="1"))
    finally:
        vendor.close()
    assert reply.status == "ok", reply.error
    return "1"


CALLS = (from_the_page, from_the_keypad, from_a_bus_behind_the_network, from_the_onestop_side)


@pytest.mark.parametrize("call", CALLS)
def test_a_call_is_shown_at_the_counter_and_spoken(hall: Hall, call: Callable[[Hall], str]) -> None:
    for button in (A_BUTTON, B_BUTTON):
        hall.press(button)
    loudspeaker = Loudspeaker(hall)
    held = {counter: hall.held(counter) for counter in UNITS}

    counter = call(hall)

    assert hall.sees(lambda: hall.held(counter) not in ("", held[counter]))
    number = hall.held(counter)
    unit = UNITS[counter]
    until(lambda: unit(hall) == number, 10, f"the unit does not show {number}")
    loudspeaker.says(number, counter)


def test_another_number_is_not_taken_for_the_spoken_one(hall: Hall) -> None:
    """The ear can fail: what it has heard is not what a neighbour's number would sound like."""
    hall.press(B_BUTTON)
    loudspeaker, held = Loudspeaker(hall), hall.held("2")
    counter = from_the_keypad(hall)
    assert hall.sees(lambda: hall.held(counter) not in ("", held))
    number = hall.held(counter)
    loudspeaker.says(number, counter)

    neighbour = number[:-1] + ("3" if number.endswith("2") else "2")
    with pytest.raises(AssertionError, match="not heard"):
        loudspeaker.says(neighbour, counter, seconds=0.0)
