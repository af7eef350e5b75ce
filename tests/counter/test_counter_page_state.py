"""What browsers are shown: the newest of each state, told once, and who was set aside."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from hall.contract.messages import Alert, CounterState, PublicTicket, TicketEvent
from hall.contract.topics import DEV_ALERT, EVT_TICKET, STATE_COUNTER
from hall.counter.page_state import PageState

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def counter(ver: int, epoch: int = 1, status: Any = "open") -> CounterState:
    return CounterState(epoch=epoch, ver=ver, counter="1", name="Quầy 1", status=status)


def told(shown: PageState) -> dict[str, Any]:
    return {key: value and json.loads(value) for key, value in shown.take_changes().items()}


@pytest.mark.parametrize(
    ("later", "kept"),
    [
        (counter(4), 5),
        (counter(5), 5),
        (counter(6), 6),
        (counter(1, epoch=2), 1),
        (counter(9, epoch=1), 9),
    ],
)
def test_the_greatest_epoch_and_version_of_a_state_is_kept(later: CounterState, kept: int) -> None:
    shown = PageState()
    for state in (counter(5), later):
        shown.take_message(STATE_COUNTER, {"counter": "1"}, state)

    assert told(shown)["counter/1"]["ver"] == kept


def test_what_did_not_change_is_not_told_again() -> None:
    shown = PageState()
    shown.take_message(STATE_COUNTER, {"counter": "1"}, counter(5))
    told(shown)
    shown.take_message(STATE_COUNTER, {"counter": "1"}, counter(5))

    assert told(shown) == {}


def test_a_solved_alert_is_taken_away() -> None:
    shown, levels = PageState(), {"client": "printer-1", "code": "paper_out"}
    shown.take_message(DEV_ALERT, levels, Alert(code="paper_out", text="Hết giấy", since=NOW))
    assert told(shown)["dev-alert/printer-1/paper_out"]["text"] == "Hết giấy"

    shown.gone(DEV_ALERT, levels)
    assert told(shown) == {"dev-alert/printer-1/paper_out": None}
    shown.gone(DEV_ALERT, levels)
    assert told(shown) == {}


def event(seq: int, kind: Any, number: str | None = "A001", **more: Any) -> TicketEvent:
    ticket = number and PublicTicket(
        id=f"t-{number}",
        number=number,
        service="ho-tich",
        day="2026-11-23",
        issued_at=NOW,
        channel="button",
    )
    return TicketEvent.model_validate(
        {
            "epoch": 1,
            "seq": seq,
            "type": kind,
            "ticket": ticket,
            "counter": "1",
            "by": "counters",
            "at": NOW,
        }
        | more
    )


def hear(shown: PageState, *events: TicketEvent) -> dict[str, Any]:
    for each in events:
        shown.take_message(EVT_TICKET, {}, each)
    return told(shown)


def test_a_ticket_set_aside_is_offered_until_it_is_called_again() -> None:
    shown = PageState()
    aside = hear(shown, event(1, "called"), event(2, "no_show"))["aside"]
    assert [(each["number"], each["why"]) for each in aside] == [("A001", "no_show")]

    assert hear(shown, event(3, "printed"), event(4, "called"))["aside"] == []


@pytest.mark.parametrize("kind", ["printed", "print_unknown", "rated"])
def test_news_of_its_paper_leaves_a_ticket_where_it_was_set_aside(kind: str) -> None:
    shown = PageState()
    hear(shown, event(1, "parked"), event(2, kind))

    assert json.loads(shown._values["aside"])


def test_an_absence_that_is_taken_back_is_offered_no_more() -> None:
    shown = PageState()
    hear(shown, event(1, "called"), event(2, "no_show"))

    assert hear(shown, event(3, "undone", cause="no_show", of=2))["aside"] == []


def test_a_call_that_is_taken_back_leaves_the_ticket_set_aside_again() -> None:
    shown = PageState()
    hear(shown, event(1, "called"), event(2, "no_show"), event(3, "called"))

    aside = hear(shown, event(4, "undone", cause="called", of=3))["aside"]

    assert [(each["number"], each["why"]) for each in aside] == [("A001", "no_show")]


def test_a_call_from_the_queue_that_is_taken_back_sets_nobody_aside() -> None:
    shown = PageState()
    hear(shown, event(1, "issued"), event(2, "called"))
    hear(shown, event(3, "undone", cause="called", of=2))

    assert json.loads(shown._values["aside"]) == []


def test_a_new_day_forgets_what_was_set_aside() -> None:
    shown = PageState()
    hear(shown, event(1, "parked"))

    assert hear(shown, event(2, "day_opened", None))["aside"] == []


def test_an_event_that_comes_twice_is_heard_once() -> None:
    feed = hear(PageState(), event(1, "issued"), event(1, "issued"), event(2, "called"))["feed"]

    assert [line["seq"] for line in feed] == [2, 1]
