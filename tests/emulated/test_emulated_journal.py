"""The emulated hall's long days are read whole."""

import pytest
from emulated import journal

from hall.contract.messages import TicketEvent
from hall.contract.requests import ReplayData

LONG = tuple(TicketEvent.model_construct(seq=seq) for seq in range(1, 451))
PAGE = 200


def page_of(day: tuple[TicketEvent, ...], first: int) -> ReplayData:
    events = day[first - 1 : first - 1 + PAGE]
    last = events[-1].seq if events else len(day)
    return ReplayData.model_construct(events=events, last_seq=last, end_seq=len(day))


@pytest.mark.parametrize("length", [0, 1, PAGE, PAGE + 1, 450])
def test_a_day_of_several_pages_is_read_to_its_end(length: int) -> None:
    day = LONG[:length]

    assert journal.read(lambda first: page_of(day, first), 1) == day


def test_what_came_behind_a_known_line_is_read_from_there() -> None:
    assert journal.read(lambda first: page_of(LONG, first), 212) == LONG[211:]


def test_behind_the_last_line_is_nothing() -> None:
    assert journal.read(lambda first: page_of(LONG, first), 451) == ()
